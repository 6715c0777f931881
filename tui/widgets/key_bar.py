"""The line at the bottom: the keys that matter here; each can be clicked."""

from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from tui.actions import ACTIONS, BAR
from tui.cells import width
from tui.tones import Piece, content
from tui.words import Words


class KeyBar(Widget):
    """Keys and their words, as many as fit."""

    def __init__(self, words: Words, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.words = words

    def render(self) -> Content:
        """In the order of the table; what does not fit is left out by importance."""
        left = self.size.width - 1
        fitting = set()
        for name in BAR:
            left -= width(self._text(name))
            if left >= 0:
                fitting.add(name)
        parts = [self._part(action.name) for action in ACTIONS if action.name in fitting]
        return Content(" ").join([Content(""), *parts])

    def _text(self, name: str) -> str:
        action = _NAMED[name]
        return f"{action.shown} {self.words(f'key_{name}')}  "

    def _part(self, name: str) -> Content:
        action = _NAMED[name]
        part = content(Piece(action.shown, "key"), f" {self.words(f'key_{name}')} ")
        return part.stylize(Style.from_meta({"@click": action.call}))


_NAMED = {action.name: action for action in ACTIONS}
