"""The tones that text has on the screen; their colours come from `styles/tones.tcss`, so from the theme."""

from typing import NamedTuple

from textual.content import Content

TONES = frozenset(
    {
        "critical",
        "warn",
        "notice",
        "ok",
        "unknown",
        "dim",
        "faint",
        "strong",
        "mine",
        "badge",
        "heading",
        "key",
        "alarm",
    }
)
"""Component classes of every screen (see `screens/toned.py`)."""

GLYPHS = {"critical": "◉", "warn": "▴", "notice": "▸", "ok": "◦", "unknown": "?"}
"""One shape a level, so that colour is never alone. None is of ambiguous width (UAX #11), none is an emoji."""


class Piece(NamedTuple):
    """Steady text in a tone; the empty tone is plain."""

    text: str
    tone: str = ""


def content(*pieces: Piece | str) -> Content:
    """Pieces as Textual takes them; nothing in them is read as markup."""
    parts = [Piece(part) if isinstance(part, str) else part for part in pieces]
    return Content.assemble(*((part.text, f".{part.tone}" if part.tone else "") for part in parts))
