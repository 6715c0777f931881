"""What to ask a mailbox for: search words, windows of time and of UIDs, and whose mail counts; pure functions."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FIRST_WINDOW = timedelta(days=30)
LONGEST_WINDOW = timedelta(days=365)
SLACK = timedelta(days=1)
"""IMAP compares dates without a zone (RFC 3501, 6.4.4), so a window reaches a day further on both sides."""

_SENDER = re.compile(r"(?:[A-Za-z0-9._%+-]+)?@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_ADDRESS = re.compile(rb"[^\s<>()\[\],;:\"\\@]+@[A-Za-z0-9.-]+")


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time; no `end` means up to whatever came last."""

    start: datetime
    end: datetime | None


def windows_back(newest: datetime | None, since: datetime, now: datetime) -> Iterator[Window]:
    """Windows from the newest mail back to `since`, each twice as long as the one before (30 days to a year)."""
    end, reach = newest, FIRST_WINDOW
    while (end or now) > since:
        start = max((end or now) - reach, since)
        yield Window(start, end)
        end, reach = start, min(reach * 2, LONGEST_WINDOW)


def imap_date(moment: datetime) -> str:
    """`01-Feb-2026`, in English whatever the locale (RFC 3501, date)."""
    day = moment.astimezone(UTC)
    return f"{day.day:02}-{MONTHS[day.month - 1]}-{day.year:04}"


def sender_words(senders: Sequence[str]) -> tuple[str, ...]:
    """What to search From for; addresses at a domain that is searched as a whole are left out.

    Raises ValueError for a sender that is not an ASCII address or `@domain`: nothing else ever goes to a server.
    """
    for sender in senders:
        if not _SENDER.fullmatch(sender):
            raise ValueError(f"not an ASCII address or @domain: {sender!r}")
    domains = {s[1:].lower() for s in senders if s.startswith("@")}
    addresses = {s.lower() for s in senders if not s.startswith("@")}
    return tuple(sorted(domains | {a for a in addresses if a.partition("@")[2] not in domains}))


def from_any(words: Sequence[str]) -> str:
    """`OR FROM "a" OR FROM "b" FROM "c"`: one search for all senders."""
    *firsts, last = (f'FROM "{word}"' for word in words)
    return "".join(f"OR {first} " for first in firsts) + last


def search(window: Window, words: Sequence[str]) -> str:
    """The criteria for platforms' mail in a window; a pre-filter, for FROM matches parts of words."""
    dates = f"SINCE {imap_date(window.start - SLACK)} "
    if window.end is not None:
        dates += f"BEFORE {imap_date(window.end + 2 * SLACK)} "
    return dates + from_any(words)


@dataclass(frozen=True, slots=True)
class Senders:
    """Whose mail is handed on."""

    addresses: frozenset[str]
    domains: tuple[str, ...]

    @classmethod
    def of(cls, senders: Sequence[str]) -> "Senders":
        """Sort addresses from domains (`@b.example`)."""
        return cls(
            frozenset(s.lower() for s in senders if not s.startswith("@")),
            tuple(s[1:].lower() for s in senders if s.startswith("@")),
        )

    def match(self, header: bytes) -> bool:
        """Whether a From header names a known sender anywhere.

        Deliberately generous: a mail whose From is odd must reach the judgement of origin, not vanish here.
        """
        unfolded = re.sub(rb"\r?\n[ \t]", b" ", header)
        return any(self._is_known(found.decode("latin-1").lower()) for found in _ADDRESS.findall(unfolded))

    def _is_known(self, address: str) -> bool:
        domain = address.partition("@")[2].rstrip(".")
        return address in self.addresses or any(
            domain == known or domain.endswith("." + known) for known in self.domains
        )


def in_pieces(uids: Sequence[int], most: int) -> Iterator[Sequence[int]]:
    """Slices of at most `most`."""
    for start in range(0, len(uids), most):
        yield uids[start : start + most]


def by_weight(sizes: Sequence[tuple[int, int]], most: int, heaviest: int) -> Iterator[tuple[int, ...]]:
    """Group (uid, bytes) in order: at most `most` UIDs and, beyond the first, `heaviest` bytes a group."""
    group: list[int] = []
    weight = 0
    for uid, size in sizes:
        if group and (len(group) >= most or weight + size > heaviest):
            yield tuple(group)
            group, weight = [], 0
        group.append(uid)
        weight += size
    if group:
        yield tuple(group)
