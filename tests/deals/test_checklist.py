"""The checklist of a platform's step says how each condition stands, and never contradicts the advice."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from adapters.registry import load_adapters
from config.calendar import business_calendar
from config.model import CalendarSettings
from otosata.deals.checklist import Item, State, Step, steps
from otosata.deals.conditions import Scene
from otosata.deals.event import Deal, Event, Ledger
from otosata.deals.reading import Reading, Rules, read
from otosata.deals.vocabulary import Actor
from tests.deals.test_properties import CALENDAR, PLATFORMS, histories, moments, platforms, reading

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("checklists.toml").read_text("utf-8"))["case"]


def shown(found: Reading, platform: str, *, blind: bool = False) -> dict[str, Step]:
    scene = Scene(found.view, found.own_level, CALENDAR, found.now)
    return {step.rule.id: step for step in steps(PLATFORMS[platform], scene, blind=blind)}


def name_of(item: Item, step: Step) -> str:
    if not item.checks:
        return "unseen"
    return item.checks[0].name if item.says is None else _first(item, step)


def _first(item: Item, step: Step) -> str:
    platform = next(found for found in PLATFORMS.values() if step.rule in found.advice)
    return next(rule.id for rule in platform.advice if rule.asks == item.says)


def story(case: dict[str, Any]) -> Ledger:
    events = (
        Event(raw["at"], raw["event"], Actor(raw["actor"]), finished=raw.get("finished", False), key=f"hand:{place}")
        for place, raw in enumerate(case["events"])
    )
    return Ledger(Deal("d-1", case["platform"]), tuple(events))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_each_condition_stands_as_stated(case: dict[str, Any]) -> None:
    calendar = business_calendar(CalendarSettings(), case["now"])
    found = read(story(case), Rules(PLATFORMS[case["platform"]], calendar), case["now"])
    step = shown(found, case["platform"], blind=case.get("blind", False))[case["step"]]
    states = {name_of(item, step): item.state.value for item in step.items}
    assert {name: states.get(name) for name in case["items"]} == case["items"]
    assert step.is_advised is case["advised"]
    actual = {check.name: check.found for item in step.items for check in item.checks}
    assert {name: actual[name] for name in case.get("found", {})} == case.get("found", {})


def test_a_condition_that_time_will_meet_says_from_when() -> None:
    late = next(case for case in CASES if "a late answer" in case["id"])
    found = read(story(late), Rules(PLATFORMS["lancers"], CALENDAR), late["now"])
    times = {
        check.name: check.at for item in shown(found, "lancers")["LAN_FILE"].items for check in item.checks if check.at
    }
    assert times["waiting_at_least"] == datetime.fromisoformat("2026-10-14T10:00:00+09:00")
    assert times["silence_at_least"] == datetime.fromisoformat("2026-10-12T10:00:00+09:00")


@given(platforms, histories, moments)
@settings(max_examples=300)
def test_a_step_is_advised_exactly_where_nothing_stands_in_its_way(
    platform: str, history: list[Event], now: datetime
) -> None:
    found = reading(platform, history, now)
    advised = {advice.id for advice in found.advice}
    for name, step in shown(found, platform).items():
        assert step.is_advised == (name in advised)
        if step.is_advised:
            assert not any(item.state is State.UNMET for item in step.items)


@given(platforms, histories, moments)
def test_blindness_never_claims_more(platform: str, history: list[Event], now: datetime) -> None:
    found = reading(platform, history, now)
    seen, blind = shown(found, platform), shown(found, platform, blind=True)
    for name, step in blind.items():
        for item, before in zip(step.items, seen[name].items, strict=True):
            assert item.state in (before.state, State.UNKNOWN)


def test_every_platform_step_has_a_name_in_both_languages_and_belongs_to_a_stage() -> None:
    named = [rule for adapter in load_adapters() for rule in adapter.platform.advice if rule.step]
    assert {rule.id for rule in named} == {
        "LAN_FILE",
        "CW_FILE",
        "CW_OFFICE",
        "CW_END_LAST",
        "COCO_FORMAL",
        "COCO_CANCEL_OK",
    }
    for rule in named:
        assert rule.step is not None
        assert rule.step.ja
        assert rule.step.en
        assert all(when.stages for when in rule.when)
