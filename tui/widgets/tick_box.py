"""A yes or no that shows which by its shape, not by colour alone."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.tones import Piece, content


class TickBox(Widget, can_focus=True):
    """`[x] label`; space, Enter or a click turns it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space,enter", "turn", show=False)]

    value: reactive[bool] = reactive(False)

    def __init__(self, label: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._label = label

    def render(self) -> Content:
        """One line."""
        return content(Piece("[x] " if self.value else "[ ] ", "key"), self._label)

    def action_turn(self) -> None:
        """Yes becomes no."""
        self.value = not self.value

    def on_click(self) -> None:
        """As the key does."""
        self.action_turn()
