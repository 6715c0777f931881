"""Judges stored mail anew, with other rules and without fetching it again: in one transaction, or on a copy."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from otosata.adapter import Adapter
from otosata.deals.event import Event, Ledger
from otosata.deals.reading import Rules
from otosata.judge import Judgement, Outcome, Policy, judge
from otosata.mail.model import Authentication, Mail, Verdict
from otosata.store.revision import Revision
from otosata.store.store import Store
from otosata.store.values import MailRow, MailState
from otosata.store.writer import Writer
from otosata.sync import PENDING, Shelf, event_of, in_order, judged_row, settle_one

_DECIDED = ("ambiguous", PENDING)
"""Why a mail waits whose origin was believed."""
_DOUBTED = ("failed", "unverified")


@dataclass(frozen=True, slots=True)
class Court:
    """What mail is judged by."""

    adapters: Sequence[Adapter]
    rules: Mapping[str, Rules]
    """By platform, to know which deals went on when a mail came."""
    policies: Mapping[str, Policy] = field(default_factory=dict)
    """By account: what it asks of mail that nobody has decided about yet."""


@dataclass(frozen=True, slots=True)
class Change:
    """A mail that is judged otherwise now."""

    before: MailRow
    after: MailRow


@dataclass(frozen=True, slots=True)
class Retrial:
    """What judging anew came to."""

    changes: tuple[Change, ...] = ()
    events: tuple[tuple[str, Event], ...] = ()
    """(deal id, event) that mails have made now."""
    opened: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    """Deals that nothing is left of."""
    before: tuple[Ledger, ...] = ()
    after: tuple[Ledger, ...] = ()
    """All deals, before and after; read only where they are asked for."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which stored mail is judged anew."""

    state: MailState | None = None
    """Only mail that is there."""
    rules: frozenset[str] | None = None
    """Only mail that one of these rules (`lancers/taught-1`) has judged, or judges now."""
    glance: Callable[[MailRow], bool] = lambda _: True
    """A cheap look at a mail that spares judging it."""

    def concerns(self, row: MailRow, judged: Judgement) -> bool:
        """Whether the new judgement counts."""
        notices = (row.notice, judged.notice)
        by_rule = self.rules is None or any(one is not None and one.rule in self.rules for one in notices)
        return by_rule and self.state in (None, row.state)


EVERYTHING = Scope()
WAITING = Scope(MailState.TRIAGE)


def rejudge(
    store: Store,
    court: Court,
    now: datetime,
    scope: Scope,
    *,
    about: Mapping[str, object],
    rehearse: bool = False,
    compare: bool = False,
) -> Retrial:
    """Judge stored mail anew; what follows from it no longer is taken back, what follows now is added.

    The user's word stands: mail that he assigned or ignored stays where it is. Login codes are judged by their subject,
    since their text is not stored. `about`: kept with the act that takes events back. `rehearse`: in a copy; nothing is
    changed. `compare`: hand out the ledgers before and after.
    A second call finds nothing to do. Mail that another process stores or settles meanwhile is looked at again.
    """
    found = [row.id for row in store.judged_mails(scope.state) if scope.glance(row) and _retried(row, court, scope)]
    if not found and not compare:
        return Retrial()
    with (
        store.copied() if rehearse else nullcontext(store) as ledger,
        ledger.revising(now, about) as (writer, revision),
    ):
        before = ledger.ledgers() if compare else ()
        done = _Trial(ledger, writer, revision, court, now).run(found, scope)
        return replace(done, before=before, after=ledger.ledgers() if compare else ())


def mail_of(row: MailRow) -> Mail:
    """A stored mail as the adapters see it."""
    return Mail(
        message_id=row.message_id,
        digest=row.digest,
        subject=row.subject,
        sender=row.sender,
        sender_name="",
        received=row.received,
        text=row.text or "",
        links=row.links,
        authentication=Authentication(row.verdict or Verdict.UNVERIFIED, row.reason, row.refused),
        bulk=row.bulk,
        forwarded=row.forwarded,
        folder=row.folder,
        uid=row.uid,
        uidvalidity=row.uidvalidity,
    )


def _retried(row: MailRow, court: Court, scope: Scope) -> MailRow | None:
    """The row as it would be judged now; None where nothing changes, or no adapter is installed for it."""
    judged = _judge(row, court)
    if judged.outcome in (Outcome.FOREIGN, Outcome.QUARANTINE) or not scope.concerns(row, judged):
        return None
    after = replace(judged_row(row, mail_of(row), judged), candidates=())
    if row.text is None:
        after = replace(after, text=None, links=row.links)
    same_notice = judged.notice == row.notice
    settled = row.state is MailState.EVENT or row.why in _DECIDED
    same_place = settled if judged.outcome is Outcome.EVENT else (after.state, after.why) == (row.state, row.why)
    return None if same_notice and (same_place or row.by_hand) else after


def _judge(row: MailRow, court: Court) -> Judgement:
    """The judgement by what the rules say now. What was believed stays believed, what was doubted stays doubtful."""
    believed = (row.state is MailState.EVENT and not row.by_hand) or row.why in _DECIDED
    policy = Policy.OFF if believed else court.policies.get(row.account, Policy.REQUIRE)
    judged = judge(mail_of(row), court.adapters, policy)
    doubted = row.why in _DOUBTED and judged.outcome is Outcome.EVENT
    return replace(judged, outcome=Outcome.TRIAGE, why=row.why, contact=False) if doubted else judged


class _Trial:
    """One run, inside its transaction."""

    def __init__(self, store: Store, writer: Writer, revision: Revision, court: Court, now: datetime) -> None:
        self._store, self._writer, self._revision, self._court, self._now = store, writer, revision, court, now
        self._changes: list[Change] = []
        self._events: list[tuple[str, Event]] = []

    def run(self, mails: Sequence[int], scope: Scope) -> Retrial:
        waits: list[MailRow] = []
        for mail in mails:
            row = self._store.mail(mail)
            after = _retried(row, self._court, scope) if row else None
            if row is not None and after is not None:
                waits += self._change(row, after)
        opened = self._settle(waits)
        gone = self._revision.close()
        kept = tuple(deal for deal in opened if deal not in gone)
        return Retrial(tuple(self._changes), tuple(self._events), kept, gone)

    def _change(self, row: MailRow, after: MailRow) -> list[MailRow]:
        """Write what the mail is now; itself, where it is to find its deal."""
        self._changes.append(Change(row, after))
        if row.by_hand:  # his word stands over this one, and comes off it when he takes it back
            self._revision.judge_anew(after)
            return []
        if row.state is MailState.EVENT and _same_event(row, after, self._now):
            self._revision.judge_anew(after)
            return []
        deal = self._revision.withdraw(row.id)
        self._revision.judge_anew(after)
        if after.why != PENDING:
            return []
        if deal is not None and row.notice and after.notice and _same_names(row, after):
            event = event_of(after, after.notice, self._now, linked_by_guess=row.linked_by_guess)
            self._writer.add_event(deal, event, row.id)
            self._events.append((deal, event))
            return []
        return [after]

    def _settle(self, waits: Sequence[MailRow]) -> list[str]:
        shelf = Shelf(self._store, self._court.rules)
        spaces = {adapter.id: adapter.platform.ref_spaces for adapter in self._court.adapters}
        opened = []
        for row, notice in in_order(waits):
            former = partial(self._revision.former_deal, row.id)
            done = settle_one(self._writer, shelf, row, notice, spaces, self._now, former=former)
            if done is not None:
                self._events.append((done.deal, done.event))
                if done.opened:
                    opened.append(done.deal)
        return opened


def _same_event(row: MailRow, after: MailRow, now: datetime) -> bool:
    """Whether the event that the mail has made is the one that it would make now."""
    if row.notice is None or after.notice is None or after.why != PENDING or not _same_names(row, after):
        return False
    mine, its = (event_of(row, notice, now, linked_by_guess=False) for notice in (row.notice, after.notice))
    return mine == its


def _same_names(row: MailRow, after: MailRow) -> bool:
    if row.notice is None or after.notice is None:
        return False
    mine, its = row.notice, after.notice
    return (mine.client, mine.title, mine.refs, mine.url) == (its.client, its.title, its.refs, its.url)
