"""The list of deals: one line a deal, drawn on demand, so that ten thousand cost no more than what is in view."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Protocol

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.actions import Place, bindings
from tui.columns import Slot, column_at, columns, headings, share
from tui.speech import Speech
from tui.tones import TONES, Piece

MARGIN = 2
"""Cells before the first column: the mark of the cursor, so that it is no colour alone."""
CURSOR = "› "


class Row(Protocol):
    """A line of the list."""

    @property
    def key(self) -> str:
        """What the cursor keeps to: the deal's id; empty for a heading, which it passes over."""


Draw = Callable[[Any, Sequence[Slot]], Sequence[Piece]]
"""A row and the columns → the row's line, at most as wide as the columns with their gaps."""


class DealList(ScrollView, can_focus=True):
    """Shows rows in the order they come in; the cursor keeps to its deal."""

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
        """The cursor stands on another deal, or the same one has been read anew. `deal`: its id; empty: on none."""

        def __init__(self, deal: str) -> None:
            super().__init__()
            self.deal = deal

    class Opened(Message):
        """The deal under the cursor was clicked again."""

    class HeadingClicked(Message):
        """A column's heading was clicked."""

        def __init__(self, column: str) -> None:
            super().__init__()
            self.column = column

    def __init__(self, words: Speech, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._words = words
        self._rows: Sequence[Row] = ()
        self._draw: Draw = lambda row, slots: ()
        self._cursor = 0
        self._slots: tuple[Slot, ...] = ()
        self._styles: dict[tuple[str, str], Style] = {}
        self._shared: tuple[int, str, tuple[str, ...]] | None = None
        self.columns: tuple[str, ...] = ()
        """Which of them are shown, in this order; empty: all."""

    @property
    def selected(self) -> str:
        """The id of the deal under the cursor; empty where there is none."""
        return self._rows[self._cursor].key if self._cursor < len(self._rows) else ""

    @property
    def lines(self) -> int:
        """How many lines it would like: the columns' headings and every row."""
        return len(self._rows) + 1

    def begin(self, rows: Sequence[Row], draw: Draw) -> None:
        """Rows to be mounted with, which saves a layout."""
        self._rows, self._draw = rows, draw
        self._cursor = self._near(0)
        self.set_reactive(DealList.virtual_size, Size(0, self.lines))

    def show(self, rows: Sequence[Row], draw: Draw, words: Speech) -> None:
        """Take new rows; cursor and view stay with the deal, or near its place where it is gone."""
        old, above = self.selected, self._cursor - self.scroll_offset.y
        place = next((place for place, row in enumerate(rows) if row.key == old), None) if old else None
        moved = place is not None and place != self._cursor
        self._rows, self._draw, self._words = rows, draw, words
        self._cursor = self._near(self._cursor if place is None else place)
        self.virtual_size = Size(0, self.lines)
        self.refresh()
        if moved:
            self.scroll_to(y=max(self._cursor - above, 0), animate=False)
        elif place is None:
            self._reveal()
        self._announce()

    def _near(self, place: int) -> int:
        """The place itself or, where a heading stands there, that of the deal below it, or else above."""
        last = len(self._rows) - 1
        place = max(0, min(place, last))
        if last >= 0 and not self._rows[place].key:
            return place + 1 if place < last else place - 1
        return place

    @property
    def _width(self) -> int:
        return self.scrollable_content_region.width

    def _announce(self) -> None:
        self.post_message(self.Selected(self.selected))

    # ------------------------------------------------------------------ drawing

    def _placed(self) -> tuple[Slot, ...]:
        """The columns, shared anew when they, the width or the language have changed."""
        wanted = (self._width, self._words.lang, self.columns)
        if self._shared != wanted:
            self._shared = wanted
            self._slots = share(columns(self._words, self.columns), max(self._width - MARGIN, 0))
        return self._slots

    def render_line(self, y: int) -> Strip:
        """Line `y` of what is in view; the columns' headings stay at the top."""
        if y == 0:
            return self._strip((Piece(" " * MARGIN + headings(self._placed(), self._words)),), "deal-list--heading")
        place = self.scroll_offset.y + y - 1
        if place >= len(self._rows):
            return Strip.blank(self._width, self._style("deal-list--row", ""))
        under, row = place == self._cursor, self._rows[place]
        mark = Piece(CURSOR if under else " " * MARGIN, "strong")
        pieces = self._draw(row, self._placed())
        return self._strip((mark, *pieces), "deal-list--cursor" if under else "deal-list--row")

    def _strip(self, pieces: Sequence[Piece], component: str) -> Strip:
        segments = [Segment(piece.text, self._style(component, piece.tone)) for piece in pieces if piece.text]
        return Strip(segments).simplify().adjust_cell_length(self._width, self._style(component, ""))

    def _style(self, component: str, tone: str) -> Style:
        """How a tone looks in a kind of row; worked out once until the styles change."""
        if (component, tone) not in self._styles:
            looks = self.get_visual_style(component)
            if tone in TONES:
                looks += self.screen.get_visual_style(tone, partial=True)
            self._styles[component, tone] = looks.rich_style
        return self._styles[component, tone]

    def notify_style_update(self) -> None:
        """Another theme, or another focus."""
        self._styles.clear()
        super().notify_style_update()

    # ------------------------------------------------------------------ moving

    def go(self, deal: str) -> bool:
        """Put the cursor on a deal; False where it is not in the list."""
        place = next((place for place, row in enumerate(self._rows) if row.key == deal), None)
        if place is not None:
            self._go(place)
        return place is not None

    def action_move(self, by: int) -> None:
        """Move the cursor so many deals, at most to the end."""
        place = self._cursor + by
        if abs(by) == 1 and 0 <= place < len(self._rows) and not self._rows[place].key:
            place += by  # over a heading
        if 0 <= place < len(self._rows) or abs(by) > 1:
            self._go(place)
        else:
            self._reveal()

    def action_page(self, direction: int) -> None:
        """Move the cursor by what is in view."""
        self._go(self._cursor + direction * max(self.size.height - 2, 1))

    def on_click(self, event: events.Click) -> None:
        """Select the deal under the mouse; open it where it was selected already; a heading says by what to sort."""
        if event.y == 0:
            self.post_message(self.HeadingClicked(column_at(self._placed(), event.x - MARGIN)))
            return
        place = self.scroll_offset.y + event.y - 1
        if place >= len(self._rows) or not self._rows[place].key:
            return
        if place == self._cursor:
            self.post_message(self.Opened())
        self._go(place)

    def _go(self, place: int) -> None:
        place = self._near(place)
        if place != self._cursor and self._rows:
            self._cursor = place
            self.refresh()
            self._announce()
        self._reveal()

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self._reveal()

    def _reveal(self) -> None:
        # The columns' headings cover the first line in view, so the row's own line is one further down; a section's
        # heading right above the cursor is shown with it.
        above = 1 if self._cursor and self._rows and not self._rows[self._cursor - 1].key else 0
        self.scroll_to_region(Region(0, self._cursor - above, 1, 2 + above), animate=False, force=True)
