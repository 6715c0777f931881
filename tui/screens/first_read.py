"""The first read of a new mailbox: how far it has got, and then the deals that were found, to confirm."""

from datetime import datetime
from functools import partial
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType

from otosata.deals.event import MarkKind
from otosata.deals.reading import Reading
from otosata.hand import HandError, mark
from otosata.store.errors import StoreError
from otosata.store.store import Store
from tui.actions import Place, bindings
from tui.background import aside
from tui.cells import fit, steady
from tui.desk import Desk
from tui.journal import broken
from tui.plots import bar
from tui.prose import Line, line
from tui.rows import EMPTY, stage_name
from tui.screens.page import Page
from tui.tones import Piece
from tui.widgets.health import Mailing, Syncing, TopLine
from tui.widgets.paragraph import Paragraph
from tui.widgets.pick_list import Entry, PickList
from tui.words import Words

_BAR = 30
_CLIENT = 18


class FirstReadScreen(Page):
    """Watches the read that the main screen does; each deal found is kept, or closed with a key."""

    NAME = "first_read"
    PLACES: ClassVar[tuple[Place, ...]] = (Place.FIRST_READ, Place.OVER)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.FIRST_READ)]
    AUTO_FOCUS = "#found"

    def __init__(self, desk: Desk, words: Words, account: str) -> None:
        super().__init__(desk, words)
        self._account = account
        self._unwanted: set[str] = set()
        """Deals that the user does not want to watch."""
        self._trouble = ""

    def compose_page(self) -> ComposeResult:
        """How far it has got, and what was found."""
        yield Paragraph(id="first-note")
        yield PickList(id="found")

    def mailing_changed(self, mailing: Mailing) -> None:
        """Progress shows at once."""
        super().mailing_changed(mailing)
        self.show()

    def show(self) -> None:
        """Progress while it lasts; then what it has come to."""
        syncing = self.query_one(TopLine).mailing.syncing
        report = self.main.reports.get(self._account)
        deals = self._deals if syncing is None else ()
        if syncing is not None:
            lines = _progress(syncing, self.words)
        elif report is not None and report.error:
            text, hint = self.words.said(report.error), self.words.said(report.hint)
            lines = (line(Piece(self.words("cure", text=text, hint=hint), "alarm")), line(self.words("first_again")))
        elif deals:
            lines = (line(Piece(self.words("first_found", n=len(deals)), "strong")), line(self.words("first_confirm")))
        else:
            lines = (line(Piece(self.words("first_nothing"), "strong")), line(self.words("first_nothing_more")))
        if self._trouble:
            lines = (*lines, line(Piece(self._trouble, "alarm")))
        self.query_one("#first-note", Paragraph).show(lines)
        self.query_one("#found", PickList).show([self._entry(reading) for reading in deals])

    @property
    def _deals(self) -> tuple[Reading, ...]:
        """What is open, the loudest first."""
        return tuple(found for found in self.overview.readings if not found.is_over) if self.overview else ()

    def _entry(self, reading: Reading) -> Entry:
        closing = reading.deal.id in self._unwanted
        return Entry(reading.deal.id, lambda cells: _row(reading, cells, self.words, closing=closing))

    def action_again(self) -> None:
        """Read once more."""
        self.main.poll(self._account)

    def action_turn(self) -> None:
        """Keep the deal under the cursor, or do not."""
        self._unwanted ^= {key} if (key := self.query_one("#found", PickList).key) else set()
        self.show()

    def picked(self, key: str) -> None:
        """A click turns a deal; Enter is for all of them."""
        self.action_turn()

    def action_begin(self) -> None:
        """Close what is not wanted, and begin."""
        if self.query_one(TopLine).mailing.syncing is None:
            self._begin(tuple(sorted(self._unwanted)))

    @work(exclusive=True)
    async def _begin(self, closing: tuple[str, ...]) -> None:
        try:
            for deal in closing:
                await aside(partial(self.desk.act, partial(_close, deal)))
        except (StoreError, HandError) as error:
            if isinstance(error, StoreError):
                self.main.journal.add(broken(error, self.desk.now()))
            self._trouble = self.words("cure", text=self.words.said(str(error)), hint=self.words.said(error.hint))
            self.show()
            return
        if closing:
            self.main.reload()
        self.dismiss()


def _close(deal: str, store: Store, now: datetime) -> None:
    mark(store, deal, MarkKind.CLOSE, now)


def _progress(syncing: Syncing, words: Words) -> tuple[Line, ...]:
    done = bar(syncing.done, syncing.total, _BAR)[:_BAR]
    drawn = done + EMPTY * (_BAR - len(done))
    count = words("first_count", done=syncing.done, total=syncing.total) if syncing.total else words("first_looking")
    return (line(Piece(words("first_reading"), "strong")), line(Piece(drawn, "notice"), f"  {count}"))


def _row(reading: Reading, cells: int, words: Words, *, closing: bool) -> tuple[Piece, ...]:
    tone = "dim" if closing else ""
    client = fit(steady(reading.deal.client) or words("no_client"), min(_CLIENT, max(cells // 4, 6)))
    last = reading.last_contact
    return (
        Piece("[ ] " if closing else "[x] ", "key"),
        Piece(f"{client}  ", tone or "strong"),
        Piece(steady(reading.deal.title) or words("no_title"), tone),
        Piece(f"  {steady(reading.deal.platform)}  {stage_name(reading, words)}", "dim"),
        Piece(f"  {words('last_message', at=words.full(last.at, reading.now))}" if last else "", "dim"),
    )
