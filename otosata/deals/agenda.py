"""The dates that lie ahead of deals: limits, agreed and promised dates, ends of snoozes, next levels."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

from otosata.deals.clocks import Moment
from otosata.deals.limits import begin_of, passed_at
from otosata.deals.platform import LimitRule, Text
from otosata.deals.reading import Reading
from otosata.deals.vocabulary import Level


class DateKind(StrEnum):
    """What a date is, the hardest first."""

    LIMIT = "limit"
    """The platform's limit of the stage."""
    DEAL_LIMIT = "deal_limit"
    """The platform's limit of the deal as a whole."""
    DUE = "due"
    """The agreed 納期, until the work is delivered."""
    OWN_DATE = "own_date"
    """The date I named to the client, until he is heard of."""
    SNOOZE = "snooze"
    """The deal comes back."""
    LEVEL = "level"
    """The deal gets louder if nothing happens."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A date of a deal."""

    at: Moment
    """An instant, or a date in Japan where only that is known."""
    kind: DateKind
    reading: Reading
    level: Level | None = None
    """LEVEL: the one that begins."""
    outcome: Text | None = None
    """LIMIT, DEAL_LIMIT: what the platform does once it has passed."""

    @property
    def is_hard(self) -> bool:
        """Whether somebody else holds to it: a limit or an agreed date."""
        return self.kind in (DateKind.LIMIT, DateKind.DEAL_LIMIT, DateKind.DUE)

    @property
    def has_passed(self) -> bool:
        """Whether it lies behind the reading's `now`; a bare date's whole day in Japan still belongs to it."""
        return passed_at(self.at) <= self.reading.now

    def day(self, zone: tzinfo | None) -> date:
        """The date it falls on for somebody in that zone; a bare date is a date in Japan wherever one is."""
        return self.at.astimezone(zone).date() if isinstance(self.at, datetime) else self.at


def agenda(readings: Iterable[Reading]) -> tuple[Dated, ...]:
    """Every date of the open deals, by time; limits that have passed stay in it until the deal moves on."""
    found = [dated for reading in readings for dated in dates_of(reading)]
    return tuple(sorted(found, key=_order))


def dates_of(reading: Reading) -> Iterator[Dated]:
    """The dates of one deal, the hardest first; none once it is over.

    A snoozed or acknowledged deal gets louder in silence, so its next level is no date. A limit that is the agreed
    納期 is told once, as that.
    """
    if reading.is_over:
        return
    view, anchors = reading.view, reading.view.clocks.anchors
    due = None if view.clocks.delivered else anchors.get("due")
    if reading.limit is not None and reading.limit != due:
        rule = view.row.limit or (view.stage.limit if view.stage else None)
        yield Dated(reading.limit, DateKind.LIMIT, reading, outcome=_outcome(rule))
    if reading.deal_limit is not None:
        yield Dated(reading.deal_limit, DateKind.DEAL_LIMIT, reading)
    if due is not None:
        yield Dated(due, DateKind.DUE, reading)
    if (own := anchors.get("own_date")) is not None:
        yield Dated(own, DateKind.OWN_DATE, reading)
    if reading.snoozed_until is not None:
        yield Dated(reading.snoozed_until, DateKind.SNOOZE, reading)
    if reading.next_level_at is not None and not reading.is_quiet:
        yield Dated(reading.next_level_at, DateKind.LEVEL, reading, level=reading.next_level)


def _outcome(rule: LimitRule | None) -> Text | None:
    return rule.outcome if rule else None


def _order(dated: Dated) -> tuple[datetime, int, str]:
    """By the instant it begins; a bare date stands before the instants of its day."""
    return begin_of(dated.at), list(DateKind).index(dated.kind), dated.reading.deal.id
