"""Text in the form in which it is compared, with the way back to the words that stand in the mail."""

import sys
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

CUT = "\ufffd"
"""Stands where a text was cut."""
_HALF_WIDTH_MARKS = "\uff9e\uff9f"
"""Half-width voicing marks: they join the kana before them."""


def normalise(text: str) -> str:
    """NFKC and one space for any white space: the form in which subjects are compared."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


@dataclass(frozen=True)
class Folded:
    """A text normalised line by line: patterns are searched in `text`, and what they find is read from `original`."""

    original: str
    most: int = sys.maxsize
    """Characters of the normalised text; where it is longer, it is cut and ends with a mark that no pattern takes for
    its end."""

    @cached_property
    def text(self) -> str:
        """`normalise` of each line."""
        text = "\n".join(map(normalise, self._lines))
        return text if len(text) <= self.most else text[: self.most] + CUT

    @cached_property
    def _lines(self) -> list[str]:
        return self.original.split("\n")

    def words(self, start: int, end: int) -> str:
        """The original of `text[start:end]`, without white space around it. The part must lie in one line."""
        if start >= end:
            return ""
        line = self.text.count("\n", 0, start)
        begin = self.text.rfind("\n", 0, start) + 1
        return _words(self._lines[line], start - begin, end - begin)


def _words(line: str, start: int, end: int) -> str:
    folded = normalise(line)
    ends = _ends(line, folded)
    if ends is None:
        return folded[start:end].strip()
    pieces = list(_pieces(line))
    first = bisect_left(ends, start + 1)
    last = bisect_left(ends, end)
    return "".join(pieces[first : last + 1]).strip()


def _ends(line: str, folded: str) -> list[int] | None:
    """For each piece of the line, where it ends in the folded line; None where the pieces do not add up to it."""
    place, ends = 0, []
    for piece in _pieces(line):
        for part in unicodedata.normalize("NFKC", piece):
            if not part.isspace():
                place = folded.find(part, place, place + 2) + 1
                if place == 0:
                    return None
        ends.append(place)
    return ends if place == len(folded) else None


def _pieces(line: str) -> Iterator[str]:
    """The line in pieces that are normalised each for itself: a character with the marks that join it."""
    piece = ""
    for character in line:
        if piece and not (unicodedata.combining(character) or character in _HALF_WIDTH_MARKS):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece
