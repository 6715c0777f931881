"""The help: what can be done where the user is, and what the marks mean. Whatever is named there can be done there."""

from collections.abc import Iterator
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from tui.actions import ACTIONS, NAMED, Place, bindings, by_key, own_keys, places_of, shown_keys
from tui.cells import fit, width
from tui.screens.toned import TonedModal
from tui.tones import GLYPHS, Piece
from tui.widgets.key_bar import KeyBar
from tui.widgets.pick_list import Entry, PickList


class HelpScreen(TonedModal):
    """Lies over a screen until a key closes it, or one of its lines is done."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.PAGE, Place.OVER)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.PAGE), Binding("question_mark", "dismiss", show=False)]

    def compose(self) -> ComposeResult:
        """One list: actions by place, then levels, then marks."""
        with Vertical(id="help"):
            yield PickList(id="help-list")
            yield KeyBar(self.words)

    def show(self) -> None:
        """Fill in the list."""
        entries = (*self._actions(), *self._levels(), self._line(), self._line(Piece(self.words("help_more"), "dim")))
        self.query_one(PickList).show(entries)

    @on(PickList.Picked)
    def action_pick(self) -> None:
        """Do what the line under the cursor says, where the user was."""
        action = NAMED[self.query_one(PickList).key]
        self.dismiss()
        self.app.call_later(self.app.run_action, action.call)

    def _places(self) -> tuple[Place, ...]:
        """Where the user is in the screen below."""
        stack = self.app.screen_stack
        return places_of(stack[-2] if len(stack) > 1 and stack[-1] is self else self)

    def _line(self, *pieces: Piece, key: str = "") -> Entry:
        return Entry(key, lambda _: pieces)

    def _actions(self) -> Iterator[Entry]:
        own = own_keys(self.app)
        cells = max(width(shown_keys(action, own)) for action in ACTIONS) + 2
        places = self._places()
        there = by_key(places, own)
        for place in places:
            actions = [action for action in there if action.place is place]
            if actions:
                yield self._line(Piece(self.words(f"place_{place.value}"), "heading"))
            for action in actions:
                keys = Piece(fit(shown_keys(action, own), cells), "key")
                help = Piece(self.words(f"help_{action.name}"))
                name = Piece(f"  {action.name}" if action.call else "", "faint")  # what `[keys]` calls it
                yield self._line(keys, help, name, key=action.name if action.call else "")
            if actions:
                yield self._line()

    def _levels(self) -> Iterator[Entry]:
        cells = max(width(self.words(f"levels.{word}")) for word in GLYPHS) + 4
        yield self._line(Piece(self.words("heading_levels"), "heading"))
        for word, glyph in GLYPHS.items():
            name = fit(f"{glyph} {self.words(f'levels.{word}')}", cells)
            yield self._line(Piece(name, word), Piece(self.words(f"means_{word}")))
