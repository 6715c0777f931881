"""Lets a screen write what the user does: beside the screen, with a toast that says what came of it."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from textual import work
from textual.message import Message

from otosata.hand import HandError
from otosata.store.errors import StoreError
from otosata.store.store import Store
from tui.background import aside
from tui.deeds import Deed, last_act
from tui.screens.toned import TonedScreen
from tui.widgets.toasts import tell, tell_trouble

Failure = StoreError | HandError


class Changed(Message):
    """Something was done by hand: what was read of the ledger is old."""

    def __init__(self, act: int | None, made: str | None = None) -> None:
        super().__init__()
        self.act = act
        """The ledger's number of the act; None for one that cannot be taken back."""
        self.made = made
        """The deal that it has made."""


class Doer(TonedScreen):
    """A screen that can act. Viewing never does."""

    @work(group="deeds")
    async def do(self, deed: Deed, then: Callable[[], object] = lambda: None) -> None:
        """Write it; then say so and call `then`. Where it cannot be written, `failed` says why, and nothing changed."""
        try:
            result, act = await aside(partial(self.desk.act, partial(_written, deed)))
        except (StoreError, HandError) as error:
            self.failed(error)
            return
        tell(self.app, deed.told(self.words, result), self.words("undo_hint") if deed.undoable else "")
        self.post_message(Changed(act, result if deed.makes_deal else None))
        then()

    def failed(self, error: Failure) -> None:
        """Say what did not work, with its cure."""
        tell_trouble(self.app, self.cure(error))

    def cure(self, error: Failure) -> str:
        """What went wrong and what helps, in the user's language."""
        message, hint = self.words.said(str(error)), self.words.said(error.hint)
        return self.words("cure", text=message, hint=hint) if hint else message


def _written(deed: Deed, store: Store, now: datetime) -> tuple[Any, int | None]:
    """What the deed comes to, and its number in the ledger."""
    result = deed.write(store, now)
    act = last_act(store.acts()) if deed.undoable else None
    return result, act.id if act else None
