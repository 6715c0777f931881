"""One poll of a mailbox: fetch, decode, judge, store; then settle what was stored among the deals, oldest first."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from otosata.adapter import Adapter
from otosata.deals.book import DealBook
from otosata.deals.event import Event
from otosata.deals.matching import Found, Match, Unclear, match
from otosata.deals.notice import UNRECOGNISED, Notice
from otosata.deals.reading import Rules
from otosata.deals.vocabulary import Evidence
from otosata.judge import Judgement, Outcome, Policy, judge
from otosata.mail.model import Mail, RawMail, Trust
from otosata.mail.parse import parse
from otosata.mail.source import NO_TRAFFIC, Batch, Progress, Source, SourceError, Traffic, Wanted
from otosata.store.store import Store
from otosata.store.values import AccountState, MailRow, MailState, mail_key
from otosata.store.writer import Writer

PENDING = "pending"
"""Why a mail waits that has been judged but not yet met the deals; no poll ends with one."""
SAMPLE_AGAIN_AFTER = timedelta(days=7)
ENOUGH_TO_LEARN = 10
"""Fewer mails than this say nothing about a server."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """What a poll needs to know of an account."""

    name: str
    look_back: timedelta
    authentication: str = "auto"
    """`auto`, `require`, `prefer` or `off`."""
    trust: Trust = field(default_factory=Trust)
    """Named in the configuration; empty: learned from the mailbox itself."""
    learns: bool = True
    """Whether `auto` may look at what the server adds; file sources behave as `prefer`."""
    forwarders: tuple[str, ...] = ()
    """Addresses that forward notifications by hand: their mail is looked at, and never a contact by itself."""
    place: str = ""
    """Whose mailbox it is, and where. One account may come to be another mailbox, with the same numbers."""
    fingerprint: str = ""
    """Changes with the account's configuration: a wrong password is not tried twice with the same one."""


@dataclass(frozen=True, slots=True)
class PollReport:
    """What a poll came to."""

    account: str
    mails: int = 0
    """Mails that were new."""
    events: tuple[tuple[str, Event], ...] = ()
    """(deal id, event) in the order of the ledger."""
    opened: tuple[str, ...] = ()
    triage: int = 0
    error: str | None = None
    hint: str = ""
    skipped: bool = False
    """Not tried: the last attempt failed for good and nothing has changed since."""
    traffic: Traffic = NO_TRAFFIC
    """What it cost; nothing where files are read."""
    took: timedelta = timedelta(0)


def poll(
    mailbox: Mailbox,
    connect: Callable[[], Source],
    store: Store,
    adapters: Sequence[Adapter],
    rules: Mapping[str, Rules],
    *,
    now: datetime,
    progress: Callable[[Progress], None] = lambda _: None,
) -> PollReport:
    """Read a mailbox once. Raises nothing a mailbox can cause: a failure is in the report and in the store.

    `rules`: by platform, to know which deals went on when a mail came. `now`: aware.
    """
    state = store.account_state(mailbox.name)
    if state.permanent and state.fingerprint == mailbox.fingerprint:
        return PollReport(mailbox.name, error=state.error, hint=state.hint, skipped=True)
    source: Source | None = None
    try:
        source = connect()
        state = _learn(mailbox, source, state, now)
        new = _collect(_Poll(mailbox, source, store, adapters, state, now, progress, _era(mailbox, store)))
    except (SourceError, OSError) as broken:  # whatever a disk may do to one mailbox, the others are still read
        error = broken if isinstance(broken, SourceError) else SourceError(" ".join(str(broken).split()))
        _failed(mailbox, store, error, now)
        return replace(settle(store, adapters, rules, mailbox.name, now, progress), error=str(error), hint=error.hint)
    finally:
        if source is not None:
            source.close()
    report = settle(store, adapters, rules, mailbox.name, now, progress)
    with store.writing() as writer:
        done = replace(state, last_attempt=now, last_complete_poll=now, error=None, hint="", permanent=False)
        writer.set_account_state(replace(done, fingerprint=mailbox.fingerprint))
    return replace(report, mails=new)


def policy_of(authentication: str, learned: str, *, named: bool) -> Policy:
    """What an account's `authentication` comes to.

    `auto` goes by what was learned of the server. Before that: who names his provider's ids (`named`) says that it
    marks mail, so `require`; else `prefer`.
    """
    if authentication != "auto":
        return Policy(authentication)
    return Policy(learned) if learned else Policy.REQUIRE if named else Policy.PREFER


@dataclass(frozen=True, slots=True)
class _Poll:
    mailbox: Mailbox
    source: Source
    store: Store
    adapters: Sequence[Adapter]
    state: AccountState
    now: datetime
    progress: Callable[[Progress], None]
    era: int = 0
    """Added to UIDVALIDITY (32 bits, RFC 3501 2.3.1.1) in the ledger: tells the account's mailboxes apart."""

    @property
    def trust(self) -> Trust:
        return self.state.trust if self.mailbox.trust == Trust() else self.mailbox.trust

    @property
    def policy(self) -> Policy:
        named = self.mailbox.learns and self.mailbox.trust != Trust()
        return policy_of(self.mailbox.authentication, self.state.policy, named=named)


def _learn(mailbox: Mailbox, source: Source, state: AccountState, now: datetime) -> AccountState:
    """Look at what the mailbox's server adds to mail, now and then: the meaning of `auto`."""
    if not mailbox.learns or (mailbox.authentication != "auto" and mailbox.trust != Trust()):
        return state
    if state.fingerprint != mailbox.fingerprint:  # perhaps another server by now
        state = replace(state, trust=Trust(), policy="", sampled_mails=0, sampled_at=None)
    fresh = state.sampled_at is not None and timedelta(0) <= now - state.sampled_at < SAMPLE_AGAIN_AFTER
    if fresh and state.sampled_mails >= ENOUGH_TO_LEARN:
        return state
    sample = source.sample_trust()
    if sample.mails < ENOUGH_TO_LEARN:
        return replace(state, sampled_mails=sample.mails, sampled_at=now)
    own = state.trust if mailbox.trust == Trust() else mailbox.trust
    marked = sample.trust != Trust() and (mailbox.trust == Trust() or _same(mailbox.trust, sample.trust))
    if not marked and state.policy == Policy.REQUIRE and any(_same(own, mark) for mark in sample.seen):
        # A few odd mails, which anybody can send, must not talk a server out of its word.
        return replace(state, sampled_mails=sample.mails, sampled_at=now)
    policy = Policy.REQUIRE if marked else Policy.PREFER
    return replace(state, trust=sample.trust, sampled_mails=sample.mails, sampled_at=now, policy=policy.value)


def _same(named: Trust, seen: Trust) -> bool:
    return bool(named.authserv_ids & seen.authserv_ids) or (named.anonymous and seen.anonymous)


def _era(mailbox: Mailbox, store: Store) -> int:
    key = f"place:{mailbox.name}"
    with store.writing() as writer:
        known = store.meta(key)
        number, _, place = (known or "0").partition(" ")
        era = int(number) + (known is not None and place != mailbox.place)
        if known is None or place != mailbox.place:
            writer.set_meta(key, f"{era} {mailbox.place}")
    return era << 32


def _collect(work: _Poll) -> int:
    """Store what is new, one transaction a mail; then each batch's cursor. Returns how many mails were new."""
    name, store = work.mailbox.name, work.store
    platforms = (sender for adapter in work.adapters for sender in adapter.senders)
    senders = tuple(dict.fromkeys((*platforms, *work.mailbox.forwarders)))
    sought, key = " ".join((*sorted(senders), str(work.mailbox.look_back.days))), f"sought:{name}"
    cursors = tuple(
        replace(cursor, uidvalidity=cursor.uidvalidity - work.era)
        for cursor in store.cursors(name)
        if cursor.uidvalidity >> 32 == work.era >> 32
    )
    if store.meta(key) != sought:
        cursors = ()  # a new platform's older mail was never searched for; what is stored is not fetched again
        with store.writing() as writer:
            writer.set_meta(key, "")  # nobody may go on from cursors that do not stand for all senders
    known = store.known_uids(name)  # now: a source may ask on a thread of its own, where the store must not be used
    wanted = Wanted(
        senders=senders,
        since=work.now - work.mailbox.look_back,
        known=lambda folder, uidvalidity: known.get((folder, uidvalidity + work.era), frozenset()),
        cursors=cursors,
        progress=work.progress,
    )
    kept = sum(_keep(work, batch) for batch in work.source.poll(wanted))
    if store.meta(key) != sought:
        with store.writing() as writer:
            writer.set_meta(key, sought)
    return kept


def _keep(work: _Poll, batch: Batch) -> int:
    cursor = replace(batch.cursor, uidvalidity=batch.cursor.uidvalidity + work.era)
    latest = max(work.now, datetime.now(UTC))  # with an earlier --now, mail must not be stored as older than it is
    kept = 0
    for left, raw in zip(range(len(batch.mails) - 1, -1, -1), batch.mails, strict=True):
        mail = parse(raw, now=latest, trust=work.trust)
        with work.store.writing(waits_for_disk=not left) as writer:  # what a power cut takes is still on the server
            kept += writer.add_mail(_row(work, writer, raw, mail)) is not None
            if not left:
                writer.set_cursor(work.mailbox.name, cursor)
    if not batch.mails:
        with work.store.writing() as writer:
            writer.set_cursor(work.mailbox.name, cursor)
    return kept


def _row(work: _Poll, writer: Writer, raw: RawMail, mail: Mail) -> MailRow:
    judged = judge(mail, work.adapters, work.policy)
    uidvalidity = raw.uidvalidity + work.era
    row = MailRow(work.mailbox.name, raw.folder, uidvalidity, raw.uid, mail.digest, MailState.FOREIGN)
    if judged.outcome is Outcome.FOREIGN:
        return row
    if judged.outcome is Outcome.QUARANTINE:
        return replace(row, state=MailState.QUARANTINE, why=judged.why, received=mail.received)
    copy = work.store.seen_digest(mail.digest)
    if copy is not None and copy.counts_little and judged.outcome is Outcome.EVENT:
        writer.supersede(copy.id)  # the way it took to the other mailbox had cost it its proof
    elif copy is not None:
        return replace(row, state=MailState.DUPLICATE, message_id=mail.message_id)
    return judged_row(row, mail, judged)


def judged_row(row: MailRow, mail: Mail, judged: Judgement) -> MailRow:
    """A mail as it is stored after its judgement; an announced event waits for its deal."""
    states = {Outcome.NOISE: MailState.NOISE, Outcome.IGNORED: MailState.IGNORED}
    private = judged.notice is not None and judged.notice.kind == "account"  # login codes are never stored
    return replace(
        row,
        state=states.get(judged.outcome, MailState.TRIAGE),
        why=PENDING if judged.outcome is Outcome.EVENT else judged.why,
        message_id=mail.message_id,
        sender=mail.sender,
        subject=mail.subject,
        text=None if private else mail.text,
        links=() if private else mail.links,
        received=mail.received,
        verdict=mail.authentication.verdict,
        reason=mail.authentication.reason,
        refused=mail.authentication.refused,
        bulk=mail.bulk,
        forwarded=mail.forwarded,
        adapter=judged.adapter,
        notice=judged.notice,
    )


def settle(
    store: Store,
    adapters: Sequence[Adapter],
    rules: Mapping[str, Rules],
    account: str,
    now: datetime,
    progress: Callable[[Progress], None] = lambda _: None,
) -> PollReport:
    """Give each judged mail its deal, by the time of the mail, whatever order they came in."""
    pending = [row for row in store.mails(state=MailState.TRIAGE) if row.why == PENDING]
    spaces = {adapter.id: adapter.platform.ref_spaces for adapter in adapters}
    shelf = Shelf(store, rules)
    events: list[tuple[str, Event]] = []
    opened: list[str] = []
    for place, (row, notice) in enumerate(in_order(pending), start=1):
        progress(Progress("", place, len(pending)))
        with store.writing(waits_for_disk=place == len(pending)) as writer:  # what is lost is still pending
            done = settle_one(writer, shelf, row, notice, spaces, now)
        if done is None:
            continue
        if done.opened:
            opened.append(done.deal)
        events.append((done.deal, done.event))
    waiting = store.count_mails(MailState.TRIAGE)
    return PollReport(account, events=tuple(events), opened=tuple(opened), triage=waiting)


@dataclass(frozen=True, slots=True)
class Settled:
    """A mail that has found its deal."""

    deal: str
    event: Event
    opened: bool


def settle_one(
    writer: Writer,
    shelf: "Shelf",
    row: MailRow,
    notice: Notice,
    spaces: Mapping[str, Mapping[str, str]],
    now: datetime,
    *,
    former: Callable[[], str | None] = lambda: None,
) -> Settled | None:
    """Give one mail its deal, inside a transaction; None where the user must decide, or another process was faster.

    `spaces`: by platform, kinds of reference that share their numbers. `former`: the deal to bring back instead of
    opening one.
    """
    if not writer.waits(row.id):
        return None
    found = find_deal(notice, row.received, shelf.book, spaces.get(notice.platform, {}))
    if isinstance(found, Unclear):
        writer.settle(row.id, "ambiguous", found.candidates)
        return None
    event = event_of(row, notice, now, linked_by_guess=isinstance(found, Found) and found.by_guess)
    if isinstance(found, Found):
        deal = found.deal_id
    else:
        deal = former() or writer.open_deal(notice.platform, account=row.account, at=now)
    writer.add_event(deal, event, row.id)
    shelf.renew(deal)
    return Settled(deal, event, opened=not isinstance(found, Found))


class Shelf:
    """The deals to match against, read anew when another process has written meanwhile."""

    def __init__(self, store: Store, rules: Mapping[str, Rules]) -> None:
        self._store, self._rules = store, rules
        self._version = -1
        self._book = DealBook((), rules)

    @property
    def book(self) -> DealBook:
        """The deals as they are now; asked for inside a transaction, so that nobody changes them meanwhile."""
        if self._store.data_version != self._version:
            self._version = self._store.data_version
            self._book = DealBook(self._store.ledgers(), self._rules)
        return self._book

    def renew(self, deal: str) -> None:
        """Take in what this process has just added to a deal."""
        ledger = self._store.ledger(deal)
        if ledger is not None:
            self._book.put(ledger)


def find_deal(notice: Notice, received: datetime | None, book: DealBook, spaces: Mapping[str, str]) -> Match:
    """The deal of a notice among those of the book, as they stood when the mail came."""
    return match(notice, book.candidates(notice, received, spaces), spaces)


def event_of(row: MailRow, notice: Notice, now: datetime, *, linked_by_guess: bool) -> Event:
    """The event a mail's notice stands for."""
    return Event(
        at=row.received or now,
        kind=notice.kind,
        actor=notice.actor,
        date=notice.date,
        key=mail_key(row.id),
        evidence=notice.evidence if notice.evidence else Evidence.INFERRED,
        linked_by_guess=linked_by_guess,
    )


def in_order(rows: Sequence[MailRow]) -> Iterator[tuple[MailRow, Notice]]:
    """Mails that announce something, oldest first, whatever order they came in."""
    earliest = datetime.min.replace(tzinfo=UTC)
    for row in sorted(rows, key=lambda row: (row.received or earliest, row.digest)):
        if row.notice is not None and row.notice.kind != UNRECOGNISED:
            yield row, row.notice


def _failed(mailbox: Mailbox, store: Store, error: SourceError, now: datetime) -> None:
    with store.writing() as writer:
        state = store.account_state(mailbox.name)
        writer.set_account_state(
            replace(
                state,
                last_attempt=now,
                error=str(error),
                hint=error.hint,
                permanent=error.permanent,
                fingerprint=mailbox.fingerprint,
            )
        )
