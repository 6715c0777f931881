"""A Lancers client and the clock: how things stand at any hour, in one call."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from adapters.registry import load_adapters
from otosata.deals.calendar import BusinessCalendar
from otosata.deals.event import Deal, Event, Ledger, Mark
from otosata.deals.reading import Reading, Rules, read
from otosata.deals.vocabulary import Actor
from otosata.notify.facts import DealFact, Fact
from otosata.notify.plan import When, plan
from otosata.overview import AccountHealth, AccountState, AdapterHealth, Overview, survey

START = datetime(2026, 6, 1, 3, tzinfo=UTC)
"""A Monday, noon in Tokyo: the client is asked something."""
LANCERS = next(adapter.platform for adapter in load_adapters() if adapter.id == "lancers")
BEFORE = (
    Event(START - timedelta(hours=2), "contract", Actor.CLIENT),
    Event(START - timedelta(hours=1), "message", Actor.CLIENT),
    Event(START, "message", Actor.ME),
)


def after(days: float) -> datetime:
    """So many days after START."""
    return START + timedelta(days=days)


def wrote(days: float) -> Event:
    """The client's message then."""
    return Event(after(days), "message", Actor.CLIENT)


def answered(days: float) -> Event:
    """My message then."""
    return Event(after(days), "message", Actor.ME)


def deal(now: datetime, *events: Event, marks: Sequence[Mark] = (), number: int = 1, client: str = "") -> Reading:
    """The deal at `now`: warn from 5 days of waiting, critical from 7."""
    ledger = Ledger(Deal(f"lancers-{number}", "lancers", client), (*BEFORE, *events), tuple(marks))
    return read(ledger, Rules(LANCERS, BusinessCalendar()), now)


def mailbox(now: datetime, error: str | None = None, state: AccountState | None = None) -> AccountHealth:
    """The mailbox `main`: well, failing, or as said."""
    found = state or (AccountState.FAILED if error else AccountState.OK)
    return AccountHealth("main", "imap", found, now, error)


def overview(
    now: datetime, *readings: Reading, account: AccountHealth | None = None, stale_adapter: bool = False
) -> Overview:
    """Everything at `now`; while the mailbox is not well, its deals are unknown."""
    health = account or mailbox(now)
    feeds = {reading.deal.id: frozenset({"main"}) for reading in readings}
    adapters = (AdapterHealth("lancers", 9, 5, now, stale_adapter),)
    return survey(readings, feeds, [health], adapters, (), triage=0, now=now)


class Speaker:
    """Says what is to be said, one look after another, and remembers it."""

    def __init__(self, when: When | None = None, *, began: bool = True) -> None:
        self.when = when or When()
        self.said: dict[str, str] | None = {} if began else None

    def look(self, seen: Overview) -> tuple[Fact, ...]:
        """The facts of a look."""
        found = plan(self.said, seen, self.when)
        self.said = dict(found.said)
        return found.facts

    def at(self, days: float, *events: Event, marks: Sequence[Mark] = ()) -> str:
        """What is said about the one deal then: `level warn<ok`, `reminder 2 warn`; empty for nothing."""
        now = after(days)
        past = [event for event in events if event.at <= now]
        return " + ".join(told(fact) for fact in self.look(overview(now, deal(now, *past, marks=marks))))


def told(fact: Fact) -> str:
    """A fact of a deal in a few words."""
    if not isinstance(fact, DealFact):
        return fact.subject
    kinds = ",".join(sorted(fact.kinds))
    number = f" {fact.number}" if fact.number else ""
    return f"{kinds}{number} {fact.before.word}>{fact.reading.level.word}"


def unknown(reading: Reading) -> Reading:
    """The same while its mailbox cannot be read."""
    return replace(reading, unknown=True)
