"""Who hears of what; and that nothing is said twice however often somebody looks."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otosata.deals.vocabulary import Level
from otosata.notify.facts import BlindFact, DealFact, ManyFacts, Sense, WholeFact
from otosata.notify.hours import QuietHours
from otosata.notify.kinds import Kind
from otosata.notify.message import Message
from otosata.notify.plan import When, plan
from otosata.notify.routing import MANY, Route, routed
from tests.notify.world import after, answered, deal, mailbox, overview, wrote

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = after(7)
CRITICAL = deal(NOW)
NOTICE = deal(after(3))


def fact(kind: Kind, before: Level = Level.OK, reading: object = CRITICAL) -> DealFact:
    return DealFact(reading, frozenset({kind}), before)  # type: ignore[arg-type]


BLIND = BlindFact(Sense.ACCOUNT, "main", NOW)
DIGEST = WholeFact(Kind.DIGEST, overview(NOW))


@pytest.mark.parametrize(
    ("route", "heard"),
    [
        (Route("all"), {"level", "turn", "limit", "reminder", "blind", "digest"}),
        (Route("calm", level=Level.CRITICAL), {"level", "turn", "limit", "reminder", "blind", "digest"}),
        (Route("levels", kinds=frozenset({Kind.LEVEL})), {"level"}),
        (Route("turns", kinds=frozenset({Kind.TURN, Kind.BLIND})), {"turn", "blind"}),
        (Route("elsewhere", platforms=frozenset({"coconala"})), {"blind", "digest"}),
        (Route("here", platforms=frozenset({"lancers"})), {"level", "turn", "limit", "reminder", "blind", "digest"}),
        (Route("none", kinds=frozenset()), set()),
    ],
    ids=lambda value: getattr(value, "channel", ""),
)
def test_a_channel_hears_what_it_asked_for(route: Route, heard: set[str]) -> None:
    deals = {kind.value: fact(kind) for kind in (Kind.LEVEL, Kind.TURN, Kind.LIMIT, Kind.REMINDER)}
    everything = deals | {"blind": BLIND, "digest": DIGEST}
    assert {name for name, one in everything.items() if routed([one], route)} == heard


def test_a_level_below_the_channels_is_not_heard_but_the_end_of_a_heard_one_is() -> None:
    calm = Route("calm", level=Level.CRITICAL)
    assert routed([fact(Kind.LEVEL, reading=NOTICE)], calm) == ()
    assert routed([fact(Kind.LEVEL, Level.WARN, NOTICE)], calm) == ()
    assert routed([fact(Kind.LEVEL, Level.CRITICAL, NOTICE)], calm) != ()
    assert routed([fact(Kind.TURN, reading=NOTICE)], calm) != ()  # my turn has no level


def test_more_deals_than_anybody_wants_to_hear_of_at_once_are_one_message() -> None:
    few = [fact(Kind.LEVEL)] * MANY
    assert routed([*few, BLIND], Route("all")) == (*few, BLIND)
    assert routed([*few, fact(Kind.LEVEL), BLIND], Route("all")) == (ManyFacts((*few, fact(Kind.LEVEL))), BLIND)


def test_critical_may_break_the_quiet_hours() -> None:
    night = NOW.astimezone(TOKYO).replace(hour=23)
    quiet = QuietHours(time(22), time(7), TOKYO)
    strict, lenient = Route("strict", quiet=quiet), Route("lenient", quiet=quiet, critical_breaks_quiet=True)
    morning = night + timedelta(hours=8)
    loud = fact(Kind.LEVEL)
    assert strict.due(loud, night) == strict.due(BLIND, night) == lenient.due(BLIND, night) == morning
    assert lenient.due(loud, night) == lenient.due(ManyFacts((loud,)), night) == night
    assert strict.due(loud, NOW) == NOW


@given(
    st.times().map(lambda clock: clock.replace(second=0, microsecond=0)),
    st.times().map(lambda clock: clock.replace(second=0, microsecond=0)),
    st.floats(0, 400),
)
def test_quiet_hours_end_within_a_day_and_once_over_are_over(start: time, end: time, days: float) -> None:
    quiet = QuietHours(start, end, TOKYO)
    out = quiet.after(after(days))
    assert after(days) <= out <= after(days) + timedelta(days=1)
    if start != end:
        assert quiet.after(out) == out


LOOKS = st.lists(
    st.tuples(
        st.floats(0, 20),
        st.sampled_from(["silent", "wrote", "answered", "snoozed", "gone"]),
        st.sampled_from([None, "no network"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


@given(LOOKS)
def test_looking_again_at_the_same_moment_says_nothing_whatever_came_before(
    looks: list[tuple[float, str, str | None, bool]],
) -> None:
    said: dict[str, str] | None = None
    for days, what, error, stale in sorted(looks, key=lambda look: look[0]):
        now = after(days)
        events = {"wrote": (wrote(days / 2),), "answered": (wrote(days / 3), answered(days / 2))}.get(what, ())
        readings = () if what == "gone" else (deal(now, *events),)
        seen = overview(now, *readings, account=mailbox(now, error), stale_adapter=stale)
        said = dict(plan(said, seen, When()).said)
        again = plan(said, seen, When())
        assert again.facts == ()
        assert again.said == said


@given(st.text(), st.lists(st.text(), max_size=3), st.booleans())
def test_a_message_comes_out_of_the_outbox_as_it_went_in(title: str, lines: list[str], repeat: bool) -> None:
    sound = title.encode(errors="replace").decode()
    kept = tuple(line.encode(errors="replace").decode() for line in lines)
    message = Message("id", "level", "warn", sound, kept, "2026-06-01T12:00:00+09:00", repeat=repeat)
    assert Message.from_json(message.to_json()) == message
