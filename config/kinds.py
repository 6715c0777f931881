"""How each kind of value reads: from what TOML gives to what the program uses, or a `Bad` that says what was meant."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar
from unicodedata import normalize

from config.key import Key, Kind
from config.model import Closed
from config.problems import Bad, Sentence, SeveralBad
from otosata.deals.calendar import WorkingHours
from otosata.deals.clocks import CLOCKS
from otosata.deals.duration import DurationError, Span, Unit, parse_span

_PERIOD = re.compile(r"(?P<amount>\d{1,9}) ?(?P<unit>[a-z]+)")
_PERIOD_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_USUAL_HOURS = frozenset({12, 24, 36, 48, 72, 96, 120, 168})
"""A bare number of these is more likely meant in hours."""
_CLOCK = r"([01]?\d|2[0-4]):([0-5]\d)"
_SHIFT = re.compile(rf"\s*{_CLOCK}\s*[-–〜~]\s*{_CLOCK}\s*")
_TIME = re.compile(rf"\s*{_CLOCK}\s*")
_BARE = re.compile(r"\s*(\d+)\s*")
_UNIT_WORDS = {
    **dict.fromkeys(("hour", "hours", "hr", "hrs", "時間"), Unit.HOURS),
    **dict.fromkeys(("day", "days", "日", "日間"), Unit.DAYS),
    **dict.fromkeys(("bdays", "businessdays", "workdays", "wd", "営業日"), Unit.BUSINESS_DAYS),
    **dict.fromkeys(("bhours", "businesshours", "workinghours", "営業時間"), Unit.BUSINESS_HOURS),
    **dict.fromkeys(("month", "months", "か月", "ヶ月"), Unit.MONTHS),
    **dict.fromkeys(("year", "years", "年"), Unit.YEARS),
}
_WEEK_WORDS = frozenset({"w", "week", "weeks", "週", "週間"})
V = TypeVar("V")
_LOOSE = re.compile(r"\s*(\d{1,5})\s*(\D+?)\s*")


def read(key: Key, raw: object) -> object:
    """The value the program uses. Raises Bad, or SeveralBad for a list."""
    return _READERS[key.kind](key, raw)


def _text(key: Key, raw: object) -> str:
    if not isinstance(raw, str):
        raise Bad("not_text", value=shown(raw))
    if any(ord(character) < 32 or ord(character) == 127 for character in raw):
        raise Bad("control_character")
    if not raw.strip():
        raise Bad("empty", example=key.example or '"…"')
    return raw


def _texts(key: Key, raw: object) -> tuple[str, ...]:
    if isinstance(raw, str):
        raise Bad("not_list", value=shown(raw), example=f"[{shown(raw)}]")
    if not isinstance(raw, list):
        raise Bad("not_list", value=shown(raw), example=key.example or '["…"]')
    return _each(_text, key, raw)


def _choice(key: Key, raw: object) -> str:
    if isinstance(raw, str) and raw in key.allowed:
        return raw
    near = nearest(raw, key.allowed) if isinstance(raw, str) else ""
    allowed = ", ".join(f'"{word}"' for word in key.allowed)
    told = '"…"' if key.name == "secret" and not near else shown(raw)  # perhaps the password or the address itself
    raise Bad("not_allowed", value=told, allowed=allowed, likely=f'"{near}"' if near else allowed)


def _whole(key: Key, raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        likely = raw if isinstance(raw, str) and raw.isdigit() else str(key.default)
        raise Bad("not_whole", value=shown(raw), example=likely)
    if not key.low <= raw <= key.high:
        raise Bad("out_of_range", value=raw, low=key.low, high=key.high)
    return raw


def _period(key: Key, raw: object) -> dt.timedelta:
    bare = _bare_number(raw)
    if bare is not None:
        raise Bad("period_no_unit", value=bare, seconds=f'"{bare}s"', minutes=f'"{bare}m"')
    found = _PERIOD.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if found is None or found["unit"] not in _PERIOD_UNITS:
        raise Bad("not_period", value=shown(raw))
    seconds = int(found["amount"]) * _PERIOD_UNITS[found["unit"]]
    if not key.low <= seconds <= key.high:
        raise Bad("out_of_range", value=raw, low=show_period(key.low), high=show_period(key.high))
    return dt.timedelta(seconds=seconds)


def show_period(seconds: float) -> str:
    """Seconds in the notation they are written in: 900 → `15m`."""
    whole = int(seconds)
    for unit in ("d", "h", "m"):
        if whole and whole % _PERIOD_UNITS[unit] == 0:
            return f"{whole // _PERIOD_UNITS[unit]}{unit}"
    return f"{whole}s"


def _span(_: Key, raw: object) -> Span:
    bare = _bare_number(raw)
    if bare is not None:
        hours, days = f'"{bare}h"', f'"{bare}d"'
        first, second = (hours, days) if bare in _USUAL_HOURS else (days, hours)
        raise Bad("duration_no_unit", value=bare, first=first, second=second)
    if not isinstance(raw, str):
        raise Bad("not_duration", value=shown(raw), likely='"3d", "36h", "2bd"')
    try:
        span = parse_span(raw)
    except DurationError:
        raise Bad("not_duration", value=shown(raw), likely=_likely_duration(raw)) from None
    if span.clock not in CLOCKS:
        near = nearest(span.clock, sorted(CLOCKS))
        raise Bad(
            "unknown_clock",
            value=span.clock,
            likely=f'"{span.amount}{span.unit}@{near or "silence"}"',
            allowed=", ".join(sorted(CLOCKS)),
        )
    return span


def _likely_duration(raw: str) -> str:
    found = _LOOSE.fullmatch(normalize("NFKC", raw))  # 3ｄ is what a Japanese keyboard writes
    if found:
        amount, word = int(found[1]), found[2].lower().replace(" ", "").replace("-", "")
        if word in _WEEK_WORDS:
            return f'"{amount * 7}d"'
        if unit := _UNIT_WORDS.get(word) or next((unit for unit in Unit if unit.value == word), None):
            return f'"{amount}{unit.value}"'
    return '"3d", "36h", "2bd"'


def _spans(key: Key, raw: object) -> tuple[Span, ...]:
    if not isinstance(raw, list):
        # a bare "3d" or "3d,2bd" is clear enough for a hint, and a worse mistake is told first
        parts = raw.split(",") if isinstance(raw, str) else [raw]
        spans = ", ".join(f'"{_span(key, part)}"' for part in parts)
        raise Bad("not_list", value=shown(raw), example=f"[{spans}]")
    return _each(_span, key, raw)


_FIRST_DAY, _LAST_DAY = dt.date(1970, 1, 1), dt.date(2999, 12, 31)
"""Clocks and calendars can be computed with inside these; a day more than the last one is none."""


def _date(_: Key, raw: object) -> dt.date:
    if isinstance(raw, dt.date) and not isinstance(raw, dt.datetime):
        if not _FIRST_DAY <= raw <= _LAST_DAY:
            raise Bad("out_of_range", value=raw, low=_FIRST_DAY, high=_LAST_DAY)
        return raw
    if isinstance(raw, str):
        try:
            likely = dt.date.fromisoformat(raw.strip().replace("/", "-"))
        except ValueError:
            raise Bad("not_date", value=shown(raw), example="2026-12-31") from None
        raise Bad("not_date", value=shown(raw), example=likely.isoformat())
    day = raw.date() if isinstance(raw, dt.datetime) else dt.date(2026, 12, 31)
    raise Bad("not_date", value=shown(raw), example=day.isoformat())


def _closed(key: Key, raw: object) -> tuple[Closed, ...]:
    if not isinstance(raw, list):
        raise Bad("not_list", value=shown(raw), example=key.example)
    return _each(_closed_item, key, raw)


def _closed_item(key: Key, raw: object) -> Closed:
    if not isinstance(raw, dict):
        day = _date(key, raw)
        return Closed(day, day)
    for name in raw:
        if name not in {"from", "to"}:
            near = nearest(name, ("from", "to"))
            likely = f"did you mean {near}?" if near else "there are: from, to"
            raise Bad("unknown_key", (name,), likely=Sentence(likely))
    if set(raw) != {"from", "to"}:
        raise Bad("half_range", missing="to" if "from" in raw else "from")
    start, end = (_within(name, _date, key, raw[name]) for name in ("from", "to"))
    if end < start:
        raise Bad("backward_range", start=start, end=end)
    return Closed(start, end)


def _hours(key: Key, raw: object) -> WorkingHours:
    if not isinstance(raw, list):
        example = f"[{shown(raw)}]" if isinstance(raw, str) else key.example
        raise Bad("not_list", value=shown(raw), example=example)
    shifts = _each(_shift, key, raw)
    if not shifts:
        raise Bad("no_hours", example=key.example)
    for place, (before, after) in enumerate(pairwise(shifts), start=1):
        if after[0] < before[1] or before[1] == dt.time():
            raise Bad("hours_overlap", (place,), value=shown(raw[place]), before=shown(raw[place - 1]))
    return shifts


def _shift(key: Key, raw: object) -> tuple[dt.time, dt.time]:
    found = _SHIFT.fullmatch(raw) if isinstance(raw, str) else None
    minutes = [60 * int(found[hour]) + int(found[hour + 1]) for hour in (1, 3)] if found else []
    if not minutes or not minutes[0] < minutes[1] <= _DAY_MINUTES:
        raise Bad("not_hours", value=shown(raw), example=key.example)
    start, end = (dt.time(*divmod(minute % _DAY_MINUTES, 60)) for minute in minutes)
    return start, end


_DAY_MINUTES = 24 * 60


def _prose(key: Key, raw: object) -> str:
    if not isinstance(raw, str):
        raise Bad("not_text", value=shown(raw))
    if any((ord(character) < 32 and character not in "\n\t") or ord(character) == 127 for character in raw):
        raise Bad("control_character")
    if not raw.strip():
        raise Bad("empty", example='"…"')
    return raw


def _choices(key: Key, raw: object) -> tuple[str, ...]:
    if not isinstance(raw, list):
        raise Bad("not_list", value=shown(raw), example=f"[{shown(raw)}]" if isinstance(raw, str) else '["…"]')
    return _each(_choice, key, raw)


def _clock(key: Key, raw: object) -> dt.time:
    found = _TIME.fullmatch(raw) if isinstance(raw, str) else None
    if found is None or int(found[1]) == _DAY_MINUTES // 60:
        raise Bad("not_clock", value=shown(raw), example=key.example)
    return dt.time(int(found[1]), int(found[2]))


def _night(key: Key, raw: object) -> tuple[dt.time, dt.time]:
    """Hours that may go over midnight."""
    found = _SHIFT.fullmatch(raw) if isinstance(raw, str) else None
    if found is None:
        raise Bad("not_night", value=shown(raw), example=key.example)
    start, end = (dt.time(int(found[hour]) % 24, int(found[hour + 1])) for hour in (1, 3))
    if start == end:
        raise Bad("not_night", value=shown(raw), example=key.example)
    return start, end


def _path(key: Key, raw: object) -> Path:
    try:
        return Path(_text(key, raw)).expanduser()
    except RuntimeError:
        raise Bad("no_home", value=raw) from None


def _zone(key: Key, raw: object) -> str:
    from zoneinfo import ZoneInfo, available_timezones  # noqa: PLC0415 - most starts ask for the default alone

    name = _text(key, raw)
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # a folder such as "Asia" is an OSError
        zones = sorted(available_timezones())
        near = nearest(name, zones)
        raise Bad("not_zone", value=shown(name), likely=f'"{near or "Asia/Tokyo"}"') from None
    return name


def _country(_: Key, raw: object) -> str:
    if not isinstance(raw, str):
        raise Bad("not_text", value=shown(raw))
    if raw in {"", "JP"}:
        return raw
    from holidays.utils import list_supported_countries  # noqa: PLC0415 - 60 ms that Japan's users never pay

    known = list_supported_countries()
    if raw not in known:
        near = raw.upper() if raw.upper() in known else nearest(raw.upper(), sorted(known)) or "JP"
        raise Bad("not_country", value=shown(raw), likely=f'"{near}"')
    return raw


def _flag(_: Key, raw: object) -> bool:
    if not isinstance(raw, bool):
        raise Bad("not_allowed", value=shown(raw), allowed="true, false", likely="true")
    return raw


def _query(key: Key, raw: object) -> str:
    from otosata.query import QueryError, parse  # noqa: PLC0415 - only who keeps views needs it

    text = raw if raw == "" and isinstance(raw, str) else _text(key, raw)
    try:
        parse(text)
    except QueryError as error:
        raise Bad("not_query", value=shown(text), reason=Sentence(error), likely=Sentence(error.hint)) from None
    return text


def _each(reader: Callable[[Key, object], V], key: Key, raw: list[object]) -> tuple[V, ...]:
    """Read every entry; what is wrong with each is told, not only the first."""
    values: list[V] = []
    bads: list[Bad] = []
    for place, item in enumerate(raw):
        try:
            values.append(_within(place, reader, key, item))
        except Bad as bad:
            bads.append(bad)
    if bads:
        raise SeveralBad(tuple(bads))
    return tuple(values)


def _within(place: int | str, reader: Callable[[Key, object], V], key: Key, raw: object) -> V:
    try:
        return reader(key, raw)
    except Bad as bad:
        bad.at = (place, *bad.at)
        raise


def _bare_number(raw: object) -> int | None:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw if raw >= 0 else None
    found = _BARE.fullmatch(raw) if isinstance(raw, str) and raw.isascii() else None
    return int(found[1]) if found and len(found[1]) < 10 else None


def shown(raw: object) -> str:
    """A value as TOML has it, cut to a length that fits into a sentence."""
    if isinstance(raw, bool):
        text = "true" if raw else "false"
    elif isinstance(raw, str):
        text = '"' + "".join(character if character.isprintable() else "?" for character in raw) + '"'
    elif isinstance(raw, dict):
        text = "{…}"
    elif isinstance(raw, list):
        text = "[…]"
    else:
        text = str(raw)
    return text if len(text) <= 60 else text[:59] + "…"


def nearest(word: str, words: "tuple[str, ...] | list[str]") -> str:
    """The word that was probably meant; empty where none is near."""
    import difflib  # noqa: PLC0415 - only mistakes need it

    folded = {known.casefold(): known for known in words}
    found = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else ""


_READERS: Mapping[Kind, Callable[[Key, object], object]] = MappingProxyType(
    {
        Kind.TEXT: _text,
        Kind.TEXTS: _texts,
        Kind.CHOICE: _choice,
        Kind.WHOLE: _whole,
        Kind.PERIOD: _period,
        Kind.SPAN: _span,
        Kind.SPANS: _spans,
        Kind.DATE: _date,
        Kind.CLOSED: _closed,
        Kind.PATH: _path,
        Kind.ZONE: _zone,
        Kind.COUNTRY: _country,
        Kind.HOURS: _hours,
        Kind.PROSE: _prose,
        Kind.FLAG: _flag,
        Kind.QUERY: _query,
        Kind.CHOICES: _choices,
        Kind.CLOCK: _clock,
        Kind.NIGHT: _night,
    }
)
