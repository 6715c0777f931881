"""The grid of weeks is exact in width, and says in words what colour says too."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otosata.deals.agenda import agenda
from tests.screens.world import NOW, FixedDesk, words
from tui.cells import width
from tui.dates import by_day, entries
from tui.prose import fitted
from tui.tones import Piece
from tui.weeks import LEAST_CELLS, Sheet, grid, legend, monday

TODAY = NOW.date()
HOLIDAY, CLOSED = dt.date(2026, 11, 23), dt.date(2026, 11, 25)
DATES = agenda(FixedDesk().overview().readings)


def sheet(count: int = 2, selected: dt.date | None = None, lang: str = "ja") -> Sheet:
    off = {HOLIDAY: "holiday", CLOSED: "closed"}
    return Sheet(monday(TODAY), count, by_day(DATES, words(lang)), lambda day: off.get(day, ""), TODAY, selected)


def drawn(cells: int, shown: Sheet, lang: str = "ja") -> list[str]:
    return ["".join(piece.text for piece in row) for row in grid(shown, cells, words(lang))]


def test_two_weeks_in_japanese() -> None:
    assert [line.rstrip() for line in drawn(77, sheet(selected=dt.date(2026, 11, 24)))] == [
        " 月         火         水         木         金         土         日",
        " 11/16      17         18         19         20 今日    21         22",
        "            納                                          上3        納",
        " 23 祝     ›24         25 休      26         27         28         29",
        "            限起                  上",
    ]


def test_in_english_and_narrow_the_notes_give_way_but_the_numbers_stay() -> None:
    assert [line.rstrip() for line in drawn(38, sheet(), "en")] == [
        " Mon  Tue  Wed  Thu  Fri  Sat  Sun",
        " 16   17   18   19   20   21   22",
        "      D                   N3   D",
        " 23   24   25   26   27   28   29",
        "      LZ        N",
    ]


@given(st.integers(0, 140), st.integers(1, 9), st.sampled_from(["ja", "en"]))
def test_every_line_is_exactly_as_wide_as_asked(cells: int, count: int, lang: str) -> None:
    lines = [*drawn(cells, sheet(count, TODAY, lang), lang)]
    assert {width(line) for line in lines} == {cells}
    assert len(lines) == 1 + 2 * count
    assert {sum(width(piece.text) for piece in row) for row in legend(cells, words(lang))} == {cells}


@pytest.mark.parametrize("cells", [38, 60, 77])
def test_a_click_finds_the_date_that_is_drawn_there(cells: int) -> None:
    shown = sheet()
    column = max(cells // 7, LEAST_CELLS)
    assert shown.at(column, 1, cells) == dt.date(2026, 11, 17)
    assert shown.at(column * 2 - 1, 2, cells) == dt.date(2026, 11, 17)
    assert shown.at(0, 3, cells) == dt.date(2026, 11, 23)
    assert shown.at(0, 0, cells) is None, "the weekdays are no date"
    assert shown.at(0, 5, cells) is None, "nor is what stands below"
    assert shown.at(column * 7, 1, cells) is None


@given(st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)))
def test_weeks_begin_on_monday(day: dt.date) -> None:
    assert monday(day).weekday() == 0
    assert dt.timedelta(0) <= day - monday(day) < dt.timedelta(7)


@given(st.lists(st.text("a漢ｱ…", max_size=6), max_size=5), st.integers(0, 20))
def test_pieces_are_fitted_exactly_and_what_is_cut_shows(texts: list[str], cells: int) -> None:
    got = "".join(piece.text for piece in fitted([Piece(text) for text in texts], cells))
    assert width(got) == cells
    whole = "".join(texts)
    assert got.startswith(whole) if width(whole) <= cells else "…" in got or not cells


@given(st.integers(0, 160), st.sampled_from(["ja", "en"]))
def test_the_agenda_has_a_line_for_every_date(cells: int, lang: str) -> None:
    lines = list(entries(DATES, TODAY, {HOLIDAY: "勤労感謝の日"}, words(lang)))
    assert len([entry for entry in lines if entry.key]) == len(DATES)
    for entry in lines:
        assert sum(width(piece.text) for piece in fitted(entry.draw(cells), cells)) == cells


def test_the_agenda_begins_with_what_has_passed() -> None:
    first, second, third, *_ = entries(DATES, TODAY, {}, words())
    assert "".join(piece.text for piece in first.draw(80)) == "過ぎた期日"
    assert "11/17 納期" in "".join(piece.text for piece in second.draw(80))
    assert third.is_heading
    assert "11/21(土)  明日" in "".join(piece.text for piece in third.draw(80))
