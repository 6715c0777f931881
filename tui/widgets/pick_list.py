"""A list to pick from: one line an entry, drawn on demand, with headings between that the cursor passes over."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style

from tui.prose import fitted
from tui.tones import TONES, Piece

CURSOR = "› "
MARGIN = len(CURSOR)
"""Cells before the first column: the mark of the cursor, so that it is no colour alone."""

Draw = Callable[[int], Sequence[Piece]]
"""Cells → the pieces of a line; what is too long is cut, what is too short is filled up."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list."""

    key: str
    """What the cursor keeps to; empty for a heading, which cannot be picked."""
    draw: Draw = field(compare=False)

    @property
    def is_heading(self) -> bool:
        """Whether the cursor passes over it."""
        return not self.key


class PickList(ScrollView, can_focus=True):
    """Shows entries; the cursor stays with its key when they change."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"pick-list--row", "pick-list--cursor", "pick-list--head"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home,g", "move(-1000000)", show=False),
        Binding("end,G", "move(1000000)", show=False),
    ]

    class Moved(Message):
        """The cursor stands on another entry."""

        def __init__(self, pick_list: "PickList", key: str) -> None:
            super().__init__()
            self.pick_list = pick_list
            self.key = key

        @property
        def control(self) -> "PickList":
            """The list, so that a screen with several can tell them apart."""
            return self.pick_list

    class Picked(Moved):
        """The entry under the cursor was clicked once more: open it."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._entries: tuple[Entry, ...] = ()
        self._picks: tuple[int, ...] = ()
        """Places of what can be picked."""
        self._cursor = -1
        self._head: Draw | None = None

    @property
    def key(self) -> str:
        """The key under the cursor; empty where there is nothing to pick."""
        return self._entries[self._cursor].key if 0 <= self._cursor < len(self._entries) else ""

    def show(self, entries: Sequence[Entry], *, key: str | None = None, head: Draw | None = None) -> None:
        """Take other entries. `key`: where the cursor shall stand; else it stays with its key, or near its place.

        `head`: a line that stays at the top.
        """
        self._head = head
        wanted = self.key if key is None else key
        places = {entry.key: place for place, entry in enumerate(entries) if entry.key}
        self._entries = tuple(entries)
        self._picks = tuple(place for place, entry in enumerate(entries) if not entry.is_heading)
        self._cursor = places.get(wanted, self._near(max(self._cursor, 0)))
        self.virtual_size = Size(0, len(self._entries) + self._top)
        self.refresh()
        self._reveal()
        self.post_message(self.Moved(self, self.key))

    def go(self, key: str) -> None:
        """Put the cursor on an entry, if it is there."""
        for place, entry in enumerate(self._entries):
            if entry.key == key:
                self._go(place)

    def _near(self, place: int) -> int:
        """The place of the entry at or after `place`, else before it; -1 where there is none."""
        after = bisect_left(self._picks, place)
        return self._picks[min(after, len(self._picks) - 1)] if self._picks else -1

    # ------------------------------------------------------------------ drawing

    @property
    def _top(self) -> int:
        """Lines that the head takes."""
        return 1 if self._head else 0

    @property
    def _width(self) -> int:
        return self.scrollable_content_region.width

    def render_line(self, y: int) -> Strip:
        """Line `y` of what is in view."""
        if y == 0 and self._head is not None:
            head = self._head(self._width - MARGIN)
            return self._strip((Piece(" " * MARGIN), *fitted(head, self._width - MARGIN)), "pick-list--head")
        place = self.scroll_offset.y + y - self._top
        row = self.get_visual_style("pick-list--row")
        if place >= len(self._entries):
            return Strip.blank(self._width, row.rich_style)
        under = place == self._cursor
        mark = Piece(CURSOR if under else " " * MARGIN, "strong")
        pieces = (mark, *fitted(self._entries[place].draw(self._width - MARGIN), self._width - MARGIN))
        return self._strip(pieces, "pick-list--cursor" if under else "pick-list--row")

    def _strip(self, pieces: Sequence[Piece], component: str) -> Strip:
        base = self.get_visual_style(component)
        segments = [Segment(piece.text, (base + self._tone(piece.tone)).rich_style) for piece in pieces if piece.text]
        return Strip(segments).simplify().adjust_cell_length(self._width, base.rich_style)

    def _tone(self, tone: str) -> Style:
        return self.screen.get_visual_style(tone, partial=True) if tone in TONES else Style()

    # ------------------------------------------------------------------ moving

    def action_move(self, by: int) -> None:
        """Move the cursor so many entries, at most to the end."""
        if self._cursor >= 0:
            place = bisect_left(self._picks, self._cursor) + by
            self._go(self._picks[max(0, min(place, len(self._picks) - 1))])

    def action_page(self, direction: int) -> None:
        """Move the cursor by what is in view."""
        wanted = self._cursor + direction * max(self.size.height - 1 - self._top, 1)
        self._go(self._near(max(0, wanted)))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor under the mouse; where it stands already, that is a pick."""
        place = self.scroll_offset.y + event.y - self._top
        if event.y < self._top or place >= len(self._entries) or self._entries[place].is_heading:
            return
        if place == self._cursor:
            self.post_message(self.Picked(self, self.key))
        self._go(place)

    def _go(self, place: int) -> None:
        if place in (self._cursor, -1):
            return
        self._cursor = place
        self._reveal()
        self.refresh()
        self.post_message(self.Moved(self, self.key))

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self._reveal()

    def _reveal(self) -> None:
        top = self._cursor
        while top > 0 and self._entries[top - 1].is_heading:
            top -= 1  # what the entry stands under shows as well
        if top >= 0:
            lines = self._cursor - top + 1 + self._top  # the head covers the first line in view
            self.scroll_to_region(Region(0, top, 1, lines), animate=False, force=True)
