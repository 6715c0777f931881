"""A screen on which the tones have their colours."""

from typing import ClassVar

from textual.screen import ModalScreen, Screen

from tui.tones import TONES


class TonedScreen(Screen[None]):
    """Base of the full screens."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set(TONES)


class TonedModal(ModalScreen[None]):
    """Base of what lies over a screen."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set(TONES)
