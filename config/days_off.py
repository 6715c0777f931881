"""Why a date is no business date, in words: the calendar on the screen says so, the computations need not know."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from config.model import CalendarSettings


class Off(StrEnum):
    """Whose day off it is."""

    HOLIDAY = "holiday"
    CLOSED = "closed"
    """The user's own."""


@dataclass(frozen=True, slots=True)
class DayOff:
    """A date on which nobody is expected to work."""

    why: Off
    name: str = ""
    """Of a public holiday."""


_LANGUAGES = {"ja": ("ja",), "en": ("en_US", "en_GB", "en")}
"""What the package `holidays` calls them; not every country has both."""


def days_off(settings: CalendarSettings, first: dt.date, last: dt.date, lang: str) -> Mapping[dt.date, DayOff]:
    """The days off from `first` to `last`, weekends aside. Names in `ja` or `en`, where they are known in it."""
    found = {day: DayOff(Off.HOLIDAY, name) for day, name in _named(settings.country, first, last, lang).items()}
    for item in settings.closed:
        start, end = max(item.start, first), min(item.end, last)
        for step in range((end - start).days + 1):
            found.setdefault(start + dt.timedelta(days=step), DayOff(Off.CLOSED))
    return dict(sorted(found.items()))


def _named(country: str, first: dt.date, last: dt.date, lang: str) -> dict[dt.date, str]:
    if not country:
        return {}
    import holidays  # noqa: PLC0415 - 60 ms that only the calendar on the screen pays

    entity = holidays.country_holidays(country)
    known = entity.supported_languages
    spoken = next((name for name in _LANGUAGES[lang] if name in known), entity.default_language)
    years = range(first.year, last.year + 1)
    named = holidays.country_holidays(country, years=years, language=spoken)
    return {day: name for day, name in named.items() if first <= day <= last}
