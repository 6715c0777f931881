"""Times, spans and names as people read them."""

from datetime import date, datetime, timedelta, tzinfo

from otosata.deals.clocks import Moment

_DAYS_JA = "月火水木金土日"
_DAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNKNOWN = {"ja": "（日付不明）", "en": "(date unknown)"}


def moment_text(at: Moment | None, lang: str, zone: tzinfo, now: datetime | None = None) -> str:
    """`9月23日(水) 11:00`, `Wed 23 Sep 11:00`; without the time where only the date is known.

    With `now`: and the year, where it is another one.
    """
    if at is None:
        return _UNKNOWN[lang]
    local = at.astimezone(zone) if isinstance(at, datetime) else at
    day = _day(local, lang)
    if now is not None and now.astimezone(zone).year != local.year:
        day = f"{local.year}年{day}" if lang == "ja" else f"{day} {local.year}"
    return f"{day} {local:%H:%M}" if isinstance(local, datetime) else day


def stamp(at: datetime | None, zone: tzinfo) -> str:
    """`2026-06-01 12:00`, for lists; `-` where nothing is known."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else "-"


def age(seconds: int | None) -> str:
    """`7d 0h`; `-` where nothing is known."""
    if seconds is None:
        return "-"
    span = timedelta(seconds=seconds)
    return f"{span.days}d {span.seconds // 3600}h"


def names(client: str, title: str) -> str:
    """`client 「title」`, as far as both are known."""
    return " ".join(part for part in (client, f"「{title}」" if title else "") if part)


def _day(day: date, lang: str) -> str:
    if lang == "ja":
        return f"{day.month}月{day.day}日({_DAYS_JA[day.weekday()]})"
    return f"{_DAYS_EN[day.weekday()]} {day.day} {_MONTHS_EN[day.month - 1]}"
