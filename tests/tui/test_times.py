"""Times as they are typed: short, and taken from today where something is left out."""

from datetime import date, datetime

import pytest

from otosata.hand import HandError
from tests.screens.world import NOW, TOKYO, words
from tui.times import read_day, read_instant, read_moment


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("12h", "2026-11-20T21:00"),
        ("3d", "2026-11-23T09:00"),
        ("9:30", "2026-11-20T09:30"),
        ("11/19 9:30", "2026-11-19T09:30"),
        ("2026-12-01T09:00", "2026-12-01T09:00"),
        ("2026-12-01 9:00", "2026-12-01T09:00"),
        ("2026-12-01T00:00:00+00:00", "2026-12-01T09:00"),
    ],
)
def test_an_instant(typed: str, means: str) -> None:
    found = read_moment(typed, NOW, words())
    assert isinstance(found, datetime)
    assert found.astimezone(TOKYO) == datetime.fromisoformat(means).replace(tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("12/1", date(2026, 12, 1)),
        (" 12-1 ", date(2026, 12, 1)),
        ("1/5", date(2027, 1, 5)),
        ("6/1", date(2026, 6, 1)),
        ("2025/12/1", date(2025, 12, 1)),
        ("2026-12-01", date(2026, 12, 1)),
        ("１２/１", date(2026, 12, 1)),
    ],
)
def test_a_date_without_a_year_is_the_nearest(typed: str, means: date) -> None:
    assert read_moment(typed, NOW, words()) == means
    assert read_day(typed, NOW, words()) == means
    assert read_instant(typed, NOW, words()) == datetime(means.year, means.month, means.day, tzinfo=TOKYO)


@pytest.mark.parametrize(
    "typed", ["", "soon", "13/1", "12/32", "25:00", "12:60", "12/1 soon", "99999d99", "-3d", "2/29"]
)
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(HandError, match="no time"):
        read_moment(typed, NOW, words())
