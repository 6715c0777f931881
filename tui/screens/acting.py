"""What can be done with the deal under the cursor; mixed into the screen that has such a deal."""

from collections.abc import Callable, Mapping
from functools import partial

from textual import work

from otosata.deals.event import MarkKind
from otosata.deals.reading import Reading
from otosata.hand import Entry, HandError
from otosata.store.errors import StoreError
from tui import deeds
from tui.background import aside
from tui.deeds import Deed
from tui.links import open_link
from tui.screens.copying import Copier
from tui.screens.undoing import Undoer
from tui.widgets.toasts import tell, tell_trouble
from tui.words import Words


def _answered(reading: Reading, _: Words) -> Deed:
    return deeds.logged(reading, Entry("message", "me"))


def _elsewhere(reading: Reading, words: Words) -> Deed:
    return deeds.logged(reading, Entry("message", "client", note=words("note_elsewhere")))


def _delivered(reading: Reading, _: Words) -> Deed:
    return deeds.logged(reading, Entry("deliver"))


def _filed(reading: Reading, _: Words) -> Deed:
    return deeds.logged(reading, Entry("file_reminder"))


def _close(reading: Reading, _: Words) -> Deed:
    return deeds.marked(reading, MarkKind.REOPEN if reading.closed_by_hand else MarkKind.CLOSE)


AT_ONCE: Mapping[str, Callable[[Reading, Words], Deed]] = {
    "answered": _answered,
    "elsewhere": _elsewhere,
    "delivered": _delivered,
    "filed": _filed,
    "close": _close,
}
"""Acts that need no answer: done at once, with a toast that says how to take them back."""


class Acting(Undoer, Copier):
    """A screen with a deal under the cursor."""

    _own_acts: frozenset[int] = frozenset()

    def done(self, act: int | None) -> None:
        """Something was done by hand, on whatever screen. `act`: its number in the ledger, if it can be taken back."""
        if act is not None:
            self._own_acts |= {act}

    @property
    def own_acts(self) -> frozenset[int]:
        """The ledger's numbers of what this app has done."""
        return self._own_acts

    @property
    def selected(self) -> Reading | None:
        """The deal under the cursor."""
        raise NotImplementedError

    def action_act(self, name: str) -> None:
        """Do something with the deal under the cursor, or ask what it takes."""
        reading = self.selected
        if reading is None:
            tell_trouble(self.app, self.words("no_deal_here"))
            return
        from tui import asks  # noqa: PLC0415 - the first frame needs no question

        try:
            if name in AT_ONCE:
                self.do(self._checked(name, reading))
            else:
                self.app.push_screen(asks.QUESTIONS[name](reading, self.desk, self.words))
        except (StoreError, HandError) as error:
            self.failed(error)

    def _checked(self, name: str, reading: Reading) -> Deed:
        """HandError where the platform knows no such step: it would stand in the ledger and mean nothing."""
        platform = self.desk.platforms.get(reading.deal.platform)
        if name == "filed" and platform and ("file_reminder", "me") not in platform.transitions:
            raise HandError(f"no reminder can be filed on {platform.id}", "the advice names what can be done instead")
        return AT_ONCE[name](reading, self.words)

    def action_new_deal(self) -> None:
        """A deal that no mail tells of."""
        from tui import asks  # noqa: PLC0415 - as above

        self.app.push_screen(asks.new_deal(self.desk, self.words))

    def action_remind(self) -> None:
        """The message that fits, to edit and copy."""
        from tui.screens.reminder import ReminderScreen  # noqa: PLC0415 - as above

        reading = self.selected
        if reading is None:
            tell_trouble(self.app, self.words("no_deal_here"))
            return
        try:
            why = self.desk.why(reading.deal.id)
        except StoreError as error:
            self.failed(error)
            return
        if why is not None:
            self.app.push_screen(ReminderScreen(self.desk, self.words, reading, why.rules))

    # ------------------------------------------------------------------ the talk room

    def action_room(self, how: str) -> None:
        """Open the deal's page in the browser, or copy its link. `how`: `open` or `copy`."""
        reading = self.selected
        url = reading.deal.url if reading else None
        if not url:
            tell_trouble(self.app, self.words("no_link"))
        elif how == "open":
            self._open(url)
        else:
            self.copy(url)

    @work(group="links")
    async def _open(self, url: str) -> None:
        if await aside(partial(open_link, url)):
            tell(self.app, self.words("link_opened"))
        else:
            self.copy(url, self.words("no_browser"))
