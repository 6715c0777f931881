"""What can be done with the deal, as words to click: the mouse's way to what the keys do."""

from collections.abc import Iterator
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tui.actions import Action, Place, possible, said
from tui.cells import width
from tui.tones import Piece, content
from tui.words import Words

_GAP = 2


@dataclass(frozen=True, slots=True)
class Spot:
    """An action at its place."""

    action: Action
    row: int
    start: int
    end: int


class ActMenu(Widget):
    """Every action on the deal under the cursor, broken into lines; each can be clicked."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._words: Words | None = None

    def show(self, words: Words) -> None:
        """In the words of the language."""
        self._words = words
        self.refresh(layout=True)

    def spots(self, cells: int) -> Iterator[Spot]:
        """Where each action stands in a menu so many cells wide; the heading is row 0."""
        row, column = 1, 0
        for action in possible([Place.MAIN]):
            if not action.is_on_deal or self._words is None:
                continue
            size = sum(width(part) for part in self._parts(action))
            if column and column + size > cells:
                row, column = row + 1, 0
            yield Spot(action, row, column, column + size)
            column += size + _GAP

    def _parts(self, action: Action) -> tuple[str, str]:
        word = self._words(f"key_{action.name}") if self._words else ""
        return f"{action.shown or said(action.keys)} ", word

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """How many lines it takes at that width."""
        return max((spot.row + 1 for spot in self.spots(width)), default=0)

    def render(self) -> Content:
        """The heading and the lines."""
        rows: dict[int, list[Piece | str]] = {}
        for spot in self.spots(self.content_size.width):
            row = rows.setdefault(spot.row, [])
            key, word = self._parts(spot.action)
            row += [" " * _GAP if row else "", Piece(key, "key"), word]
        title = content(Piece(self._words("heading_acts") if self._words else "", "heading"))
        return Content("\n").join([title, *(content(*row) for row in rows.values())])

    async def on_click(self, event: events.Click) -> None:
        """Do what stands under the mouse."""
        for spot in list(self.spots(self.content_size.width)):
            if spot.row == event.y and spot.start <= event.x < spot.end:
                await self.screen.run_action(spot.action.call)
