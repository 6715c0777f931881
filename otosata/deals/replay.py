"""A deal's history with these or other thresholds: the alarms there would have been, the dates that would have passed.

Computed by turning points, not by days: between two events a level can change only at an instant that `view` names, so
the result is exact whatever its span.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import zip_longest

from otosata.deals.clocks import Clocks, Moment, anchor, read_clocks
from otosata.deals.event import Event, Ledger, MarkKind
from otosata.deals.levels import FOREVER
from otosata.deals.limits import passed_at
from otosata.deals.platform import DealLimit
from otosata.deals.reading import Rules
from otosata.deals.standing import Standing, standings
from otosata.deals.view import View, deal_limit_ahead, level, run_out, runs_out_at, turning_points, view_of
from otosata.deals.vocabulary import Actor, Level, Role, Turn

Times = tuple[datetime, datetime]
"""From and to; the end is no longer part of it."""


class Sequel(StrEnum):
    """What came next after an alarm."""

    ANSWERED = "answered"
    """The client was heard of by himself: the alarm could have been spared."""
    ACTED = "acted"
    """I did something."""
    OTHER = "other"
    """The platform did something, or nothing has happened yet."""


@dataclass(frozen=True, slots=True)
class Raised:
    """An alarm: the instant from which a deal is louder than before."""

    deal: str
    at: datetime
    level: Level
    sequel: Sequel


@dataclass(frozen=True, slots=True)
class PassedDate:
    """A hard date of the platform that went by while nothing happened."""

    deal: str
    limit: Moment
    kind: str
    """`stage` or `deal`."""
    warned: bool
    """Whether a level had been raised before it passed."""


@dataclass(frozen=True, slots=True)
class Course:
    """What the thresholds come to in one step: every instant at which the level may change, and the dates that pass."""

    levels: tuple[tuple[datetime, Level], ...]
    dates: tuple[PassedDate, ...]


@dataclass(frozen=True, slots=True)
class History:
    """What a deal's thresholds come to between two instants, and at the second of them."""

    raised: tuple[Raised, ...]
    dates: tuple[PassedDate, ...]
    level: Level
    """At the end; `ok` where the deal is over or quiet."""
    courses: tuple[Course, ...] = field(default=(), compare=False)
    """Step by step. No part of what it comes to: other instants at which nothing is raised make no difference."""


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch of a deal's life in which nothing happens."""

    begin: datetime
    end: datetime
    events: Sequence[Event]
    """All up to its beginning."""
    standing: Standing
    clocks: Clocks
    sequel: Event | None
    """The event that ends it; None at the end of the story."""


@dataclass(frozen=True, slots=True)
class Story:
    """What a ledger says apart from thresholds: told once, replayed with as many as one likes."""

    ledger: Ledger
    steps: tuple[Step, ...]
    deal_limit: DealLimit | None
    """The limit it was told with: where a deal stands may depend on it."""

    def fits(self, rules: Rules) -> bool:
        """Whether it holds under those rules too: same stages and transitions, same limit of the deal as a whole."""
        limit = rules.platform.deal_limit
        return (self.deal_limit.limit if self.deal_limit else None) == (limit.limit if limit else None)


def tell(ledger: Ledger, rules: Rules, now: datetime) -> Story:
    """The steps of a deal up to `now` (aware)."""
    platform, calendar = rules.platform, rules.calendar
    known = ledger.until(now)
    events = tuple(event for event in known.events if event.role is not Role.NOISE)
    places = standings(platform, events, lambda event: deal_limit_ahead(platform, events, event, calendar))
    steps = []
    anchors: dict[str, Moment] = {}
    for count, standing in enumerate(places, start=1):
        event, following = events[count - 1], events[count] if count < len(events) else None
        anchor(anchors, event)
        if following is not None and following.at == event.at:
            continue  # both happened at once: nobody saw the deal in between
        so_far, end = events[:count], following.at if following else now
        clocks = read_clocks(so_far, standing, rules.due, anchors)
        steps.append(Step(event.at, end, so_far, standing, clocks, following))
    return Story(known, tuple(steps), platform.deal_limit)


def replay(story: Story, rules: Rules, since: datetime, known: tuple[Rules, History] | None = None) -> History:
    """Alarms and dates from `since` to the end of the story, and the level there. `rules` must fit the story.

    `known`: the history by other rules; what these judge alike is taken from there.
    """
    quiet = _quiet_times(story)
    courses = []
    for place, step in enumerate(story.steps):
        alike = known is not None and _judge_alike(step, rules, known[0])
        courses.append(
            known[1].courses[place] if known and alike else _course(step, rules, quiet, story.ledger.deal.id)
        )
    raised: list[Raised] = []
    dates: list[PassedDate] = []
    before = Level.OK
    for step, course in zip(story.steps, courses, strict=True):
        for at, now in course.levels:
            if now > before and at >= since:
                raised.append(Raised(story.ledger.deal.id, at, now, _sequel(step)))
            before = now
        if step.end > since:
            dates += [date for date in course.dates if passed_at(date.limit) > since]
    return History(tuple(raised), tuple(dates), before, tuple(courses))


def _judge_alike(step: Step, one: Rules, other: Rules) -> bool:
    """Whether both rules say the same of a deal that stands there: most thresholds are those of one stage."""
    if one.calendar != other.calendar or one.due != other.due:
        return False
    ours, theirs, stage = one.platform, other.platform, step.standing.stage or ""
    here = ours.stages.get(stage)
    if here is not None and here.after_limit and ours.stages != theirs.stages:
        return False  # it runs out and becomes another
    return here == theirs.stages.get(stage) and (ours.asked, ours.deal_limit) == (theirs.asked, theirs.deal_limit)


def _course(step: Step, rules: Rules, quiet: Sequence[Times], deal: str) -> Course:
    levels: list[tuple[datetime, Level]] = []
    dates: list[PassedDate] = []
    for begin, end, view in _stretches(step, rules):
        for at in _points(view, begin, end, quiet, is_last=step.sequel is None):
            is_quiet = bool(quiet) and any(start <= at < stop for start, stop in quiet)
            levels.append((at, Level.OK if is_quiet else level(view, at)))
        dates += _passed(deal, view, begin, end)
    return Course(tuple(levels), tuple(dates))


def _stretches(step: Step, rules: Rules) -> Iterator[tuple[datetime, datetime, View]]:
    """The step as one stretch, or two where its stage runs out and another begins by itself."""
    platform, calendar = rules.platform, rules.calendar
    view = view_of(platform, calendar, step.events, step.standing, step.clocks, step.end)
    runs_out = runs_out_at(view)
    if runs_out is None or runs_out > step.end or (runs_out == step.end and step.sequel is not None):
        yield step.begin, step.end, view
        return
    middle = max(runs_out, step.begin)
    if middle > step.begin:
        yield step.begin, middle, view
    yield middle, step.end, run_out(view, platform, calendar, step.events, rules.due)


def _points(view: View, begin: datetime, end: datetime, quiet: Sequence[Times], *, is_last: bool) -> Iterator[datetime]:
    """Every instant in the stretch at which the level can change; its first one always.

    The end belongs to the next stretch, where there is one.
    """
    points = turning_points(view)
    if quiet:
        points = sorted({*points, *(at for times in quiet for at in times)})
    yield begin
    for at in points:
        if begin < at < end or (is_last and at == end):
            yield at


def _sequel(step: Step) -> Sequel:
    if step.sequel is None:
        return Sequel.OTHER
    if step.sequel.actor is Actor.ME:
        return Sequel.ACTED
    return Sequel.ANSWERED if step.sequel.is_contact and step.standing.turn is not Turn.ME else Sequel.OTHER


def _passed(deal: str, view: View, begin: datetime, end: datetime) -> Iterator[PassedDate]:
    """The dates that went by in the stretch, of those that some level watches over.

    A date in my favour (a work that is accepted by itself) has no level, and none can be missed.
    """
    if view.stage is None or view.stage.over:
        return
    own = view.limit if view.row.elapsed or view.row.before else None
    for limit, alarms, kind in ((own, view.stage_alarms, "stage"), (view.deal_limit, view.deal_alarms, "deal")):
        if limit is not None and begin < (passes := passed_at(limit)) <= end:
            yield PassedDate(deal, limit, kind, any(alarm.at < passes for alarm in alarms))


def _quiet_times(story: Story) -> tuple[Times, ...]:
    """When the user wanted to hear nothing: snoozed, acknowledged, closed by hand. The last word of a kind counts."""
    marks = story.ledger.marks
    if not marks or not story.steps:
        return ()
    contacts = [event.at for event in story.steps[-1].events if event.is_contact]
    found = []
    for kind in (MarkKind.SNOOZE, MarkKind.ACK, MarkKind.CLOSE):
        kinds = (kind, MarkKind.REOPEN) if kind is MarkKind.CLOSE else (kind,)
        words = [mark for mark in marks if mark.kind in kinds]
        for mark, following in zip_longest(words, words[1:]):
            if mark.kind is MarkKind.REOPEN:
                continue
            heard = next((at for at in contacts if at > mark.at), FOREVER)
            until = mark.until or mark.at if kind is MarkKind.SNOOZE else heard
            found.append((mark.at, min(until, following.at if following else FOREVER)))
    return tuple(found)
