"""What there is to say, before anybody puts it into words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from otosata.deals.reading import Reading
from otosata.deals.vocabulary import Level
from otosata.notify.kinds import Kind
from otosata.overview import Overview


@dataclass(frozen=True, slots=True)
class DealFact:
    """Something about a deal; one for each deal and look, whatever has changed at once."""

    reading: Reading
    kinds: frozenset[Kind]
    before: Level
    """The level that was last said."""
    number: int = 0
    """Of the reminder, from 1."""

    @property
    def subject(self) -> str:
        """`deal:lancers-3`"""
        return f"deal:{self.reading.deal.id}"

    @property
    def weight(self) -> Level:
        """How loud it is: who heard of a bad level also hears that it is over."""
        return max(self.before, self.reading.level)

    @property
    def platform(self) -> str:
        """Whose deal it is."""
        return self.reading.deal.platform


class Sense(StrEnum):
    """What we see through."""

    ACCOUNT = "account"
    ADAPTER = "adapter"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class BlindFact:
    """A mailbox, an adapter or a platform without adapter that makes us blind, or no longer does."""

    sense: Sense
    name: str
    since: datetime
    error: str = ""
    """What the mailbox's last poll failed with; empty where it is stale."""
    over: bool = False
    number: int = 0
    """Of the reminder, from 1; 0: the first word."""

    @property
    def subject(self) -> str:
        """`account:main`"""
        return f"{self.sense}:{self.name}"


@dataclass(frozen=True, slots=True)
class WholeFact:
    """How everything stands: the digest, or the first look."""

    kind: Kind
    overview: Overview

    @property
    def subject(self) -> str:
        """`digest`"""
        return self.kind.value


@dataclass(frozen=True, slots=True)
class ManyFacts:
    """More deals than anybody wants messages of at once."""

    facts: tuple[DealFact, ...]

    @property
    def subject(self) -> str:
        """`many`"""
        return "many"


Fact = DealFact | BlindFact | WholeFact | ManyFacts
