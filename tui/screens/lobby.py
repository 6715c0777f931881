"""The very first screen: what the list showed last, while the program itself is still being loaded."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import Static

from config.texts.catalogue import Catalogue
from tui.actions import Place, bindings, possible
from tui.columns import columns, headings, share
from tui.remembered import Remembered, Row
from tui.speech import Noting, Speech
from tui.tones import TONES, Piece, content
from tui.widgets.deal_list import DealList
from tui.widgets.key_bar import KeyBar

_EVERY_COLUMN = 500
"""Cells that are enough for every column."""


class Lobby(Screen[None]):
    """Looks as the main screen will, as far as that is known; the cursor moves already."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.MAIN,)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.MAIN)]
    """For the key bar; what they call is not there yet."""
    COMPONENT_CLASSES: ClassVar[set[str]] = set(TONES)
    AUTO_FOCUS = "#deals"

    def __init__(self, picture: Remembered, speech: Speech) -> None:
        super().__init__()
        self._picture = picture
        self._speech = speech

    @property
    def selected(self) -> str:
        """The deal under the cursor."""
        return self.query_one(DealList).selected

    def compose(self) -> ComposeResult:
        """Top line, list, keys."""
        title = Piece(self._speech("name"), "heading")
        yield Static(content(title, Piece(f"   {note(self._picture, self._speech)}", "notice")), id="top")
        deals = DealList(self._speech, id="deals")
        deals.columns = self._picture.columns
        deals.begin(self._picture.rows, Row.pieces)
        yield deals
        yield KeyBar(self._speech, id="keys")


def note(picture: Remembered, speech: Speech) -> str:
    """What a picture is, and that it will not stay."""
    return speech("remembered", at=picture.at) if picture.at else speech("loading")


def texts_of(catalogue: Catalogue) -> dict[str, str]:
    """The texts that the lobby asks for, to be kept with its picture."""
    noting = Noting(catalogue)
    noting("name")
    note(Remembered(at="?"), noting)
    headings(share(columns(noting), _EVERY_COLUMN), noting)
    for action in possible((Place.LIST, *Lobby.PLACES, Place.APP)):
        if action.bar:
            noting(f"key_{action.name}")
    return noting.asked
