"""Two histories of the same deals side by side: what other thresholds would have changed."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from otosata.deals.event import Deal
from otosata.deals.replay import History, PassedDate, Raised, Sequel
from otosata.deals.vocabulary import ALARMING, Level


@dataclass(frozen=True, slots=True)
class Tally:
    """What some histories come to."""

    alarms: Mapping[Level, int]
    """By `notice`, `warn`, `critical`."""
    answered_unasked: int = 0
    """Alarms before the client answered by himself, without a word of mine."""
    missed: int = 0
    """Hard dates that passed without an alarm before."""

    @property
    def total(self) -> int:
        """All alarms."""
        return sum(self.alarms.values())


@dataclass(frozen=True, slots=True)
class Pair:
    """The same figure twice: with the thresholds there are, and with those that are tried."""

    current: Tally
    proposed: Tally

    @property
    def differs(self) -> bool:
        """Whether the thresholds make a difference here."""
        return self.current != self.proposed


@dataclass(frozen=True, slots=True)
class DealPair:
    """A deal's two histories."""

    deal: Deal
    current: History
    proposed: History

    @property
    def tallies(self) -> Pair:
        """Both summed up."""
        return Pair(*(tally(side.raised, len(self.missed(side))) for side in (self.current, self.proposed)))

    def missed(self, history: History) -> tuple[PassedDate, ...]:
        """The dates that passed without a warning. A row from which all levels are taken away watches over no date
        any more: what the other thresholds watch is then missed here.
        """
        watched = {(date.limit, date.kind): date for date in history.dates}
        every = {(date.limit, date.kind): date for date in (*self.current.dates, *self.proposed.dates)}
        return tuple(date for key, date in every.items() if key not in watched or not watched[key].warned)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All deals, with current and with proposed thresholds."""

    deals: tuple[DealPair, ...]

    @property
    def total(self) -> Pair:
        """Everything summed up."""
        pairs = [pair.tallies for pair in self.deals]
        return Pair(added(pair.current for pair in pairs), added(pair.proposed for pair in pairs))

    @property
    def changed(self) -> tuple[DealPair, ...]:
        """The deals for which it makes a difference, in the past or today."""
        return tuple(pair for pair in self.deals if pair.current != pair.proposed)

    def today(self) -> tuple[Mapping[Level, int], Mapping[Level, int]]:
        """How many deals are at each level at the end, with the current and with the proposed thresholds."""
        return _levels(pair.current for pair in self.deals), _levels(pair.proposed for pair in self.deals)

    def months(self, zone: tzinfo) -> Mapping[str, Pair]:
        """By month (`2026-11`) in the reader's zone, oldest first; months without anything are left out."""
        sides = [_by_month(self.deals, side, zone) for side in (_current, _proposed)]
        return {month: Pair(*(side.get(month, NOTHING) for side in sides)) for month in sorted({*sides[0], *sides[1]})}


def _current(pair: DealPair) -> History:
    return pair.current


def _proposed(pair: DealPair) -> History:
    return pair.proposed


def _by_month(deals: Iterable[DealPair], side: Callable[[DealPair], History], zone: tzinfo) -> dict[str, Tally]:
    raised: dict[str, list[Raised]] = {}
    missed: Counter[str] = Counter()
    for pair in deals:
        history = side(pair)
        for alarm in history.raised:
            raised.setdefault(f"{alarm.at.astimezone(zone):%Y-%m}", []).append(alarm)
        for date in pair.missed(history):
            day = date.limit.astimezone(zone) if isinstance(date.limit, datetime) else date.limit
            missed[f"{day:%Y-%m}"] += 1
    return {month: tally(raised.get(month, ()), missed[month]) for month in {*raised, *missed}}


def tally(raised: Sequence[Raised], missed: int = 0) -> Tally:
    """Count alarms by level and by what came next."""
    return Tally(
        {level: sum(alarm.level is level for alarm in raised) for level in ALARMING},
        sum(alarm.sequel is Sequel.ANSWERED for alarm in raised),
        missed,
    )


NOTHING = tally(())


def added(tallies: Iterable[Tally]) -> Tally:
    """The sum of some tallies."""
    known = tuple(tallies)
    return Tally(
        {level: sum(one.alarms[level] for one in known) for level in ALARMING},
        sum(one.answered_unasked for one in known),
        sum(one.missed for one in known),
    )


def _levels(histories: Iterable[History]) -> Mapping[Level, int]:
    levels = [history.level for history in histories]
    return {level: levels.count(level) for level in Level}
