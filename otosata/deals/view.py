"""A deal at one instant: its standing, clocks, row of levels, limits and alarms, before anything is judged or said."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from otosata.deals.calendar import BusinessCalendar
from otosata.deals.clocks import Clocks, Moment, read_clocks
from otosata.deals.duration import Span, Unit
from otosata.deals.event import Event, Ledger
from otosata.deals.levels import FOREVER, Alarm, alarms_of, highest, raised
from otosata.deals.limits import limit_of, passed_at, remaining_at
from otosata.deals.platform import Platform, Row, Stage
from otosata.deals.standing import Standing, stand
from otosata.deals.vocabulary import Level, Role, Turn

DUE_IS_NEAR = Span(3, Unit.DAYS)


@dataclass(frozen=True, slots=True)
class View:
    """What can be said of a deal from its events alone; `now` only decides whether a stage has run out."""

    standing: Standing
    stage: Stage | None
    clocks: Clocks
    row: Row
    limit: Moment | None
    """What is shown: the row's limit, else the stage's."""
    counted_limit: Moment | None
    """What `*_before` counts back from: the stage's limit, else the row's."""
    deal_limit: Moment | None
    stage_alarms: tuple[Alarm, ...]
    deal_alarms: tuple[Alarm, ...]
    due_is_near_at: datetime | None
    """From here the client's turn counts one level higher."""
    unfunded: bool
    """Nothing is in escrow, here or in the stage under a detour."""

    @property
    def is_open(self) -> bool:
        """Whether the deal still goes on."""
        return self.stage is None or not self.stage.over


def look(
    ledger: Ledger, platform: Platform, calendar: BusinessCalendar, now: datetime, due: Moment | None = None
) -> View:
    """The deal as its events up to `now` show it. `due`: the agreed 納期 from the configuration."""
    events = tuple(event for event in ledger.until(now).events if event.role is not Role.NOISE)
    standing = stand(platform, events, lambda event: deal_limit_ahead(platform, events, event, calendar))
    view = view_of(platform, calendar, events, standing, read_clocks(events, standing, due))
    runs_out = runs_out_at(view)
    return view if runs_out is None or runs_out > now else run_out(view, platform, calendar, events, due)


def run_out(
    view: View, platform: Platform, calendar: BusinessCalendar, events: Sequence[Event], due: Moment | None
) -> View:
    """The deal in the stage that follows by itself when the limit of its own has passed."""
    if view.stage is None or view.stage.after_limit is None:
        return view
    over = platform.stages[view.stage.after_limit]
    standing = replace(view.standing, stage=over.id, turn=over.turn, act_due=False)
    return view_of(platform, calendar, events, standing, read_clocks(events, standing, due))


def deal_limit_ahead(platform: Platform, events: Sequence[Event], event: Event, calendar: BusinessCalendar) -> bool:
    """Whether the deal's own limit, as the events before that one set it, was known and not reached then."""
    if platform.deal_limit is None:
        return False
    earlier = [other for other in events if other.order < event.order]
    anchors = read_clocks(earlier, Standing()).anchors
    limit = limit_of(platform.deal_limit.limit, anchors, calendar, earlier)
    return limit is not None and event.at < passed_at(limit)


def view_of(
    platform: Platform,
    calendar: BusinessCalendar,
    events: Sequence[Event],
    standing: Standing,
    clocks: Clocks,
    until: datetime = FOREVER,
) -> View:
    """What the events come to where the deal stands, by the platform's levels and limits.

    `until`: alarms after it may be left out.
    """
    stage = platform.stages.get(standing.stage or "")
    row = _row(platform, stage, standing.turn, asked=clocks.asked)
    own = limit_of(stage.limit, clocks.anchors, calendar, events) if stage else None
    further = limit_of(row.limit, clocks.anchors, calendar, events)
    counted = own if stage and stage.limit else further
    over = platform.deal_limit
    is_open = stage is None or not stage.over
    deal_limit = limit_of(over.limit, clocks.anchors, calendar, events) if over and is_open else None
    due_at = clocks.anchors.get("due")
    return View(
        standing=standing,
        stage=stage,
        clocks=clocks,
        row=row,
        limit=own if further is None else further,
        counted_limit=counted,
        deal_limit=deal_limit,
        stage_alarms=alarms_of(row, clocks, counted, calendar, until=until),
        deal_alarms=alarms_of(over.row, clocks, deal_limit, calendar, over.id, until) if over and deal_limit else (),
        due_is_near_at=remaining_at(due_at, DUE_IS_NEAR) if due_at and standing.turn is Turn.CLIENT else None,
        unfunded=any(
            platform.stages[name].unfunded
            for name in (standing.stage, *(place.stage for place in standing.under))
            if name
        ),
    )


def _row(platform: Platform, stage: Stage | None, turn: Turn, *, asked: bool) -> Row:
    """The levels that count: the stage's own while it is that side's turn, else a further row, else none."""
    if stage is None or stage.over:
        return Row()
    if turn is stage.counts:
        return stage.row
    if turn is Turn.ME and asked:
        row = stage.rows.get("asked") or platform.asked
        if row is not None:
            return row
    return stage.rows.get(turn.value, Row())


def stage_level(view: View, at: datetime) -> Level:
    """The stage's own level then, with the 納期 taken into account."""
    alarm = highest(view.stage_alarms, at)
    level = alarm.level if alarm else Level.OK
    return raised(level) if view.due_is_near_at and at >= view.due_is_near_at else level


def level(view: View, at: datetime) -> Level:
    """The level then: the higher of the stage's and the deal limit's."""
    over = highest(view.deal_alarms, at)
    return max(stage_level(view, at), over.level if over else Level.OK)


def turning_points(view: View) -> list[datetime]:
    """Every instant at which the level may change while nothing happens."""
    points = {alarm.at for alarm in (*view.stage_alarms, *view.deal_alarms)}
    if view.due_is_near_at:
        points.add(view.due_is_near_at)
    runs_out = runs_out_at(view)
    if runs_out is not None:
        points.add(runs_out)
    return sorted(points)


def runs_out_at(view: View) -> datetime | None:
    """When the stage ends by itself and another begins; None where it does not. Until then the view stays as it is."""
    return passed_at(view.limit) if view.stage and view.stage.after_limit and view.limit is not None else None
