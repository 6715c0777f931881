"""Times and countdowns are said as people say them."""

from datetime import date, datetime

import pytest

from tests.screens.world import NOW, TOKYO, words
from tui.words import Words

JA, EN = words("ja"), words("en")


@pytest.mark.parametrize(
    ("seconds", "ja", "en"),
    [
        (0, "0分", "0m"),
        (3599, "59分", "59m"),
        (3600, "1時間", "1h"),
        (86399, "23時間", "23h"),
        (90000, "1日", "1d"),
    ],
)
def test_a_span_is_said_in_one_unit(seconds: int, ja: str, en: str) -> None:
    assert (JA.span(seconds), EN.span(seconds)) == (ja, en)


@pytest.mark.parametrize(("seconds", "said"), [(86400, "1日"), (93600, "1日 2時間"), (7200, "2時間")])
def test_a_long_span_names_the_hours_too(seconds: int, said: str) -> None:
    assert JA.long_span(seconds) == said


@pytest.mark.parametrize(
    ("limit", "ja", "en"),
    [
        (datetime(2026, 11, 22, 9, 0, tzinfo=TOKYO), "あと2日", "in 2d"),
        (datetime(2026, 11, 20, 14, 30, tzinfo=TOKYO), "あと5時間", "in 5h"),
        (datetime(2026, 11, 20, 9, 0, tzinfo=TOKYO), "期限切れ", "passed"),
        (date(2026, 11, 21), "あと1日", "in 1d"),
        (date(2026, 11, 20), "今日まで", "today"),
        (date(2026, 11, 19), "期限切れ", "passed"),
    ],
)
def test_a_limit_counts_down_and_says_when_it_has_passed(limit: datetime | date, ja: str, en: str) -> None:
    assert (JA.countdown(limit, NOW), EN.countdown(limit, NOW)) == (ja, en)


def test_dates_carry_the_year_only_where_it_is_another_one() -> None:
    later = datetime(2027, 1, 5, 18, 30, tzinfo=TOKYO)
    assert (JA.full(NOW, NOW), EN.full(NOW, NOW)) == ("11/20(金) 09:00", "Fri 20 Nov 09:00")
    assert (JA.full(later, NOW), EN.full(later, NOW)) == ("2027/1/5(火) 18:30", "Tue 5 Jan 2027 18:30")
    assert JA.full(date(2026, 12, 1), NOW) == "12/1(火)"


def test_times_are_told_in_the_zone_of_the_words() -> None:
    assert Words(JA.catalogue, None).zone is None
    assert JA.clock(datetime.fromisoformat("2026-11-20T00:05:00+00:00")) == "09:05"
