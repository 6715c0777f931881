"""Thresholds learned from how long each client takes to answer: offered, with what they rest on; never applied here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from otosata.deals.duration import Span, Unit
from otosata.deals.event import Ledger
from otosata.deals.habits import FEW, Wait, quantile, waits
from otosata.deals.names import fold_name

NOTICE_SHARE, WARN_SHARE = 0.75, 0.95
"""Notice when three of four answers would be there, warn when nearly all would (ours)."""
LATEST = 6
"""Days. A platform's rights begin after seven (`critical`): what comes later than that warns of nothing."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Thresholds that fit one client, on whatever platform."""

    client: str
    """As last written."""
    answers: int
    """How many of his answers it rests on."""
    typical: timedelta
    """Half of them are there by then."""
    notice: tuple[Span, ...]
    warn: tuple[Span, ...]


def propose(ledgers: Iterable[Ledger], now: datetime) -> tuple[Proposal, ...]:
    """A proposal for every client with enough answers to tell, most answers first. `critical` is left alone."""
    names: dict[str, str] = {}
    found: dict[str, list[Wait]] = {}
    for ledger in ledgers:
        client = fold_name(ledger.deal.client)
        names[client] = ledger.deal.client
        found.setdefault(client, []).extend(waits(ledger, now))
    proposals = [_proposal(names[client], known) for client, known in found.items() if client]
    return tuple(sorted((one for one in proposals if one), key=lambda one: (-one.answers, one.client)))


def _proposal(client: str, known: list[Wait]) -> Proposal | None:
    answers = sum(wait.answered for wait in known)
    typical, usual = quantile(known, 0.5), quantile(known, NOTICE_SHARE)
    if answers < FEW or typical is None or usual is None:
        return None
    nearly_all = quantile(known, WARN_SHARE)
    notice = min(_days(usual), LATEST - 1)
    warn = min(max(_days(nearly_all) if nearly_all else LATEST, notice + 1), LATEST)
    return Proposal(client, answers, typical, _spans(notice), _spans(warn))


def _days(time: timedelta) -> int:
    """Whole days by which it is over."""
    return max(-(-time // _DAY), 1)


def _spans(days: int) -> tuple[Span, ...]:
    """As the platforms' files write it (3d and 2bd, 5d and 3bd): a weekend alone raises nothing."""
    return Span(days, Unit.DAYS), Span((days + 1) // 2, Unit.BUSINESS_DAYS)
