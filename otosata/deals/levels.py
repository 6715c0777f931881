"""Levels: every threshold becomes the instant from which it is met, so that now and next come from one table."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from otosata.deals.calendar import BusinessCalendar, tokyo_date
from otosata.deals.clocks import Clocks, Moment
from otosata.deals.duration import WAITING, Span, Unit
from otosata.deals.limits import after, begin_of, remaining_at
from otosata.deals.platform import Row
from otosata.deals.vocabulary import Level

ALWAYS = datetime(1, 1, 1, tzinfo=UTC)
"""From here a threshold of no time at all is met, whether its clock runs or not."""
FOREVER = datetime.max.replace(tzinfo=UTC)
_RAISED = {Level.NOTICE: Level.WARN, Level.WARN: Level.CRITICAL}


@dataclass(frozen=True, slots=True)
class Alarm:
    """A level, the instant from which it holds, and the threshold behind it."""

    at: datetime
    level: Level
    threshold: tuple[Span, ...]
    before_limit: bool = False
    origin: str = "stage"
    """`stage`, or the id of a deal limit."""


def clock_start(name: str, clocks: Clocks) -> Moment | None:
    """What a span on that clock counts from."""
    if name == WAITING:
        return clocks.waiting_from
    if name == "silence":
        return clocks.silence_from
    return clocks.anchors.get(name)


def met_at(span: Span, start: Moment | None, calendar: BusinessCalendar) -> datetime | None:
    """The instant from which so much time has passed; None while the clock does not run."""
    if span.amount == 0:
        return ALWAYS
    if start is None:
        return None
    return begin_of(after(begin_of(start), span, calendar))


def alarms_of(
    row: Row,
    clocks: Clocks,
    limit: Moment | None,
    calendar: BusinessCalendar,
    origin: str = "stage",
    until: datetime = FOREVER,
) -> tuple[Alarm, ...]:
    """Each level of the row with the instant it begins, in any order; levels that cannot be reached are left out.

    `until`: nobody asks beyond it, so later alarms may be left out too; counting business days is what takes time.
    """
    found: list[Alarm] = []
    for level, spans in row.elapsed.items():
        at = _all_met(spans, clocks, None, calendar, until)
        if at is not None:
            found.append(Alarm(at, level, spans, origin=origin))
    for level, spans in row.before.items():
        at = _all_met(spans, clocks, limit, calendar, until) if limit is not None else None
        if at is not None:
            found.append(Alarm(at, level, spans, before_limit=True, origin=origin))
    return tuple(found)


def stale_at(row: Row, clocks: Clocks, calendar: BusinessCalendar) -> datetime | None:
    """When the deal is treated as lost; None where the row has no such time."""
    return _all_met(row.stale, clocks, None, calendar) if row.stale else None


def _all_met(
    spans: tuple[Span, ...],
    clocks: Clocks,
    limit: Moment | None,
    calendar: BusinessCalendar,
    until: datetime = FOREVER,
) -> datetime | None:
    latest: datetime | None = None
    for span in spans:
        instant = _instant(span, clocks, limit, calendar)
        if instant is None or instant > until:
            return None
        latest = instant if latest is None else max(latest, instant)
    return latest


def _instant(span: Span, clocks: Clocks, limit: Moment | None, calendar: BusinessCalendar) -> datetime | None:
    if limit is not None and not span.waited:
        return remaining_at(limit, span)
    return met_at(span, clock_start(span.clock, clocks), calendar)


def highest(alarms: Iterable[Alarm], at: datetime) -> Alarm | None:
    """The loudest alarm that holds then; of equal ones the one that began first."""
    found: Alarm | None = None
    for alarm in alarms:
        louder = found is None or alarm.level > found.level or (alarm.level == found.level and alarm.at < found.at)
        if louder and alarm.at <= at:
            found = alarm
    return found


def raised(level: Level) -> Level:
    """One level up, for a 納期 that is near; `ok` stays, since nobody has been waited for."""
    return _RAISED.get(level, level)


def ratio_of(row: Row, clocks: Clocks, limit: Moment | None, calendar: BusinessCalendar, now: datetime) -> float | None:
    """How far the deal has got towards the row's loudest level: 1.0 is there. None without a running threshold."""
    shares: list[float] = []
    if row.elapsed:
        spans = row.elapsed[max(row.elapsed)]
        parts = [_share(span, clock_start(span.clock, clocks), calendar, now) for span in spans]
        known = [part for part in parts if part is not None]
        if known and len(known) == len(parts):
            shares.append(min(known))
    if row.before and limit is not None:
        spans = row.before[max(row.before)]
        shares.append(_nearness(next(span for span in spans if not span.waited), limit, now))
    return max(shares) if shares else None


def _share(span: Span, start: Moment | None, calendar: BusinessCalendar, now: datetime) -> float | None:
    if span.amount == 0:
        return 1.0
    if start is None:
        return None
    begin = begin_of(start)
    if span.unit is Unit.BUSINESS_DAYS:
        return calendar.between(tokyo_date(begin), tokyo_date(now)) / span.amount
    if span.unit is Unit.BUSINESS_HOURS:
        return calendar.worked(begin, now) / timedelta(hours=span.amount)
    full = begin_of(after(begin, span, calendar)) - begin
    return max((now - begin) / full, 0.0)


def _nearness(span: Span, limit: Moment, now: datetime) -> float:
    window = remaining_at(limit, Span(0, Unit.HOURS)) - remaining_at(limit, span)
    left = remaining_at(limit, Span(0, Unit.HOURS)) - now
    if window <= timedelta(0):
        return 1.0 if left <= timedelta(0) else 0.0
    return window / left if left > window else min(2.0 - left / window, 2.0)
