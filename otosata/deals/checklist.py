"""How far a deal is from a platform's step: what it asks for, item by item, met, not met or unknown."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from otosata.deals.conditions import Check, Scene, checks
from otosata.deals.platform import AdviceRule, Condition, Platform, Source, Text

_OPPOSITES = {
    "unanswered_below": "unanswered_at_least",
    "unanswered_at_least": "unanswered_below",
    "waiting_below": "waiting_at_least",
    "waiting_at_least": "waiting_below",
}
"""A condition that holds exactly where the other one does not."""
_OWN_WORDS = frozenset({"finished", "drafted", "delivered", "own_date_passed", "days_to_contract_at_least"})
"""Conditions on what I did: no mail that could not be read changes them."""
_SINGLE = ("turn", "finished", "drafted", "delivered", "own_date_passed")
"""Conditions that two advices can only share if they want the same."""


class State(StrEnum):
    """How one item stands."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a step asks for."""

    state: State
    source: Source
    checks: tuple[Check, ...] = ()
    """The condition behind it; several where only all of them together stand in the way; none where no mail tells."""
    says: Text | None = None
    """In words, where the conditions alone do not say it."""
    blocked: bool = False
    """Whether it keeps the advice from being given: unknown items alone do not."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step that the platform offers in this stage, with its checklist."""

    rule: AdviceRule
    name: Text
    items: tuple[Item, ...]

    @property
    def is_advised(self) -> bool:
        """Whether the step is among the advice now: exactly where nothing is in the way."""
        return not any(item.blocked for item in self.items)


def steps(platform: Platform, scene: Scene, *, blind: bool = False) -> tuple[Step, ...]:
    """The steps of the stage, or of the one under its detour; those that are advised first.

    `blind`: the mail that feeds the deal could not be read, so the client may have written.
    """
    here = _stages(scene)
    found = [
        _step(rule, rule.step, platform.advice[:place], scene, blind=blind)
        for place, rule in enumerate(platform.advice)
        if rule.step is not None and scene.view.is_open and any(when.stages & here for when in rule.when)
    ]
    return tuple(sorted(found, key=lambda step: not step.is_advised))


def _step(rule: AdviceRule, name: Text, earlier: tuple[AdviceRule, ...], scene: Scene, *, blind: bool) -> Step:
    own = _nearest(rule, scene)
    items = [_item((check,), rule.source, wanted=True) for check in own]
    for first in earlier:
        if first.group and first.group == rule.group and not first.fallback:
            items += _obstacles(first, own, scene)
    items += [Item(State.UNKNOWN, rule.source, says=text) for text in rule.unseen]
    return Step(rule, name, tuple(_blinded(item) if blind else item for item in items))


def _stages(scene: Scene) -> frozenset[str | None]:
    """Where the deal stands, and where it stood before the detour that it is on."""
    standing = scene.view.standing
    return frozenset((standing.stage, *(place.stage for place in standing.under)))


def _nearest(rule: AdviceRule, scene: Scene) -> tuple[Check, ...]:
    """The alternative that holds, else the one with the fewest open conditions."""
    alternatives = (checks(when, scene) for when in rule.when)
    return min(alternatives, key=lambda found: sum(not check.met for check in found), default=())


def _obstacles(first: AdviceRule, own: tuple[Check, ...], scene: Scene) -> Iterator[Item]:
    """What must not be, because an advice that goes first in the group would be given instead."""
    is_elsewhere = any(check.name == "stages" and not check.met for check in own)
    for when in first.when:
        if _contradicts(when, own) or (is_elsewhere and when.stages and not when.stages & _stages(scene)):
            continue
        found = [check for check in checks(when, scene) if not _is_implied(check, own)]
        if is_elsewhere:  # how the rest stands is judged as if the detour were over
            found = [check for check in found if check.name != "stages"]
        says = first.asks or Text(first.id, first.id)
        yield _item(tuple(found), first.source, says, wanted=False)


def _is_implied(check: Check, own: tuple[Check, ...]) -> bool:
    """Whether it holds wherever the step's own conditions do."""
    return any(check.name == other.name and _covers(check.want, other.want) for other in own)


def _covers(wide: object, narrow: object) -> bool:
    return wide == narrow or (isinstance(wide, frozenset) and isinstance(narrow, frozenset) and narrow <= wide)


def _contradicts(when: Condition, own: tuple[Check, ...]) -> bool:
    """Whether both can never hold at once."""
    wanted = {check.name: check.want for check in own}
    stages = wanted.get("stages")
    if isinstance(stages, frozenset) and when.stages and not when.stages & stages:
        return True
    return any(name in wanted and getattr(when, name) not in (None, wanted[name]) for name in _SINGLE)


def _item(found: tuple[Check, ...], source: Source, says: Text | None = None, *, wanted: bool) -> Item:
    """`wanted`: all of it must hold; else: not all of it may."""
    if not wanted and len(found) == 1 and found[0].name in _OPPOSITES:
        found, wanted, says = (_opposite(found[0]),), True, None
    holds = all(check.met for check in found)
    blocked = holds is not wanted
    decided = any(check.known and not check.met for check in found) or all(check.known for check in found)
    state = (State.UNMET if blocked else State.MET) if decided else State.UNKNOWN
    return Item(state, source, found, says, blocked)


def _opposite(check: Check) -> Check:
    return replace(check, name=_OPPOSITES[check.name], met=not check.met)


def _blinded(item: Item) -> Item:
    """Unknown, where the client's word could have changed it meanwhile."""
    is_mine = bool(item.checks) and all(check.name in _OWN_WORDS for check in item.checks)
    return item if is_mine else replace(item, state=State.UNKNOWN)
