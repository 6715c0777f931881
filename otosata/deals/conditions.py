"""Judges the conditions of an advice one by one; the advice and its checklist rest on the same judgement."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from otosata.deals.calendar import BusinessCalendar, tokyo_date
from otosata.deals.clocks import Clocks, Moment
from otosata.deals.duration import Span, Unit
from otosata.deals.levels import ALWAYS, met_at
from otosata.deals.limits import begin_of, passed_at, remaining_at
from otosata.deals.platform import Condition
from otosata.deals.view import View
from otosata.deals.vocabulary import Level, Turn

Wanted = Span | int | bool | Turn | frozenset[str] | frozenset[Level]
"""What a condition asks for."""
Actual = Span | int | bool | Turn | Level | str | None
"""What there is instead; None where there is nothing."""

_HOUR = 3600
_HOURS_A_DAY = 24


class Scene(NamedTuple):
    """What a condition is judged against."""

    view: View
    own: Level
    """The stage's own level, without the deal limit's."""
    calendar: BusinessCalendar
    now: datetime


@dataclass(frozen=True, slots=True)
class Check:
    """One condition of an advice, with what there is, and whether it holds."""

    name: str
    """As in `Condition`."""
    want: Wanted
    actual: Actual
    met: bool
    known: bool = True
    """Whether the ledger can tell: a clock that does not run and a word the user has not given say nothing."""
    at: datetime | None = None
    """From when so much time has passed (or, `waiting_below`, no longer has not); None where that is open."""

    @property
    def wanted(self) -> str:
        """As text: `7d`, `critical`, `reported working`."""
        return written(self.want)

    @property
    def found(self) -> str:
        """The same of what there is; empty where there is nothing."""
        return written(self.actual)


class Part(NamedTuple):
    """A condition before it is written down."""

    name: str
    want: Any
    met: bool
    actual: Any
    """For a span: what it counts from."""
    at: datetime | None = None


Judge = Callable[[Any, Scene], Part]
"""Judges what is wanted."""


def holds(when: Condition, scene: Scene) -> bool:
    """Whether every part that is set holds; looks no further than the first that does not."""
    return all(part.met for part in parts(when, scene))


def checks(when: Condition, scene: Scene) -> tuple[Check, ...]:
    """Every part that is set, with what there is."""
    return tuple(_check(part, scene) for part in parts(when, scene))


def parts(when: Condition, scene: Scene) -> Iterator[Part]:
    """The parts that are set, judged one after the other."""
    for name, want in when.asked:
        yield _JUDGES[name](want, scene)


def _own_date_passed(scene: Scene) -> bool:
    date = scene.view.clocks.anchors.get("own_date")
    return date is not None and passed_at(date) <= scene.now


STATES: tuple[tuple[str, Callable[[Scene], Actual], Callable[[Any, Any], bool]], ...] = (
    ("stages", lambda scene: scene.view.standing.stage, lambda stage, wanted: stage in wanted),
    ("not_stages", lambda scene: scene.view.standing.stage, lambda stage, wanted: stage not in wanted),
    ("came_from", lambda scene: scene.view.standing.came_from, lambda stage, wanted: stage in wanted),
    ("turn", lambda scene: scene.view.standing.turn, lambda turn, wanted: turn is wanted),
    ("levels", lambda scene: scene.own, lambda level, wanted: level in wanted),
    ("unanswered_at_least", lambda scene: scene.view.clocks.unanswered, lambda count, wanted: count >= wanted),
    ("unanswered_below", lambda scene: scene.view.clocks.unanswered, lambda count, wanted: count < wanted),
    ("finished", lambda scene: scene.view.clocks.finished, lambda flag, wanted: flag is wanted),
    ("drafted", lambda scene: scene.view.clocks.drafted, lambda flag, wanted: flag is wanted),
    ("delivered", lambda scene: scene.view.clocks.delivered, lambda flag, wanted: flag is wanted),
    ("own_date_passed", _own_date_passed, lambda flag, wanted: flag is wanted),
    (
        "days_to_contract_at_least",
        lambda scene: scene.view.clocks.days_to_contract,
        lambda days, wanted: (days or 0) >= wanted,
    ),
)
"""Each condition on a state: what there is, and how it is compared with what is wanted. The cheapest first."""

SPANS: tuple[tuple[str, Callable[[Clocks], Moment | None], bool], ...] = (
    ("waiting_at_least", lambda clocks: clocks.waiting_from, True),
    ("waiting_below", lambda clocks: clocks.waiting_from, False),
    ("silence_at_least", lambda clocks: clocks.silence_from, True),
    ("since_delivery_at_least", lambda clocks: clocks.anchors.get("delivery"), True),
)
"""Each condition on time: what it counts from, and whether so much must have passed, or must not."""


def _of_state(name: str, fact: Callable[[Scene], Actual], fits: Callable[[Any, Any], bool]) -> Judge:
    def judge(want: Any, scene: Scene) -> Part:
        actual = fact(scene)
        return Part(name, want, fits(actual, want), actual)

    return judge


def _of_span(name: str, begin: Callable[[Clocks], Moment | None], *, is_minimum: bool) -> Judge:
    def judge(want: Any, scene: Scene) -> Part:
        start = begin(scene.view.clocks)
        at = met_at(want, start, scene.calendar)
        return Part(name, want, (at is not None and at <= scene.now) is is_minimum, start, at)

    return judge


def _of_deal_limit(want: Any, scene: Scene) -> Part:
    limit = scene.view.deal_limit
    near = remaining_at(limit, want) if limit is not None else None
    return Part("deal_limit_within", want, near is not None and near <= scene.now, limit, near)


_JUDGES: Mapping[str, Judge] = {
    **{name: _of_state(name, fact, fits) for name, fact, fits in STATES},
    **{name: _of_span(name, begin, is_minimum=is_minimum) for name, begin, is_minimum in SPANS},
    "deal_limit_within": _of_deal_limit,
}
"""By the names of a condition's fields."""

_USERS_WORD = frozenset({"finished", "days_to_contract_at_least"})
"""What the ledger knows only where the user said so."""


def _check(part: Part, scene: Scene) -> Check:
    if not isinstance(part.want, Span):
        known = bool(part.actual) or part.name not in _USERS_WORD
        return Check(part.name, part.want, part.actual, part.met, known)
    if part.name == "deal_limit_within":
        left = _elapsed(part.want, scene.now, passed_at(part.actual), scene.calendar) if part.actual else None
        return Check(part.name, part.want, left, part.met, part.actual is not None, part.at)
    passed = _elapsed(part.want, begin_of(part.actual), scene.now, scene.calendar) if part.actual else None
    return Check(part.name, part.want, passed, part.met, passed is not None, None if part.at == ALWAYS else part.at)


def _elapsed(span: Span, start: datetime, end: datetime, calendar: BusinessCalendar) -> Span:
    """The completed time between the two, in the unit of the span; months and years in days."""
    if span.unit is Unit.BUSINESS_DAYS:
        return Span(calendar.between(tokyo_date(start), tokyo_date(end)), span.unit, span.clock)
    hours = max(int((end - start).total_seconds()) // _HOUR, 0)
    if span.unit is Unit.HOURS:
        return Span(hours, span.unit, span.clock)
    return Span(hours // _HOURS_A_DAY, Unit.DAYS, span.clock)


def written(value: Wanted | Actual) -> str:
    """A value as text; empty for none."""
    if isinstance(value, frozenset):
        return " ".join(sorted(map(written, value)))
    if isinstance(value, Level):
        return value.word
    return "" if value is None else str(value)
