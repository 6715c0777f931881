"""Which channel hears of what, and when: per kind, level and platform, around the quiet hours. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from otosata.deals.vocabulary import Level
from otosata.notify.facts import BlindFact, DealFact, Fact, ManyFacts, WholeFact
from otosata.notify.hours import QuietHours
from otosata.notify.kinds import Kind

MANY = 6
"""More deals than this in one look come as one message: after a holiday, a first sync, or hours of blindness."""
_BY_LEVEL = frozenset({Kind.LEVEL, Kind.REMINDER})
"""What a channel hears from its level on; hard dates and my turn have none."""


@dataclass(frozen=True, slots=True)
class Route:
    """What a channel wants to hear."""

    channel: str
    level: Level = Level.WARN
    """Changes of level and reminders from here on."""
    kinds: frozenset[Kind] = frozenset(Kind)
    platforms: frozenset[str] = frozenset()
    """Empty: all."""
    quiet: QuietHours | None = None
    critical_breaks_quiet: bool = False

    def due(self, fact: Fact, now: datetime) -> datetime:
        """When it may be said."""
        if self.quiet is None or (self.critical_breaks_quiet and _is_critical(fact)):
            return now
        return self.quiet.after(now)


def routed(facts: Iterable[Fact], route: Route) -> tuple[Fact, ...]:
    """What of the facts the channel hears; many deals at once as one."""
    wanted = [fact for fact in facts if _wants(route, fact)]
    deals = tuple(fact for fact in wanted if isinstance(fact, DealFact))
    if len(deals) <= MANY:
        return tuple(wanted)
    return (ManyFacts(deals), *(fact for fact in wanted if not isinstance(fact, DealFact)))


def _wants(route: Route, fact: Fact) -> bool:
    match fact:
        case DealFact():
            kinds = fact.kinds & route.kinds
            heard = kinds - _BY_LEVEL or (kinds and fact.weight >= route.level)
            return bool(heard) and (not route.platforms or fact.platform in route.platforms)
        case BlindFact():
            return Kind.BLIND in route.kinds
        case WholeFact():
            return fact.kind is Kind.START or fact.kind in route.kinds
        case ManyFacts():
            return True


def _is_critical(fact: Fact) -> bool:
    match fact:
        case DealFact():
            return fact.reading.level is Level.CRITICAL
        case ManyFacts():
            return any(_is_critical(one) for one in fact.facts)
        case _:
            return False
