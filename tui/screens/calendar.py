"""The calendar: the dates ahead of all deals, as a grid of weeks and as an agenda beside it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from otosata.deals.agenda import Dated, agenda
from tui.dates import by_day, deal_of, entries, key_of
from tui.prose import line
from tui.screens.page import Page
from tui.tones import Piece, content
from tui.weeks import Sheet, grid, legend, monday
from tui.widgets.paragraph import Paragraph
from tui.widgets.pick_list import PickList
from tui.words import Words

MOST_WEEKS = 8
AHEAD = dt.timedelta(days=800)
"""Names of days off are looked up so far; no platform's limit lies further away."""


class WeekGrid(Widget):
    """The weeks around a date, and what the marks in them stand for."""

    class Chosen(Message):
        """A date was clicked."""

        def __init__(self, day: dt.date) -> None:
            super().__init__()
            self.day = day

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._sheet: Sheet | None = None
        self._words: Words | None = None

    def show(self, sheet: Sheet, words: Words) -> None:
        """Draw other weeks."""
        self._sheet, self._words = sheet, words
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as there are to draw."""
        return len(self._lines(width))

    def _lines(self, cells: int) -> list[tuple[Piece, ...]]:
        if self._sheet is None or self._words is None:
            return []
        return [*grid(self._sheet, cells, self._words), *legend(cells, self._words)]

    def render(self) -> Content:
        """The grid."""
        return Content("\n").join([content(*pieces) for pieces in self._lines(self.content_size.width)])

    def on_click(self, event: events.Click) -> None:
        """Say which date it was."""
        day = self._sheet.at(event.x, event.y, self.content_size.width) if self._sheet else None
        if day is not None:
            self.post_message(self.Chosen(day))


class CalendarScreen(Page):
    """What comes when; Enter leads to the deal."""

    AUTO_FOCUS = "#agenda"
    NAME = "calendar"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (112, "-wide")]  # noqa: RUF012 - Textual declares it without ClassVar

    _dates: Sequence[Dated] = ()
    _today: dt.date
    _off: Mapping[dt.date, str]
    _days: Mapping[dt.date, Sequence[Dated]] = MappingProxyType({})
    _day_of: Mapping[str, dt.date] = MappingProxyType({})
    """Line of the agenda → the date it falls on."""
    _first: dt.date | None = None

    def compose_page(self) -> ComposeResult:
        """The grid, the agenda beside or below it."""
        with Container(id="calendar"):
            yield WeekGrid(id="weeks")
            yield PickList(id="agenda")
        yield Paragraph(id="calendar-empty")

    def show(self) -> None:
        """Read the dates off the deals as the main screen knows them."""
        readings = [reading for reading in self.overview.readings if not reading.stale] if self.overview else []
        self._today = self.desk.now().astimezone(self.words.zone).date()
        self._dates = agenda(readings)
        self._days = by_day(self._dates, self.words)
        self._day_of = {key_of(dated): day for day, same in self._days.items() for dated in same}
        off = self.desk.days_off(monday(self._today), self._today + AHEAD, self.words.lang)
        self._off = {day: found.why.value for day, found in off.items()}
        names = {day: found.name or self.words(f"off_name_{found.why.value}") for day, found in off.items()}
        self.query_one("#agenda", PickList).show(list(entries(self._dates, self._today, names, self.words)))
        self.query_one("#calendar-empty", Paragraph).show((line(self.words("agenda_empty")),))
        self.set_class(not self._dates, "-empty")
        self._draw()

    def on_resize(self) -> None:
        """As many weeks as there is room for."""
        self._draw()

    @on(PickList.Moved, "#agenda")
    def _draw(self) -> None:
        """Show the weeks around the date under the cursor."""
        day = self._day_of.get(self.query_one("#agenda", PickList).key)
        count = self._weeks
        first = _first(self._first, day or self._today, count, monday(self._today))
        self._first = first
        sheet = Sheet(first, count, self._days, lambda date: self._off.get(date, ""), self._today, day)
        self.query_one("#weeks", WeekGrid).show(sheet, self.words)

    @property
    def _weeks(self) -> int:
        """How many weeks are in view: beside the agenda as many as fit, above it half of the screen."""
        lines = self.size.height - 6
        return max(1, min(MOST_WEEKS, (lines if self.has_class("-wide") else lines // 2) // 2))

    @on(WeekGrid.Chosen)
    def _choose(self, message: WeekGrid.Chosen) -> None:
        """Go to the first date on or after the day."""
        coming = (dated for dated in self._dates if dated.day(self.words.zone) >= message.day)
        if (dated := next(coming, None)) is not None:
            self.query_one("#agenda", PickList).go(key_of(dated))

    def picked(self, key: str) -> None:
        """Go to the deal of the date."""
        self.main.go(deal_of(key))
        self.dismiss()


def _first(shown: dt.date | None, day: dt.date, count: int, earliest: dt.date) -> dt.date:
    """The first Monday to show, so that `day` is in view and the weeks move as little as they can."""
    first = shown or earliest
    wanted = monday(day)
    if wanted < first:
        first = wanted
    elif wanted >= first + dt.timedelta(weeks=count):
        first = wanted - dt.timedelta(weeks=count - 1)
    return first
