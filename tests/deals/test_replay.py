"""History with other thresholds: the replay says what readings at every instant would have said."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otosata.deals.comparison import Comparison, DealPair
from otosata.deals.duration import parse_span
from otosata.deals.event import Deal, Event, Ledger, Mark, MarkKind
from otosata.deals.platform import Platform
from otosata.deals.reading import Rules, read
from otosata.deals.replay import History, Sequel, replay, tell
from otosata.deals.vocabulary import Actor, Level
from tests.deals.test_properties import CALENDAR, PLATFORMS, START, histories, moments, platforms

ME, CLIENT = Actor.ME, Actor.CLIENT
DAY = timedelta(days=1)
MONDAY = datetime(2026, 6, 1, 3, tzinfo=UTC)
"""Noon in Japan."""
END = MONDAY + 60 * DAY


def ledger(*events: tuple[float, str, Actor], marks: tuple[Mark, ...] = (), platform: str = "lancers") -> Ledger:
    """A deal from (days after Monday, event, actor)."""
    happened = (
        Event(MONDAY + days * DAY, kind, actor, key=f"hand:{n}") for n, (days, kind, actor) in enumerate(events)
    )
    return Ledger(Deal("d-1", platform, "山田"), tuple(happened), marks)


def working(platform: str = "lancers", **levels: str) -> Platform:
    """The platform with other thresholds in `working`."""
    own = PLATFORMS[platform]
    elapsed = {Level.of(word): tuple(parse_span(part) for part in text.split()) for word, text in levels.items()}
    stage = own.stages["working"]
    return replace(own, stages={**own.stages, "working": replace(stage, row=replace(stage.row, elapsed=elapsed))})


def history(deal: Ledger, platform: Platform | None = None, since: datetime = START, now: datetime = END) -> History:
    """The deal's history."""
    rules = Rules(platform or PLATFORMS[deal.deal.platform], CALENDAR)
    return replay(tell(deal, rules, now), rules, since)


FUNDED = ((0, "contract", CLIENT), (0, "fund", CLIENT), (0, "message", ME))


def test_every_level_is_an_alarm_of_its_own() -> None:
    found = history(ledger(*FUNDED), working(notice="3d", warn="5d", critical="7d"))
    assert [((alarm.at - MONDAY).days, alarm.level) for alarm in found.raised] == [
        (3, Level.NOTICE),
        (5, Level.WARN),
        (7, Level.CRITICAL),
    ]
    assert found.level is Level.CRITICAL


def test_what_comes_next_tells_whether_an_alarm_was_needed() -> None:
    deal = ledger(*FUNDED, (4, "message", CLIENT), (4.5, "message", ME), (8.5, "message", ME), (14, "accept", CLIENT))
    found = history(deal, working(notice="3d", warn="5d"))
    assert [((alarm.at - MONDAY).days, alarm.sequel) for alarm in found.raised] == [
        (3, Sequel.ANSWERED),
        (7, Sequel.ACTED),
        (9, Sequel.ANSWERED),
    ]
    assert found.level is Level.OK


def test_an_alarm_while_it_is_my_turn_is_answered_by_nobody_but_me() -> None:
    deal = ledger(*FUNDED, (1, "message", CLIENT), (9, "message", CLIENT), (10, "message", ME))
    mine = [alarm for alarm in history(deal).raised if alarm.at < MONDAY + 10 * DAY]
    assert mine
    assert {alarm.sequel for alarm in mine} <= {Sequel.OTHER, Sequel.ACTED}


def test_only_alarms_since_the_given_day_count() -> None:
    found = history(ledger(*FUNDED), working(notice="3d", warn="5d"), since=MONDAY + 4 * DAY)
    assert [alarm.level for alarm in found.raised] == [Level.WARN]


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ((Mark(MONDAY + DAY, MarkKind.ACK),), []),
        ((Mark(MONDAY + DAY, MarkKind.CLOSE),), []),
        ((Mark(MONDAY + DAY, MarkKind.CLOSE), Mark(MONDAY + 4 * DAY, MarkKind.REOPEN)), [4, 5]),
        ((Mark(MONDAY + DAY, MarkKind.SNOOZE, MONDAY + 6 * DAY),), [6]),
        ((Mark(MONDAY + DAY, MarkKind.SNOOZE, MONDAY + 6 * DAY), Mark(MONDAY + 2 * DAY, MarkKind.SNOOZE)), [3, 5]),
    ],
    ids=["acknowledged", "closed", "reopened", "snoozed", "woken"],
)
def test_who_wants_to_hear_nothing_hears_nothing(marks: tuple[Mark, ...], expected: list[int]) -> None:
    found = history(ledger(*FUNDED, marks=marks), working(notice="3d", warn="5d"))
    assert [(alarm.at - MONDAY).days for alarm in found.raised] == expected


def test_a_date_that_nobody_was_warned_of_is_missed() -> None:
    bought = ledger((0, "purchase", CLIENT), platform="coconala")
    platform = PLATFORMS["coconala"]
    stage = platform.stages["purchased_no_hello"]
    late = replace(stage, row=replace(stage.row, elapsed={Level.WARN: (parse_span("60h"),)}))
    deaf = replace(stage, row=replace(stage.row, elapsed={}))
    current, proposed, silent = (
        history(bought, replace(platform, stages={**platform.stages, stage.id: own})) for own in (stage, late, deaf)
    )
    assert [date_.warned for date_ in current.dates] == [True]
    pair = DealPair(bought.deal, current, proposed)
    assert (pair.tallies.current.missed, pair.tallies.proposed.missed) == (0, 1)
    assert silent.dates == ()
    assert DealPair(bought.deal, current, silent).tallies.proposed.missed == 1


def test_a_date_in_my_favour_cannot_be_missed() -> None:
    delivered = ledger((0, "purchase", CLIENT), (0, "message", ME), (1, "deliver", ME), platform="coconala")
    assert history(delivered).dates == ()


def test_alarms_by_month_in_the_readers_zone() -> None:
    deals = (ledger(*FUNDED), ledger((35, "contract", CLIENT), (35, "fund", CLIENT), (35, "message", ME)))
    current, proposed = working(notice="3d"), working(warn="3d")
    found = Comparison(tuple(DealPair(deal.deal, history(deal, current), history(deal, proposed)) for deal in deals))
    months = found.months(UTC)
    assert list(months) == ["2026-06", "2026-07"]
    assert [pair.current.alarms[Level.NOTICE] for pair in months.values()] == [1, 1]
    assert [pair.proposed.alarms[Level.WARN] for pair in months.values()] == [1, 1]
    assert (found.total.proposed.total, found.total.differs, len(found.changed)) == (2, True, 2)


def test_thresholds_that_raise_nothing_else_make_no_difference() -> None:
    """An instant at which something might have been raised is none at which it was."""
    deal = ledger(*FUNDED, (4, "accept", CLIENT))
    current, proposed = history(deal, working(notice="3d")), history(deal, working(notice="3d", warn="9d"))
    assert Comparison((DealPair(deal.deal, current, proposed),)).changed == ()


# Any history


marks_of_users = st.builds(
    Mark, moments, st.sampled_from(list(MarkKind)), moments, st.just(""), st.integers(1, 99).map(str)
)


@settings(max_examples=150, deadline=None)
@given(platforms, histories, st.lists(marks_of_users, max_size=4), moments, st.none() | st.dates(date(2026, 4, 1)))
def test_the_replay_agrees_with_readings_at_every_turn(
    platform: str, events: list[Event], marks: list[Mark], now: datetime, due: date | None
) -> None:
    deal = Ledger(Deal("d-1", platform), tuple(events), tuple(marks))
    rules = Rules(PLATFORMS[platform], CALENDAR, due)
    found = replay(tell(deal, rules, now), rules, START)

    def loudness(at: datetime) -> Level:
        reading = read(deal, rules, at)
        return Level.OK if reading.is_quiet else reading.level

    for alarm in found.raised:
        assert loudness(alarm.at - timedelta(microseconds=1)) < loudness(alarm.at)
        assert loudness(alarm.at) is alarm.level
    said = {at for mark in marks for at in (mark.at, mark.until) if at}
    ticks = {START + timedelta(hours=12 * step) for step in range(2 * 200)} | {event.at for event in events} | said
    seen = sorted(at for at in ticks if events and min(event.at for event in events) <= at <= now)
    before, level = None, Level.OK
    for at in seen:
        louder = loudness(at)
        if louder > level:
            assert any(
                alarm.level is louder and (before is None or before < alarm.at) and alarm.at <= at
                for alarm in found.raised
            )
        before, level = at, louder
    if seen:
        assert found.level is loudness(now)
