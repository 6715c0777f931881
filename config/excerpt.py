"""A problem's line with a caret below the place that is meant."""

from unicodedata import east_asian_width

from config.problems import Problem

_CELLS = 100
"""Longer lines are cut around the caret."""


def excerpt(problem: Problem, cells: int = _CELLS) -> list[str]:
    """Two lines for a terminal or a log; none where the problem has no line, or one that is not to be shown."""
    if not problem.source or not problem.column:
        return []
    text = "".join(character if character.isprintable() else " " for character in problem.source)
    place = min(problem.column - 1, len(text))
    text, place = _cut(text, place, cells)
    number = str(problem.line)
    blank = " " * len(number)
    return [f"  {number} | {text}", f"  {blank} | {' ' * _width(text[:place])}^"]


def _cut(text: str, place: int, cells: int) -> tuple[str, int]:
    """The part around the place that fits, and the place in it."""
    begin = 0
    while place > begin and _width(text[begin:place]) > cells * 2 // 3:
        begin += 1
    shown = text[begin:]
    while _width(shown) > cells:
        shown = shown[: max(len(shown) - max((_width(shown) - cells) // 2, 1), 1)]
    front, back = ("…" if begin else ""), ("…" if begin + len(shown) < len(text) else "")
    return f"{front}{shown}{back}", place - begin + len(front)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
