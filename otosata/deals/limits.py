"""Hard dates of a platform: when they fall, when they have passed, when so much time remains."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from otosata.deals.calendar import BusinessCalendar, add_months, tokyo_date, tokyo_midnight
from otosata.deals.clocks import Moment
from otosata.deals.duration import Span, Unit
from otosata.deals.event import Event
from otosata.deals.platform import LimitRule

_HOURS, _DAYS, _BUSINESS_DAYS = Unit.HOURS, Unit.DAYS, Unit.BUSINESS_DAYS
_HOURS_A_DAY = 24
_LONGEST = 99_999 * _HOURS_A_DAY
"""Hours that still lead to a date, counted back from any limit."""


def limit_of(
    rule: LimitRule | None, anchors: Mapping[str, Moment], calendar: BusinessCalendar, events: Sequence[Event] = ()
) -> Moment | None:
    """The limit's instant, or its date where only that is known; None while its anchor has not happened."""
    anchor = anchors.get(rule.span.clock) if rule else None
    if rule is None or anchor is None:
        return None
    limit = after(anchor, rule.span, calendar)
    if rule.round_up_to_hour and isinstance(limit, datetime):
        limit = _next_full_hour(limit)
    for event in events:
        if rule.extend and event.kind in rule.extended_by and event.at >= begin_of(anchor):
            limit = max(_date(limit), _date(after(event.at, rule.extend, calendar)))
    return limit


def after(start: Moment, span: Span, calendar: BusinessCalendar) -> Moment:
    """So much later: exact in hours and days, else the date in Japan."""
    unit, amount = span.unit, span.amount  # a chain of `is`: this is asked for every threshold of every deal
    if unit is _DAYS:
        return start + timedelta(amount)
    if unit is _HOURS:
        return start + timedelta(0, 3600 * amount)
    if unit is _BUSINESS_DAYS:
        return calendar.plus(_date(start), amount)
    if unit is Unit.BUSINESS_HOURS:
        return calendar.plus_hours(begin_of(start), amount)
    return add_months(_date(start), amount if unit is Unit.MONTHS else 12 * amount)


def begin_of(moment: Moment) -> datetime:
    """The instant itself, or the one at which its date begins in Japan."""
    return moment if isinstance(moment, datetime) else tokyo_midnight(moment)


def passed_at(limit: Moment) -> datetime:
    """The instant from which the limit lies behind: a date's whole day in Japan still belongs to it."""
    return limit if isinstance(limit, datetime) else tokyo_midnight(limit + timedelta(days=1))


def remaining_at(limit: Moment, span: Span) -> datetime:
    """The instant from which at most `span` remains; for a bare date counted in dates in Japan."""
    hours = min(span.hours, _LONGEST)
    if isinstance(limit, datetime):
        return limit - timedelta(hours=hours)
    return tokyo_midnight(limit - timedelta(days=-(-hours // _HOURS_A_DAY)))


def _date(moment: Moment) -> date:
    return tokyo_date(moment) if isinstance(moment, datetime) else moment


def _next_full_hour(at: datetime) -> datetime:
    full = at.replace(minute=0, second=0, microsecond=0)
    return full if full == at else full + timedelta(hours=1)
