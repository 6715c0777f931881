"""Status, counts and order of all deals together, and what a mailbox that cannot be read does to them."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.registry import load_adapters
from otosata.deals.calendar import BusinessCalendar
from otosata.deals.event import Deal, Event, Ledger, Mark, MarkKind
from otosata.deals.reading import Reading, Rules, read
from otosata.deals.vocabulary import Actor
from otosata.overview import (
    AccountHealth,
    AdapterHealth,
    Overview,
    Status,
    account_health,
    pressure,
    status_of,
    survey,
)

NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)
LANCERS = next(adapter.platform for adapter in load_adapters() if adapter.id == "lancers")


def deal(number: int, silent_days: int, *marks: Mark) -> Reading:
    """A Lancers client who was asked right after his last message: critical from 7 days, ok below 3."""
    at = NOW - timedelta(days=silent_days)
    events = (
        Event(at - timedelta(hours=2), "contract", Actor.CLIENT),
        Event(at - timedelta(hours=1), "message", Actor.CLIENT),
        Event(at, "message", Actor.ME),
    )
    return read(Ledger(Deal(f"lancers-{number}", "lancers"), events, marks), Rules(LANCERS, BusinessCalendar()), NOW)


def mailbox(name: str, *, age: timedelta | None, error: str | None = None) -> AccountHealth:
    last = NOW - age if age is not None else None
    return account_health(name, "imap", last=last, error=error, hint=None, now=NOW, stale=timedelta(hours=2))


def surveyed(
    readings: list[Reading],
    accounts: list[AccountHealth],
    feeds: dict[str, frozenset[str]] | None = None,
    adapters: tuple[AdapterHealth, ...] = (),
) -> Overview:
    return survey(readings, feeds or {}, accounts, adapters, (), triage=0, now=NOW)


FRESH = mailbox("main", age=timedelta(minutes=5))
SNOOZED = Mark(NOW, MarkKind.SNOOZE, until=NOW + timedelta(days=1))
ACKNOWLEDGED = Mark(NOW, MarkKind.ACK)
CLOSED = Mark(NOW, MarkKind.CLOSE)


@pytest.mark.parametrize(
    ("age", "error", "state"),
    [
        (timedelta(hours=2), None, "ok"),
        (timedelta(hours=2, seconds=1), None, "stale"),
        (None, None, "never"),
        (timedelta(0), "wrong password", "failed"),
    ],
)
def test_a_mailbox_is_believed_while_its_last_complete_poll_is_fresh(
    age: timedelta | None, error: str | None, state: str
) -> None:
    assert mailbox("main", age=age, error=error).state == state


@pytest.mark.parametrize(
    ("days", "status"), [((1,), Status.OK), ((1, 3), Status.OK), ((1, 5), Status.WARNING), ((5, 9), Status.CRITICAL)]
)
def test_the_loudest_deal_makes_the_status(days: tuple[int, ...], status: Status) -> None:
    assert surveyed([deal(place, silent) for place, silent in enumerate(days)], [FRESH]).status is status


@pytest.mark.parametrize("mark", [SNOOZED, ACKNOWLEDGED, CLOSED])
def test_snoozed_acknowledged_and_closed_deals_do_not_count(mark: Mark) -> None:
    overview = surveyed([deal(1, 9, mark), deal(2, 1)], [FRESH])
    assert (overview.status, overview.summary.deals, overview.summary.levels["critical"]) == (Status.OK, 1, 0)


def test_deals_of_a_mailbox_that_cannot_be_read_are_unknown_and_keep_what_they_were() -> None:
    blind = mailbox("old", age=timedelta(days=1))
    overview = surveyed([deal(1, 5)], [FRESH, blind], {"lancers-1": frozenset({"old"})})
    (shown,) = overview.readings
    assert (overview.status, shown.level_word, shown.level.word) == (Status.UNKNOWN, "unknown", "warn")


def test_a_critical_deal_on_a_healthy_mailbox_is_critical_whatever_else_is_blind() -> None:
    blind = mailbox("old", age=None)
    feeds = {"lancers-1": frozenset({"main"}), "lancers-2": frozenset({"old"})}
    assert surveyed([deal(1, 9), deal(2, 9)], [FRESH, blind], feeds).status is Status.CRITICAL


def test_a_deal_fed_by_two_mailboxes_needs_both() -> None:
    blind = mailbox("old", age=None)
    (shown,) = surveyed([deal(1, 9)], [FRESH, blind], {"lancers-1": frozenset({"main", "old"})}).readings
    assert shown.unknown


def test_a_stale_adapter_is_no_ok() -> None:
    adapter = AdapterHealth("lancers", 3, 9, NOW, stale=True)
    assert surveyed([deal(1, 1)], [FRESH], adapters=(adapter,)).status is Status.UNKNOWN


@pytest.mark.parametrize("wish", [Status.OK, Status.WARNING, Status.CRITICAL, Status.UNKNOWN])
def test_the_user_chooses_what_a_blind_mailbox_means(wish: Status) -> None:
    overview = surveyed([deal(1, 1)], [mailbox("old", age=None)])
    assert status_of(overview.summary, blind=overview.is_blind, on_blind=wish) is wish


def test_the_age_of_the_mail_is_that_of_the_oldest_poll() -> None:
    old = mailbox("old", age=timedelta(hours=1))
    assert surveyed([], [FRESH, old]).mail_age == timedelta(hours=1)
    assert surveyed([], [FRESH, mailbox("new", age=None)]).mail_age is None


def test_within_a_level_a_hard_date_that_comes_near_presses_as_silence_does() -> None:
    at = NOW - timedelta(days=9)
    story = [
        Event(at, "contract", Actor.CLIENT),
        Event(at + timedelta(hours=1), "message", Actor.CLIENT),
        Event(at + timedelta(hours=2), "message", Actor.ME),
    ]

    def filed(number: int, hours_ago: int) -> Reading:
        events = (*story, Event(NOW - timedelta(hours=hours_ago), "file_reminder", Actor.ME))
        ledger = Ledger(Deal(f"lancers-{number}", "lancers"), events)
        return read(ledger, Rules(LANCERS, BusinessCalendar()), NOW)

    soon, later, quiet = filed(1, 160), filed(2, 2), deal(3, 1)
    assert {reading.level.word for reading in (soon, later, quiet)} == {"ok"}
    assert pressure(soon) > pressure(quiet) > pressure(later)
    ordered = surveyed([later, quiet, soon], [FRESH]).readings
    assert [reading.deal.id for reading in ordered] == ["lancers-1", "lancers-3", "lancers-2"]


def test_the_most_urgent_deal_comes_first_and_quiet_ones_last() -> None:
    readings = [deal(1, 1), deal(2, 9, SNOOZED), deal(3, 5), deal(4, 9), deal(5, 12), deal(6, 9, CLOSED)]
    assert [reading.deal.id[-1] for reading in surveyed(readings, [FRESH]).readings] == ["5", "4", "3", "1", "2", "6"]


def test_a_poll_by_a_clock_that_ran_ahead_is_no_sign_of_health() -> None:
    tomorrow = NOW + timedelta(days=1)
    ahead = account_health("main", "imap", last=tomorrow, error=None, hint=None, now=NOW, stale=timedelta(hours=2))
    overview = surveyed([deal(1, 1)], [ahead])
    assert (ahead.state, overview.status, overview.mail_age) == ("stale", Status.UNKNOWN, None)


def test_a_look_back_at_an_earlier_time_does_not_doubt_what_was_read_since() -> None:
    real = NOW + timedelta(days=1)
    stale = timedelta(hours=2)
    read_since = account_health("main", "imap", last=real, error=None, hint=None, now=NOW, stale=stale, present=real)
    assert (read_since.state, surveyed([], [read_since]).mail_age) == ("ok", timedelta(0))


def test_a_deal_whose_mailbox_was_taken_out_says_so() -> None:
    feeds = {"lancers-1": frozenset({"gone"}), "lancers-2": frozenset({"gone", "main"})}
    overview = surveyed([deal(1, 1), deal(2, 1), deal(3, 1)], [FRESH], feeds)
    assert [(problem.code, problem.message.partition(":")[0]) for problem in overview.problems] == [
        ("no_mailbox", "lancers-1")
    ]
    assert overview.status is Status.OK
