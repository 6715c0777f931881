"""The dates ahead of a deal come from its reading alone, each once and in the order of time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given

from otosata.deals.agenda import Dated, DateKind, agenda, dates_of
from otosata.deals.calendar import TOKYO
from otosata.deals.event import Deal, Event, Ledger, Mark, MarkKind
from otosata.deals.limits import begin_of
from otosata.deals.reading import Reading, Rules, read
from otosata.deals.vocabulary import Actor
from tests.deals.test_properties import CALENDAR, PLATFORMS, histories, moments, platforms, reading

NOW = datetime(2026, 11, 20, 9, tzinfo=TOKYO)


def entry(story: str, place: int) -> Event:
    """`client contract 2026-11-01 date 2026-11-30`"""
    who, what, day, *rest = story.split()
    named = date.fromisoformat(rest[1]) if rest else None
    at = datetime.fromisoformat(day).replace(tzinfo=TOKYO) if "T" not in day else datetime.fromisoformat(day)
    return Event(at.astimezone(UTC), what, Actor(who), named, key=f"hand:{place}")


def told(platform: str, *stories: str, marks: tuple[Mark, ...] = (), number: int = 1) -> Reading:
    events = tuple(entry(story, place) for place, story in enumerate(stories))
    ledger = Ledger(Deal(f"{platform}-{number}", platform, "佐藤"), events, marks)
    return read(ledger, Rules(PLATFORMS[platform], CALENDAR), NOW)


def kinds(found: Reading) -> list[str]:
    return [f"{dated.kind} {dated.day(TOKYO):%y-%m-%d}" for dated in agenda([found])]


WORKING = ("client contract 2026-11-01", "client fund 2026-11-02 date 2026-11-30", "client message 2026-11-17")
WAITING = (*WORKING, "me message 2026-11-18")
TOLD = {
    "a 納期, the next level, the end of the deal": (
        "lancers",
        WAITING,
        ["level 26-11-21", "due 26-11-30", "deal_limit 27-11-01"],
    ),
    "no 納期 once the work is delivered": (
        "lancers",
        (*WORKING, "me deliver 2026-11-19"),
        ["level 26-11-24", "deal_limit 27-11-01"],
    ),
    "a date that I named": (
        "lancers",
        (*WORKING, "me set_date 2026-11-18 date 2026-11-25"),
        ["own_date 26-11-25", "due 26-11-30", "deal_limit 27-11-01"],
    ),
    "until the client is heard of": (
        "lancers",
        (*WORKING, "me set_date 2026-11-18 date 2026-11-25", "client message 2026-11-19"),
        ["due 26-11-30", "deal_limit 27-11-01"],
    ),
    "a limit that has passed stays": ("crowdworks", ("client end_request 2026-11-10",), ["limit 26-11-17"]),
    "a stage's limit": (
        "coconala",
        ("client purchase 2026-11-19T20:00+09:00",),
        ["level 26-11-20", "limit 26-11-21", "deal_limit 27-03-19"],
    ),
    "nothing once it is over": ("lancers", (*WORKING, "me deliver 2026-11-18", "client accept 2026-11-19"), []),
}


@pytest.mark.parametrize(("platform", "stories", "expected"), TOLD.values(), ids=TOLD)
def test_a_deal_has_its_dates(platform: str, stories: tuple[str, ...], expected: list[str]) -> None:
    assert kinds(told(platform, *stories)) == expected


def test_a_snooze_is_a_date_and_meanwhile_no_level_is_announced() -> None:
    until = NOW + timedelta(days=4)
    snoozed = told("lancers", *WAITING, marks=(Mark(NOW, MarkKind.SNOOZE, until=until.astimezone(UTC)),))
    assert kinds(snoozed) == ["snooze 26-11-24", "due 26-11-30", "deal_limit 27-11-01"]


def test_a_date_says_what_happens_and_whether_it_has_passed() -> None:
    (limit,) = agenda([told("crowdworks", "client end_request 2026-11-10")])
    assert limit.is_hard
    assert limit.has_passed
    assert limit.outcome is not None
    level = agenda([told("lancers", *WAITING)])[0]
    assert level.level is not None
    assert not level.is_hard
    assert not level.has_passed


def test_an_instant_falls_on_the_date_of_the_zone_and_a_bare_date_on_itself() -> None:
    early = datetime(2026, 11, 20, 20, tzinfo=UTC)
    found = told("lancers", *WORKING)
    assert Dated(early, DateKind.LIMIT, found).day(TOKYO) == date(2026, 11, 21)
    assert Dated(early, DateKind.LIMIT, found).day(UTC) == date(2026, 11, 20)
    assert Dated(date(2026, 11, 21), DateKind.LIMIT, found).day(UTC) == date(2026, 11, 21)


def id_of(dated: Dated) -> str:
    return f"{dated.kind} {dated.at}"


@given(platforms, histories, moments)
def test_of_any_history_each_date_is_told_once_and_in_order(platform: str, history: list[Event], now: datetime) -> None:
    found = reading(platform, history, now)
    dates = agenda([found])
    assert [begin_of(dated.at) for dated in dates] == sorted(begin_of(dated.at) for dated in dates)
    assert len({dated.kind for dated in dates}) == len(dates)
    assert sorted(map(id_of, dates)) == sorted(map(id_of, dates_of(found)))
    limits = {found.limit, found.deal_limit} - {None}
    assert found.is_over or limits <= {dated.at for dated in dates}
