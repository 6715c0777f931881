"""What a sync writes comes back as it went in, and nothing comes twice."""

import dataclasses
import datetime as dt
import sqlite3
from collections import Counter
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from otosata.deals.event import Event, Ledger
from otosata.deals.notice import Notice
from otosata.deals.vocabulary import Actor, Evidence
from otosata.mail.model import Forwarded, RawMail, Trust, Verdict
from otosata.mail.source import Cursor
from otosata.store.store import Store
from otosata.store.values import AccountState, AdapterCounts, MailRow, MailState
from tests.store.build import NOON, at, by_hand, mail, message, notice, sync, waiting_mail


def test_a_mail_opens_a_deal_and_its_notice_names_it(store: Store) -> None:
    said = notice(
        "offer", client="田中商店", title="サイト制作", url="https://lancers.example/1", refs=(("job", "12"),)
    )
    stored, deal = sync(store, mail(5, said=said))
    assert deal == "lancers-1"
    found = store.ledger("lancers-1")
    assert found
    assert (found.deal.client, found.deal.title, found.deal.url) == (
        "田中商店",
        "サイト制作",
        "https://lancers.example/1",
    )
    assert found.deal.refs == (("job", "12"),)
    assert found.events == (dataclasses.replace(message(), key=f"mail:{stored}"),)
    assert store.ledgers() == (found,)


def test_a_mail_comes_back_as_it_was_stored(store: Store) -> None:
    rich = MailRow(
        "main",
        "受信トレイ",
        7,
        9,
        "digest",
        MailState.TRIAGE,
        "ambiguous",
        ("lancers-1", "lancers-2"),
        "<1@example>",
        "no-reply@lancers.example",
        "件名",
        "本文\n二行目",
        ("https://lancers.example/1", "https://lancers.example/2"),
        at(0.1) + dt.timedelta(microseconds=1),
        Verdict.UNVERIFIED,
        "no Authentication-Results",
        True,
        True,
        Forwarded("a@lancers.example", "Fwd", "quoted block"),
        "lancers",
        Notice(
            "lancers",
            None,
            "unrecognised",
            Actor.PLATFORM,
            Evidence.INFERRED,
            "田",
            "題",
            (("work", "3"),),
            "https://x",
            dt.date(2026, 9, 3),
            "forwarded by hand",
        ),
    )
    stored = waiting_mail(store, rich)
    assert store.mail(stored) == dataclasses.replace(rich, id=stored)
    assert store.mails(state=MailState.TRIAGE) == (dataclasses.replace(rich, id=stored),)


@pytest.mark.parametrize(
    "event",
    [
        Event(at(0), "set_date", Actor.ME, dt.date(2026, 9, 30)),
        Event(at(0), "quote", Actor.ME, dt.datetime(2026, 9, 30, 1, 2, 3, 4, tzinfo=dt.UTC)),
        Event(at(0), "submit_task", Actor.ME, application_deadline=dt.date(2026, 9, 30)),
        Event(at(0), "deliver", Actor.ME, finished=True, note="v2 ✓"),
        Event(dt.datetime(2026, 9, 2, 12, 0, 0, 1, tzinfo=dt.timezone(dt.timedelta(hours=9))), "message", Actor.ME),
        Event(at(0), "message", Actor.CLIENT, evidence=Evidence.INFERRED, linked_by_guess=True),
    ],
    ids=lambda event: event.kind,
)
def test_an_event_comes_back_as_it_was_stored(store: Store, event: Event) -> None:
    _, deal = sync(store, mail(1), hours=-1)
    with store.acting("log", deal, NOON) as act:
        act.add_event(event)
    found = store.ledger(deal)
    assert found
    assert found.events[1] == dataclasses.replace(event, key="hand:1")


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="no time zone"), store.writing() as writer:
        writer.open_deal("lancers", account="main", at=dt.datetime(2026, 9, 2))  # noqa: DTZ001 - the point
    assert store.ledgers() == ()


def test_the_bodies_of_login_code_mails_are_never_kept(store: Store) -> None:
    code = dataclasses.replace(
        mail(1, state=MailState.NOISE, said=notice("account")), text="コード 123456", links=("https://x/?c=1",)
    )
    found = store.mail(waiting_mail(store, code))
    assert found
    assert (found.text, found.links) == (None, ())


def test_of_foreign_mail_only_place_and_digest_are_kept(store: Store) -> None:
    stored = waiting_mail(store, mail(1, state=MailState.FOREIGN))
    assert store.mail(stored) == MailRow("main", "INBOX", 7, 1, "digest-0001", MailState.FOREIGN, id=stored)
    assert store.known_uids("main") == {("INBOX", 7): {1}}
    assert store.seen_digest("digest-0001") is None


def test_a_body_is_capped(store: Store) -> None:
    found = store.mail(waiting_mail(store, dataclasses.replace(mail(1), text="あ" * 100_000)))
    assert found
    assert found.text == "あ" * 32_768


def test_a_mail_another_process_has_stored_is_not_stored_twice(store: Store) -> None:
    sync(store, mail(5))
    with store.writing() as writer:
        assert writer.add_mail(mail(5)) is None
    assert len(store.mails()) == 1


def test_one_mail_makes_one_event_only(store: Store) -> None:
    stored, deal = sync(store, mail(5))
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"), store.writing() as writer:
        writer.add_event(deal, message(), stored)
    assert len(store.ledgers()[0].events) == 1


def test_the_same_mail_in_another_place_is_known_by_its_digest(store: Store) -> None:
    stored, deal = sync(store, mail(5, digest="same"))
    seen = store.seen_digest("same")
    assert seen
    assert (seen.id, seen.deal, seen.state) == (stored, deal, MailState.EVENT)
    waiting_mail(store, dataclasses.replace(mail(1, state=MailState.DUPLICATE, digest="same"), folder="Archive"))
    assert store.seen_digest("same") == seen


def test_quarantine_keeps_what_went_wrong(store: Store) -> None:
    raw = RawMail(b"...", NOON, "INBOX", 3, 7)
    with store.writing() as writer:
        stored = writer.quarantine("main", raw, "digest", "the header is longer than 256 KiB")
        writer.set_cursor("main", Cursor("INBOX", 7, 4))
    assert stored is not None
    found = store.mail(stored)
    assert found
    assert (found.state, found.why, found.uid) == (MailState.QUARANTINE, "the header is longer than 256 KiB", 3)


def test_a_mail_in_triage_waits_until_it_is_settled(store: Store) -> None:
    stored = waiting_mail(store, mail(1, state=MailState.TRIAGE, why="pending"))
    with store.writing() as writer:
        assert writer.waits(stored)
        writer.settle(stored, "ambiguous", ("lancers-1", "lancers-2"))
    found = store.mail(stored)
    assert found
    assert (found.state, found.why, found.candidates) == (MailState.TRIAGE, "ambiguous", ("lancers-1", "lancers-2"))
    with store.writing() as writer:
        writer.add_event(writer.open_deal("lancers", account="main", at=NOON), message(), stored)
        assert not writer.waits(stored)
    found = store.mail(stored)
    assert found
    assert (found.state, found.why) == (MailState.EVENT, "")


def test_a_mail_the_user_ignored_waits_no_more(store: Store) -> None:
    stored = waiting_mail(store, mail(1, state=MailState.TRIAGE))
    with store.acting("triage ignore", None, NOON) as act:
        act.ignore(stored)
    with store.writing() as writer:
        assert not writer.waits(stored)


def test_an_error_inside_a_batch_leaves_nothing_of_it(store: Store) -> None:
    def fail_after_writing() -> None:
        with store.writing() as writer:
            writer.add_mail(mail(5))
            writer.open_deal("lancers", account="main", at=NOON)
            writer.set_cursor("main", Cursor("INBOX", 7, 6))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_writing()
    assert (store.mails(), store.ledgers(), store.cursors("main")) == ((), (), ())


def test_a_writer_is_useless_after_its_block(store: Store) -> None:
    with store.writing() as writer:
        pass
    with pytest.raises(RuntimeError, match="transaction"):
        writer.set_meta("key", "value")
    assert store.meta("key") is None


def test_a_cursor_replaces_that_of_its_folder_alone(store: Store) -> None:
    first, other, moved = Cursor("INBOX", 7, 6), Cursor("受信トレイ", 1, 2, at(-5), True), Cursor("INBOX", 8, 1, at(-9))
    with store.writing() as writer:
        for cursor in (first, other, moved):
            writer.set_cursor("main", cursor)
    assert store.cursors("main") == (moved, other)
    assert store.cursors("elsewhere") == ()


def test_the_state_of_an_account_comes_back_as_it_was_stored(store: Store) -> None:
    state = AccountState(
        "main",
        at(1),
        at(0),
        "wrong password",
        "log in again",
        True,
        "fp",
        Trust(frozenset({"mx.example"}), True),
        40,
        at(0),
        "require",
    )
    assert store.account_state("main") == AccountState("main")
    with store.writing() as writer:
        writer.set_account_state(AccountState("main"))
        writer.set_account_state(state)
    assert store.account_states() == (state,) == (store.account_state("main"),)


def test_meta_keeps_the_last_value(store: Store) -> None:
    with store.writing() as writer:
        writer.set_meta("key", "1")
        writer.set_meta("key", "2")
    assert store.meta("key") == "2"


def test_adapters_are_counted_by_what_they_recognised(store: Store) -> None:
    kinds = {1: "message", 2: "unrecognised", 3: "newsletter", 4: "unrecognised", 5: "unrecognised", 6: "ignored"}
    for uid, kind in kinds.items():
        waiting_mail(store, mail(uid, state=MailState.TRIAGE, said=notice(kind), hours=uid))
    spoofed = dataclasses.replace(
        mail(9, state=MailState.TRIAGE, said=notice("unrecognised"), hours=9), verdict=Verdict.FAILED
    )
    waiting_mail(store, spoofed)
    assert store.adapter_counts() == (AdapterCounts("lancers", 2, 3, at(3), at(5), 2),)
    with store.acting("triage ignore", None, NOON) as act:
        act.ignore(5)
    assert store.adapter_counts() == (AdapterCounts("lancers", 2, 2, at(3), at(4), 1),)


def test_an_adapter_that_never_recognised_anything_has_missed_everything(store: Store) -> None:
    waiting_mail(store, mail(1, state=MailState.TRIAGE, said=notice("unrecognised"), hours=1))
    assert store.adapter_counts() == (AdapterCounts("lancers", 0, 1, None, at(1), 1),)


def test_a_deal_is_fed_by_the_accounts_its_mail_came_from(store: Store) -> None:
    _, deal = sync(store, mail(1))
    sync(store, dataclasses.replace(mail(2), account="second"), deal=deal)
    with store.acting("deals add", None, NOON) as act:
        act.open_deal(store.ledgers()[0].deal)
    assert store.accounts_of_deals() == {deal: {"main", "second"}}


def test_a_deal_is_fed_by_the_accounts_that_got_copies_of_its_mail_too(store: Store) -> None:
    _, deal = sync(store, mail(1, digest="same"))
    copy = dataclasses.replace(mail(1, digest="same", state=MailState.DUPLICATE), account="renamed")
    with store.writing() as writer:
        writer.add_mail(copy)
    assert store.accounts_of_deals() == {deal: {"main", "renamed"}}


def test_the_origin_of_an_event_is_its_mail_or_the_act_by_hand(store: Store) -> None:
    stored, deal = sync(store, mail(1))
    with store.acting("log", deal, NOON, {"event": "message"}) as act:
        act.add_event(by_hand(1))
    from_mail, from_hand = (store.event_origin(event.key) for event in store.ledgers()[0].events)
    assert from_mail
    assert from_hand
    assert (from_mail.mail, from_mail.act) == (store.mail(stored), None)
    assert from_hand.act
    assert (from_hand.mail, from_hand.act.what, from_hand.act.description) == (None, "log", {"event": "message"})


@pytest.mark.parametrize("key", ["", "mail:", "mail:99", "hand:99", "mail:x", "hand:-1", "else:1", "mail:١"])
def test_a_key_that_was_never_given_has_no_origin(store: Store, key: str) -> None:
    assert store.event_origin(key) is None


def test_mails_of_a_deal_are_its_events(store: Store) -> None:
    later, deal = sync(store, mail(1, hours=5), hours=5)
    earlier, _ = sync(store, mail(2, hours=1), deal=deal, hours=1)
    sync(store, mail(3))
    assert [found.id for found in store.mails(deal=deal)] == [earlier, later]


@pytest.mark.parametrize("newest_first", [False, True])
def test_the_earliest_notice_names_the_deal_and_the_digest_decides_between_two(
    store: Store, newest_first: bool
) -> None:
    with store.writing() as writer:
        deal = writer.open_deal("lancers", account="main", at=NOON)
    arrivals = [
        (mail(1, digest="c", said=notice(title="題"), hours=1), 1),
        (mail(2, digest="b", said=notice(client="first"), hours=2), 2),
        (mail(3, digest="d", said=notice(client="second"), hours=2), 2),
        (mail(4, digest="a", said=notice(client="late", title="late", url="https://late.example"), hours=3), 3),
    ]
    for row, hours in reversed(arrivals) if newest_first else arrivals:
        sync(store, row, deal=deal, hours=hours)
    found = store.ledger(deal)
    assert found
    assert (found.deal.client, found.deal.title, found.deal.url) == ("first", "題", "https://late.example")


Arrival = tuple[int, int, str, str, str | None]
_NAMES = st.sampled_from(["", "田中", "佐藤", "Tanaka"])
_ARRIVALS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 1), _NAMES, _NAMES, st.sampled_from([None, "https://a", "https://b"])),
    min_size=1,
    max_size=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # every example rolls its writes back
@given(_ARRIVALS, st.data())
def test_order_of_arrival_does_not_matter(store: Store, arrivals: list[Arrival], data: st.DataObject) -> None:
    """Two deals; mails of few different times, so that names often meet at the same instant and the digest decides."""
    numbered = list(enumerate(arrivals, start=1))
    assert _after(store, numbered) == _after(store, data.draw(st.permutations(numbered)))


class RollBackError(Exception):
    """Ends an example."""


def _after(store: Store, arrivals: list[tuple[int, Arrival]]) -> list[object]:
    found: list[object] = []
    with suppress(RollBackError), store.writing() as writer:
        deals = [writer.open_deal("lancers", account="main", at=NOON) for _ in range(2)]
        for uid, (hours, deal, client, title, url) in arrivals:
            said = notice(client=client, title=title, url=url, refs=(("job", str(uid % 3)),))
            stored = writer.add_mail(mail(uid, said=said, hours=hours))
            assert stored
            writer.add_event(deals[deal], message(hours), stored)
        found = [_without_keys(ledger) for ledger in store.ledgers()]
        raise RollBackError
    assert len(found) == 2
    return found


def _without_keys(ledger: Ledger) -> tuple[object, object]:
    return ledger.deal, Counter(dataclasses.replace(event, key="") for event in ledger.events)
