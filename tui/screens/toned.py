"""What every screen is: it has the desk and the words, its tones have colours, and it can change its language."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.screen import ModalScreen, Screen

from tui.actions import Place, bindings
from tui.tones import TONES
from tui.widgets.key_bar import KeyBar

if TYPE_CHECKING:
    from tui.desk import Desk
    from tui.words import Words


class TonedScreen(Screen[None]):
    """Base of the full screens. `show` is called once it is mounted, and again when the language has changed."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set(TONES)

    def __init__(self, desk: "Desk", words: "Words") -> None:
        super().__init__()
        self.desk = desk
        self.words = words

    def show(self) -> None:
        """Fill the widgets in, from the desk and in the words of the moment."""

    def ledger_changed(self) -> None:
        """Something was done by hand, and the main screen has read the ledger anew."""

    def speak(self, words: "Words") -> None:
        """Show everything in another language."""
        self.words = words
        for bar in self.query(KeyBar):
            bar.words = words
        self.show()

    def on_mount(self) -> None:
        """Fill in what the screen shows."""
        self.show()


class OverScreen(TonedScreen):
    """Base of the full screens that lie over the main one: Esc and q lead back."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.OVER,)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.OVER)]


class TonedModal(OverScreen, ModalScreen[None]):
    """Base of what lies over a screen and lets it show through."""
