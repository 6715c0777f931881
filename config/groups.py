"""Unknown mail by template, with a guess for each group and the deals it names: for triage and for the stale alarm."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from adapters.recognise import TomlAdapter
from adapters.teaching.clusters import Cluster, Unknown, cluster, compared
from adapters.teaching.guess import Guess, Guesser
from adapters.teaching.words import NOBODY, Known
from otosata.deals.event import Ledger
from otosata.deals.notice import UNRECOGNISED
from otosata.mail.model import Verdict
from otosata.store.values import MailRow
from otosata.understanding import UnknownMail


@dataclass(frozen=True, slots=True)
class Group:
    """Unrecognised mails of one template."""

    cluster: Cluster
    mails: tuple[MailRow, ...]
    guess: Guess | None
    """What they probably announce, and like which sample."""
    deals: tuple[str, ...] = ()
    """Deals whose names or references they hold."""


class Grouping:
    """The knowledge that grouping needs: platforms, deals, samples."""

    def __init__(self, adapters: Mapping[str, TomlAdapter], ledgers: Sequence[Ledger]) -> None:
        self._adapters = adapters
        self._guesser = Guesser.of(adapters.values())
        self.known = _known(adapters, ledgers)
        self._by_ref: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
        for ledger in ledgers:
            for kind, value in ledger.deal.refs:
                self._by_ref[ledger.deal.platform, kind, value].add(ledger.deal.id)

    def groups(self, waiting: Iterable[MailRow]) -> tuple[Group, ...]:
        """What no rule knew and nobody has decided, by template; the largest group first."""
        rows = {row.id: row for row in waiting if is_unknown(row)}
        found = cluster((Unknown(row.id, row.adapter or "", row.subject) for row in rows.values()), self.known)
        return tuple(self._group(one, [rows[mail] for mail in one.mails]) for one in found)

    def guess(self, row: MailRow) -> Guess | None:
        """None for what is sent in bulk or sounds like advertising: no guess may touch it."""
        adapter = self._adapters.get(row.adapter or "")
        guess = self._guesser.guess(row.subject)
        if guess is None or not guess.is_deals or adapter is None:
            return guess
        careful = row.bulk or adapter.recogniser.sounds_like_advertising(compared(row.subject))
        return None if careful else guess

    def unknown(self, group: Group) -> list[UnknownMail]:
        """The mails of a group as the stale alarm sees them."""
        is_deals = group.guess is not None and group.guess.is_deals
        named = ((row, frozenset(self.deals_named(row))) for row in group.mails)
        return [
            UnknownMail(row.received, row.verdict is Verdict.VERIFIED, row.bulk, is_deals or bool(deals), deals)
            for row, deals in named
        ]

    def deals_named(self, row: MailRow) -> set[str]:
        """Deals of the platform that the mail names by a reference, or in its subject."""
        platform = row.adapter or ""
        refs = row.notice.refs if row.notice else ()
        found = {deal for kind, value in refs for deal in self._by_ref.get((platform, kind, value), ())}
        slots = self.known.get(platform, NOBODY).slots(compared(row.subject))
        return found or {slot.deal for slot in slots if slot.deal}

    def _group(self, found: Cluster, rows: Sequence[MailRow]) -> Group:
        deals = sorted(set().union(*map(self.deals_named, rows)))
        return Group(found, tuple(rows), self.guess(rows[0]), tuple(deals))


def is_unknown(row: MailRow) -> bool:
    """Whether the mail waits because no rule knew it."""
    return row.why == UNRECOGNISED and row.adapter is not None and (row.notice is None or row.notice.rule is None)


def _known(adapters: Mapping[str, TomlAdapter], ledgers: Sequence[Ledger]) -> dict[str, Known]:
    names: dict[str, list[tuple[str, str, str]]] = {name: [] for name in adapters}
    for ledger in ledgers:
        deal = ledger.deal
        if deal.platform in names:
            names[deal.platform].append((deal.id, deal.client, deal.title))
    return {name: Known.of(deals, adapters[name].platform.my_names) for name, deals in names.items()}
