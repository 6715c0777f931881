"""Where a deal stands: folds the ledger's events into stage and turn, by the platform's transitions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from otosata.deals.event import Event
from otosata.deals.platform import BEFORE, NO_STAGE, Platform, Stage, Transition
from otosata.deals.vocabulary import KINDS, MY_WORDS, Actor, Turn

_OTHER_SIDE_AFTER_MINE = frozenset({"plan_change_request", "end_request", "cancel_request", "dispute"})


@dataclass(frozen=True, slots=True)
class Standing:
    """Stage and turn, and what brought them about."""

    stage: str | None = None
    turn: Turn = Turn.NONE
    under: tuple[tuple[str | None, Turn], ...] = ()
    """Stages to return to when a detour (reminder, cancel request, plan change) ends; the innermost is last."""
    stage_cause: Event | None = None
    turn_cause: Event | None = None

    @property
    def came_from(self) -> str | None:
        """The stage under the present detour."""
        return self.under[-1][0] if self.under else None


def stand(
    platform: Platform, events: Iterable[Event], deal_limit_ahead: Callable[[Event], bool] = lambda _: False
) -> Standing:
    """Fold events that are in order. `deal_limit_ahead`: the deal's own limit is known and not reached then."""
    standing = Standing()
    for event in events:
        standing = _step(platform, standing, event, deal_limit_ahead)
    return standing


def _step(platform: Platform, was: Standing, event: Event, ahead: Callable[[Event], bool]) -> Standing:
    to = _destination(platform, was, event, ahead)
    now = _moved(platform, was, to, event)
    forced = _forced_turn(platform.stages.get(now.stage or ""), now.turn, event)
    if forced is not None and forced is not now.turn:
        now = replace(now, turn=forced)
    if now.turn is not was.turn:
        now = replace(now, turn_cause=event)
    return now


def _destination(platform: Platform, was: Standing, event: Event, ahead: Callable[[Event], bool]) -> str | None:
    for transition in platform.transitions.get((event.kind, event.actor.value), ()):
        if _applies(transition, was.stage) and not (transition.unless_before_deal_limit and ahead(event)):
            return transition.to
    stage = platform.stages.get(was.stage or "")
    if stage is None:
        return None
    client_wrote = event.actor is Actor.CLIENT and event.kind == "message"
    i_wrote = event.actor is Actor.ME and event.kind in MY_WORDS
    ended = (client_wrote and stage.ends_with_client_word) or (i_wrote and stage.ends_with_my_word)
    return BEFORE if ended else None


def _applies(transition: Transition, stage: str | None) -> bool:
    return not transition.stages or (stage or NO_STAGE) in transition.stages


def _moved(platform: Platform, was: Standing, to: str | None, event: Event) -> Standing:
    if to is None:
        return was
    if to == BEFORE:
        if not was.under:
            return was
        stage, turn = was.under[-1]
        return replace(was, stage=stage, turn=turn, under=was.under[:-1], stage_cause=event)
    target = platform.stages[to]
    return Standing(to, target.turn, _under(was, target), event, was.turn_cause)


def _under(was: Standing, target: Stage) -> tuple[tuple[str | None, Turn], ...]:
    if not target.detour:
        return ()
    if was.stage == target.id or was.stage in target.joins:
        return was.under
    return (*was.under, (was.stage, was.turn))


def _forced_turn(stage: Stage | None, turn: Turn, event: Event) -> Turn | None:
    """Whom the event itself gives the turn, whatever the stage says; None where it leaves that to the stage."""
    if event.actor is Actor.CLIENT:
        gives_me = KINDS[event.kind].asks or event.kind == "plan_change_settled"
        return Turn.ME if gives_me else None
    if event.kind == "reminder_received":
        return Turn.ME
    if event.actor is not Actor.ME or (stage is not None and stage.over):
        return None
    if event.kind in _OTHER_SIDE_AFTER_MINE:
        return Turn.CLIENT
    if event.kind in MY_WORDS:
        act_still_due = event.kind == "message" and turn is Turn.ME and stage is not None and stage.act_due
        return None if act_still_due else Turn.CLIENT
    return None
