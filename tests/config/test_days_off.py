"""Why a date is no business date, in the words of the screen."""

from datetime import date

import pytest

from config.calendar import business_calendar
from config.days_off import DayOff, Off, days_off
from config.model import CalendarSettings, Closed
from tests.screens.world import NOW

FIRST, LAST = date(2026, 11, 1), date(2027, 1, 3)
OWN = CalendarSettings(
    closed=(Closed(date(2026, 12, 30), date(2027, 1, 8)), Closed(date(2026, 11, 2), date(2026, 11, 2)))
)


def test_holidays_have_names_and_own_days_off_none() -> None:
    assert days_off(OWN, FIRST, LAST, "ja") == {
        date(2026, 11, 2): DayOff(Off.CLOSED),
        date(2026, 11, 3): DayOff(Off.HOLIDAY, "文化の日"),
        date(2026, 11, 23): DayOff(Off.HOLIDAY, "勤労感謝の日"),
        date(2026, 12, 30): DayOff(Off.CLOSED),
        date(2026, 12, 31): DayOff(Off.CLOSED),
        date(2027, 1, 1): DayOff(Off.HOLIDAY, "元日"),
        date(2027, 1, 2): DayOff(Off.CLOSED),
        date(2027, 1, 3): DayOff(Off.CLOSED),
    }


@pytest.mark.parametrize(("lang", "name"), [("ja", "勤労感謝の日"), ("en", "Labor Thanksgiving Day")])
def test_names_are_in_the_language_of_the_screen(lang: str, name: str) -> None:
    assert days_off(OWN, FIRST, LAST, lang)[date(2026, 11, 23)].name == name


def test_a_country_without_names_in_that_language_has_its_own() -> None:
    found = days_off(CalendarSettings(country="DE"), date(2026, 12, 25), date(2026, 12, 25), "ja")
    assert list(found.values()) == [DayOff(Off.HOLIDAY, "Erster Weihnachtstag")]


def test_without_a_country_there_are_no_holidays() -> None:
    assert days_off(CalendarSettings(country=""), FIRST, LAST, "ja") == {}


def test_the_days_off_are_those_that_are_no_business_dates() -> None:
    calendar = business_calendar(OWN, NOW)
    found = days_off(OWN, FIRST, LAST, "ja")
    assert set(found) == {day for day in calendar.days_off if FIRST <= day <= LAST}
