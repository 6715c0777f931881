"""For screen readers: whatever a screen draws, no line, box or glyph reaches the terminal, only words."""

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_SILENT = (
    range(0x2190, 0x2200),  # arrows
    range(0x2300, 0x2400),  # technical
    range(0x2500, 0x2600),  # boxes, blocks, geometric shapes
    range(0x2700, 0x27C0),  # dingbats
    range(0x2800, 0x2900),  # Braille patterns, as plots use them
)
_SPOKEN = {"›": ">", "→": ">", "✓": "+", "✗": "-", "⚑": "!"}
"""Glyphs that are more than decoration, each as wide as what stands for it. The states have words of their own."""
_TABLE = {code: " " for codes in _SILENT for code in codes} | {ord(glyph): word for glyph, word in _SPOKEN.items()}


def spoken(text: str) -> str:
    """The text without glyphs, as wide as before."""
    return text if text.isascii() else text.translate(_TABLE)


class PlainFilter(LineFilter):
    """Sits between the screens and the terminal, so that no screen can forget it."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """A line as it goes out."""
        return [Segment(spoken(segment.text), segment.style, segment.control) for segment in segments]
