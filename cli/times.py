"""Times as they are typed on the command line."""

from datetime import UTC, date, datetime, tzinfo

from cli.errors import UsageError

_FIRST_YEAR, _LAST_YEAR = 1970, 2999
"""Clocks, zones and calendars can be computed with inside these."""


def read_time(text: str, zone: tzinfo) -> datetime | date:
    """RFC 3339, ISO 8601 without offset (then in `zone`), or a date. UsageError says how to write it."""
    try:
        at = _parsed(text)
    except ValueError:
        raise UsageError(
            f"{text!r} is no time", "write 2026-11-21, 2026-11-21T09:00 or 2026-11-21T09:00:00+09:00"
        ) from None
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise UsageError(f"{text!r} is too far away", f"years from {_FIRST_YEAR} to {_LAST_YEAR} are known")
    return at.replace(tzinfo=zone) if isinstance(at, datetime) and at.tzinfo is None else at


def read_now(text: str) -> datetime:
    """The instant that `--now` gives, in UTC. UsageError where it is none."""
    at = read_time(text, UTC)
    if not isinstance(at, datetime):
        raise UsageError(f"--now {text}: no time", "write it as in 2026-11-21T09:00:00+09:00")
    return at.astimezone(UTC)


def _parsed(text: str) -> datetime | date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return datetime.fromisoformat(text.replace(" ", "T", 1))
