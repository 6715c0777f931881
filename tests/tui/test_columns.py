"""A row's width is shared so that nothing is left over and the less important columns go first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.model import COLUMNS
from tests.screens.world import words
from tui.columns import GAP, Column, Slot, columns, share


def total(places: tuple[Slot, ...]) -> int:
    return sum(place.cells for place in places) + GAP * (len(places) - 1)


@given(st.integers(12, 400), st.sampled_from(["ja", "en"]))
def test_columns_and_gaps_are_together_exactly_as_wide_as_the_row(cells: int, lang: str) -> None:
    assert total(share(columns(words(lang)), cells)) == cells


@given(st.integers(60, 400), st.sampled_from(["ja", "en"]))
def test_no_column_is_narrower_than_it_is_of_use(cells: int, lang: str) -> None:
    assert all(place.cells >= place.column.least for place in share(columns(words(lang)), cells))


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        (38, "level silence client limit"),
        (97, "level silence bar turn client title limit advice"),
        (77, "level silence bar turn client title limit"),
        (117, "level silence bar turn platform client title stage limit advice"),
    ],
)
def test_a_narrow_terminal_keeps_level_silence_client_and_limit(cells: int, names: str) -> None:
    assert [place.column.name for place in share(columns(words("ja")), cells)] == names.split()


def test_spare_cells_go_to_what_matters_more_until_it_is_good() -> None:
    title, client = Column("title", 4, 20, keep=2, good=8), Column("client", 4, 20, keep=0, good=8)
    assert [place.cells for place in share((title, client), 15)] == [6, 8]
    assert [place.cells for place in share((title, client), 21)] == [10, 10]


def test_what_nobody_wants_goes_to_the_last_column() -> None:
    first, last = Column("first", 2, 4, keep=0), Column("last", 2, 4, keep=0)
    assert share((first, last), 20) == (Slot(first, 4), Slot(last, 15))


def test_the_columns_can_be_chosen_and_put_in_order() -> None:
    assert tuple(column.name for column in columns(words())) == COLUMNS
    chosen = ("client", "level", "limit")
    assert tuple(column.name for column in columns(words(), chosen)) == chosen
    for cells in range(10, 130):
        slots = share(columns(words(), chosen), cells)
        assert sum(slot.cells for slot in slots) + len(slots) - 1 == cells
