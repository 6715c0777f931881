"""The main screen: the deals by urgency, and everything about the one under the cursor."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Static

from otosata.deals.reading import Reading
from otosata.mail.source import Progress
from otosata.overview import Overview
from otosata.store.errors import StoreError
from otosata.sync import PollReport
from tui.actions import Place, bindings
from tui.background import aside
from tui.desk import Desk
from tui.journal import Journal, broken, told
from tui.screens.toned import TonedScreen
from tui.widgets.deal_list import DealList
from tui.widgets.detail import Detail
from tui.widgets.health import Alerts, Mailing, Syncing, TopLine
from tui.widgets.key_bar import KeyBar
from tui.words import Words

TICK_SECONDS = 60
"""How often the clock is looked at while nothing happens."""


class MainScreen(TonedScreen):
    """Arranges the widgets, asks the desk, and hands each widget what it shows."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.MAIN,)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.MAIN)]
    AUTO_FOCUS = "#deals"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (112, "-wide")]  # noqa: RUF012 - Textual declares it without ClassVar
    VERTICAL_BREAKPOINTS = [(0, "-short"), (18, "-tall")]  # noqa: RUF012 - as above

    class Advanced(Message):
        """A poll running beside the screen has got further."""

        def __init__(self, account: str, progress: Progress) -> None:
            super().__init__()
            self.account = account
            self.progress = progress

    def __init__(self, desk: Desk, words: Words, interval: timedelta) -> None:
        super().__init__(desk, words)
        self.overview: Overview | None = None
        """All deals as they were read last."""
        self.journal = Journal()
        """What has happened since the app was opened."""
        self.reports: dict[str, PollReport] = {}
        """The last poll of each mailbox."""
        self._interval = interval
        self._trouble = ""
        self._all = False

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield TopLine(id="top")
        yield Alerts(id="alerts")
        yield Static(id="empty")
        yield DealList(self.words, id="deals")
        yield Detail(id="detail")
        yield KeyBar(self.words, id="keys")

    def on_mount(self) -> None:
        """Show what is known, then ask the mailboxes."""
        self.reload()
        self.set_interval(TICK_SECONDS, self.tick)
        self.action_poll()

    def tick(self) -> None:
        """Let time pass on the screen; poll when it is time.

        By the clock, not by a timer: timers stand still while a computer sleeps. A clock set back polls at once.
        """
        self.reload()
        now, following = self.desk.now(), self.query_one(TopLine).mailing.next_poll
        if following is not None and not now < following <= now + self._interval:
            self.action_poll()

    def pace(self, interval: timedelta) -> None:
        """Poll that often from now on."""
        self._interval = interval

    # ------------------------------------------------------------------ showing

    @property
    def selected(self) -> Reading | None:
        """The deal under the cursor."""
        return self.query_one(DealList).selected

    def reload(self) -> None:
        """Read everything anew, for instance after an act by hand; the cursor stays with its deal."""
        try:
            self.overview = self.desk.overview()
        except StoreError as error:
            self._note(error)
        else:
            self._trouble = ""
        self.show()

    def _note(self, error: StoreError) -> None:
        message, hint = self.words.said(str(error)), self.words.said(error.hint)
        self._trouble = self.words("cure", text=message, hint=hint) if hint else message
        self.query_one(Alerts).show(self.overview, self.words, self._trouble)

    def show(self) -> None:
        """Hand each widget what it shows."""
        self.query_one(Alerts).show(self.overview, self.words, self._trouble)
        if self.overview is None:
            return
        shown = self._shown(self.overview)
        top = self.query_one(TopLine)
        top.overview, top.words = self.overview, self.words
        empty = self.query_one("#empty", Static)
        empty.display = not shown
        empty.update(self.words(self._empty_text(self.overview)))
        deals = self.query_one(DealList)
        deals.set_class(not shown, "-empty")
        deals.show(shown, self.words)

    def _shown(self, overview: Overview) -> tuple[Reading, ...]:
        """Open deals in the order of the overview; with `a` the lost and the finished ones too."""
        return tuple(r for r in overview.readings if self._all or not (r.is_over or r.stale))

    @staticmethod
    def _empty_text(overview: Overview) -> str:
        if overview.readings:
            return "empty_hidden"
        return "empty_no_deals" if overview.accounts else "empty_no_account"

    @on(DealList.Selected)
    def _show_detail(self, message: DealList.Selected) -> None:
        reading = message.reading
        detail = self.query_one(Detail)
        if reading is None:
            detail.show(None, None, None, self.words)
            self._read(reading=False)
            return
        try:
            ledger, why = self.desk.ledger(reading.deal.id), self.desk.why(reading.deal.id)
        except StoreError as error:
            self._note(error)
            return
        detail.show(reading, ledger, why, self.words)

    # ------------------------------------------------------------------ doing

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """However the user got there."""
        self._read(reading=isinstance(event.widget, Detail))

    def go(self, deal: str) -> None:
        """Put the cursor on a deal, among those that are over where it is one of them."""
        if not self.query_one(DealList).go(deal) and not self._all:
            self.action_all()
            self.query_one(DealList).go(deal)

    def action_open(self) -> None:
        """Go into the detail pane; in a short terminal it takes the place of the list."""
        if self.selected is not None:
            self._read(reading=True)
            self.query_one(Detail).focus()

    def action_back(self) -> None:
        """Back to the list."""
        self._read(reading=False)
        self.query_one(DealList).focus()

    def _read(self, *, reading: bool) -> None:
        self.set_class(reading, "-reading")

    def action_all(self) -> None:
        """Show or hide the deals that are over."""
        self._all = not self._all
        self.show()

    def action_poll(self) -> None:
        """Ask every mailbox now, unless that is going on already."""
        self.poll()

    def poll(self, only: str = "") -> None:
        """Ask the mailbox of that name now, or every one."""
        top = self.query_one(TopLine)
        if top.mailing.syncing is None:
            following = top.mailing.next_poll
            top.mailing = Mailing(syncing=Syncing())
            self._poll(only, following)

    @work(exclusive=True)
    async def _poll(self, only: str, following: datetime | None) -> None:
        try:
            reports = await aside(lambda: self.desk.poll(self._advance, only))
        except StoreError as error:
            self.journal.add(broken(error, self.desk.now()))
            self.reload()
            self._note(error)
        else:
            self._remember(reports)
            self.reload()
        kept = following if only else None  # one mailbox alone changes nothing about the others
        self.query_one(TopLine).mailing = Mailing(next_poll=kept or self.desk.now() + self._interval)

    def _remember(self, reports: Sequence[PollReport]) -> None:
        """Keep what the poll has come to, for the screens that tell it."""
        for report in reports:
            self.reports[report.account] = report
            self.journal.add(*told(report, self.desk.now()))

    def _advance(self, account: str, progress: Progress) -> None:
        """Called on the thread of the poll; posting is the one thing allowed from there."""
        self.post_message(self.Advanced(account, progress))

    @on(Advanced)
    def _show_progress(self, message: Advanced) -> None:
        top = self.query_one(TopLine)
        if top.mailing.syncing is not None:
            top.mailing = Mailing(syncing=Syncing(message.account, message.progress.done, message.progress.total))
