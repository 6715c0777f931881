"""Where a deal stands: folds the ledger's events into stage and turn, by the platform's transitions."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from otosata.deals.event import Event
from otosata.deals.platform import BEFORE, NO_STAGE, Platform, Stage, Transition
from otosata.deals.vocabulary import KINDS, MY_WORDS, Actor, Turn

_OTHER_SIDE_AFTER_MINE = frozenset({"plan_change_request", "end_request", "cancel_request", "dispute"})


@dataclass(frozen=True, slots=True)
class Place:
    """A stage as it waits under a detour: words spoken meanwhile count there as well."""

    stage: str | None
    turn: Turn
    act_due: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Stage and turn, and what brought them about."""

    stage: str | None = None
    turn: Turn = Turn.NONE
    act_due: bool = False
    """An act of mine is due here: a mere message of mine leaves the turn with me. Never for a request of my own."""
    under: tuple[Place, ...] = ()
    """Stages to return to when a detour (reminder, cancel request, plan change) ends; the innermost is last."""
    stage_cause: Event | None = None
    turn_cause: Event | None = None

    @property
    def came_from(self) -> str | None:
        """The stage under the present detour."""
        return self.under[-1].stage if self.under else None


def stand(
    platform: Platform, events: Iterable[Event], deal_limit_ahead: Callable[[Event], bool] = lambda _: False
) -> Standing:
    """Fold events that are in order. `deal_limit_ahead`: the deal's own limit is known and not reached then."""
    standing = Standing()
    for standing in standings(platform, events, deal_limit_ahead):  # noqa: B007 - the last one is what is asked for
        pass
    return standing


def standings(
    platform: Platform, events: Iterable[Event], deal_limit_ahead: Callable[[Event], bool] = lambda _: False
) -> Iterator[Standing]:
    """Where the deal stood after each of the events."""
    standing = Standing()
    for event in events:
        standing = _step(platform, standing, event, deal_limit_ahead)
        yield standing


def _step(platform: Platform, standing: Standing, event: Event, ahead: Callable[[Event], bool]) -> Standing:
    was = replace(standing, under=_after_words(platform, standing.under, event)) if standing.under else standing
    now = _moved(platform, was, _destination(platform, was, event, ahead), event)
    forced = _forced_turn(platform.stages.get(now.stage or ""), now.turn, event, act_due=now.act_due)
    turn = now.turn if forced is None else forced
    cause = now.turn_cause if turn is was.turn else event
    return Standing(now.stage, turn, now.act_due, now.under, now.stage_cause, cause)  # `replace` is six times as slow


def _destination(platform: Platform, was: Standing, event: Event, ahead: Callable[[Event], bool]) -> str | None:
    for transition in platform.transitions.get((event.kind, event.actor.value), ()):
        if _applies(transition, was.stage) and not (transition.unless_before_deal_limit and ahead(event)):
            return transition.to
    return BEFORE if _ends_by_words(platform.stages.get(was.stage or ""), event) else None


def _ends_by_words(stage: Stage | None, event: Event) -> bool:
    if stage is None:
        return False
    client_wrote = event.actor is Actor.CLIENT and event.kind == "message"
    i_wrote = event.actor is Actor.ME and event.kind in MY_WORDS
    return (client_wrote and stage.ends_with_client_word) or (i_wrote and stage.ends_with_my_word)


def _applies(transition: Transition, stage: str | None) -> bool:
    return not transition.stages or (stage or NO_STAGE) in transition.stages


def _after_words(platform: Platform, under: tuple[Place, ...], event: Event) -> tuple[Place, ...]:
    """What the waiting stages become: a message answers there too, and a word or an answer may end one of them."""
    transitions = platform.transitions.get((event.kind, event.actor.value), ())
    kept = []
    for place in under:
        stage = platform.stages.get(place.stage or "")
        to = next((one.to for one in transitions if one.stages and _applies(one, place.stage)), None)
        if to == BEFORE or _ends_by_words(stage, event):
            continue
        if event.kind != "message":
            kept.append(place)
            continue
        new = place if to is None else _entered(platform.stages[to], event)
        forced = _forced_turn(platform.stages.get(new.stage or ""), new.turn, event, act_due=new.act_due)
        kept.append(new if forced is None else replace(new, turn=forced))
    return tuple(kept)


def _entered(target: Stage, event: Event) -> Place:
    return Place(target.id, target.turn, target.act_due and event.actor is not Actor.ME)


def _moved(platform: Platform, was: Standing, to: str | None, event: Event) -> Standing:
    if to is None:
        return was
    if to == BEFORE:
        if not was.under:
            return was
        place = was.under[-1]
        under = was.under[:-1]
    else:
        target = platform.stages[to]
        place, under = _entered(target, event), _under(was, target)
    return Standing(place.stage, place.turn, place.act_due, under, event, was.turn_cause)


def _under(was: Standing, target: Stage) -> tuple[Place, ...]:
    if not target.detour:
        return ()
    under = tuple(place for place in was.under if place.stage not in target.joins)
    if was.stage == target.id or was.stage in target.joins:
        return under
    return (*under, Place(was.stage, was.turn, was.act_due))


def _forced_turn(stage: Stage | None, turn: Turn, event: Event, *, act_due: bool) -> Turn | None:
    """Whom the event itself gives the turn, whatever the stage says; None where it leaves that to the stage."""
    if event.actor is Actor.CLIENT:
        gives_me = KINDS[event.kind].asks or event.kind == "plan_change_settled"
        return Turn.ME if gives_me else None
    if event.actor is Actor.PLATFORM:
        return Turn.ME if event.kind == "reminder_received" and not (stage and stage.over) else None
    if event.kind in MY_WORDS:
        if stage is not None and stage.over:
            return stage.turn  # the client's word after the end gave me the turn, mine leaves nobody with it
        return None if event.kind == "message" and turn is Turn.ME and act_due else Turn.CLIENT
    return Turn.CLIENT if event.kind in _OTHER_SIDE_AFTER_MINE and not (stage and stage.over) else None
