"""Takes back the last thing done by hand, the app's own at once, another's after a question."""

from datetime import datetime
from functools import partial

from textual import work

from otosata.store.errors import StoreError
from otosata.store.store import Store
from otosata.store.values import ActRow
from tui import deeds
from tui.background import aside
from tui.screens.doing import Doer
from tui.screens.toned import TonedScreen
from tui.tones import Piece


class Undoer(Doer):
    """A screen on which the last thing done by hand can be taken back."""

    @work(group="deeds")
    async def action_undo(self) -> None:
        """Take back the last thing done by hand; what this app has not done itself only after a question."""
        try:
            act = await aside(partial(self.desk.act, _last_act))
        except StoreError as error:
            self.failed(error)
            return
        if act is None or act.id in self.own_acts:
            self.do(deeds.undone())
        else:
            self.app.push_screen(self._sure(act))

    def _sure(self, act: ActRow) -> TonedScreen:
        from tui.screens.ask import AskScreen, Choice, Question  # noqa: PLC0415 - the first frame needs no question

        at = self.words.full(act.at, self.desk.now())
        what = deeds.act_text(act, self.words)
        choices = [
            Choice((Piece(self.words("undo_yes")),), deeds.undone),
            Choice((Piece(self.words("undo_no")),), lambda: None),
        ]
        return AskScreen(self.desk, self.words, Question(self.words("ask_undo", what=what, at=at), choices))

    @property
    def own_acts(self) -> frozenset[int]:
        """The ledger's numbers of what this app has done: anything else is taken back after a question only."""
        raise NotImplementedError


def _last_act(store: Store, _: datetime) -> ActRow | None:
    return deeds.last_act(store.acts())
