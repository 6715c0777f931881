"""What must hold for any history of a deal, however odd."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.registry import load_adapters
from config.calendar import business_calendar
from config.model import CalendarSettings
from otosata.deals.event import Deal, Event, Ledger
from otosata.deals.reading import Reading, Rules, level_then, read
from otosata.deals.vocabulary import KINDS, Role

START = datetime(2026, 4, 1, tzinfo=UTC)
PLATFORMS = {adapter.id: adapter.platform for adapter in load_adapters()}
CALENDAR = business_calendar(CalendarSettings(), START)

hours = st.integers(0, 24 * 200)
moments = hours.map(lambda count: START + timedelta(hours=count))


@st.composite
def events(draw: st.DrawFn) -> Event:
    """Any event of the vocabulary at any hour of half a year."""
    kind = KINDS[draw(st.sampled_from(sorted(KINDS)))]
    return Event(
        at=draw(moments),
        kind=kind.name,
        actor=draw(st.sampled_from(kind.actors)),
        date=draw(st.none() | st.dates(date(2026, 4, 1), date(2026, 12, 31))),
        application_deadline=draw(st.none() | st.dates(date(2026, 4, 1), date(2026, 12, 31))),
        finished=draw(st.booleans()),
        key=f"hand:{draw(st.integers(1, 10_000))}",
    )


histories = st.lists(events(), max_size=14, unique_by=lambda event: event.order)
platforms = st.sampled_from(sorted(PLATFORMS))


def reading(platform: str, history: list[Event], now: datetime) -> Reading:
    """The reading of a history."""
    return read(Ledger(Deal("d-1", platform), tuple(history)), Rules(PLATFORMS[platform], CALENDAR), now)


@given(platforms, histories, st.randoms(use_true_random=False), moments)
def test_order_of_arrival_never_changes_a_reading(platform: str, history: list[Event], random, now: datetime) -> None:
    shuffled = history.copy()
    random.shuffle(shuffled)
    assert reading(platform, shuffled, now) == reading(platform, history, now)


@given(platforms, histories, events(), st.integers(1, 24 * 60))
def test_a_mail_from_before_never_rewinds_a_clock(
    platform: str, history: list[Event], late: Event, hours_before: int
) -> None:
    now = START + timedelta(days=200)
    before = reading(platform, history, now)
    if before.last_contact is None:
        return
    backfilled = replace(late, at=before.last_contact.at - timedelta(hours=hours_before), key="hand:0")
    after = reading(platform, [*history, backfilled], now)
    assert after.last_contact == before.last_contact
    if before.silence_seconds is not None:
        assert after.silence_seconds is not None
        assert after.silence_seconds <= before.silence_seconds


@given(platforms, histories, moments)
def test_nothing_is_known_from_the_future(platform: str, history: list[Event], now: datetime) -> None:
    shown = reading(platform, history, now)
    assert shown.last_contact is None or shown.last_contact.at <= now
    assert shown.waiting_since is None or shown.waiting_since <= now
    assert shown == reading(platform, [event for event in history if event.at <= now], now)


@given(platforms, histories, moments)
@settings(max_examples=300)
def test_the_next_level_is_the_level_computed_then(platform: str, history: list[Event], now: datetime) -> None:
    shown = reading(platform, history, now)
    ledger = Ledger(Deal("d-1", platform), tuple(event for event in history if event.at <= now))
    rules = Rules(PLATFORMS[platform], CALENDAR)
    if shown.next_level_at is None:
        later = [now + timedelta(hours=6 * step) for step in range(1, 400)]
        assert all(level_then(ledger, rules, now, at) <= shown.level for at in later)
        return
    assert shown.next_level_at > now
    assert read(ledger, rules, shown.next_level_at).level is shown.next_level
    assert read(ledger, rules, shown.next_level_at - timedelta(microseconds=1)).level <= shown.level


@given(platforms, histories, moments)
def test_noise_changes_nothing(platform: str, history: list[Event], now: datetime) -> None:
    quiet = [event for event in history if KINDS[event.kind].role is not Role.NOISE]
    assert reading(platform, quiet, now) == reading(platform, history, now)


@given(platforms, histories, moments, st.integers(0, 23))
def test_a_silent_deal_never_grows_quieter_by_waiting_within_a_stage(
    platform: str, history: list[Event], now: datetime, step: int
) -> None:
    past = [event for event in history if event.at <= now]
    first, second = reading(platform, past, now), reading(platform, past, now + timedelta(hours=step))
    assert second.level >= first.level or second.stage != first.stage
