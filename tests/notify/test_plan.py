"""What is said when: changes, hard dates, my turn, blindness and its end, reminders; and when nothing is."""

from dataclasses import replace
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from otosata.deals.event import Event, Mark, MarkKind
from otosata.deals.vocabulary import Actor
from otosata.notify.facts import BlindFact, WholeFact
from otosata.notify.hours import Digest, QuietHours
from otosata.notify.kinds import Kind
from otosata.notify.plan import When
from otosata.overview import NO_ADAPTER, AccountState, Problem
from tests.notify.world import Speaker, after, answered, deal, mailbox, overview, told, wrote

TOKYO = ZoneInfo("Asia/Tokyo")
HOUR = 1 / 24


def test_a_change_of_level_is_said_once() -> None:
    speaker = Speaker()
    assert speaker.at(1) == ""
    assert speaker.at(5) == "level ok>warn"
    assert speaker.at(5 + HOUR) == ""
    assert speaker.at(7) == "level warn>critical"


def test_a_level_that_is_over_is_said_too_with_my_turn_in_one_message() -> None:
    speaker = Speaker()
    speaker.at(5)
    assert speaker.at(5.5, wrote(5.5)) == "level,turn warn>ok"
    assert speaker.at(5.6, wrote(5.5), answered(5.6)) == ""


def test_while_it_stays_bad_there_are_so_many_reminders() -> None:
    speaker = Speaker(When(remind_every=timedelta(hours=12), reminders=2))
    speaker.at(5)
    assert [speaker.at(days) for days in (5.4, 5.5, 5.6, 6, 6.5)] == [
        "",
        "reminder 1 warn>warn",
        "",
        "reminder 2 warn>warn",
        "",
    ]
    assert speaker.at(7) == "level warn>critical"
    assert speaker.at(7.5) == "reminder 1 critical>critical"  # a new level counts anew


def test_notice_reminds_nobody() -> None:
    speaker = Speaker(When(remind_every=timedelta(hours=1)))
    assert speaker.at(3) == "level ok>notice"
    assert speaker.at(4) == ""


def test_a_snoozed_or_acknowledged_deal_is_not_spoken_of_until_that_ends() -> None:
    snooze = Mark(after(4), MarkKind.SNOOZE, until=after(6))
    speaker = Speaker()
    assert speaker.at(5, marks=[snooze]) == ""
    assert speaker.at(6, marks=[snooze]) == "level ok>warn"
    acknowledged = Mark(after(6.1), MarkKind.ACK)
    assert speaker.at(7, marks=[acknowledged]) == ""
    assert speaker.at(8, wrote(7.5), marks=[acknowledged]) == "turn ok>ok"


def test_a_deal_closed_by_hand_is_forgotten() -> None:
    speaker = Speaker()
    speaker.at(5)
    assert speaker.at(5.1, marks=[Mark(after(5.1), MarkKind.CLOSE)]) == ""
    assert speaker.said == {}


def test_a_deal_that_is_over_by_itself_is_said_once_if_it_was_bad_and_else_not() -> None:
    closed = Event(after(5.1), "close", Actor.PLATFORM)
    speaker = Speaker()
    speaker.at(5)
    assert speaker.at(5.2, closed) == "level warn>ok"
    assert speaker.at(5.3, closed) == ""
    assert speaker.said == {}
    calm = Speaker()
    calm.at(1)
    assert calm.at(5.2, closed) == ""


def test_a_deal_that_no_adapter_knows_makes_us_blind() -> None:
    problem = Problem(NO_ADAPTER, "elsewhere-1: no adapter for the platform 'elsewhere' is installed")
    seen = replace(overview(after(0)), problems=(problem,))
    assert [fact.subject for fact in Speaker().look(seen)] == ["platform:elsewhere-1"]


def test_a_new_deal_is_said_with_what_it_brings() -> None:
    speaker = Speaker()
    now = after(0)
    fresh = deal(now, number=2)
    assert [told(fact) for fact in speaker.look(overview(now, fresh))] == []
    asked = deal(after(0.1), wrote(0.1), number=3)
    assert [told(fact) for fact in speaker.look(overview(after(0.1), fresh, asked))] == ["turn ok>ok"]


def test_the_first_look_says_one_thing_however_many_deals_there_are() -> None:
    speaker = Speaker(When(digest=Digest(time(8), TOKYO)), began=False)
    now = after(7)
    facts = speaker.look(overview(now, *(deal(now, number=number) for number in range(1, 30))))
    assert [told(fact) for fact in facts] == ["start"]
    assert speaker.look(overview(now, *(deal(now, number=number) for number in range(1, 30)))) == ()


def test_a_failing_mailbox_is_said_when_it_lasts_and_when_it_is_over() -> None:
    speaker = Speaker(When(blind_after=timedelta(minutes=30), remind_every=timedelta(hours=2), reminders=1))

    def look(minutes: float, error: str | None) -> list[tuple[str, bool, int]]:
        now = after(minutes / 1440)
        facts = speaker.look(overview(now, account=mailbox(now, error)))
        return [(fact.error, fact.over, fact.number) for fact in facts if isinstance(fact, BlindFact)]

    assert [look(minutes, "no network") for minutes in (0, 15)] == [[], []]
    assert look(20, None) == []  # a hiccup is not worth a word, and its end neither
    assert look(25, "no network") == []
    assert look(55, "no network") == [("no network", False, 0)]
    assert look(60, "no network") == []
    assert look(175, "no network") == [("no network", False, 1)]
    assert look(600, "no network") == []
    assert look(601, None) == [("", True, 0)]
    assert look(602, None) == []


def test_a_stale_mailbox_has_lasted_long_enough() -> None:
    now = after(0)
    facts = Speaker().look(overview(now, account=mailbox(now, state=AccountState.STALE)))
    assert [fact.subject for fact in facts] == ["account:main"]


def test_an_adapter_that_no_longer_understands_is_said_and_its_end() -> None:
    speaker = Speaker()
    assert [fact.subject for fact in speaker.look(overview(after(0), stale_adapter=True))] == ["adapter:lancers"]
    assert speaker.look(overview(after(0.1), stale_adapter=True)) == ()
    (over,) = speaker.look(overview(after(0.2)))
    assert isinstance(over, BlindFact)
    assert over.over


def test_while_we_are_blind_no_level_is_said_for_the_client_may_have_written() -> None:
    speaker = Speaker()
    speaker.at(1)
    blind = after(5)
    facts = speaker.look(overview(blind, deal(blind), account=mailbox(blind, state=AccountState.STALE)))
    assert [fact.subject for fact in facts] == ["account:main"]
    assert speaker.at(5.1) == "level ok>warn + account:main"


def test_a_hard_date_coming_near_is_said_once() -> None:
    limit = after(10)
    speaker = Speaker(When(limit_before=timedelta(days=1), reminders=0))

    def look(days: float) -> str:
        now = after(days)
        shown = replace(deal(now), limit=limit)
        return " ".join(told(fact) for fact in speaker.look(overview(now, shown)))

    assert look(7) == "level ok>critical"
    assert look(9) == "limit critical>critical"
    assert look(9.5) == ""
    assert look(10.5) == ""


def test_the_digest_comes_once_a_day_as_soon_as_somebody_looks() -> None:
    speaker = Speaker(When(digest=Digest(time(8), TOKYO)))
    noon = 0.0  # in Tokyo

    def looks(days: float) -> list[str]:
        facts = speaker.look(overview(after(days)))
        return [fact.kind for fact in facts if isinstance(fact, WholeFact)]

    assert looks(noon) == []  # the day it was switched on
    assert looks(noon + 19 * HOUR) == []
    assert looks(noon + 20 * HOUR) == [Kind.DIGEST]
    assert looks(noon + 21 * HOUR) == []
    assert looks(noon + 3.1) == [Kind.DIGEST]  # after two days off: one, not three
    assert looks(noon + 2.9) == []  # a clock put back


@pytest.mark.parametrize(
    ("start", "end", "at", "expected"),
    [
        ("22:00", "07:00", "21:59", "21:59"),
        ("22:00", "07:00", "22:00", "07:00+1"),
        ("22:00", "07:00", "06:59", "07:00"),
        ("22:00", "07:00", "07:00", "07:00"),
        ("12:00", "13:00", "12:30", "13:00"),
        ("12:00", "13:00", "13:30", "13:30"),
    ],
)
def test_quiet_hours_hold_back_until_they_end(start: str, end: str, at: str, expected: str) -> None:
    day = after(0).astimezone(TOKYO).replace(hour=0)
    clock = {text: time.fromisoformat(text) for text in (start, end, at)}
    clock_out, _, later = expected.partition("+")
    out = time.fromisoformat(clock_out)
    quiet = QuietHours(clock[start], clock[end], TOKYO)
    found = quiet.after(day.replace(hour=clock[at].hour, minute=clock[at].minute))
    assert found == day.replace(hour=out.hour, minute=out.minute) + timedelta(days=int(later or 0))
