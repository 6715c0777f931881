"""No pattern can keep us busy: its worst case is known before it is used, and one that could is refused."""

import re
from collections.abc import Iterator

import pytest

from adapters.cost import BUDGET, complaint, most_steps
from adapters.notice_rules import LINK_MOST, SUBJECT_MOST, TEXT_MOST
from adapters.recognise import TomlAdapter
from adapters.registry import load_adapters
from adapters.shape import TooComplexError

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
        r"^(?:\[[^\]]*\] ?)*(.+)$",
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
        ("^(?:a?){40}b$", "steps on 300 characters"),
        ("^(?:(?:あ|い).*){5}$", "steps on 300 characters"),
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
