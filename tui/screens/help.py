"""The help: what the keys do and what the marks mean."""

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from tui.actions import ACTIONS
from tui.cells import fit, width
from tui.facts import heading
from tui.prose import Line, line
from tui.screens.toned import TonedModal
from tui.tones import GLYPHS, Piece
from tui.widgets.paragraph import Paragraph
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
            yield Paragraph(id="help-text")

    def on_mount(self) -> None:
        """Fill in the text."""
        more = line(Piece(self._words("help_more"), "dim"))
        lines = (*self._keys(), line(), *self._levels(), line(), more)
        self.query_one(Paragraph).show(lines)

    def action_scroll_help(self, by: int) -> None:
        """Scroll by lines."""
        self.query_one("#help").scroll_relative(y=by, animate=False)

    def _keys(self) -> Iterator[Line]:
        cells = max(width(action.shown) for action in ACTIONS) + 2
        yield heading("keys", self._words)
        for action in ACTIONS:
            yield line(Piece(fit(action.shown, cells), "key"), self._words(f"help_{action.name}"), hang=cells)

    def _levels(self) -> Iterator[Line]:
        cells = max(width(self._words(f"levels.{word}")) for word in GLYPHS) + 4
        yield heading("levels", self._words)
        for word, glyph in GLYPHS.items():
            name = fit(f"{glyph} {self._words(f'levels.{word}')}", cells)
            yield line(Piece(name, word), self._words(f"means_{word}"), hang=cells)
