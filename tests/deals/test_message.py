"""The reminder message: which template fits, what fills it in, and what stays open."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.registry import load_adapters
from config.calendar import business_calendar
from config.model import CalendarSettings
from otosata.deals.event import Deal, Event, Ledger
from otosata.deals.message import filled, fitting, values
from otosata.deals.reading import Rules, read
from otosata.deals.vocabulary import Actor

START = datetime(2026, 10, 1, 1, tzinfo=UTC)
PLATFORMS = {adapter.id: adapter.platform for adapter in load_adapters()}
CALENDAR = business_calendar(CalendarSettings(), START)
UNFUNDED, DELIVERED = ("client contract 0",), ("client fund 0", "client message 1", "me deliver 2")


def story(platform: str, *entries: str) -> Ledger:
    """`client message 3`: who, what, on which day."""
    words = (entry.split() for entry in entries)
    events = tuple(
        Event(START + timedelta(days=float(day)), kind, Actor(by), key=f"hand:{day}") for by, kind, day in words
    )
    return Ledger(Deal("d-1", platform, "佐藤", "ロゴ制作"), events)


def rules(platform: str, *names: str) -> Rules:
    return Rules(replace(PLATFORMS[platform], my_names=frozenset(names)), CALENDAR)


@pytest.mark.parametrize(
    ("platform", "entries", "day", "template"),
    [
        ("lancers", ("client fund 0", "client message 1", "me message 1.5"), 5.5, "A"),
        ("lancers", ("client fund 0", "client message 1", "me message 1.5"), 7, "B"),
        ("lancers", UNFUNDED, 1, "E"),
        ("lancers", DELIVERED, 6, "D"),
        ("lancers", ("client fund 0", "client message 1", "me message 2", "me message 3", "me message 4"), 9, "C1"),
        ("lancers", (*DELIVERED, "me message 3", "me message 4"), 9, "C1"),
        ("crowdworks", DELIVERED, 6, "D"),
        ("crowdworks", DELIVERED, 10, "D2"),
        ("coconala", ("client purchase 0", "client message 1", "me message 2"), 10, "C2"),
        ("coconala", ("client purchase 0", "client message 1", "me draft 2"), 10, "C3"),
    ],
)
def test_the_template_that_fits_comes_first(platform: str, entries: tuple[str, ...], day: float, template: str) -> None:
    reading = read(story(platform, *entries), rules(platform), START + timedelta(days=day))
    found = fitting(reading, rules(platform))
    assert found[0].id == template
    assert {one.id for one in found} == set(PLATFORMS[platform].templates)


def test_what_is_known_is_filled_in() -> None:
    ledger = story("lancers", "client fund 0", "client message 1", "me message 2", "me message 4")
    reading = read(ledger, rules("lancers", "鈴木"), START + timedelta(days=7))
    assert values(reading, rules("lancers", "鈴木")) == {
        "client": "佐藤",
        "title": "ロゴ制作",
        "me": "鈴木",
        "sent": START + timedelta(days=2),
        "n": 5,
        "limit": date(2026, 10, 14),  # the 8th was a Thursday, the 12th a holiday
    }


def test_after_a_delivery_its_day_is_named() -> None:
    reading = read(story("lancers", *DELIVERED, "me message 5"), rules("lancers"), START + timedelta(days=7))
    assert values(reading, rules("lancers"))["sent"] == START + timedelta(days=2)


@pytest.mark.parametrize("names", [(), ("鈴木", "suzuki")])
def test_nothing_is_guessed(names: tuple[str, ...]) -> None:
    reading = read(story("lancers", *UNFUNDED), rules("lancers", *names), START + timedelta(days=7))
    assert values(reading, rules("lancers", *names)).keys() == {"client", "title", "limit"}


def test_a_placeholder_without_a_value_stays_visible() -> None:
    text = filled(PLATFORMS["lancers"].templates["A"], "ja", {"client": "佐藤", "title": "{ask}"})
    assert text.startswith("佐藤 様\n\nお世話になっております。{me}です。\n{sent}にお送りした「{ask}」の件")
    assert "{ask}について" in text
