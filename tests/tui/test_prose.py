"""Lines are broken where Japanese and English may be broken, and never too late."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.test_cells import TEXT
from tui.cells import steady, width
from tui.prose import line, wrap
from tui.tones import Piece


def broken(text: str, cells: int, hang: int = 0) -> list[str]:
    return ["".join(piece.text for piece in pieces) for pieces in wrap([line(text, hang=hang)], cells)]


@pytest.mark.parametrize(
    ("text", "cells", "lines"),
    [
        ("連絡催促を申請できます", 10, ["連絡催促を", "申請できま", "す"]),
        ("終わりです。次", 10, ["終わりで", "す。次"]),
        ("これは「例」です", 8, ["これは", "「例」で", "す"]),
        ("No reply for 3 days", 9, ["No reply", "for 3", "days"]),
        ("https://example.com/abc", 10, ["https://ex", "ample.com/", "abc"]),
        ("メール12 Lancers", 10, ["メール12", "Lancers"]),
        ("", 10, [""]),
    ],
)
def test_a_line_ends_where_it_may(text: str, cells: int, lines: list[str]) -> None:
    assert broken(text, cells) == lines


def test_what_follows_is_moved_in() -> None:
    assert broken("▸ 連絡催促を申請", 10, hang=2) == ["▸ 連絡催促", "  を申請"]


def test_a_tone_goes_on_over_the_break() -> None:
    assert wrap([line(Piece("緊急", "critical"), "です")], 4) == [(Piece("緊急", "critical"),), (Piece("です"),)]
    assert wrap([line(Piece("緊急緊急", "critical"))], 4) == [(Piece("緊急", "critical"),)] * 2


@given(TEXT, st.integers(2, 60), st.integers(0, 30))
def test_no_line_is_too_wide_and_no_character_is_lost(text: str, cells: int, hang: int) -> None:
    text = steady(text)
    lines = broken(text, cells, hang)
    assert all(width(part) <= cells for part in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
