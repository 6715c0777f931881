"""Stored mail judged anew: events come and go with the rules; the user's word stays; a second time changes nothing."""

import multiprocessing as mp
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.located import load_located
from adapters.registry import load_adapters
from adapters.tables import layer_of
from config.calendar import business_calendar
from config.model import CalendarSettings
from otosata.adapter import Adapter
from otosata.deals.event import Deal, Event
from otosata.deals.reading import Rules
from otosata.deals.vocabulary import Actor, Evidence
from otosata.hand import Entry, assign, ignore, log, merge
from otosata.judge import Policy, judge
from otosata.mail.model import Authentication, Mail, Verdict
from otosata.rejudge import EVERYTHING, WAITING, Court, Retrial, Scope, rejudge
from otosata.store.store import Store
from otosata.store.values import MailRow, MailState
from otosata.sync import PENDING, judged_row, settle

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
LANCERS = next(adapter for adapter in load_adapters() if adapter.id == "lancers")
CALENDAR = business_calendar(CalendarSettings(), NOW)
RULES = {"lancers": Rules(LANCERS.platform, CALENDAR)}
POLICIES = {"main": Policy.PREFER}
LETTER = "[ランサーズ] {} さんから {} のお便りが来ました"
COMMENT = "[ランサーズ] {} さんから {} のコメントが届いています"


def court(event: str = "", *, known_by: str = "letter", actor: str = "client") -> Court:
    """Lancers as it is, or with a rule that takes letters for `event`."""
    rule = (
        f"[rules.{known_by}]\nsubject = '^\\[ランサーズ\\] (?P<client>.+) さんから (?P<title>.+) のお便りが来ました$'\n"
        f'event = "{event}"\nevidence = "user"\n' + (f'actor = "{actor}"\n' if event in ("message", "decline") else "")
    )
    adapter: Adapter = LANCERS
    if event:
        adapter = LANCERS.reading(LANCERS.document.over(layer_of(load_located(rule))))
    return Court([adapter], RULES, POLICIES)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "otosata.db") as opened:
        yield opened


def came(
    store: Store, uid: int, subject: str, *, days: float = 1, job: str = "", verdict: Verdict = Verdict.VERIFIED
) -> int:
    """A mail as a sync stores it; its id."""
    link = f"https://www.lancers.jp/work/detail/{job}"
    said = Authentication(verdict, "test")
    at = NOW - timedelta(days=days)
    mail = Mail(
        f"<{uid}>", f"digest-{uid}", subject, "noreply@lancers.co.jp", "", at, link, (link,) if job else (), said
    )
    row = MailRow("main", "INBOX", 1, uid, mail.digest, MailState.TRIAGE)
    with store.writing() as writer:
        stored = writer.add_mail(judged_row(row, mail, judge(mail, [LANCERS], Policy.PREFER)))
    assert stored is not None
    settle(store, [LANCERS], RULES, "main", NOW)
    return stored


def tried(store: Store, by: Court, *, rehearse: bool = False) -> Retrial:
    """All stored mail judged anew."""
    return rejudge(store, by, NOW, EVERYTHING, about={"why": "test"}, rehearse=rehearse, compare=True)


def kinds(store: Store) -> dict[str, list[str]]:
    """The events of every deal."""
    return {ledger.deal.id: [event.kind for event in ledger.events] for ledger in store.ledgers() if ledger.events}


def states(store: Store) -> list[tuple[MailState, str]]:
    """Where every mail is, and why."""
    return [(mail.state, mail.why) for mail in store.mails()]


def everything_of(store: Store) -> object:
    """All that a user can see."""
    return store.ledgers(), store.mails(), store.accounts_of_deals()


def test_a_new_rule_makes_events_of_old_mail(store: Store) -> None:
    came(store, 1, COMMENT.format("田中", "記事"), days=5, job="7")
    came(store, 2, LETTER.format("田中", "記事"), days=2, job="7")
    assert states(store)[1] == (MailState.TRIAGE, "unrecognised")
    done = tried(store, court("message"))
    assert kinds(store) == {"lancers-1": ["message", "message"]}
    assert [
        (change.before.notice.kind, change.after.notice.kind)
        for change in done.changes
        if change.before.notice and change.after.notice
    ] == [("unrecognised", "message")]
    (ledger,) = store.ledgers()
    assert (ledger.events[-1].at, ledger.events[-1].evidence) == (NOW - timedelta(days=2), Evidence.USER)
    assert [len(old.events) for old in done.before] == [1]
    assert [len(new.events) for new in done.after] == [2]


def test_without_the_rule_its_events_are_gone_and_the_mail_waits_again(store: Store) -> None:
    came(store, 1, COMMENT.format("田中", "記事"), days=5, job="7")
    came(store, 2, LETTER.format("田中", "記事"), days=2, job="7")
    came(store, 3, LETTER.format("佐藤", "ロゴ"), days=1, job="8")
    before = everything_of(store)
    assert tried(store, court("message")).opened == ("lancers-2",)
    assert tried(store, court()).gone == ("lancers-2",)
    assert everything_of(store) == before
    tried(store, court("message"))
    assert kinds(store) == {"lancers-1": ["message", "message"], "lancers-2": ["message"]}
    assert [ledger.deal.refs for ledger in store.ledgers()] == [(("work", "7"),), (("work", "8"),)]


def test_a_second_time_changes_nothing(store: Store) -> None:
    came(store, 1, LETTER.format("佐藤", "ロゴ"), job="8")
    tried(store, court("message"))
    before = everything_of(store), store.acts()
    again = tried(store, court("message"))
    assert (again.changes, again.events, again.opened, again.gone) == ((), (), (), ())
    assert (everything_of(store), store.acts()) == before


def test_a_rehearsal_says_what_would_be_and_leaves_nothing(store: Store) -> None:
    came(store, 1, LETTER.format("佐藤", "ロゴ"), job="8")
    before = everything_of(store), store.acts()
    done = tried(store, court("message"), rehearse=True)
    assert (len(done.changes), done.opened, [len(ledger.events) for ledger in done.after]) == (1, ("lancers-1",), [1])
    assert (everything_of(store), store.acts()) == before
    with store.writing() as writer:
        assert writer.open_deal("lancers", account="main", at=NOW) == "lancers-1"


def test_another_meaning_replaces_the_event_in_its_deal(store: Store) -> None:
    came(store, 1, LETTER.format("佐藤", "ロゴ"), job="8")
    tried(store, court("message"))
    log(store, "lancers-1", Entry("message", "me"), NOW)
    tried(store, court("offer"))
    assert kinds(store) == {"lancers-1": ["offer", "message"]}
    assert store.acts()[-1].what == "rejudge"
    assert store.undo(None, NOW) is not None
    assert kinds(store) == {"lancers-1": ["offer"]}


def test_a_rule_with_another_name_only_changes_the_name(store: Store) -> None:
    mail = came(store, 1, LETTER.format("佐藤", "ロゴ"), job="8")
    tried(store, court("message"))
    acts = len(store.acts())
    tried(store, court("message", known_by="other"))
    row = store.mail(mail)
    assert row and row.notice
    assert (row.notice.rule, row.deal, len(store.acts())) == ("lancers/other", "lancers-1", acts)


def test_what_the_user_assigned_stays_and_joins_in_when_he_takes_it_back(store: Store) -> None:
    came(store, 1, COMMENT.format("田中", "記事"), days=5, job="7")
    mail = came(store, 2, LETTER.format("佐藤", "ロゴ"), days=2, job="8")
    row = store.mail(mail)
    assert row
    assign(store, row, "lancers-1", Entry("offer", None), NOW)
    tried(store, court("message"))
    assert kinds(store) == {"lancers-1": ["message", "offer"]}
    store.undo(None, NOW)
    assert states(store)[1] == (MailState.TRIAGE, PENDING)
    settle(store, court("message").adapters, RULES, "main", NOW)
    assert kinds(store) == {"lancers-1": ["message"], "lancers-2": ["message"]}


def test_what_the_user_ignored_stays_ignored(store: Store) -> None:
    mail = came(store, 1, LETTER.format("佐藤", "ロゴ"), job="8")
    ignore(store, mail, NOW)
    tried(store, court("message"))
    assert (kinds(store), states(store)[0][0]) == ({}, MailState.IGNORED)


@pytest.mark.parametrize(
    ("verdict", "why"), [(Verdict.FAILED, "failed"), (Verdict.UNVERIFIED, "unverified")], ids=["forged", "no proof"]
)
def test_what_cannot_be_believed_is_understood_and_moves_nothing(store: Store, verdict: Verdict, why: str) -> None:
    mail = came(store, 1, LETTER.format("佐藤", "ロゴ"), job="8", verdict=verdict)
    rejudge(store, replace(court("message"), policies={"main": Policy.REQUIRE}), NOW, EVERYTHING, about={})
    row = store.mail(mail)
    assert row and row.notice
    assert (kinds(store), row.state, row.why, row.notice.kind) == ({}, MailState.TRIAGE, why, "message")


def test_a_deal_the_user_has_written_to_stays_when_its_mail_leaves(store: Store) -> None:
    came(store, 1, LETTER.format("佐藤", "ロゴ"), job="8")
    tried(store, court("message"))
    log(store, "lancers-1", Entry("message", "me"), NOW)
    assert tried(store, court()).gone == ()
    assert kinds(store) == {"lancers-1": ["message"]}


def test_a_reference_that_another_mail_names_as_well_stays_with_the_deal(store: Store) -> None:
    came(store, 1, LETTER.format("佐藤", "ロゴ"), days=3, job="8")
    tried(store, court("message"))
    came(store, 2, COMMENT.format("佐藤", "ロゴ"), days=2, job="8")
    tried(store, court())
    assert [(ledger.deal.id, ledger.deal.refs) for ledger in store.ledgers()] == [("lancers-1", (("work", "8"),))]


def test_mail_of_a_merged_deal_follows_the_merge(store: Store) -> None:
    came(store, 1, COMMENT.format("田中", "記事"), days=5, job="7")
    came(store, 2, LETTER.format("佐藤", "ロゴ"), days=2, job="8")
    tried(store, court("message"))
    merge(store, "lancers-2", "lancers-1", NOW)
    tried(store, court("offer"))
    assert kinds(store) == {"lancers-1": ["message", "offer"]}


def test_only_mail_that_is_asked_about_is_touched(store: Store) -> None:
    came(store, 1, LETTER.format("佐藤", "ロゴ"), job="8")
    rejudge(store, court("message"), NOW, Scope(rules=frozenset(["lancers/other"])), about={})
    assert kinds(store) == {}
    rejudge(store, court("message"), NOW, Scope(rules=frozenset(["lancers/letter"])), about={})
    assert kinds(store) == {"lancers-1": ["message"]}
    rejudge(store, court(), NOW, WAITING, about={})
    assert kinds(store) == {"lancers-1": ["message"]}


def test_noise_leaves_triage_and_a_login_code_loses_its_text(store: Store) -> None:
    mail = came(store, 1, LETTER.format("佐藤", "ロゴ"), job="8")
    tried(store, court("account"))
    row = store.mail(mail)
    assert row
    assert (row.state, row.text, row.links) == (MailState.NOISE, None, ())
    tried(store, court())
    assert states(store) == [(MailState.TRIAGE, "unrecognised")]


def _retry_many(barrier: Barrier, path: Path, events: Sequence[str]) -> None:
    barrier.wait(60)
    with Store.open(path) as store:
        for event in events:
            tried(store, court(event))


def test_two_processes_that_judge_anew_leave_one_event_a_mail(store: Store, tmp_path: Path) -> None:
    for uid in range(12):
        came(store, uid, LETTER.format(f"佐藤{uid}", "ロゴ"), job=str(uid))
    context = mp.get_context("spawn")
    barrier = context.Barrier(2)
    turns = (["message", "offer", "", "message"], ["offer", "message", "message"])
    path = tmp_path / "otosata.db"
    processes = [context.Process(target=_retry_many, args=(barrier, path, events)) for events in turns]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0, 0]
    tried(store, court("message"))
    assert sorted(kinds(store).values()) == [["message"]] * 12


MAILS = st.lists(
    st.tuples(
        st.sampled_from([LETTER, COMMENT, "[ランサーズ] 新着メッセージが届いています{}{}"]),
        st.sampled_from(["田中", "佐藤"]),
        st.sampled_from(["記事", "ロゴ"]),
        st.sampled_from(["7", "8", "9"]),
    ),
    max_size=7,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mails=MAILS, turns=st.lists(st.sampled_from(["", "message", "offer", "payout", "decline"]), max_size=4))
def test_whatever_came_before_the_ledger_is_what_the_last_rules_make_of_the_mail(
    tmp_path_factory: pytest.TempPathFactory, mails: list[tuple[str, str, str, str]], turns: list[str]
) -> None:
    found = []
    for steps in (turns, turns[-1:]):
        with Store.open(tmp_path_factory.mktemp("ledger") / "otosata.db") as store:
            for uid, (subject, client, title, job) in enumerate(mails):
                came(store, uid, subject.format(client, title), days=9 - uid, job=job)
            for event in steps:
                tried(store, court(event))
            ledgers = [ledger for ledger in store.ledgers() if ledger.events]
            found.append(sorted(tuple(_said(event) for event in ledger.events) for ledger in ledgers))
            assert [mail.why for mail in store.mails()].count(PENDING) == 0
    assert found[0] == found[1]


def _said(event: Event) -> tuple[str, str, str]:
    return event.at.isoformat(), event.kind, event.actor


def test_an_unknown_deal_by_hand_is_left_alone(store: Store) -> None:
    with store.acting("deals add", None, NOW) as act:
        act.open_deal(Deal("", "lancers", "田中", "記事"))
        act.add_event(Event(NOW, "contract", Actor.CLIENT))
    before = everything_of(store)
    tried(store, court("message"))
    assert everything_of(store) == before
