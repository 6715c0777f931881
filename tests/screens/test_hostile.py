"""Names from mails break neither a column nor the terminal, whatever is in them."""

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.screens.driving import Seen, drive
from tests.screens.world import named
from tests.tui.test_cells import BIDI, HOSTILE, TEXT
from tui.doors import DOORS

CHECKS = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(seen: Seen) -> None:
    columns, _ = seen.app.size
    for y in range(seen.deals.size.height):
        assert seen.deals.render_line(y).cell_length == seen.deals.scrollable_content_region.width
    for strip in seen.app.screen._compositor.render_strips():
        assert strip.cell_length == columns
    for character in set(seen.text) - {"\n"}:
        assert unicodedata.category(character) not in {"Cc", "Cs"}
        assert unicodedata.bidirectional(character) not in BIDI


async def nothing_is_broken(seen: Seen) -> None:
    """In neither language, neither in the list nor in the detail."""
    check(seen)
    await seen.press("l")
    check(seen)
    await seen.press("enter", "end")
    check(seen)


def test_each_hostile_name_is_shown_within_its_column() -> None:
    async def steps(seen: Seen) -> None:
        for _ in HOSTILE:
            check(seen)
            await seen.pilot.press("down")

    drive(steps, named([(text, text) for text in HOSTILE]))


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 12), (27, 8)], ids=str)
def test_all_hostile_names_at_once_break_nothing(size: tuple[int, int]) -> None:
    everything = " ".join(HOSTILE)
    drive(
        nothing_is_broken,
        named([(everything[place:], everything[::-1][place:]) for place in range(0, 800, 40)]),
        size=size,
    )


@CHECKS
@given(
    st.lists(st.tuples(TEXT, TEXT), min_size=9, max_size=9), st.sampled_from([(120, 40), (80, 24), (40, 12), (27, 8)])
)
def test_every_line_of_the_list_is_exactly_as_wide_as_the_list(
    names: list[tuple[str, str]], size: tuple[int, int]
) -> None:
    drive(nothing_is_broken, named(names), size=size)


@pytest.mark.parametrize("door", DOORS)
def test_hostile_names_break_no_screen_behind_a_door(door: str) -> None:
    async def steps(seen: Seen) -> None:
        seen.app.action_show(door)
        await seen.settle()
        await nothing_is_broken(seen)

    drive(steps, named([(text, text) for text in HOSTILE]), size=(80, 24))


def test_what_looks_like_markup_stands_there_as_text() -> None:
    async def steps(seen: Seen) -> None:
        assert "[bold red]x[/]" in seen.text

    drive(steps, named([("[bold red]x[/]", "[@click=app.quit]y[/]")]))
