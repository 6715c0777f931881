"""Deals at hand for the matcher: found by reference or by name without going through all of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from otosata.deals.event import Ledger
from otosata.deals.matching import Candidate
from otosata.deals.names import fold, fold_name
from otosata.deals.notice import Notice
from otosata.deals.reading import Rules
from otosata.deals.view import look

_Key = tuple[str, str, str]


class DealBook:
    """An index over ledgers. The one mutable thing in this room: it lives as long as one poll."""

    def __init__(self, ledgers: Iterable[Ledger], rules: Mapping[str, Rules]) -> None:
        self._rules = rules
        self._ledgers: dict[str, Ledger] = {}
        self._index: defaultdict[_Key, set[str]] = defaultdict(set)
        for ledger in ledgers:
            self.put(ledger)

    def put(self, ledger: Ledger) -> None:
        """Add a deal, or what is new about it."""
        deal = ledger.deal
        self._ledgers[deal.id] = ledger
        for key in _keys(deal.platform, deal.refs, deal.client, deal.title):
            self._index[key].add(deal.id)

    def candidates(self, notice: Notice, at: datetime | None, ref_spaces: Mapping[str, str]) -> tuple[Candidate, ...]:
        """The deals that share a reference or a name with the notice, as they stood at that time."""
        values = [value for _, value in notice.refs]
        kinds = {kind for kind, _ in notice.refs} | set(ref_spaces) | set(ref_spaces.values())
        refs = [(kind, value) for kind in kinds for value in values]
        keys = _keys(notice.platform, refs, notice.client, notice.title)
        ids = sorted({deal for key in keys for deal in self._index.get(key, ())})
        return tuple(self._candidate(self._ledgers[deal], at) for deal in ids)

    def _candidate(self, ledger: Ledger, at: datetime | None) -> Candidate:
        rules = self._rules.get(ledger.deal.platform)
        if rules is None or at is None:
            return Candidate(ledger.deal, is_open=True)
        view = look(ledger, rules.platform, rules.calendar, at, rules.due)
        return Candidate(ledger.deal, view.is_open, is_early=view.stage is None or view.stage.early)


def _keys(platform: str, refs: Iterable[tuple[str, str]], client: str, title: str) -> set[_Key]:
    found = {(platform, f"ref:{kind}", value) for kind, value in refs}
    if client:
        found.add((platform, "client", fold_name(client)))
    if title:
        found.add((platform, "title", fold(title)))
    return found
