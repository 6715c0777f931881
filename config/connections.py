"""Connections to mailboxes that are kept from poll to poll, and told apart by the account's configuration."""

import socket
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from config.assembly import Assembly
from config.model import Account
from config.rounds import Metered
from otosata.mail.source import NO_TRAFFIC, Batch, Source, SourceError, Traffic, TrustSample, Wanted

if TYPE_CHECKING:
    from otosata.mail.imap import Ear


@runtime_checkable
class Listening(Protocol):
    """A source whose server speaks up when mail comes (IDLE, RFC 2177)."""

    def start_idle(self) -> "Ear | None":
        """Where it will be heard; None where it cannot speak up."""

    def hear(self) -> bool:
        """Whether it said that mail has come."""

    def stop_idle(self) -> None:
        """Make the connection fit for a poll."""

    def drop(self) -> None:
        """Forget the connection without a word."""


class _Lent:
    """A source for one poll: what is closed at its end is the poll, not the connection."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._before = self._cost()

    def poll(self, wanted: Wanted) -> Iterator[Batch]:
        """As the source."""
        return self._source.poll(wanted)

    def sample_trust(self) -> TrustSample:
        """As the source."""
        return self._source.sample_trust()

    @property
    def traffic(self) -> Traffic:
        """What this poll has cost; the connection may have cost more before."""
        cost = self._cost()
        return Traffic(max(cost.sent - self._before.sent, 0), max(cost.received - self._before.received, 0))

    def close(self) -> None:
        """Keep it open."""

    def _cost(self) -> Traffic:
        return self._source.traffic if isinstance(self._source, Metered) else NO_TRAFFIC


class Connections:
    """One source an account. Belongs to one thread."""

    def __init__(self, assembly: Assembly, clock: Callable[[], datetime]) -> None:
        self._assembly, self._clock = assembly, clock
        self._sources: dict[str, tuple[str, Source]] = {}
        self._idling: dict[str, Ear] = {}

    def lend(self, account: Account) -> Source:
        """The account's source, for a poll. SourceError where the configuration cannot work."""
        return _Lent(self._source(account))

    def listen(self, account: Account) -> "Ear | None":
        """Let the server speak up. None: it cannot, or cannot just now; polls go on."""
        try:
            source = self._source(account)
            heard = source.start_idle() if isinstance(source, Listening) else None
        except (SourceError, OSError):
            return None  # the next poll says what is wrong
        if heard is not None:
            self._idling[account.name] = heard
        return heard

    def hear(self, account: str) -> bool:
        """Whether new mail was announced; True as well where the connection broke: a poll makes another."""
        source = self._sources[account][1]
        try:
            return not isinstance(source, Listening) or source.hear()
        except (SourceError, OSError):
            self._idling.pop(account, None)
            return True

    def ear(self, account: str) -> socket.socket:
        """Where a server that may speak up is heard. KeyError: it may not."""
        return self._idling[account].socket

    def is_listening(self, account: str) -> bool:
        """Whether that account's server may speak up just now."""
        return account in self._idling

    def hush(self, account: str) -> None:
        """End the listening, if there is any; never raises."""
        if account not in self._idling:
            return
        del self._idling[account]
        source = self._sources[account][1]
        if isinstance(source, Listening):
            try:
                source.stop_idle()
            except (SourceError, OSError):
                source.drop()

    def forget(self, account: str) -> None:
        """After a failure: a source remembers a refused password, and the user may have set another since."""
        self._idling.pop(account, None)
        if known := self._sources.pop(account, None):
            known[1].close()

    def drop(self) -> None:
        """Forget every connection: the clock has jumped, or the machine has slept."""
        self._idling.clear()
        for _, source in self._sources.values():
            if isinstance(source, Listening):
                source.drop()

    def close(self) -> None:
        """Log out everywhere; never raises."""
        for name in list(self._idling):
            self.hush(name)
        for _, source in self._sources.values():
            source.close()
        self._sources.clear()

    def _source(self, account: Account) -> Source:
        """The source made for that configuration of the account; another configuration gets another."""
        fingerprint = self._assembly.fingerprint(account)
        known = self._sources.get(account.name)
        if known is not None and known[0] == fingerprint:
            return known[1]
        if known is not None:
            known[1].close()
        made = self._assembly.source(account, self._clock)
        self._sources[account.name] = (fingerprint, made)
        return made
