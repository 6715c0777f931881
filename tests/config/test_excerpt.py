"""The offending line with a caret below what is meant."""

from pathlib import Path

import pytest

from config.excerpt import excerpt
from config.problems import Origin, Problem


def shown(source: str, column: int, line: int = 7, cells: int = 100) -> list[str]:
    """The excerpt of a problem in that line."""
    return excerpt(Problem("x", Origin("config", Path("c"), line, column), "k", "m", source=source), cells)


def test_the_caret_stands_below_the_place() -> None:
    assert shown("warn = [5]", 9) == ["  7 | warn = [5]", "    |         ^"]
    assert shown("warn = [5]", 1, line=120) == ["  120 | warn = [5]", "      | ^"]


def test_wide_characters_take_two_cells() -> None:
    assert shown('"青空" = 1', 8) == ['  7 | "青空" = 1', "    |          ^"]


def test_tabs_and_terminal_codes_are_blanks() -> None:
    assert shown("\tx = 1\x1b[2J", 2) == ["  7 |  x = 1 [2J", "    |  ^"]


@pytest.mark.parametrize("column", [1, 60, 300, 599, 601, 9_999])
def test_a_long_line_is_cut_around_the_place(column: int) -> None:
    line, caret = shown("".join(chr(ord("a") + place % 26) for place in range(600)), column, cells=40)
    assert len(line) <= 40 + len("  7 | ……")
    under = line[caret.index("^")] if caret.index("^") < len(line) else ""
    assert under == (chr(ord("a") + (column - 1) % 26) if column <= 600 else "")


def test_what_has_no_line_has_no_excerpt() -> None:
    assert shown("", 3) == []
    assert shown("x = 1", 0) == []
