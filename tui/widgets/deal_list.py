"""The list of deals: one line a deal, drawn on demand, so that ten thousand cost no more than what is in view."""

from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style

from otosata.deals.reading import Reading
from tui.actions import Place, bindings
from tui.columns import Slot, share
from tui.rows import columns, headings, row
from tui.tones import TONES, Piece
from tui.words import Words

MARGIN = 2
"""Cells before the first column: the mark of the cursor, so that it is no colour alone."""
CURSOR = "› "


class DealList(ScrollView, can_focus=True):
    """Shows readings in the order they come in; the cursor keeps to its deal."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"deal-list--row", "deal-list--cursor", "deal-list--heading"}
    PLACES: ClassVar[tuple[Place, ...]] = (Place.LIST,)
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Place.LIST),
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home,g", "move(-1000000)", show=False),
        Binding("end,G", "move(1000000)", show=False),
    ]

    class Selected(Message):
        """The cursor stands on another deal."""

        def __init__(self, reading: Reading | None) -> None:
            super().__init__()
            self.reading = reading

    def __init__(self, words: Words, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._words = words
        self._readings: tuple[Reading, ...] = ()
        self._cursor = 0
        self._places: tuple[Slot, ...] = ()
        self._shared: tuple[int, str] | None = None

    @property
    def selected(self) -> Reading | None:
        """The reading under the cursor."""
        return self._readings[self._cursor] if self._readings else None

    @property
    def lines(self) -> int:
        """How many lines it would like: the heading and every deal."""
        return len(self._readings) + 1

    def show(self, readings: tuple[Reading, ...], words: Words) -> None:
        """Take new readings; cursor and view stay with the deal, or near its place where it is gone."""
        old, above = self.selected, self._cursor - self.scroll_offset.y
        ids = {reading.deal.id: place for place, reading in enumerate(readings)}
        place = ids.get(old.deal.id) if old else None
        if place is None:
            place = min(self._cursor, max(len(readings) - 1, 0))
        moved = place != self._cursor
        self._readings, self._words, self._cursor = readings, words, place
        self.virtual_size = Size(0, self.lines)
        self.refresh()
        if moved:
            self.scroll_to(y=max(place - above, 0), animate=False)
        self._announce()

    @property
    def _width(self) -> int:
        return self.scrollable_content_region.width

    def _announce(self) -> None:
        self.post_message(self.Selected(self.selected))

    # ------------------------------------------------------------------ drawing

    def _placed(self) -> tuple[Slot, ...]:
        """The columns, shared anew when width or language have changed."""
        if self._shared != (self._width, self._words.lang):
            self._shared = (self._width, self._words.lang)
            self._places = share(columns(self._words), max(self._width - MARGIN, 0))
        return self._places

    def render_line(self, y: int) -> Strip:
        """Line `y` of what is in view; the heading stays at the top."""
        if y == 0:
            return self._strip((Piece("  " + headings(self._placed(), self._words)),), "deal-list--heading")
        place = self.scroll_offset.y + y - 1
        if place >= len(self._readings):
            return Strip.blank(self._width, self.get_component_rich_style("deal-list--row"))
        under = place == self._cursor
        pieces = row(self._readings[place], self._placed(), self._words)
        mark = Piece(CURSOR if under else "  ", "strong")
        return self._strip((mark, *pieces), "deal-list--cursor" if under else "deal-list--row")

    def _strip(self, pieces: tuple[Piece, ...], component: str) -> Strip:
        base = self.get_visual_style(component)
        segments = [Segment(piece.text, (base + self._tone(piece.tone)).rich_style) for piece in pieces if piece.text]
        return Strip(segments).simplify().adjust_cell_length(self._width, base.rich_style)

    def _tone(self, tone: str) -> Style:
        if tone not in TONES:
            return Style()
        return self.screen.get_visual_style(tone, partial=True)

    # ------------------------------------------------------------------ moving

    def go(self, deal: str) -> bool:
        """Put the cursor on a deal; False where it is not in the list."""
        for place, reading in enumerate(self._readings):
            if reading.deal.id == deal:
                self._go(place)
                return True
        return False

    def action_move(self, by: int) -> None:
        """Move the cursor so many rows, at most to the end."""
        self._go(self._cursor + by)

    def action_page(self, direction: int) -> None:
        """Move the cursor by what is in view."""
        self._go(self._cursor + direction * max(self.size.height - 2, 1))

    def on_click(self, event: events.Click) -> None:
        """Select the deal under the mouse."""
        if event.y > 0 and self.scroll_offset.y + event.y - 1 < len(self._readings):
            self._go(self.scroll_offset.y + event.y - 1)

    def _go(self, place: int) -> None:
        place = max(0, min(place, len(self._readings) - 1))
        if place == self._cursor or not self._readings:
            return
        self._cursor = place
        self._reveal()
        self.refresh()
        self._announce()

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self._reveal()

    def _reveal(self) -> None:
        # The heading covers the first line in view, so the row's own line is one further down.
        self.scroll_to_region(Region(0, self._cursor, 1, 2), animate=False, force=True)
