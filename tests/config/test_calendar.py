"""Business dates: Japan's holidays, other countries', and the user's closed dates."""

import datetime as dt

import pytest

from config.calendar import FIRST_YEAR, business_calendar, from_package, public_holidays
from config.model import CalendarSettings, Closed

NOW = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
# Computed from the law (国民の祝日に関する法律); substitute holidays and the day between two included.
BY_LAW = {
    2026: "01-01 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23",
    2027: "01-01 01-11 02-11 02-23 03-21 03-22 04-29 05-03 05-04 05-05 07-19 08-11 09-20 09-23 10-11 11-03 11-23",
}


@pytest.mark.parametrize("year", BY_LAW)
def test_holidays_of_japan_are_those_of_the_law(year: int) -> None:
    expected = [dt.date.fromisoformat(f"{year}-{day}") for day in BY_LAW[year].split()]
    assert sorted(public_holidays("JP", range(year, year + 1))) == expected


def test_the_table_is_what_the_package_computes() -> None:
    years = range(FIRST_YEAR, 2041)
    assert sorted(public_holidays("JP", years)) == list(from_package("JP", years))


def test_a_year_beyond_the_table_comes_from_the_package() -> None:
    assert dt.date(2045, 1, 1) in set(public_holidays("JP", range(2045, 2046)))


def test_another_country_has_its_own_holidays() -> None:
    calendar = business_calendar(CalendarSettings(country="US"), NOW)
    assert not calendar.is_business(dt.date(2026, 11, 26))
    assert calendar.is_business(dt.date(2026, 11, 3))


def test_without_a_country_only_weekends_and_closed_dates_count() -> None:
    closed = (Closed(dt.date(2026, 12, 30), dt.date(2026, 12, 30)), Closed(dt.date(2026, 12, 31), dt.date(2027, 1, 4)))
    calendar = business_calendar(CalendarSettings(country="", closed=closed), NOW)
    days = [dt.date(2026, 12, 29) + dt.timedelta(days=step) for step in range(8)]
    assert [day.isoformat() for day in days if calendar.is_business(day)] == ["2026-12-29", "2027-01-05"]


def test_a_business_week_with_a_holiday() -> None:
    calendar = business_calendar(CalendarSettings(), NOW)
    assert calendar.plus(dt.date(2026, 11, 20), 2) == dt.date(2026, 11, 25)  # Monday 11-23 is a holiday


def test_a_range_without_end_costs_nothing() -> None:
    forever = Closed(dt.date.min, dt.date.max)
    calendar = business_calendar(CalendarSettings(closed=(forever,)), NOW)
    assert not calendar.is_business(dt.date(2026, 11, 24))
    assert len(calendar.days_off) < 20_000


def test_an_office_of_a_platform_may_be_closed_when_others_are_not() -> None:
    office = (Closed(dt.date(2026, 12, 29), dt.date(2026, 12, 31)),)
    own, other = business_calendar(CalendarSettings(), NOW, office), business_calendar(CalendarSettings(), NOW)
    assert (own.is_business(dt.date(2026, 12, 29)), other.is_business(dt.date(2026, 12, 29))) == (False, True)


def test_working_hours_pause_at_noon_and_on_holidays() -> None:
    hours = ((dt.time(9), dt.time(12)), (dt.time(13), dt.time(18)))
    calendar = business_calendar(CalendarSettings(working_hours=hours), NOW)
    friday = dt.datetime(2026, 11, 20, 2, tzinfo=dt.UTC)  # 11:00 in Japan; Monday is a holiday
    assert calendar.plus_hours(friday, 2) == dt.datetime(2026, 11, 20, 5, tzinfo=dt.UTC)
    assert calendar.plus_hours(friday, 8) == dt.datetime(2026, 11, 24, 2, tzinfo=dt.UTC)
    assert calendar.worked(friday, dt.datetime(2026, 11, 24, 2, tzinfo=dt.UTC)) == dt.timedelta(hours=8)
