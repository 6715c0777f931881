"""What the rules allow now: picks the advice that fits, with its numbers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from otosata.deals.calendar import BusinessCalendar, tokyo_date
from otosata.deals.clocks import Moment
from otosata.deals.duration import Span, parse_span
from otosata.deals.levels import highest, met_at
from otosata.deals.limits import after, passed_at, remaining_at
from otosata.deals.platform import AdviceRule, Condition, Platform
from otosata.deals.view import View
from otosata.deals.vocabulary import Level, Turn

_DAYS = re.compile(r"\{n\}(日| days)")
_HOURS = {"日": "時間", " days": " hours"}
_SECONDS_AN_HOUR = 3600
_ANY: frozenset[object] = frozenset()
"""What a condition holds that asks for nothing."""
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True, slots=True)
class Advice:
    """One advice with what its placeholders stand for."""

    rule: AdviceRule
    n: int | None
    """Completed days."""
    hours: int | None
    """Completed hours, for less than a day."""
    k: int
    """Messages missing."""
    due: Moment | None

    @property
    def id(self) -> str:
        """`LAN_FILE`"""
        return self.rule.id

    def text(self, lang: str, due: str) -> str:
        """The sentence in that language; `due` is the date already written out for the reader."""
        empty = {word for word, number in (("{k}", self.k), ("{n}", self.n or self.hours)) if number == 0}
        shown = self.rule.text.of(lang)
        text = _OPTIONAL.sub(lambda part: "" if any(word in part[1] for word in empty) else part[1], shown)
        text = text.replace("{k}", str(self.k)).replace("{due}", due)
        return _DAYS.sub(lambda found: self._span(found[1]), text).strip()

    def _span(self, unit: str) -> str:
        """`3日`, `3 days`; `12時間`, `12 hours` below one day."""
        if self.n is None:
            return f"?{unit}"
        number, word = (self.n, unit) if self.n or self.hours is None else (self.hours, _HOURS[unit])
        return f"{number}{word.removesuffix('s') if number == 1 else word}"


@dataclass(frozen=True, slots=True)
class Check:
    """One condition of an advice and whether it holds: for the checklist and `why`."""

    name: str
    wanted: str
    met: bool


def advise(platform: Platform, view: View, own: Level, calendar: BusinessCalendar, now: datetime) -> tuple[Advice, ...]:
    """The advice for a deal: of each group the first that fits, what is always added, else the fallback."""
    given: list[AdviceRule] = []
    groups: set[str] = set()
    fitting = [rule for rule in platform.advice if view.is_open and fits(rule, view, own, calendar, now)]
    for rule in fitting:
        if rule.fallback or rule.group in groups:
            continue
        if rule.group:
            groups.add(rule.group)
        given.append(rule)
    if all(rule.added for rule in given):
        given.extend(rule for rule in fitting if rule.fallback)
    return tuple(_filled(rule, view, calendar, now) for rule in given)


def fits(rule: AdviceRule, view: View, own: Level, calendar: BusinessCalendar, now: datetime) -> bool:
    """Whether one of the rule's conditions holds entirely. `own`: the stage's own level."""
    stage = view.standing.stage  # asked first: most conditions are of another stage, and cost no more than this
    here = (when for when in rule.when if not when.stages or stage in when.stages)
    return any(all(met for _, _, met in _parts(when, view, own, calendar, now)) for when in here)


def checks(when: Condition, view: View, own: Level, calendar: BusinessCalendar, now: datetime) -> Sequence[Check]:
    """Every part of a condition that is set, with whether it holds at `now`."""
    return [Check(name, _written(wanted), met) for name, wanted, met in _parts(when, view, own, calendar, now)]


def _parts(
    when: Condition, view: View, own: Level, calendar: BusinessCalendar, now: datetime
) -> Iterator[tuple[str, object, bool]]:
    """The same before it is written down, one after the other."""
    return (part for part in _all_parts(when, view, own, calendar, now) if part[1] is not None and part[1] != _ANY)


def _all_parts(
    when: Condition, view: View, own: Level, calendar: BusinessCalendar, now: datetime
) -> Iterator[tuple[str, object, bool]]:
    clocks, standing = view.clocks, view.standing

    def passed(span: Span, start: Moment | None) -> bool:
        at = met_at(span, start, calendar)
        return at is not None and at <= now

    yield from (
        ("stages", when.stages, standing.stage in when.stages),
        ("came_from", when.came_from, standing.came_from in when.came_from),
        ("turn", when.turn, standing.turn is when.turn),
        ("levels", when.levels, own in when.levels),
        ("unanswered_at_least", when.unanswered_at_least, clocks.unanswered >= (when.unanswered_at_least or 0)),
        ("unanswered_below", when.unanswered_below, clocks.unanswered < (when.unanswered_below or 0)),
        ("finished", when.finished, clocks.finished is when.finished),
        ("drafted", when.drafted, clocks.drafted is when.drafted),
        ("delivered", when.delivered, clocks.delivered is when.delivered),
        ("own_date_passed", when.own_date_passed, _passed(clocks.anchors.get("own_date"), now) is when.own_date_passed),
        (
            "days_to_contract_at_least",
            when.days_to_contract_at_least,
            (clocks.days_to_contract or 0) >= (when.days_to_contract_at_least or 0),
        ),
    )
    timed = (
        ("waiting_at_least", when.waiting_at_least, clocks.waiting_from, True),
        ("waiting_below", when.waiting_below, clocks.waiting_from, False),
        ("silence_at_least", when.silence_at_least, clocks.silence_from, True),
        ("since_delivery_at_least", when.since_delivery_at_least, clocks.anchors.get("delivery"), True),
    )
    yield from ((name, span, span is None or passed(span, start) is wanted) for name, span, start, wanted in timed)
    within = when.deal_limit_within
    near = bool(within and view.deal_limit is not None and remaining_at(view.deal_limit, within) <= now)
    yield "deal_limit_within", within, near


def _written(wanted: object) -> str:
    if isinstance(wanted, frozenset):
        return " ".join(sorted(part.word if isinstance(part, Level) else str(part) for part in wanted))
    return str(wanted)


def _passed(date: Moment | None, now: datetime) -> bool:
    return date is not None and passed_at(date) <= now


def _filled(rule: AdviceRule, view: View, calendar: BusinessCalendar, now: datetime) -> Advice:
    start = _counted_from(rule.n, view, now)
    days = view.clocks.days_to_contract if start is None else (now - start).days
    hours = None if start is None else int((now - start).total_seconds()) // _SECONDS_AN_HOUR
    missing = max(rule.goal - view.clocks.unanswered, 0)
    return Advice(rule, days, hours, missing, _due(rule.due, view, calendar, now))


def _counted_from(counted: str, view: View, now: datetime) -> datetime | None:
    """Where {n} begins; None where it is no time that still runs."""
    clocks = view.clocks
    if counted == "days_to_contract":
        return None
    applied = clocks.anchors.get("application")
    if counted == "since_application" and isinstance(applied, datetime):
        return applied
    alarm = highest(view.stage_alarms, now)
    if alarm is not None and alarm.before_limit and not clocks.asked and view.standing.turn is Turn.ME:
        return now  # a 納期 comes near and nobody waits for an answer: no days to speak of
    by_silence = alarm is not None and any(span.clock == "silence" for span in alarm.threshold)
    # Where silence raised the alarm, a question of mine of an hour ago does not make it "1 hour without a reply".
    starts = [clocks.waiting_from, clocks.silence_from if by_silence else None]
    known = [start for start in starts if start is not None]
    return min(known, default=view.standing.stage_cause.at if view.standing.stage_cause else now)


def _due(name: str, view: View, calendar: BusinessCalendar, now: datetime) -> Moment | None:
    if name in {"limit", "deal_limit"}:
        return view.limit if name == "limit" else view.deal_limit
    return after(tokyo_date(now), parse_span(name), calendar)
