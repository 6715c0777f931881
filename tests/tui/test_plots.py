"""Plots in cells: as wide as asked, in the order of time, and honest about what is few or unknown."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from otosata.deals.habits import Habit, habit
from tests.deals.test_habits import wait
from tests.screens.world import words
from tui.answers import about, counts, entries, head
from tui.cells import width
from tui.plots import Scale, bar, spread
from tui.prose import fitted, wrap

MONTH = Scale(timedelta(days=30))
spans = st.timedeltas(timedelta(0), timedelta(days=400))
habits = st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=12).map(
    lambda found: habit("lancers", "佐藤", 1, [wait(days, answered=answered) for days, answered in found])
)


def drawn(shown: Habit, cells: int = 30, scale: Scale = MONTH) -> str:
    return "".join(piece.text for piece in spread(shown, scale, cells))


def of(*days: float) -> Habit:
    return habit("lancers", "", 1, [wait(day) for day in days])


def test_few_answers_are_points() -> None:
    assert drawn(of(0.25, 1, 7)) == "          ◦    ◦       ◦      "


def test_more_are_a_range_with_its_middle_half_and_its_middle() -> None:
    assert drawn(of(0.25, 0.5, 1, 2, 3, 7, 14)) == "          ▱▱▱▰▰▰▰▰◉▰▰▰▰▰▱▱▱   "


def test_an_unknown_end_reaches_to_the_edge() -> None:
    shown = habit("l", "", 1, [wait(1)] * 5 + [wait(9, answered=False)] * 4)
    assert shown.late is None
    assert drawn(shown).endswith("▰▰▰")


def test_the_axis_names_round_times_where_they_lie() -> None:
    assert MONTH.axis(40, words("en")) == "   1h        6h      1d    3d  7d  14d  "
    for tick in (timedelta(hours=1), timedelta(days=1), timedelta(days=7)):
        label = words("en").span(tick.total_seconds())
        assert MONTH.axis(40, words("en")).index(label) == MONTH.cell(tick, 40)


@given(spans, spans, st.integers(1, 80))
def test_what_takes_longer_never_stands_further_left(one: timedelta, other: timedelta, cells: int) -> None:
    scale = Scale.up_to(max(one, other))
    assert 0 <= scale.cell(min(one, other), cells) <= scale.cell(max(one, other), cells) < cells


@given(habits, st.integers(0, 80))
def test_a_plot_is_exactly_as_wide_as_asked(shown: Habit, cells: int) -> None:
    assert width(drawn(shown, cells)) == cells


@given(st.lists(habits, max_size=3), st.integers(4, 150), st.sampled_from(["ja", "en"]))
def test_every_line_about_answers_fits(shown: list[Habit], cells: int, lang: str) -> None:
    for draw in (*(entry.draw for entry in entries(shown, words(lang))), lambda n: tuple(head(shown, n, words(lang)))):
        assert sum(width(piece.text) for piece in fitted(draw(cells), cells)) == cells
    for one in shown:
        lines = wrap((*about(one, words(lang)), *counts(one, words(lang))), cells)
        assert all(sum(width(piece.text) for piece in row) <= cells for row in lines)


@given(st.integers(0, 50), st.integers(0, 50))
def test_a_bar_shows_whatever_is_not_nothing(count: int, more: int) -> None:
    assert bool(bar(count, count + more, 24)) == bool(count)
    assert len(bar(count, count + more, 24)) <= 24
