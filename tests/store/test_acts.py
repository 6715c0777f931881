"""What is done by hand, and that each act can be taken back as a whole."""

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest

from otosata.deals.event import Deal, Ledger, Mark, MarkKind
from otosata.deals.vocabulary import Actor, Evidence
from otosata.store.errors import ActError
from otosata.store.store import Store
from otosata.store.values import MailState
from tests.store.build import NOON, at, by_hand, mail, message, notice, sync, waiting_mail

HAND_MADE = Deal("", "lancers", "田中", "サイト", "https://lancers.example/1", (("job", "12"),))


def add_deal(store: Store, deal: Deal = HAND_MADE) -> str:
    """`otosata deals add … --event apply`."""
    with store.acting("deals add", None, NOON) as act:
        made = act.open_deal(deal)
        act.add_event(by_hand(0, "apply"))
    return made


def merge(store: Store, source: str, target: str) -> None:
    with store.acting("merge", source, NOON) as act:
        act.merge(source, target)


def log(store: Store, deal: str, hours: float = 1) -> None:
    with store.acting("log", deal, NOON) as act:
        act.add_event(by_hand(hours))


def kinds(ledger: Ledger | None) -> list[str]:
    assert ledger
    return [event.kind for event in ledger.events]


def test_a_deal_by_hand_has_names_references_and_its_first_event(store: Store) -> None:
    assert store.next_deal_id("lancers") == add_deal(store) == "lancers-1"
    found = store.ledger("lancers-1")
    assert found
    assert found.deal == dataclasses.replace(HAND_MADE, id="lancers-1")
    assert found.events == (dataclasses.replace(by_hand(0, "apply"), key="hand:1"),)


def test_the_users_name_for_a_deal_stays_when_a_mail_brings_an_earlier_one(store: Store) -> None:
    deal = add_deal(store, Deal("", "lancers", "田中さん"))
    sync(store, mail(1, said=notice(client="tanaka_77", title="サイト"), hours=-9), deal=deal, hours=-9)
    found = store.ledger(deal)
    assert found
    assert (found.deal.client, found.deal.title) == ("田中さん", "サイト")


@pytest.mark.parametrize("kind", MarkKind)
def test_a_mark_comes_back_as_it_was_set(store: Store, kind: MarkKind) -> None:
    deal = add_deal(store)
    mark = Mark(at(1), kind, at(48), "旅行中")
    with store.acting("snooze", deal, at(1)) as act:
        act.add_mark(mark)
    found = store.ledger(deal)
    assert found
    assert found.marks == (dataclasses.replace(mark, key="hand:2"),)


def test_running_numbers_belong_to_a_platform_and_are_never_used_again(store: Store) -> None:
    assert [add_deal(store), add_deal(store, Deal("", "coconala")), add_deal(store)] == [
        "lancers-1",
        "coconala-1",
        "lancers-2",
    ]
    store.undo(None, NOON)
    assert store.ledger("lancers-2") is None
    assert add_deal(store) == "lancers-3"


def _log(store: Store) -> None:
    log(store, "lancers-1")


def _mark(store: Store) -> None:
    with store.acting("ack", "lancers-1", NOON) as act:
        act.add_mark(Mark(NOON, MarkKind.ACK))


def _merge(store: Store) -> None:
    merge(store, "lancers-2", "lancers-1")


def _assign(store: Store) -> None:
    with store.acting("triage assign", "lancers-1", NOON) as act:
        act.assign(3, "lancers-1")


def _assign_to_a_new_deal(store: Store) -> None:
    with store.acting("triage assign", None, NOON) as act:
        act.assign(3, act.open_deal(Deal("", "lancers")))


def _ignore(store: Store) -> None:
    with store.acting("triage ignore", None, NOON) as act:
        act.ignore(3)


def _add_deal(store: Store) -> None:
    add_deal(store)


def everything(store: Store) -> object:
    """All that anybody can see of deals and mails."""
    return store.ledgers(include_merged=True), store.mails(), store.adapter_counts(), store.accounts_of_deals()


@pytest.mark.parametrize("act", [_log, _mark, _merge, _assign, _assign_to_a_new_deal, _ignore, _add_deal])
def test_every_act_shows_and_undo_takes_it_back_without_a_trace(store: Store, act: Callable[[Store], None]) -> None:
    sync(store, mail(1))
    sync(store, mail(2))
    said = dataclasses.replace(notice(client="佐藤", refs=(("work", "5"),)), evidence=Evidence.INFERRED)
    waiting_mail(store, mail(3, state=MailState.TRIAGE, why="ambiguous", said=said))
    before = everything(store)
    act(store)
    assert everything(store) != before
    undone = store.undo(None, at(1))
    assert undone
    assert (undone.act.id, undone.kept) == (1, ())
    assert everything(store) == before
    assert store.undo(None, at(2)) is None


def test_undo_takes_acts_back_from_the_last_to_the_first_whatever_their_times(store: Store) -> None:
    deal = add_deal(store)
    log(store, deal, hours=5)
    with store.acting("log", deal, at(-100), {"event": "deliver"}) as act:
        act.add_event(by_hand(-100, "deliver"))
    whats = []
    while undone := store.undo(None, NOON):
        whats.append((undone.act.what, dict(undone.act.description)))
    assert whats == [("log", {"event": "deliver"}), ("log", {}), ("deals add", {})]
    assert store.ledgers() == ()
    assert [(act.what, act.undone) for act in store.acts()] == [
        ("deals add", True),
        ("log", True),
        ("log", True),
        ("undo", False),
        ("undo", False),
        ("undo", False),
    ]


def test_undo_of_a_deal_leaves_later_acts_on_others_alone(store: Store) -> None:
    first, second = add_deal(store), add_deal(store)
    log(store, first)
    log(store, second)
    undone = store.undo(first, NOON)
    assert undone
    assert (undone.act.what, undone.act.deal) == ("log", first)
    assert kinds(store.ledger(first)) == ["apply"]
    assert kinds(store.ledger(second)) == ["apply", "message"]


@pytest.mark.parametrize("asked", ["lancers-1", "lancers-2"])
def test_undo_finds_a_merge_from_both_its_deals(store: Store, asked: str) -> None:
    add_deal(store)
    add_deal(store)
    merge(store, "lancers-2", "lancers-1")
    undone = store.undo(asked, NOON)
    assert undone
    assert undone.act.what == "merge"
    assert len(store.ledgers()) == 2


def test_a_deal_by_hand_that_mail_has_joined_stays_when_it_is_undone(store: Store) -> None:
    deal = add_deal(store)
    sync(store, mail(1), deal=deal)
    undone = store.undo(None, NOON)
    assert undone
    assert undone.kept == (deal,)
    found = store.ledger(deal)
    assert kinds(found) == ["message"]
    assert found
    assert found.deal.client == "田中"


def test_mail_for_a_deal_that_was_just_taken_back_brings_it_back(store: Store) -> None:
    """A sync may have found the deal before the user's undo, and write after it."""
    deal = add_deal(store)
    store.undo(None, NOON)
    assert store.ledger(deal) is None
    sync(store, mail(1), deal=deal)
    assert kinds(store.ledger(deal)) == ["message"]
    assert len(store.ledgers()) == 1


def test_a_reference_that_a_mail_brought_as_well_stays_after_undo(store: Store) -> None:
    said = notice(refs=(("work", "5"),))
    deal = add_deal(store, Deal("", "lancers"))
    waiting = waiting_mail(store, mail(1, state=MailState.TRIAGE, said=said))
    with store.acting("triage assign", deal, NOON) as act:
        act.assign(waiting, deal)
    sync(store, mail(2, said=said), deal=deal)
    store.undo(deal, NOON)
    found = store.ledger(deal)
    assert found
    assert found.deal.refs == (("work", "5"),)


def test_an_act_that_fails_leaves_no_trace(store: Store) -> None:
    deal = add_deal(store)
    with pytest.raises(ActError, match="no mail 99"), store.acting("triage assign", deal, NOON) as act:
        act.add_event(by_hand())
        act.assign(99, deal)
    assert kinds(store.ledger(deal)) == ["apply"]
    assert len(store.acts()) == 1


# Merging


def test_a_merged_deals_events_names_and_references_count_for_the_target(store: Store) -> None:
    _, target = sync(store, mail(1, said=notice(client="田中", refs=(("job", "1"),)), hours=2), hours=2)
    _, source = sync(
        store, mail(2, said=notice(client="tanaka", title="サイト", refs=(("job", "2"),)), hours=1), hours=1
    )
    merge(store, source, target)
    found = store.ledger(target)
    assert found
    assert found.deal == Deal(target, "lancers", "田中", "サイト", None, (("job", "1"), ("job", "2")))
    assert [event.at for event in found.events] == [at(1), at(2)]
    assert store.ledgers() == (found,)
    assert store.ledger(source) == found
    assert [ledger.deal.id for ledger in store.ledgers(include_merged=True)] == [target, source]
    assert {row.deal for row in store.mails()} == {target}
    assert store.mails(deal=source) == store.mails(deal=target) == (store.mail(2), store.mail(1))
    assert store.accounts_of_deals() == {target: {"main"}}


def test_merges_follow_each_other_and_late_mail_of_a_merged_deal_reaches_the_target(store: Store) -> None:
    deals = [add_deal(store) for _ in range(3)]
    merge(store, deals[0], deals[1])
    merge(store, deals[1], deals[2])
    sync(store, mail(1, hours=9), deal=deals[0], hours=9)
    found = store.ledger(deals[0])
    assert found
    assert found.deal.id == deals[2]
    assert kinds(found) == ["apply", "apply", "apply", "message"]
    log(store, deals[0], 10)
    assert store.acts()[-1].deal == deals[2]


def test_marks_of_a_merged_deal_stay_behind(store: Store) -> None:
    """A duplicate that was closed must not silence the deal it was a duplicate of."""
    target, source = add_deal(store), add_deal(store)
    with store.acting("close", source, NOON) as act:
        act.add_mark(Mark(NOON, MarkKind.CLOSE))
    merge(store, source, target)
    found = store.ledger(target)
    assert found
    assert found.marks == ()


@pytest.mark.parametrize(
    ("source", "target", "why"),
    [
        ("lancers-1", "lancers-1", "one deal already"),
        ("lancers-2", "lancers-3", "merged into lancers-1 already"),
        ("lancers-1", "lancers-2", "one deal already"),
        ("lancers-1", "coconala-1", "two platforms"),
        ("lancers-1", "lancers-9", "no deal lancers-9"),
        ("lancers-9", "lancers-1", "no deal lancers-9"),
    ],
)
def test_merges_that_make_no_sense_are_refused(store: Store, source: str, target: str, why: str) -> None:
    for deal in (HAND_MADE, HAND_MADE, HAND_MADE, Deal("", "coconala")):
        add_deal(store, deal)
    merge(store, "lancers-2", "lancers-1")
    with pytest.raises(ActError, match=why):
        merge(store, source, target)


# Triage


def test_an_assigned_mail_becomes_an_event_on_the_users_word(store: Store) -> None:
    deal = add_deal(store, Deal("", "lancers"))
    said = dataclasses.replace(notice("quote_request", client="佐藤", refs=(("work", "5"),)), date=dt.date(2026, 9, 9))
    stored = waiting_mail(store, mail(1, state=MailState.TRIAGE, why="ambiguous", said=said, hours=3))
    with store.acting("triage assign", deal, NOON) as act:
        act.assign(stored, deal)
    found = store.ledger(deal)
    assert found
    event = found.events[1]
    assert (event.at, event.kind, event.actor, event.date) == (
        at(3),
        "quote_request",
        Actor.CLIENT,
        dt.date(2026, 9, 9),
    )
    assert (event.evidence, event.key) == (Evidence.USER, f"mail:{stored}")
    assert (found.deal.client, found.deal.refs) == ("佐藤", (("work", "5"),))
    row = store.mail(stored)
    assert row
    assert (row.state, row.deal) == (MailState.EVENT, deal)
    assert store.count_mails(MailState.TRIAGE) == 0
    origin = store.event_origin(event.key)
    assert origin
    assert origin.act
    assert (origin.mail, origin.act.what) == (row, "triage assign")


def test_a_mail_no_rule_knew_needs_the_users_event(store: Store) -> None:
    deal = add_deal(store)
    stored = waiting_mail(store, mail(1, state=MailState.TRIAGE, said=notice("unrecognised")))
    with pytest.raises(ActError, match="does not say what happened"), store.acting("triage assign", deal, NOON) as act:
        act.assign(stored, deal)
    with store.acting("triage assign", deal, NOON) as act:
        act.assign(stored, deal, dataclasses.replace(message(2), linked_by_guess=True))
    found = store.ledger(deal)
    assert found
    assert not found.events[1].inferred


def test_a_mail_the_user_ignored_can_still_be_assigned(store: Store) -> None:
    deal, stored = add_deal(store), waiting_mail(store, mail(1, state=MailState.TRIAGE))
    with store.acting("triage ignore", None, NOON) as act:
        act.ignore(stored)
    assert [row.id for row in store.mails(state=MailState.IGNORED)] == [stored]
    with store.acting("triage assign", deal, NOON) as act:
        act.assign(stored, deal)
    assert [row.id for row in store.mails(state=MailState.EVENT)] == [stored]


@pytest.mark.parametrize("state", [MailState.FOREIGN, MailState.DUPLICATE])
def test_mail_without_content_of_its_own_cannot_be_assigned(store: Store, state: MailState) -> None:
    deal, stored = add_deal(store), waiting_mail(store, mail(1, state=state))
    with pytest.raises(ActError, match=f"it is {state.value}"), store.acting("triage assign", deal, NOON) as act:
        act.assign(stored, deal, message())


def test_a_mail_in_a_deal_can_be_neither_assigned_nor_ignored(store: Store) -> None:
    stored, deal = sync(store, mail(1))
    other = add_deal(store)
    with pytest.raises(ActError, match=f"it is in {deal}"), store.acting("triage assign", other, NOON) as act:
        act.assign(stored, other)
    with pytest.raises(ActError, match=f"it is in {deal}"), store.acting("triage ignore", None, NOON) as act:
        act.ignore(stored)


@pytest.mark.parametrize("deal", ["lancers-9", "", "lancers-1; DROP TABLE deals"])
def test_an_unknown_deal_is_named_in_the_error(store: Store, deal: str) -> None:
    assert store.ledger(deal) is None
    with pytest.raises(ActError, match=f"there is no deal {deal}"):
        store.undo(deal, NOON)
    if deal:
        with pytest.raises(ActError, match=f"there is no deal {deal}"):
            log(store, deal)


def test_acts_at_one_instant_keep_their_order(store: Store) -> None:
    deal = add_deal(store)
    words = [MarkKind.CLOSE, MarkKind.REOPEN] * 6  # beyond ten: `hand:10` must not come before `hand:9`
    for kind in words:
        with store.acting(kind.value, deal, NOON) as act:
            act.add_mark(Mark(NOON, kind))
    found = store.ledger(deal)
    assert found
    assert [mark.kind for mark in found.marks] == words
