"""Times as they are typed into a form: short, with what is left out taken from today."""

import datetime as dt
import re

from otosata.hand import HandError
from tui.words import Words

_HOW = "give 12h, 3d, 2026-12-01 or 2026-12-01T09:00"
_AHEAD = re.compile(r"(\d{1,4})([hd])")
_DATE = re.compile(r"(?:(\d{4})[-/.])?(\d{1,2})[-/.](\d{1,2})")
_TIME = re.compile(r"(\d{1,2}):(\d{2})")


def read_moment(text: str, now: dt.datetime, words: Words) -> dt.datetime | dt.date:
    """`12h`, `3d` (from now), `12/1`, `2026-12-01`, `9:00` (today), `12/1 9:00`; RFC 3339 too.

    Without a year: the one that makes it lie nearest to now. HandError says how to write it.
    """
    text = " ".join(text.replace("T", " ").split())
    if ahead := _AHEAD.fullmatch(text):
        return now + (dt.timedelta(hours=int(ahead[1])) if ahead[2] == "h" else dt.timedelta(days=int(ahead[1])))
    if not text:
        raise HandError(f"{text!r} is no time", _HOW)
    day, _, time = text.rpartition(" ") if ":" in text else (text, "", "")
    today = now.astimezone(words.zone).date()
    try:
        date = _date(day, today) if day else today
        clock = _clock(time) if time else None
        return dt.datetime.combine(date, clock, words.zone) if clock else date
    except ValueError:
        return _rfc3339(text)


def read_instant(text: str, now: dt.datetime, words: Words) -> dt.datetime:
    """The same; a date alone means its beginning."""
    found = read_moment(text, now, words)
    return found if isinstance(found, dt.datetime) else dt.datetime.combine(found, dt.time(), words.zone)


def read_day(text: str, now: dt.datetime, words: Words) -> dt.date:
    """The same as a date."""
    found = read_moment(text, now, words)
    return found.astimezone(words.zone).date() if isinstance(found, dt.datetime) else found


def _date(text: str, today: dt.date) -> dt.date:
    found = _DATE.fullmatch(text)
    if not found:
        raise ValueError
    year, month, day = found.groups()
    if year:
        return dt.date(int(year), int(month), int(day))
    around = []
    for near in (today.year - 1, today.year, today.year + 1):
        try:
            around.append(dt.date(near, int(month), int(day)))
        except ValueError:  # 29 February
            continue
    return min(around, key=lambda date: abs(date - today))


def _clock(text: str) -> dt.time:
    found = _TIME.fullmatch(text)
    if not found:
        raise ValueError
    return dt.time(int(found[1]), int(found[2]))


def _rfc3339(text: str) -> dt.datetime:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        raise HandError(f"{text!r} is no time", _HOW) from None
    if found.tzinfo is None:
        raise HandError(f"{text!r} is no time", _HOW)
    return found
