"""A poll from files into a real ledger: settled by the time of the mails, not by the order they came in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.registry import load_adapters
from config.calendar import business_calendar
from config.model import CalendarSettings
from otosata.deals.reading import Rules
from otosata.mail.model import RawMail, Trust
from otosata.mail.source import Batch, Cursor, SourceError, TrustSample, Wanted
from otosata.store.store import Store
from otosata.store.values import MailState
from otosata.sync import Mailbox, PollReport, poll

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
ADAPTERS = load_adapters()
CALENDAR = business_calendar(CalendarSettings(), NOW)
RULES = {adapter.id: Rules(adapter.platform, CALENDAR) for adapter in ADAPTERS}


def coconala(uid: int, subject: str, age_days: int, sender: str = "no-reply@mail.coconala.com") -> RawMail:
    """A mail that arrived so many days ago."""
    data = f"From: {sender}\r\nSubject: {subject}\r\nMessage-ID: <{uid}@x>\r\n\r\n本文\r\n".encode()
    return RawMail(data, NOW - timedelta(days=age_days), "INBOX", uid, 1)


def direct(uid: int, age_days: int) -> RawMail:
    return coconala(uid, "[ココナラ] 青空さんからメッセージが届いています", age_days)


def in_room(uid: int, age_days: int, room: int) -> RawMail:
    subject = f"[ココナラ] 青空さんからトークルームに連絡がありました (トークルームNo:{room})"
    return coconala(uid, subject, age_days)


@dataclass
class Scripted:
    """A mailbox that hands over what it is given, and may break behind a batch."""

    batches: Sequence[Sequence[RawMail]]
    breaks: SourceError | None = None
    sample: TrustSample = field(default_factory=lambda: TrustSample(0, Trust()))
    asked: list[Wanted] = field(default_factory=list)
    closed: bool = False

    def poll(self, wanted: Wanted) -> Iterator[Batch]:
        self.asked.append(wanted)
        for place, mails in enumerate(self.batches):
            known = wanted.known("INBOX", 1)
            fresh = tuple(mail for mail in mails if mail.uid not in known)
            yield Batch(fresh, Cursor("INBOX", 1, 100 + place, NOW, complete=True))
        if self.breaks:
            raise self.breaks

    def sample_trust(self) -> TrustSample:
        return self.sample

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "data" / "otosata.db") as opened:
        yield opened


def polled(store: Store, source: Scripted, **options: object) -> PollReport:
    mailbox = Mailbox("main", timedelta(days=180), "prefer", **options)  # type: ignore[arg-type]  # the tests' own
    return poll(mailbox, lambda: source, store, ADAPTERS, RULES, now=NOW)


def timeline(store: Store) -> dict[str, list[int]]:
    """Age in days of each deal's events."""
    return {
        ledger.deal.id: [(NOW - event.at).days for event in sorted(ledger.events, key=lambda event: event.at)]
        for ledger in store.ledgers()
    }


@pytest.mark.parametrize("newest_first", [True, False])
def test_deals_come_out_the_same_whichever_end_of_the_mailbox_is_read_first(store: Store, newest_first: bool) -> None:
    mails = [in_room(1, 40, 7), in_room(2, 30, 8), direct(3, 20), in_room(4, 10, 7)]
    batches = [[mail] for mail in (reversed(mails) if newest_first else mails)]
    report = polled(store, Scripted(batches))
    assert timeline(store) == {"coconala-1": [40, 10], "coconala-2": [30]}
    assert (report.mails, len(report.events), report.opened) == (4, 3, ("coconala-1", "coconala-2"))
    (waiting,) = store.mails(state=MailState.TRIAGE)
    assert (waiting.why, waiting.candidates) == ("ambiguous", ("coconala-1", "coconala-2"))


def test_a_direct_message_and_the_room_of_the_same_client_are_one_deal_joined_by_a_guess(store: Store) -> None:
    polled(store, Scripted([[direct(1, 9), in_room(2, 5, 7)]]))
    (ledger,) = store.ledgers()
    assert ledger.deal.refs == (("talkroom", "7"),)
    assert [event.linked_by_guess for event in sorted(ledger.events, key=lambda event: event.at)] == [False, True]


def test_the_same_mail_in_a_second_account_is_no_second_event(store: Store) -> None:
    polled(store, Scripted([[in_room(1, 5, 7)]]))
    other = Mailbox("other", timedelta(days=180), "prefer")
    report = poll(other, lambda: Scripted([[in_room(1, 5, 7)]]), store, ADAPTERS, RULES, now=NOW)
    assert (report.mails, report.events) == (1, ())
    assert timeline(store) == {"coconala-1": [5]}


def test_what_came_before_a_break_is_kept_and_the_failure_is_told(store: Store) -> None:
    source = Scripted([[in_room(1, 5, 7)]], SourceError("the server hung up", "try later"))
    report = polled(store, source)
    state = store.account_state("main")
    assert (report.error, report.hint, len(report.events)) == ("the server hung up", "try later", 1)
    assert (state.error, state.last_complete_poll) == ("the server hung up", None)
    assert source.closed

    again = polled(store, Scripted([[in_room(1, 5, 7), in_room(2, 4, 7)]]))
    assert (again.mails, again.error) == (1, None)
    assert store.account_state("main").last_complete_poll == NOW


def test_a_wrong_password_is_not_tried_again_before_the_configuration_changes(store: Store) -> None:
    wrong = Scripted([], SourceError("wrong password", "log in again", permanent=True))
    polled(store, wrong, fingerprint="a")
    assert polled(store, wrong, fingerprint="a").skipped
    assert len(wrong.asked) == 1
    assert polled(store, Scripted([]), fingerprint="b").error is None


def test_a_login_code_is_never_stored(store: Store) -> None:
    data = "From: noreply@lancers.co.jp\r\nSubject: [ランサーズ] ログイン認証コード\r\n\r\n123456\r\n".encode()
    polled(store, Scripted([[RawMail(data, NOW, "INBOX", 1, 1)]]))
    (mail,) = store.mails(state=MailState.NOISE)
    assert mail.text is None


def test_mail_of_others_leaves_nothing_but_its_place(store: Store) -> None:
    polled(store, Scripted([[coconala(1, "[ココナラ] 青空さんからメッセージが届いています", 1, "x@evil.example")]]))
    (mail,) = store.mails(state=MailState.FOREIGN)
    assert (mail.subject, mail.text, mail.sender) == ("", None, None)
    assert store.ledgers() == ()


def test_new_senders_make_the_next_poll_begin_anew(store: Store) -> None:
    first, second = Scripted([[in_room(1, 5, 7)]]), Scripted([])
    polled(store, first)
    mailbox = Mailbox("main", timedelta(days=180), "prefer")
    poll(mailbox, lambda: second, store, ADAPTERS[:2], RULES, now=NOW)
    assert [wanted.cursors for wanted in (*first.asked, *second.asked)] == [(), ()]
    third = Scripted([])
    poll(mailbox, lambda: third, store, ADAPTERS[:2], RULES, now=NOW)
    assert len(third.asked[0].cursors) == 1


SERVER = Trust(frozenset({"mx.provider.example"}))
ELSEWHERE = Trust(frozenset({"mx.elsewhere.example"}))


def auto(store: Store, sample: TrustSample, now: datetime = NOW, fingerprint: str = "") -> tuple[str, Trust]:
    """What `auto` has come to after a poll."""
    mailbox = Mailbox("main", timedelta(days=180), fingerprint=fingerprint)
    poll(mailbox, lambda: Scripted([], sample=sample), store, ADAPTERS, RULES, now=now)
    state = store.account_state("main")
    return state.policy, state.trust


@pytest.mark.parametrize(
    ("sample", "learned"),
    [
        (TrustSample(60, Trust(), frozenset({SERVER})), ("require", SERVER)),  # some odd mails: anybody can send them
        (TrustSample(9, Trust()), ("require", SERVER)),  # too few to say anything
        (TrustSample(60, Trust()), ("prefer", Trust())),  # the server marks nothing any more
        (TrustSample(60, ELSEWHERE, frozenset({ELSEWHERE})), ("require", ELSEWHERE)),  # it has another name now
    ],
)
def test_a_servers_word_once_learned_is_given_up_only_when_nothing_of_it_is_left(
    store: Store, sample: TrustSample, learned: tuple[str, Trust]
) -> None:
    assert auto(store, TrustSample(60, SERVER, frozenset({SERVER}))) == ("require", SERVER)
    assert auto(store, sample, NOW + timedelta(days=8)) == learned


def test_what_was_learned_of_one_server_says_nothing_of_the_next(store: Store) -> None:
    auto(store, TrustSample(60, SERVER, frozenset({SERVER})), fingerprint="a")
    assert auto(store, TrustSample(3, Trust()), fingerprint="b") == ("", Trust())


def test_a_sample_from_a_clock_that_ran_ahead_is_taken_again(store: Store) -> None:
    auto(store, TrustSample(60, Trust()), NOW + timedelta(days=3650))
    assert auto(store, TrustSample(60, SERVER, frozenset({SERVER}))) == ("require", SERVER)


def marked(mail: RawMail, verdict: str) -> RawMail:
    """The mail with a word of the server about it."""
    mark = f"Authentication-Results: mx.provider.example; dmarc={verdict} header.from=mail.coconala.com\r\n"
    return replace(mail, data=mark.encode() + mail.data)


@pytest.mark.parametrize(("first", "waiting", "ages"), [("fail", 0, [5]), ("pass", 0, [5])])
def test_a_copy_that_lost_its_proof_on_the_way_does_not_keep_the_sound_one_out(
    store: Store, first: str, waiting: int, ages: list[int]
) -> None:
    second = "pass" if first == "fail" else "fail"
    for account, verdict in (("forwarded", first), ("direct", second), ("direct again", second)):
        mailbox = Mailbox(account, timedelta(days=180), "prefer", SERVER)
        source = Scripted([[marked(in_room(1, 5, 7), verdict)]])
        poll(mailbox, lambda source=source: source, store, ADAPTERS, RULES, now=NOW)  # type: ignore[misc]
    assert store.count_mails(MailState.TRIAGE) == waiting
    assert timeline(store) == {"coconala-1": ages}


def test_an_account_that_becomes_another_mailbox_with_the_same_numbers_loses_no_mail(store: Store) -> None:
    polled(store, Scripted([[in_room(1, 5, 7)]]), place="me@a.example")
    other = Scripted([[in_room(1, 4, 8), in_room(2, 3, 8)]])
    polled(store, other, place="me@b.example")
    assert other.asked[0].cursors == ()
    assert timeline(store) == {"coconala-1": [5], "coconala-2": [4, 3]}

    again = Scripted([[in_room(1, 4, 8), in_room(2, 3, 8)]])
    assert polled(store, again, place="me@b.example").mails == 0
    assert [(cursor.uidvalidity, cursor.uidnext) for cursor in again.asked[0].cursors] == [(1, 100)]

    back = Scripted([[in_room(1, 5, 7), in_room(2, 2, 7)]])
    polled(store, back, place="me@a.example")
    assert timeline(store) == {"coconala-1": [5, 2], "coconala-2": [4, 3]}


def test_a_poll_for_new_senders_that_breaks_begins_anew(store: Store) -> None:
    polled(store, Scripted([[in_room(1, 5, 7)]]))
    mailbox = Mailbox("main", timedelta(days=180), "prefer")
    with pytest.raises(KeyboardInterrupt):
        poll(mailbox, lambda: Interrupted([]), store, ADAPTERS[:2], RULES, now=NOW)
    again = Scripted([])
    polled(store, again)
    assert again.asked[0].cursors == ()


class Interrupted(Scripted):
    """The user stops the program after the first batch."""

    def poll(self, wanted: Wanted) -> Iterator[Batch]:
        yield Batch((), Cursor("INBOX", 1, 200, NOW, complete=True))
        raise KeyboardInterrupt
