"""The main screen: the deals in their sections, and everything about the one under the cursor."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input, Static

from config.model import SORTS
from otosata.deals.reading import Reading
from otosata.overview import Overview
from otosata.store.errors import StoreError
from tui.actions import Place, bindings
from tui.background import aside
from tui.cells import steady
from tui.choosing import Choosing, views_of
from tui.columns import Slot
from tui.desk import Desk
from tui.keymap import Complaint
from tui.remembered import NOTHING, ROWS, Remembered, Row, keep, written
from tui.screens.acting import Acting
from tui.screens.lobby import note, texts_of
from tui.screens.polling import PollingScreen
from tui.shelf import Entry, Heading, Shelf
from tui.tones import Piece
from tui.widgets.deal_list import DealList
from tui.widgets.detail import Detail
from tui.widgets.filter_line import FilterLine
from tui.widgets.health import Alerts, TopLine
from tui.widgets.key_bar import KeyBar
from tui.words import Words

_SPARING = 100
"""Reading everything only because time passes takes at most one part in so many of that time."""
_KEPT = timedelta(minutes=10)
"""A picture in which nothing has changed is not written again before."""
_SORT_OF_COLUMN = {
    "level": "urgency",
    "bar": "urgency",
    "silence": "silence",
    "limit": "limit",
    "client": "client",
    "platform": "platform",
}


class MainScreen(PollingScreen, Acting):
    """Arranges the widgets, asks the desk, and hands each widget what it shows."""

    CSS_PATH = [*sorted((Path(__file__).parent.parent / "styles").glob("*.tcss"))]  # noqa: RUF012 - as below
    PLACES: ClassVar[tuple[Place, ...]] = (Place.MAIN,)
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Place.MAIN),
        *(Binding(str(number), f"view({number})", show=False) for number in range(10)),
    ]
    AUTO_FOCUS = "#deals"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (112, "-wide")]  # noqa: RUF012 - Textual declares it without ClassVar
    VERTICAL_BREAKPOINTS = [(0, "-short"), (18, "-tall")]  # noqa: RUF012 - as above

    class Empty(Message):
        """There is neither a mailbox nor a deal yet."""

    def __init__(self, desk: Desk, words: Words, interval: timedelta) -> None:
        super().__init__(desk, words, interval)
        self._shelf: Shelf | None = None
        self._choosing = Choosing()
        self._trouble: StoreError | None = None
        self._begun, self._taken = 0, 0
        """Reads that have begun, and the latest of them whose result is shown: an earlier one comes too late."""
        self._kept, self._kept_at = NOTHING, desk.now()
        """The last picture left for the next start."""
        self._marker: object = None
        self._patience = timedelta(0)
        """So long readings hold while nothing has been written: the longer, the longer they take to compute."""
        self.complaints: tuple[Complaint, ...] = ()
        """What is wrong with the looks and keys that the configuration wants."""
        self.before = NOTHING
        """What stands in the list until the deals have been read."""
        self.begin_at = ""
        """The deal on which the cursor stands then."""

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield TopLine(id="top")
        yield Alerts(id="alerts")
        yield FilterLine(id="filter")
        yield Static(id="empty")
        yield DealList(self.words, id="deals")
        yield Detail(id="detail")
        yield KeyBar(self.words, id="keys")

    def on_mount(self) -> None:
        """Show what is known, then ask the mailboxes."""
        self.reload()
        self.start_polling()

    # ------------------------------------------------------------------ reading

    @property
    def overview(self) -> Overview | None:
        """All deals as they were read last."""
        return self._shelf.overview if self._shelf else None

    @property
    def selected(self) -> Reading | None:
        """The deal under the cursor."""
        return self._shelf.reading(self.query_one(DealList).selected) if self._shelf else None

    async def read(self) -> None:
        """Read everything anew and show it, if that is worth while. Readings are computed beside the screen."""
        marker, now, begin = self.desk.marker(), self.desk.now(), time.perf_counter()
        if self._shelf and marker == self._marker and abs(now - self._shelf.overview.now) < self._patience:
            self.query_one(TopLine).overview = replace(self._shelf.overview, now=now)
            return
        self._begun += 1
        turn = self._begun
        try:
            shelf = await aside(lambda: Shelf(self.desk.overview(), self._shelf))
        except StoreError as error:
            self._trouble = error
        else:
            if turn < self._taken:
                return
            if self._shelf is None and not shelf.overview.accounts and not shelf.overview.readings:
                self.post_message(self.Empty())
            self._shelf, self._trouble, self._taken, self._marker = shelf, None, turn, marker
            self._patience = timedelta(seconds=_SPARING * (time.perf_counter() - begin))
        self.show()
        await self._keep_picture()

    async def _keep_picture(self) -> None:
        """Leave what the list shows for the next start."""
        folder = self.desk.folder
        if self._shelf is None or folder is None or not self._choosing.is_everything:
            return
        now, screen = self._shelf.overview.now, self.desk.settings.screen
        picture = Remembered(
            lang=self.words.lang,
            theme=screen.theme,
            plain=screen.plain,
            rows=tuple(row.remembered(self.words) for row in self._shelf.rows(self._choosing.choice)[:ROWS]),
            columns=screen.columns,
            texts=texts_of(self.words.catalogue),
        )
        if picture == self._kept and abs(now - self._kept_at) < _KEPT:
            return
        self._kept, self._kept_at = picture, now
        text = written(replace(picture, at=self.words.full(now, now)))
        await aside(lambda: keep(folder, text))

    # ------------------------------------------------------------------ showing

    def show(self) -> None:
        """Hand each widget what it shows."""
        trouble = self._trouble or self.poll_trouble
        wrong = [self.words(name, **values) for name, values in self.complaints]
        self.query_one(Alerts).show(self.overview, self.words, *([self._said(trouble)] if trouble else []), *wrong)
        top = self.query_one(TopLine)
        if self._shelf is None:
            top.title = note(self.before, self.words)
            self.query_one(DealList).columns = self.before.columns
            self.query_one(DealList).show(self.before.rows, Row.pieces, self.words)
            return
        top.title = ""
        top.overview, top.words = self._shelf.overview, self.words
        rows = self._shelf.rows(self._choosing.choice)
        self._show_filter(self._shelf)
        empty = self.query_one("#empty", Static)
        empty.display = not rows
        empty.update(self.words(self._empty_text(self._shelf.overview)))
        deals = self.query_one(DealList)
        deals.set_class(not rows, "-empty")
        deals.columns = self.desk.settings.screen.columns
        deals.show(rows, self._drawn, self.words)
        if self.begin_at:
            deals.go(self.begin_at)
            self.begin_at = ""

    def _drawn(self, row: Entry | Heading, slots: Sequence[Slot]) -> tuple[Piece, ...]:
        return row.pieces(slots, self.words)

    def _said(self, error: StoreError) -> str:
        message, hint = self.words.said(str(error)), self.words.said(error.hint)
        return self.words("cure", text=message, hint=hint) if hint else message

    def _show_filter(self, shelf: Shelf) -> None:
        chosen = self._choosing
        line = self.query_one(FilterLine)
        line.display = not chosen.is_everything or chosen.choice.sort != "urgency" or line.has_focus_within
        if not line.display:
            return
        if chosen.error:
            error = self.words.said(str(chosen.error))
            tone = "dim" if chosen.error.unfinished else "alarm"
            note = Piece(self.words("cure", text=error, hint=self.words.said(chosen.error.hint)), tone)
        else:
            passing, all_of_them = len(shelf.entries(chosen.choice)), len(shelf.overview.readings)
            sort = self.words("sorted", by=self.words(f"sort_{chosen.choice.sort}"))
            note = Piece(f"{self.words('passing', n=passing, all=all_of_them)}  {sort}", "dim")
        line.show(chosen.view or "/", chosen.text, note)

    def _empty_text(self, overview: Overview) -> str:
        if overview.readings:
            return "empty_hidden" if self._choosing.is_everything else "empty_filtered"
        return "empty_no_deals" if overview.accounts else "empty_no_account"

    @on(DealList.Selected)
    def _show_detail(self) -> None:
        reading, detail = self.selected, self.query_one(Detail)
        if reading is None:
            detail.show(None, None, None, self.words)
            self._read(reading=False)
            return
        try:
            ledger, why = self.desk.ledger(reading.deal.id), self.desk.why(reading.deal.id)
        except StoreError as error:
            self._trouble = error
            self.query_one(Alerts).show(self.overview, self.words, self._said(error))
            return
        detail.show(reading, ledger, why, self.words)

    # ------------------------------------------------------------------ choosing

    @on(FilterLine.Typed)
    def _filter_by(self, message: FilterLine.Typed) -> None:
        self._choosing.type(message.text)
        self.show()

    def action_filter(self) -> None:
        """Let the user type which deals to show."""
        self.query_one(FilterLine).edit()
        self.show()

    @on(Input.Submitted)
    def action_keep(self) -> None:
        """Go back to the list; the filter stays."""
        self.action_back()
        self.show()

    def action_unfilter(self) -> None:
        """Show every deal again, by urgency."""
        self._choosing.clear()
        self._choosing.sort("urgency")
        self.action_back()
        self.show()

    def action_step(self, by: int) -> None:
        """Move the cursor while typing."""
        self.query_one(DealList).action_move(by)

    def action_sort(self, by: str = "") -> None:
        """Sort so; without a name, by the next order."""
        self._choosing.sort(by)
        self.show()

    @on(DealList.HeadingClicked)
    def _sort_by_column(self, message: DealList.HeadingClicked) -> None:
        if sort := _SORT_OF_COLUMN.get(message.column):
            self.action_sort(sort)

    def action_view(self, number: int) -> None:
        """Show one of the views, 0 for everything."""
        views = views_of(self.desk.settings.screen.views, self.words)
        if number < len(views):
            self._choosing.pick(views[number])
            self.show()

    def choices(self) -> Iterator[tuple[str, str, str]]:
        """Every order and every view for the command palette: what it is called, what it does, the action."""
        for sort in SORTS:
            name = self.words(f"sort_{sort}")
            yield self.words("sort_by", by=name), self.words("sort_by_help", by=name), f"screen.sort('{sort}')"
        for number, view in enumerate(views_of(self.desk.settings.screen.views, self.words)):
            yield self.words("show_view", name=steady(view.name)), steady(view.query), f"screen.view({number})"

    def action_all(self) -> None:
        """Show or hide the deals that are over."""
        self._choosing.turn_over()
        self.show()

    def go(self, deal: str) -> None:
        """Put the cursor on a deal, whatever is filtered."""
        deals = self.query_one(DealList)
        if not deals.go(deal):
            self._choosing.clear()
            self.show()
        if not deals.go(deal):
            self.action_all()
            deals.go(deal)

    # ------------------------------------------------------------------ opening

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """However the user got there."""
        self._read(reading=isinstance(event.widget, Detail))

    @on(DealList.Opened)
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
