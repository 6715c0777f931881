"""An entry in a deal's ledger, and the marks the user sets on a deal."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from otosata.deals.vocabulary import KINDS, LIFE_ORDER, Actor, Evidence, Role


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a deal. Only ever added; `at` decides its place, not the order of arrival."""

    at: dt.datetime
    """When it happened, UTC."""
    kind: str
    """A word of the vocabulary (`vocabulary.KINDS`)."""
    actor: Actor
    date: dt.date | dt.datetime | None = None
    """`set_date`: the date I named. `milestone`: its date. `quote…`: until when. Else: agreed 納期."""
    application_deadline: dt.date | None = None
    """`submit_task` on CrowdWorks: 応募期限."""
    finished: bool = False
    """The user says that the work is complete."""
    note: str = ""
    key: str = ""
    """Where it comes from: `mail:12` or `hand:7`; orders events of one kind at one instant."""
    evidence: Evidence = Evidence.USER
    linked_by_guess: bool = False
    """It was joined to this deal by names, not by a reference."""

    @property
    def role(self) -> Role:
        """What it does to the clocks."""
        return KINDS[self.kind].role

    @property
    def is_contact(self) -> bool:
        """Whether the client was heard of."""
        return self.actor is Actor.CLIENT and self.role is not Role.NOISE

    @property
    def inferred(self) -> bool:
        """Whether a guess stands behind it: the rule's or the join's."""
        return self.evidence is Evidence.INFERRED or self.linked_by_guess

    @property
    def order(self) -> tuple[dt.datetime, int, Actor, int, str]:
        """The place in the ledger: time, then the order of a deal's life, then origin (`hand:9` before `hand:10`)."""
        return (self.at, LIFE_ORDER[self.kind], self.actor, len(self.key), self.key)


class MarkKind(StrEnum):
    """What the user can say about a deal that is no event."""

    SNOOZE = "snooze"
    ACK = "ack"
    CLOSE = "close"
    REOPEN = "reopen"
    NOTE = "note"
    """A word to myself; changes nothing else."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The user's word on a deal: be quiet until, I know, it is over, it is not, or just a note."""

    at: dt.datetime
    kind: MarkKind
    until: dt.datetime | None = None
    reason: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Deal:
    """One engagement with one client on one platform: its names and references. What it is in, is computed."""

    id: str
    platform: str
    client: str = ""
    title: str = ""
    url: str | None = None
    refs: tuple[tuple[str, str], ...] = ()
    """(kind, value): `("talkroom", "123")`."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """A deal with everything that is known of it."""

    deal: Deal
    events: tuple[Event, ...] = ()
    marks: tuple[Mark, ...] = ()

    def until(self, now: dt.datetime) -> "Ledger":
        """What was there at that instant, in order."""
        events = sorted((event for event in self.events if event.at <= now), key=lambda event: event.order)
        return Ledger(self.deal, tuple(events), self.marks_until(now))

    def marks_until(self, now: dt.datetime) -> tuple[Mark, ...]:
        """The user's words by that instant, in order."""
        known = (mark for mark in self.marks if mark.at <= now)
        return tuple(sorted(known, key=lambda mark: (mark.at, len(mark.key), mark.key)))
