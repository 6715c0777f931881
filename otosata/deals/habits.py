"""How clients answer: reply times read off the ledgers, with what is still unanswered counted as just that."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from otosata.deals.event import Event, Ledger, MarkKind
from otosata.deals.names import fold_name
from otosata.deals.vocabulary import MY_WORDS, Actor

FEW = 5
"""With fewer answers than this a typical time is an anecdote; the faces say so."""
_CLOSING = frozenset({"accept", "decline", "cancelled", "close"})
"""After these nobody owes an answer, until the client is heard of again."""
_FAREWELL = _CLOSING | {"rate"}
_MINE = MY_WORDS | {"file_reminder"}


@dataclass(frozen=True, slots=True)
class Wait:
    """From my first word that the client had not answered yet until his next contact.

    My words are `message`, `draft` and `deliver`; an application is none, for most clients never answer those. A
    contact is any message or act of the client. What the platform says in between counts for nothing.
    """

    deal: str
    since: datetime
    until: datetime
    """The answer; without one the end of the deal, else now: so far it has taken at least that long."""
    answered: bool
    reminders: int
    """My further words, and 連絡催促申請 filed, before the answer."""
    running: bool = False
    """The client may still answer."""

    @property
    def length(self) -> timedelta:
        """How long it took, or has taken so far."""
        return self.until - self.since


def waits(ledger: Ledger, now: datetime) -> tuple[Wait, ...]:
    """Every wait of a deal by `now` (aware), in order. The deal's end, by mail or by hand, ends the last one."""
    known = ledger.until(now)
    found: list[Wait] = []
    first: Event | None = None
    reminders, is_over = 0, False
    for event in _with_close(known):
        closes = event.kind in _CLOSING
        if event.is_contact or closes:
            if first is not None:
                found.append(Wait(ledger.deal.id, first.at, event.at, event.is_contact, reminders))
            first, reminders = None, 0
            is_over = closes or (is_over and event.kind in _FAREWELL)
        elif event.actor is Actor.ME and event.kind in _MINE and not is_over:
            reminders += first is not None
            first = first or (event if event.kind in MY_WORDS else None)
    if first is not None:
        found.append(Wait(ledger.deal.id, first.at, now, answered=False, reminders=reminders, running=True))
    return tuple(found)


def _with_close(ledger: Ledger) -> tuple[Event, ...]:
    """The events of the ledger, and the user's word that the deal is over as one of them, if it is his last."""
    words = [mark for mark in ledger.marks if mark.kind in (MarkKind.CLOSE, MarkKind.REOPEN)]
    if not words or words[-1].kind is MarkKind.REOPEN:
        return ledger.events
    close = Event(words[-1].at, "close", Actor.ME)
    return tuple(sorted((*ledger.events, close), key=lambda event: event.order))


@dataclass(frozen=True, slots=True)
class Habit:
    """What the waits of a client, or of a platform's clients, come to."""

    platform: str
    client: str
    """As last written; empty: every client of the platform."""
    deals: int
    answered: int
    """How many of my words got an answer."""
    running: int
    """How many wait for one now."""
    given_up: int
    """How many never got one before the deal was over."""
    early: timedelta | None
    """A quarter of all answers are there by then."""
    typical: timedelta | None
    """Half of all answers are there by then; None where it is not known, because too much is unanswered."""
    late: timedelta | None
    """Three quarters are."""
    longest: Wait | None
    """The longest wait, answered or not."""
    longest_running: Wait | None
    after_reminders: Mapping[int, int]
    """Reminders → how many answers came after so many."""
    lengths: tuple[timedelta, ...]
    """Of the answered waits, the shortest first."""

    @property
    def is_anecdote(self) -> bool:
        """Whether there are too few answers to call anything typical."""
        return self.answered < FEW


def habit(platform: str, client: str, deals: int, found: Sequence[Wait]) -> Habit:
    """Sum up waits. `typical` and its spread are quantiles of the Kaplan-Meier estimate: an unanswered wait says that
    the answer takes longer than so long, and is neither left out nor taken for an answer.
    """
    answered = [wait for wait in found if wait.answered]
    running = [wait for wait in found if wait.running]
    return Habit(
        platform=platform,
        client=client,
        deals=deals,
        answered=len(answered),
        running=len(running),
        given_up=len(found) - len(answered) - len(running),
        early=quantile(found, 0.25),
        typical=quantile(found, 0.5),
        late=quantile(found, 0.75),
        longest=max(found, key=lambda wait: wait.length, default=None),
        longest_running=max(running, key=lambda wait: wait.length, default=None),
        after_reminders=MappingProxyType(dict(sorted(Counter(wait.reminders for wait in answered).items()))),
        lengths=tuple(sorted(wait.length for wait in answered)),
    )


def quantile(found: Iterable[Wait], share: float) -> timedelta | None:
    """The time by which that share of all waits is answered (Kaplan and Meier 1958); None where it is not reached.

    An answer at the very moment at which another wait was given up counts before it, as is usual.
    """
    ordered = sorted(found, key=lambda wait: (wait.length, not wait.answered))
    waiting, still = len(ordered), 1.0
    for place, wait in enumerate(ordered):
        if wait.answered:
            still *= 1 - 1 / (waiting - place)
            if still <= 1 - share + 1e-9:  # a product of fractions is rarely exact
                return wait.length
    return None


def habits(ledgers: Iterable[Ledger], now: datetime) -> tuple[Habit, ...]:
    """For each platform first all its clients together, then each client with a name; most waits first."""
    clients: dict[str, dict[str, list[Ledger]]] = {}
    for ledger in ledgers:
        name = fold_name(ledger.deal.client)
        clients.setdefault(ledger.deal.platform, {}).setdefault(name, []).append(ledger)
    return tuple(one for platform in sorted(clients) for one in _of_platform(platform, clients[platform], now))


def _of_platform(platform: str, clients: Mapping[str, Sequence[Ledger]], now: datetime) -> Iterator[Habit]:
    own = {name: [wait for ledger in deals for wait in waits(ledger, now)] for name, deals in clients.items()}
    count = sum(len(deals) for deals in clients.values())
    yield habit(platform, "", count, [wait for found in own.values() for wait in found])
    for name in sorted(own, key=lambda name: (-len(own[name]), name)):
        if name and own[name]:
            yield habit(platform, clients[name][-1].deal.client, len(clients[name]), own[name])
