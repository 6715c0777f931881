"""Business dates and working hours: Monday to Friday in Japan, without holidays and the user's own closed dates."""

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
    return _in_tokyo(day, time())


def _in_tokyo(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, TOKYO).astimezone(UTC)


WorkingHours = tuple[tuple[time, time], ...]
"""From and to, in order, none over another; `time(0)` as an end is midnight."""
OFFICE_HOURS: WorkingHours = ((time(9), time(18)),)


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """Which dates are business dates. `days_off`: public holidays and closed dates, as dates in Japan."""

    days_off: frozenset[date] = frozenset()
    hours: WorkingHours = OFFICE_HOURS
    """When a business date is worked on, in Japan's time."""

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

    def plus_hours(self, at: datetime, count: int) -> datetime:
        """The instant at which `count` working hours have passed since `at`; `at` itself for 0."""
        left = timedelta(hours=count)
        if not left:
            return at
        for start, end in self._shifts(at):
            begin = max(start, at)
            if end - begin >= left:
                return begin + left
            left -= max(end - begin, timedelta(0))
        raise AssertionError("a calendar has no end")  # pragma: no cover

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """How much of the time between falls into working hours."""
        total = timedelta(0)
        for opens, closes in self._shifts(start):
            if opens >= end:
                break
            total += max(min(closes, end) - max(opens, start), timedelta(0))
        return total

    def _shifts(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The stretches of work from the date of `at` on, without end."""
        for day in self.following(tokyo_date(at) - timedelta(days=1)):
            for opens, closes in self.hours:
                last = day if closes > opens else day + timedelta(days=1)
                yield _in_tokyo(day, opens), _in_tokyo(last, closes)

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
