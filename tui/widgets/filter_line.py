"""The line above the list: which deals are shown, and where the user types which."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from otosata.mail.sanitise import block
from tui.actions import Place, bindings
from tui.tones import Piece, content


class Field(Input):
    """One line to type in; what is pasted from a mail must not steer the terminal."""

    def validate_value(self, value: str) -> str:
        """Only what may be drawn."""
        return block(value).replace("\n", " ")


class FilterLine(Horizontal):
    """A name, the filter's text, and what came of it; there only while something is filtered or typed."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.FILTER,)
    TAKES_LETTERS: ClassVar[bool] = True
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Place.FILTER),
        Binding("up", "screen.step(-1)", show=False),
        Binding("down", "screen.step(1)", show=False),
    ]

    class Typed(Message):
        """The filter's text is another."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def compose(self) -> ComposeResult:
        """Name, text, note."""
        yield Static(id="filter-name")
        yield Field(id="filter-text", compact=True, select_on_focus=False)
        yield Static(id="filter-note")

    def edit(self) -> None:
        """Let the user type."""
        self.display = True
        self.query_one(Field).focus()

    def show(self, name: str, text: str, note: Piece) -> None:
        """Say what is shown and what came of it."""
        field = self.query_one(Field)
        if field.value != text:
            with self.prevent(Input.Changed):
                field.value = text
                field.cursor_position = len(text)
        self.query_one("#filter-name", Static).update(content(Piece(name, "key")))
        self.query_one("#filter-note", Static).update(content(note))

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        message.stop()
        self.post_message(self.Typed(message.value))
