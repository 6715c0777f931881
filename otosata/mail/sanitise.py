"""The one border that mail text crosses on its way in: nothing leaves here that could fool a terminal or a reader.

Dropped: control characters (C0, C1, DEL), bidi controls (Unicode UAX #9), lone surrogates, non-characters, tag
characters, and what has no width and no use. Kept where they carry meaning: line breaks, a zero-width joiner inside an
emoji sequence, one variation selector after an emoji or a kanji. Nothing is normalised: no NFKC here.
"""

import re

LINE_LIMIT = 500
"""Characters of a subject, a name or a header value."""
BLOCK_LIMIT = 200_000
"""Characters of a body."""

_KANJI = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_EMOJI = (
    "#*0-9\u00a9\u00ae\u203c\u2049\u2100-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)

_LINE_BREAK = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_NON_CHARACTERS = "".join(chr(0x10000 * plane + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # C0, DEL, C1 without the line breaks and the tab
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen, joiners and fillers without a glyph
    "\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f"  # zero width, bidi marks, embeddings, overrides, isolates
    "\u3164\ufeff\uffa0\ufff0-\ufffb\ufdd0-\ufdef"  # Hangul fillers, byte order mark, annotation, non-characters
    "\ud800-\udfff"  # lone surrogates
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # invisible format controls of shorthand and music
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"  # tag characters
    f"{_NON_CHARACTERS}]"
)
_STRAY_SELECTOR = re.compile(
    f"(?<![{_EMOJI}{_KANJI}])[\ufe00-\ufe0f]|(?<![{_KANJI}])[\U000e0100-\U000e01ef]"  # the second: Japanese IVS
)
_STRAY_JOINER = re.compile(f"(?<![{_EMOJI}])(?<![{_EMOJI}]\ufe0f)\u200d|\u200d(?![{_EMOJI}])")
_MARK = "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_PILE_OF_MARKS = re.compile(f"({_MARK}{{4}}){_MARK}+")


_JOINT = re.compile(" *\n+ *")


def block(text: str, limit: int = BLOCK_LIMIT) -> str:
    r"""Text of several lines: every kind of line break becomes ``\n``, a tab a space; at most `limit` characters."""
    text = text[: 2 * limit]
    if text.isascii() and text.isprintable():
        return text[:limit]
    text = _LINE_BREAK.sub("\n", text).replace("\t", " ")
    if text.isascii():
        return _DROPPED.sub("", text)[:limit]
    text = _STRAY_SELECTOR.sub("", _DROPPED.sub("", text))
    return _STRAY_JOINER.sub("", _PILE_OF_MARKS.sub(r"\1", text)[:limit])


def one_line(text: str, limit: int = LINE_LIMIT) -> str:
    """Text of one line: line breaks become a space, spaces around it go; at most `limit` characters."""
    joined = _JOINT.sub(" ", block(text, 2 * limit)).strip()
    return joined[:limit].rstrip("\u200d").rstrip()
