"""Why a deal reads as it does: what set each clock, which threshold made the level, what each advice rests on."""

from collections.abc import Callable
from dataclasses import dataclass

from otosata.deals.checklist import Step, steps
from otosata.deals.conditions import Check, Scene, checks
from otosata.deals.event import Event
from otosata.deals.levels import Alarm
from otosata.deals.platform import AdviceRule, Source
from otosata.deals.reading import Reading, Rules
from otosata.store.values import Origin


@dataclass(frozen=True, slots=True)
class Cause:
    """What set one clock, the stage or the turn."""

    of: str
    """`last_contact`, `silence`, `waiting`, `stage`, `turn`."""
    event: Event
    origin: Origin | None
    """The mail or the act by hand behind the event; None if the store no longer knows."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What an advice rests on."""

    rule: AdviceRule
    checks: tuple[Check, ...]
    """The conditions of the alternative that holds."""


@dataclass(frozen=True, slots=True)
class Why:
    """The whole explanation of a reading."""

    reading: Reading
    causes: tuple[Cause, ...]
    alarm: Alarm | None
    """The threshold that made the level."""
    stage_source: Source | None
    grounds: tuple[Ground, ...]
    steps: tuple[Step, ...]
    """The platform's steps of this stage, each with its checklist; none for a deal that is over."""
    rules: Rules
    """What it was read by."""


def explain(reading: Reading, origin: Callable[[str], Origin | None], rules: Rules) -> Why:
    """Explain a reading. `origin`: what the store knows of an event's key; `rules`: what it was read by."""
    view = reading.view
    scene = Scene(view, reading.own_level, rules.calendar, reading.now)
    set_by = {
        "last_contact": view.clocks.last_contact,
        "silence": view.clocks.last_message,
        "waiting": view.clocks.waiting_cause,
        "stage": view.standing.stage_cause,
        "turn": view.standing.turn_cause,
    }
    return Why(
        reading=reading,
        causes=tuple(Cause(name, event, origin(event.key)) for name, event in set_by.items() if event is not None),
        alarm=reading.alarm,
        stage_source=view.stage.source if view.stage else None,
        grounds=tuple(_ground(advice.rule, scene) for advice in reading.advice),
        steps=() if reading.is_over else steps(rules.platform, scene, blind=reading.unknown),
        rules=rules,
    )


def _ground(rule: AdviceRule, scene: Scene) -> Ground:
    alternatives = (checks(when, scene) for when in rule.when)
    return Ground(rule, next((parts for parts in alternatives if all(part.met for part in parts)), ()))
