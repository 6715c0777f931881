"""What each unit of the notation comes to, counted from an instant and back from a limit."""

from datetime import UTC, date, datetime

import pytest

from otosata.deals.calendar import BusinessCalendar, tokyo_midnight
from otosata.deals.duration import parse_span
from otosata.deals.levels import met_at
from otosata.deals.limits import remaining_at

FRIDAY = datetime(2026, 1, 30, 3, tzinfo=UTC)
"""Noon in Japan."""
CALENDAR = BusinessCalendar()


@pytest.mark.parametrize(
    ("span", "met"),
    [
        ("36h", datetime(2026, 1, 31, 15, tzinfo=UTC)),
        ("3d", datetime(2026, 2, 2, 3, tzinfo=UTC)),
        ("2bd", tokyo_midnight(date(2026, 2, 3))),
        ("4bh", datetime(2026, 1, 30, 7, tzinfo=UTC)),
        ("6bh", datetime(2026, 1, 30, 9, tzinfo=UTC)),
        ("7bh", datetime(2026, 2, 2, 1, tzinfo=UTC)),
        ("16bh", datetime(2026, 2, 3, 1, tzinfo=UTC)),
        ("1mo", tokyo_midnight(date(2026, 2, 28))),
        ("1y", tokyo_midnight(date(2027, 1, 30))),
    ],
)
def test_a_threshold_is_met_when_so_much_has_passed(span: str, met: datetime) -> None:
    assert met_at(parse_span(span), FRIDAY, CALENDAR) == met


@pytest.mark.parametrize(
    ("span", "begins"),
    [
        ("36h", datetime(2026, 1, 28, 15, tzinfo=UTC)),
        ("3d", datetime(2026, 1, 27, 3, tzinfo=UTC)),
        ("2bd", datetime(2026, 1, 28, 3, tzinfo=UTC)),
        ("16bh", datetime(2026, 1, 29, 11, tzinfo=UTC)),
        ("1mo", datetime(2025, 12, 31, 3, tzinfo=UTC)),
        ("1y", datetime(2025, 1, 30, 3, tzinfo=UTC)),
    ],
)
def test_a_limit_is_near_when_so_much_remains(span: str, begins: datetime) -> None:
    assert remaining_at(FRIDAY, parse_span(span)) == begins


@pytest.mark.parametrize("unit", ["h", "d", "bd", "bh", "mo", "y"])
def test_the_longest_that_can_be_written_is_never_met_and_breaks_nothing(unit: str) -> None:
    longest = parse_span(f"99999{unit}")
    met = met_at(longest, FRIDAY, CALENDAR)
    assert met is not None
    assert met.year > 2036
    assert remaining_at(FRIDAY, longest).year < 2016
