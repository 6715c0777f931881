"""The line at the bottom: the keys that matter where the user is; each can be clicked."""

from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input

from tui.actions import Action, by_key, own_keys, places_of, shown_keys
from tui.cells import width
from tui.speech import Speech
from tui.tones import Piece, content

_MARGIN, _GAP = 1, 2


class KeyBar(Widget):
    """Keys and their words, as many as fit: those of the focused place and of what it stands in."""

    words: reactive[Speech | None] = reactive(None)

    def __init__(self, words: Speech, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.set_reactive(KeyBar.words, words)

    def on_mount(self) -> None:
        """Other keys matter when the focus moves."""
        self.watch(self.screen, "focused", self._moved, init=False)

    def _moved(self) -> None:
        self.refresh()

    def render(self) -> Content:
        """In the order of the table of actions."""
        pieces: list[Piece | str] = [" " * _MARGIN]
        for action in self._fitting():
            pieces += [Piece(self._keys(action), "key"), f" {self._word(action)}", " " * _GAP]
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
        here = by_key(places_of(self.screen), own_keys(self.app))
        if isinstance(self.screen.focused, Input):
            here = tuple(action for action in here if not _types(action))
        left = self.size.width - _MARGIN
        fitting = []
        for action in sorted((action for action in here if action.bar), key=lambda action: action.bar):
            left -= self._cells(action)
            if left >= -_GAP:
                fitting.append(action)
        return [action for action in here if action in fitting]

    def _cells(self, action: Action) -> int:
        return width(self._keys(action)) + 1 + width(self._word(action)) + _GAP

    def _keys(self, action: Action) -> str:
        return shown_keys(action, own_keys(self.app), all_of_them=False)

    def _word(self, action: Action) -> str:
        return self.words(f"key_{action.name}") if self.words else ""


def _types(action: Action) -> bool:
    """Whether its key would only type a letter while a field has the focus."""
    first = action.keys.partition(",")[0]
    return len(first) == 1 or first in ("question_mark", "space")
