"""The line at the bottom: the keys that matter here; each can be clicked."""

from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.actions import ACTIONS, BAR, BAR_OF_DETAIL, NAMED, Action
from tui.cells import width
from tui.tones import Piece, content
from tui.words import Words

_MARGIN, _GAP = 1, 2


class KeyBar(Widget):
    """Keys and their words, as many as fit."""

    reading: reactive[bool] = reactive(False)
    """Whether the user is in the detail."""

    def __init__(self, words: Words, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.words = words

    @property
    def _names(self) -> tuple[str, ...]:
        return BAR_OF_DETAIL if self.reading else BAR

    def render(self) -> Content:
        """In the order of the table of actions."""
        pieces: list[Piece | str] = [" " * _MARGIN]
        for action in self._fitting():
            pieces += [Piece(action.shown, "key"), f" {self._word(action)}", " " * _GAP]
        return content(*pieces)

    async def on_click(self, event: events.Click) -> None:
        """Do what stands under the mouse."""
        end = _MARGIN
        for action in self._fitting():
            start, end = end, end + self._cells(action)
            if start <= event.x < end - _GAP:
                await self.run_action(action.call)

    def _fitting(self) -> list[Action]:
        """What does not fit is left out by importance."""
        left = self.size.width - _MARGIN
        fitting = []
        for name in self._names:
            action = NAMED[name]
            left -= self._cells(action)
            if left >= -_GAP:
                fitting.append(action)
        return [action for action in ACTIONS if action in fitting]

    def _cells(self, action: Action) -> int:
        return width(action.shown) + 1 + width(self._word(action)) + _GAP

    def _word(self, action: Action) -> str:
        return self.words(f"key_{action.name}")
