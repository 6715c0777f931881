"""No pattern can keep us busy: its worst case is known before it is used, and one that could is refused."""

import re
from collections.abc import Callable, Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.cost import BUDGET, bound, complaint, most_steps
from adapters.notice_rules import LINK_MOST, SUBJECT_MOST, TEXT_MOST
from adapters.recognise import TomlAdapter
from adapters.registry import load_adapters
from adapters.shape import Choice, One, Pattern, Repeat, Shapes, TooComplexError

ADAPTERS = load_adapters()


def patterns(adapter: TomlAdapter) -> Iterator[tuple[str, re.Pattern[str], int]]:
    """Every pattern of a file, with how long a text it may see."""
    book = adapter.recogniser.book
    for rule in book.rules:
        alone = ((rule.subject, SUBJECT_MOST), (rule.unless, SUBJECT_MOST), *((one, TEXT_MOST) for one in rule.body))
        yield from ((rule.id, pattern, most) for pattern, most in alone if pattern)
    yield from (("inferred", pattern, SUBJECT_MOST) for pattern in book.inferred_unless)
    yield from (("strip", pattern, TEXT_MOST) for pattern in book.strip)
    for part, most in ((book.links, LINK_MOST), (book.numbers, TEXT_MOST), (book.fields, TEXT_MOST)):
        yield from ((kind, pattern, most) for kind, found in part.items() for pattern in found)


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.id)
def test_every_pattern_of_a_built_in_file_stays_within_the_budget(adapter: TomlAdapter) -> None:
    slow = {
        f"{where}: {pattern.pattern}": said
        for where, pattern, most in patterns(adapter)
        if (said := complaint(pattern.pattern, pattern.flags & ~re.UNICODE, most, from_start=most == LINK_MOST))
    }
    assert slow == {}


@pytest.mark.parametrize(
    "pattern",
    [
        "^fixed words$",
        "^(.+)さんから$",
        "^(?P<client>.+?) ?さんから「(?P<title>[^」]+)」の連絡$",
        "^【(?:あ|い|う)】 ?(.+)が届きました$",
        r"^(?:\[[^\]]*\])*(.+)$",
        "(?i)^offer: (.+)$",
        r"(?<!\d)番号 ?(\d{1,12})\b",
        "^(?>新着の?|新しい)?+(.+)の(?=知らせ)",
    ],
)
def test_what_platforms_need_is_allowed(pattern: str) -> None:
    assert complaint(pattern, 0, SUBJECT_MOST) is None


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("^(.+)+$", "repetition inside a repetition"),
        ("^(?:a|ab|b)*c$", "repetition inside a repetition"),
        ("^(?:.*,)*x$", "repetition inside a repetition"),
        ("^(?:a?)*b$", "repetition inside a repetition"),
        (r"^(?P<client>.+)さん(?P=client)$", "refers back to a group"),
        ("(.+)x(.+)y$", "steps on 300 characters"),
        ("^(.*)(.*)(.*)!$", "steps on 300 characters"),
        ("x*x*y", "steps on 300 characters"),
        ("^(?:a?){40}b$", "repetition inside a repetition"),
        ("^(?:(?:あ|い).*){5}!$", "steps on 300 characters"),
    ],
)
def test_what_could_take_for_ever_is_refused(pattern: str, why: str) -> None:
    said = complaint(pattern, 0, SUBJECT_MOST)
    assert said is not None
    assert why in said[0]
    assert said[1]


def test_a_long_text_allows_less_than_a_subject() -> None:
    assert complaint(r"(\d+)番", re.MULTILINE, SUBJECT_MOST) is None
    assert complaint(r"(\d+)番", re.MULTILINE, TEXT_MOST) is not None
    assert complaint(r"ルーム(\d+)番", re.MULTILINE, TEXT_MOST) is None


def test_two_parts_that_exclude_each_other_cost_no_more_than_one_pass() -> None:
    apart = most_steps("^([^」]+)」(.+)$", 0, SUBJECT_MOST)
    together = most_steps("^(.+)」(.+)!$", 0, SUBJECT_MOST)
    assert apart < 10 * SUBJECT_MOST < together < BUDGET


def test_a_bound_is_never_below_what_a_backtracking_search_really_tries() -> None:
    """Choices of `x?` that all must be tried: two to the power of their number."""
    for count in (4, 6, 8):
        assert most_steps(f"^(?:x?){{{count}}}y$", 0, SUBJECT_MOST) >= 2**count


def test_the_kinds_that_nobody_can_foresee_say_so() -> None:
    with pytest.raises(TooComplexError, match="refers back"):
        most_steps(r"(a)?(?(1)b|c)", 0, SUBJECT_MOST)


# --------------------------------------------------------------- the bound against a search that counts its steps

LETTERS = st.sampled_from([frozenset(map(ord, letters)) for letters in ("a", "b", "ab")]).map(One)
TEXTS = ["".join(letters) for size in (0, 3, 6) for letters in product("ab", repeat=size)]
REPEATED = st.sampled_from([(0, 1), (1, 2), (0, None), (1, None)])
SHAPES = st.recursive(
    LETTERS,
    lambda inner: st.one_of(
        st.builds(lambda body, times: Repeat((body,), *times), inner, REPEATED),
        st.lists(st.lists(inner, min_size=1, max_size=2).map(tuple), min_size=2, max_size=3).map(
            lambda branches: Choice(tuple(branches))
        ),
    ),
    max_leaves=6,
)


def steps_of(shapes: Shapes, text: str) -> int:
    """How many characters a backtracking search compares before it finds the shapes in a text, or gives up."""
    compared = 0

    def fits(shapes: Shapes, at: int, then: Callable[[int], bool]) -> bool:
        nonlocal compared
        if not shapes:
            return then(at)
        first, rest = shapes[0], shapes[1:]
        match first:
            case One(letters):
                compared += 1
                return at < len(text) and ord(text[at]) in letters and fits(rest, at + 1, then)
            case Choice(branches):
                return any(fits(branch, at, lambda end: fits(rest, end, then)) for branch in branches)
            case Repeat(body, least, most):
                fewer = Repeat(body, max(least - 1, 0), None if most is None else most - 1)
                again = (fewer, *rest) if most != 1 else rest
                more = most != 0 and fits(body, at, lambda end: end > at and fits(again, end, then))
                return more or (least == 0 and fits(rest, at, then))
            case _:
                return fits(rest, at, then)

    any(fits(shapes, start, lambda _: True) for start in range(len(text) + 1))
    return compared


@given(st.lists(SHAPES, min_size=1, max_size=4).map(tuple))
@settings(max_examples=150, deadline=None)
def test_no_text_makes_a_search_compare_more_than_the_bound_says(shapes: Shapes) -> None:
    try:
        most = bound(Pattern(shapes, by_line=False, at_start=False), 7)
    except TooComplexError:
        return
    assert max(steps_of(shapes, text) for text in TEXTS) <= 4 * most
