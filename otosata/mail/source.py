"""What a mailbox must be able to do: hand over new mail of known senders, and say where it got to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from otosata.mail.model import RawMail, Trust


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a folder has been read; stored in the same transaction as the mails it stands for."""

    folder: str
    uidvalidity: int
    uidnext: int
    """Every UID below it has been looked at, as far back as `backfilled_to`."""
    backfilled_to: datetime | None = None
    """The first sync works backwards in windows; this is where it got to. None: not begun."""
    complete: bool = False
    """The first sync has reached the look-back limit."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some mails and the cursor that is true once they are stored."""

    mails: tuple[RawMail, ...]
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long poll has got; `total` is an estimate and 0 while unknown."""

    folder: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Traffic:
    """What has gone over the wire, in bytes before encryption."""

    sent: int = 0
    received: int = 0

    def __add__(self, other: "Traffic") -> "Traffic":
        """Both together."""
        return Traffic(self.sent + other.sent, self.received + other.received)


NO_TRAFFIC = Traffic()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a poll looks for."""

    senders: tuple[str, ...]
    """ASCII addresses (`a@b.example`) and domains (`@b.example`, sub-domains included)."""
    since: datetime
    """Look-back limit of the first sync, aware."""
    known: Callable[[str, int], frozenset[int]]
    """(folder, uidvalidity) -> UIDs that were stored when the poll began; may be called on another thread."""
    cursors: tuple[Cursor, ...] = ()
    progress: Callable[[Progress], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class TrustSample:
    """How a mailbox's own server marks incoming mail, seen in the newest mails whoever sent them."""

    mails: int
    trust: Trust
    """The id (or the anonymous form) that stands on top of nearly all of them; empty where there is none."""
    seen: frozenset[Trust] = frozenset()
    """Every mark that stands where the server's own would stand, on however few of them."""


class SourceError(Exception):
    """A mailbox could not be read. `hint` says what the user can do; `permanent` forbids a retry (wrong password)."""

    def __init__(self, message: str, hint: str = "", *, permanent: bool = False) -> None:
        super().__init__(message)
        self.hint = hint
        self.permanent = permanent


class Source(Protocol):
    """A mailbox, read-only."""

    def poll(self, wanted: Wanted) -> Iterator[Batch]:
        """Yield what is new; each batch may be stored before the next is asked for. Raises SourceError."""

    def sample_trust(self) -> TrustSample:
        """Look at the newest mails' Authentication-Results, whoever sent them. Raises SourceError."""

    def close(self) -> None:
        """Let go of the connection; never raises."""
