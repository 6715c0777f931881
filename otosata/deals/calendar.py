"""Business dates: Monday to Friday in Asia/Tokyo, without holidays and the user's own closed dates."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")
_SATURDAY = 5
_LAST_MONTH = 9000 * 12
"""Far behind every clock, and inside of what a date can be."""


def tokyo_date(at: datetime) -> date:
    """The date in Japan at that moment."""
    return at.astimezone(TOKYO).date()


def tokyo_midnight(day: date) -> datetime:
    """The moment the date begins in Japan, in UTC."""
    return datetime.combine(day, time(), TOKYO).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """Which dates are business dates. `days_off`: public holidays and closed dates, as dates in Japan."""

    days_off: frozenset[date] = frozenset()

    def is_business(self, day: date) -> bool:
        """Whether offices and clients are expected to work on that date."""
        return day.weekday() < _SATURDAY and day not in self.days_off

    def following(self, day: date) -> Iterator[date]:
        """The business dates after `day`, without end."""
        while True:
            day += timedelta(days=1)
            if self.is_business(day):
                yield day

    def plus(self, day: date, count: int) -> date:
        """The `count`-th business date after `day`; `day` itself for 0."""
        for number, found in enumerate(self.following(day), start=1):
            if number >= count:
                return found if count else day
        raise AssertionError("a calendar has no end")  # pragma: no cover

    def between(self, start: date, end: date) -> int:
        """How many business dates lie after `start`, up to and including `end`."""
        return sum(1 for step in range((end - start).days) if self.is_business(start + timedelta(days=step + 1)))


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months later; the month's last day where there is no such day."""
    year, month = divmod(min(day.year * 12 + day.month - 1 + months, _LAST_MONTH), 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(last, day.day))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")  # pragma: no cover
