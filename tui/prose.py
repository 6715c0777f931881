"""Breaks pieces of text into lines, Japanese by its own rules, so that nothing hangs out of place."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from tui.cells import ELLIPSIS, fit, width
from tui.tones import Piece

_NOT_FIRST = frozenset("、。，．・：；？！）」』】〉》〕］｝ー…,.:;?!)]}’”っゃゅょッャュョ")
"""Never begin a line (JIS X 4051, the part that matters here)."""
_NOT_LAST = frozenset("（「『【〈《〔［｛([{‘“")
"""Never end a line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line before it is broken."""

    pieces: tuple[Piece, ...]
    hang: int = 0
    """Cells by which what follows the first break is moved in."""


def line(*pieces: Piece | str, hang: int = 0) -> Line:
    """A line of pieces; bare strings have no tone."""
    return Line(tuple(Piece(part) if isinstance(part, str) else part for part in pieces), hang)


def fitted(pieces: Sequence[Piece], cells: int) -> tuple[Piece, ...]:
    """The pieces in one line, together exactly so many cells wide; what is cut off shows as an ellipsis."""
    found: list[Piece] = []
    left = max(cells, 0)
    for place, piece in enumerate(pieces):
        size = width(piece.text)
        more = any(other.text for other in pieces[place + 1 :])
        if size > left or (size == left and more and left):
            return (*found, Piece(fit(piece.text + ELLIPSIS, left), piece.tone))
        found.append(piece)
        left -= size
    return (*found, Piece(" " * left))


def wrap(lines: Iterable[Line], cells: int) -> list[tuple[Piece, ...]]:
    """Break lines so that none is wider than so many cells."""
    return [broken for long in lines for broken in _wrap(long, max(cells, 2))]


def _wrap(long: Line, cells: int) -> Iterator[tuple[Piece, ...]]:
    hang = long.hang if 3 * long.hang <= 2 * cells and cells - long.hang >= 2 else 0
    row: list[Piece] = []
    used = 0
    for word in _words(long.pieces):
        size = width(word.text)
        if used + size > cells and row and word.text.strip():
            yield _trimmed(row)
            row, used = ([Piece(" " * hang)], hang) if hang else ([], 0)
        for part in _chopped(word, cells - used, cells - hang):
            if used + width(part.text) > cells and part.text.strip():
                yield _trimmed(row)
                row, used = ([Piece(" " * hang)], hang) if hang else ([], 0)
            row.append(part)
            used += width(part.text)
    yield _trimmed(row)


def _words(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """What must not be broken, one by one: a Latin word, a kanji with the comma behind it, a run of spaces."""
    for piece in pieces:
        start = 0
        for place in range(1, len(piece.text) + 1):
            if place == len(piece.text) or _breaks(piece.text[place - 1], piece.text[place]):
                yield Piece(piece.text[start:place], piece.tone)
                start = place


def _breaks(before: str, after: str) -> bool:
    """Whether a line may end between the two."""
    if before.isspace() != after.isspace():
        return True
    if before.isspace() or after in _NOT_FIRST or before in _NOT_LAST or not width(after):
        return False
    return width(before) == 2 or width(after) == 2


def _chopped(word: Piece, room: int, cells: int) -> Iterator[Piece]:
    """A word longer than a line (a link) in parts; any other as it is."""
    if width(word.text) <= room:
        yield word
        return
    if width(word.text) <= cells:
        yield word
        return
    start, used, room = 0, 0, max(room, 2)
    for place, character in enumerate(word.text):
        used += width(character)
        if used > room:
            yield Piece(word.text[start:place], word.tone)
            start, used, room = place, width(character), max(cells, 2)
    yield Piece(word.text[start:], word.tone)


def _trimmed(row: list[Piece]) -> tuple[Piece, ...]:
    """The row without spaces at its end; neighbours of one tone become one piece."""
    while row and not row[-1].text.strip():
        row = row[:-1]
    return tuple(
        Piece("".join(piece.text for piece in same), tone) for tone, same in groupby(row, key=lambda piece: piece.tone)
    )
