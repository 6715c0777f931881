"""The help: what can be done where the user is, and what the marks mean. A click on a line does it."""

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from tui.actions import ACTIONS, Place, own_keys, places_of, possible, shown_keys
from tui.cells import fit, width
from tui.facts import heading
from tui.prose import Line, line
from tui.screens.toned import TonedModal
from tui.tones import GLYPHS, Piece
from tui.widgets.paragraph import Paragraph


class HelpScreen(TonedModal):
    """Lies over a screen until a key closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,enter", "dismiss", show=False),
        Binding("j", "scroll_help(1)", show=False),
        Binding("k", "scroll_help(-1)", show=False),
    ]

    def compose(self) -> ComposeResult:
        """Keys, then levels, then marks."""
        with VerticalScroll(id="help"):
            yield Paragraph(id="help-text")

    def show(self) -> None:
        """Fill in the text."""
        more = line(Piece(self.words("help_more"), "dim"))
        lines = (*self._keys(), *self._levels(), line(), more)
        self.query_one("#help-text", Paragraph).show(lines)

    def action_scroll_help(self, by: int) -> None:
        """Scroll by lines."""
        self.query_one("#help").scroll_relative(y=by, animate=False)

    def _places(self) -> tuple[Place, ...]:
        """Where the user is in the screen below."""
        stack = self.app.screen_stack
        return places_of(stack[-2] if len(stack) > 1 and stack[-1] is self else self)

    def _keys(self) -> Iterator[Line]:
        here = self._places()
        own = own_keys(self.app)
        cells = max(width(shown_keys(action, own)) for action in ACTIONS) + 2
        for place in here:
            actions = possible((place,))
            if actions:
                yield line(Piece(self.words(f"place_{place.value}"), "heading"))
            for action in actions:
                keys = Piece(fit(shown_keys(action, own), cells), "key")
                yield line(keys, self.words(f"help_{action.name}"), hang=cells)
            if actions:
                yield line()

    def _levels(self) -> Iterator[Line]:
        cells = max(width(self.words(f"levels.{word}")) for word in GLYPHS) + 4
        yield heading("levels", self.words)
        for word, glyph in GLYPHS.items():
            name = fit(f"{glyph} {self.words(f'levels.{word}')}", cells)
            yield line(Piece(name, word), self.words(f"means_{word}"), hang=cells)
