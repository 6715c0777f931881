"""Whether an adapter still understands its platform's mail: by what it does not know, and by its usual rhythm."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from otosata.overview import AdapterHealth, StaleReason

MANY_UNKNOWN = 5
"""So many mails in a row that no rule knew, whatever they say."""
RECENT = timedelta(days=30)
"""So long a mail alarms that sounds like a deal's and names none."""
BUSY_FROM = 10
"""So many notices of deals make a rhythm; fewer say nothing."""
_SILENT_AFTER, _SILENT_LEAST = 3, timedelta(days=2)
"""Silent is who has been quiet for so many of his usual longest gaps, at least so long."""
_SILENT_UNKNOWN = 2
"""So many unknown mails show that the platform goes on sending."""
_GAPS_LOOKED_AT = 60
_USUAL = 0.9
"""Nine gaps in ten are no longer than the usual one."""


@dataclass(frozen=True, slots=True)
class UnknownMail:
    """A mail of a platform's sender that no rule knew and nobody has decided about."""

    received: datetime | None
    verified: bool
    bulk: bool
    is_like_a_deals: bool
    """It resembles mail about deals, or names one."""
    deals: frozenset[str] = frozenset()
    """Deals it names by reference or name."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of an adapter's work."""

    adapter: str
    recognised: int = 0
    unrecognised: int = 0
    last_recognised: datetime | None = None
    in_a_row: int = 0
    """Unknown mails since the last recognised one."""
    notices: Sequence[datetime] = ()
    """When mail about deals came, in any order."""
    unknown: Sequence[UnknownMail] = ()


def judge_adapter(record: Record, open_deals: Collection[str], now: datetime) -> AdapterHealth:
    """The adapter's health. `open_deals`: those of its platform that go on; mail about others alarms nobody."""
    gap = usual_gap(record.notices)
    telling = [mail for mail in record.unknown if mail.verified and not mail.bulk]
    alarming = [mail for mail in telling if _alarms(mail, open_deals, now)]
    reason = None
    if alarming:
        reason = StaleReason.UNKNOWN_MAIL
    elif record.in_a_row >= MANY_UNKNOWN:
        reason = StaleReason.IN_A_ROW
    elif open_deals and _is_silent(record, telling, gap, now):
        reason = StaleReason.SILENT
    named = [mail.deals for mail in alarming]
    return AdapterHealth(
        id=record.adapter,
        recognised=record.recognised,
        unrecognised=record.unrecognised,
        last_recognised=record.last_recognised,
        stale=reason is not None,
        reason=reason,
        named=frozenset().union(*named) if alarming and all(named) else frozenset(),
        usual_gap=gap,
    )


def usual_gap(notices: Sequence[datetime]) -> timedelta | None:
    """The time within which the next notice usually came; None where there are too few to tell."""
    latest = sorted(set(notices))[-_GAPS_LOOKED_AT:]
    if len(latest) < BUSY_FROM:
        return None
    gaps = sorted(later - earlier for earlier, later in pairwise(latest))
    return gaps[int(_USUAL * (len(gaps) - 1))]


def _alarms(mail: UnknownMail, open_deals: Collection[str], now: datetime) -> bool:
    if not mail.is_like_a_deals:
        return False
    if mail.deals:
        return not mail.deals.isdisjoint(open_deals)
    return mail.received is None or mail.received > now - RECENT


def _is_silent(record: Record, telling: Sequence[UnknownMail], gap: timedelta | None, now: datetime) -> bool:
    """A busy adapter hears nothing of deals any more, while its sender goes on in words that nobody knows."""
    if gap is None:
        return False
    last = max(record.notices)
    since = [mail for mail in telling if mail.received is not None and last < mail.received <= now]
    return now - last > max(_SILENT_AFTER * gap, _SILENT_LEAST) and len(since) >= _SILENT_UNKNOWN
