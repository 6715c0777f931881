"""Fits text into terminal cells, exactly: what leaves here is as wide as the terminal will draw it.

Terminals agree on the width of Latin, kana, kanji, half-width kana and single emoji. They do not agree on what is
joined at drawing time: emoji sequences with a zero-width joiner, skin tones, flags, keycaps, variation selectors, a
half-width kana with its own voicing mark. `steady` keeps the part that everybody draws alike and drops the rest.
"""

import re
import unicodedata

from rich.cells import cell_len

ELLIPSIS = "…"
_FLAG_LETTER = 0x1F1E6
_JOINED = re.compile("(?:\u200d[\u2000-\U0010ffff])+|\u200d")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u20e3\U0001f3fb-\U0001f3ff]")
_FLAGS = re.compile("[\U0001f1e6-\U0001f1ff]")
_VOICED = re.compile("[\uff66-\uff9d][\uff9e\uff9f]")


def steady(text: str) -> str:
    """One line of text without anything that terminals draw in different widths, or that steers them."""
    from otosata.mail.sanitise import one_line  # noqa: PLC0415 - the very first frame draws what was steady before

    text = one_line(text)
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text)
    text = _SELECTORS.sub("", _JOINED.sub("", text))
    text = _FLAGS.sub(lambda letter: chr(ord("A") + ord(letter[0]) - _FLAG_LETTER), text)
    return _VOICED.sub(lambda pair: unicodedata.normalize("NFKC", pair[0]), text)


def width(text: str) -> int:
    """How many cells the text takes. `text`: steady."""
    return cell_len(text)


def fit(text: str, cells: int, *, right: bool = False) -> str:
    """Cut or pad steady text to exactly so many cells; what is cut off shows as an ellipsis. `right`: align there."""
    cells = max(cells, 0)
    missing = cells - width(text)
    if missing < 0:
        text = _head(text, cells - 1) + ELLIPSIS if cells else ""
        missing = cells - width(text)
    return " " * missing + text if right else text + " " * missing


def _head(text: str, cells: int) -> str:
    """The longest beginning that takes at most so many cells; marks stay with the letter they stand on."""
    used = 0
    for place, character in enumerate(text):
        used += cell_len(character)
        if used > cells:
            return text[:place]
    return text
