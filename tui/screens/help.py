"""The help: what the keys do and what the marks mean."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from tui.actions import ACTIONS
from tui.cells import fit, width
from tui.screens.toned import TonedModal
from tui.tones import GLYPHS, Piece, content
from tui.words import Words


class HelpScreen(TonedModal):
    """Lies over the main screen until a key closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,enter", "dismiss", show=False),
        Binding("j", "scroll_help(1)", show=False),
        Binding("k", "scroll_help(-1)", show=False),
    ]

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words

    def compose(self) -> ComposeResult:
        """Keys, then levels, then marks."""
        with VerticalScroll(id="help"):
            yield Static(content(*self._keys(), "\n", *self._levels(), "\n", Piece(self._words("help_more"), "dim")))

    def action_scroll_help(self, by: int) -> None:
        """Scroll by lines."""
        self.query_one("#help").scroll_relative(y=by, animate=False)

    def _keys(self) -> list[Piece | str]:
        cells = max(width(action.shown) for action in ACTIONS) + 2
        pieces: list[Piece | str] = [Piece(self._words("heading_keys"), "heading"), "\n"]
        for action in ACTIONS:
            pieces += [Piece(fit(action.shown, cells), "key"), self._words(f"help_{action.name}"), "\n"]
        return pieces

    def _levels(self) -> list[Piece | str]:
        cells = max(width(self._words(f"level_{word}")) for word in GLYPHS) + 2
        pieces: list[Piece | str] = [Piece(self._words("heading_levels"), "heading"), "\n"]
        for word, glyph in GLYPHS.items():
            name = fit(self._words(f"level_{word}"), cells)
            pieces += [Piece(f"{glyph} {name}", word), self._words(f"means_{word}"), "\n"]
        return pieces
