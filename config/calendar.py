"""Business dates from the configuration: public holidays of a country and the user's own closed dates."""

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from config.model import CalendarSettings, Closed
from otosata.deals.calendar import BusinessCalendar

FIRST_YEAR = 2015
"""Nobody waits for a client since before the platforms wrote mails; earlier holidays change no level."""
YEARS_AHEAD = 2
"""A limit can lie a year ahead."""
TABLE = Path(__file__).with_name("holidays-jp.txt")
"""Japan's holidays as the package `holidays` has them, which costs 60 ms to import at each start; a test compares."""


def business_calendar(
    settings: CalendarSettings, now: dt.datetime, office: tuple[Closed, ...] = ()
) -> BusinessCalendar:
    """The calendar for everything that is computed at `now`. `office`: further closed dates, a platform's own."""
    return _calendar(settings, office, now.year)


@cache
def _calendar(settings: CalendarSettings, office: tuple[Closed, ...], year: int) -> BusinessCalendar:
    years = range(FIRST_YEAR, year + YEARS_AHEAD + 1)
    days = frozenset(public_holidays(settings.country, years))
    closed = frozenset(_closed_dates((*settings.closed, *office), years))
    return BusinessCalendar(days | closed, settings.working_hours)


def public_holidays(country: str, years: range) -> Iterator[dt.date]:
    """The public holidays of those years; none for an empty country."""
    table = _table() if country == "JP" else {}
    yield from (day for year in years if year in table for day in table[year])
    rest = [year for year in years if year not in table]
    if rest and country:
        yield from from_package(country, rest)


def from_package(country: str, years: Iterable[int]) -> tuple[dt.date, ...]:
    """The public holidays as the package `holidays` knows them."""
    import holidays  # noqa: PLC0415 - 60 ms that users in Japan never pay

    return tuple(sorted(holidays.country_holidays(country, years=list(years))))


def _table() -> dict[int, tuple[dt.date, ...]]:
    """Lines such as `2026 0101 0112 …`."""
    found: dict[int, tuple[dt.date, ...]] = {}
    for line in TABLE.read_text("ascii").splitlines():
        if not line.startswith("#"):
            year, *days = line.split()
            found[int(year)] = tuple(dt.date(int(year), int(day[:2]), int(day[2:])) for day in days)
    return found


def _closed_dates(closed: Iterable[Closed], years: range) -> Iterator[dt.date]:
    first, last = dt.date(years.start, 1, 1), dt.date(years.stop - 1, 12, 31)
    for item in closed:
        start, end = max(item.start, first), min(item.end, last)
        yield from (start + dt.timedelta(days=step) for step in range((end - start).days + 1))
