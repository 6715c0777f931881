"""When a mail came: the mailbox's own time decides; what the mail says about itself can only make it earlier."""

import re
from datetime import UTC, datetime, timedelta, timezone

from otosata.mail.structure import Head

AGREEMENT = timedelta(hours=1)
"""How far Date and the topmost Received may differ to be believed against the mailbox (moved to another server)."""
SKEW = timedelta(days=1)
"""A time that far in the future is a wrong clock; farther, it is no time at all."""
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)

_MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}  # fmt: skip
_DATE = re.compile(
    r"(\d{1,2})[ \t-]+([A-Za-z]{3})[a-z]*[ \t-]+(\d{4})[ \t]+"  # 21 Nov 2025
    r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[ \t]*([+-]\d{4}|[A-Za-z]{1,5}))?(?!\d)"  # 10:00:00 +0900
)
_ZONES = {"ut": 0, "utc": 0, "gmt": 0, "z": 0, "jst": 540, "est": -300, "edt": -240, "cst": -360, "cdt": -300,
          "mst": -420, "mdt": -360, "pst": -480, "pdt": -420}  # fmt: skip


def time_of(head: Head, arrived: datetime | None, now: datetime, *, copied: bool = False) -> datetime | None:
    """The mail's time in UTC, never later than `now`; None where nothing believable is known. `now` must be aware.

    `copied`: `arrived` is a file's time, so what the mail says of itself comes first.
    """
    date = _believable(parse(head.first("date")), now)
    hop = _believable(parse(head.first("received").rpartition(b";")[2]), now)
    if arrived is None:
        known = hop or date
    else:
        known = arrived if arrived.tzinfo else arrived.replace(tzinfo=UTC)
        if copied:
            known = min(known, hop or date or known)
        elif hop and date and abs(hop - date) <= AGREEMENT:
            known = min(known, hop)
    return min(known, now).astimezone(UTC) if known else None


def parse(value: bytes) -> datetime | None:
    """A date-time of RFC 5322 (obsolete zones included), None for anything that is none. Unknown zones count as UTC."""
    match = _DATE.search(value[:200].decode("ascii", "replace"))
    if match is None:
        return None
    day, month, year, hour, minute, second, zone = match.groups()
    try:
        return datetime(
            int(year), _MONTHS[month.lower()], int(day), int(hour), int(minute), min(int(second or 0), 59),
            tzinfo=timezone(_offset(zone or "")),
        ).astimezone(UTC)  # fmt: skip
    except (ValueError, KeyError, OverflowError):
        return None


def _offset(zone: str) -> timedelta:
    if zone[:1] in ("+", "-"):
        size = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5]))
        return -size if zone[0] == "-" else size
    return timedelta(minutes=_ZONES.get(zone.lower(), 0))


def _believable(time: datetime | None, now: datetime) -> datetime | None:
    return time if time and EARLIEST <= time <= now + SKEW else None
