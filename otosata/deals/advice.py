"""What the rules allow now: picks the advice that fits, with its numbers."""

import re
from dataclasses import dataclass
from datetime import datetime

from otosata.deals.calendar import BusinessCalendar, tokyo_date
from otosata.deals.clocks import Moment
from otosata.deals.conditions import Scene, holds
from otosata.deals.duration import parse_span
from otosata.deals.levels import highest
from otosata.deals.limits import after
from otosata.deals.platform import AdviceRule, Platform
from otosata.deals.view import View
from otosata.deals.vocabulary import Level, Turn

_DAYS = re.compile(r"\{n\}(日| days)")
_HOURS = {"日": "時間", " days": " hours"}
_SECONDS_AN_HOUR = 3600
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


def advise(platform: Platform, view: View, own: Level, calendar: BusinessCalendar, now: datetime) -> tuple[Advice, ...]:
    """The advice for a deal: of each group the first that fits, what is always added, else the fallback.

    `own`: the stage's own level, without the deal limit's.
    """
    given: list[AdviceRule] = []
    groups: set[str] = set()
    scene = Scene(view, own, calendar, now)
    fitting = [rule for rule in platform.advice if view.is_open and fits(rule, scene)]
    for rule in fitting:
        if rule.fallback or rule.group in groups:
            continue
        if rule.group:
            groups.add(rule.group)
        given.append(rule)
    if all(rule.added for rule in given):
        given.extend(rule for rule in fitting if rule.fallback)
    return tuple(_filled(rule, view, calendar, now) for rule in given)


def fits(rule: AdviceRule, scene: Scene) -> bool:
    """Whether one of the rule's conditions holds entirely."""
    stage = scene.view.standing.stage  # asked first: most conditions are of another stage, and cost no more than this
    return any(holds(when, scene) for when in rule.when if not when.stages or stage in when.stages)


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
