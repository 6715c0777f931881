"""A round of the mailboxes: what waits is judged anew if the rules have changed, then each mailbox is read once."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from config.assembly import Assembly
from config.model import Account
from config.retrial import retry_waiting
from otosata.deals.reading import Rules
from otosata.judge import Policy
from otosata.mail.source import NO_TRAFFIC, Progress, Source, Traffic
from otosata.rejudge import Court
from otosata.store.store import Store
from otosata.store.values import AccountState
from otosata.sync import Mailbox, PollReport, policy_of, poll


@dataclass(frozen=True, slots=True)
class Round:
    """What a round goes by."""

    assembly: Assembly
    connect: Callable[[Account], Source]
    clock: Callable[[], datetime]
    progress: Callable[[str, Progress], None] = lambda *_: None
    """Told the account and how far it has got."""

    def go(self, store: Store, only: str = "") -> tuple[PollReport, ...]:
        """Read every mailbox, or the one named, one after the other. Failures are in the reports and in the store.

        What came of mail that waited is in the first report.
        """
        accounts = [account for account in self.assembly.settings.accounts if only in ("", account.name)]
        adapters = self.assembly.toml_adapters.values()
        retried = retry_waiting(store, court(self.assembly, store, self.clock()), adapters, self.clock())
        reports = tuple(self._poll(account, store) for account in accounts)
        if not reports or not retried.events:
            return reports
        first, *others = reports
        events, opened = (*retried.events, *first.events), (*retried.opened, *first.opened)
        return (replace(first, events=events, opened=opened), *others)

    def _poll(self, account: Account, store: Store) -> PollReport:
        meter, began = _Meter(lambda: self.connect(account)), time.monotonic()
        report = poll(
            mailbox_of(self.assembly, account),
            meter.connect,
            store,
            self.assembly.adapters,
            rules_of(self.assembly, self.clock()),
            now=self.clock(),
            progress=lambda step: self.progress(account.name, step),
        )
        return replace(report, traffic=meter.traffic, took=timedelta(seconds=time.monotonic() - began))


def mailbox_of(assembly: Assembly, account: Account) -> Mailbox:
    """An account as a poll sees it."""
    return Mailbox(
        name=account.name,
        look_back=assembly.settings.look_back,
        authentication=account.authentication.value,
        trust=assembly.trust(account),
        learns=account.is_imap,
        forwarders=account.forwarders,
        place=f"{account.user}@{account.host}",
        fingerprint=assembly.fingerprint(account),
    )


def rules_of(assembly: Assembly, now: datetime) -> dict[str, Rules]:
    """What deals are read by, by platform, when a mail looks for its deal."""
    return {name: Rules(platform, assembly.calendar(now, name)) for name, platform in assembly.platforms.items()}


def court(assembly: Assembly, store: Store, now: datetime) -> Court:
    """What stored mail is judged by."""
    states = {state.account: state for state in store.account_states()}
    policies = {name: policy(assembly.settings.account(name), state) for name, state in states.items()}
    return Court(assembly.adapters, rules_of(assembly, now), policies)


def policy(account: Account | None, state: AccountState) -> Policy:
    """What an account asks of a mail's origin by now; of one that is configured no more, what was learned of it."""
    if account is None:
        return policy_of("auto", state.policy, named=False)
    named = account.is_imap and bool(account.authserv_ids)
    return policy_of(account.authentication.value, state.policy, named=named)


@runtime_checkable
class Metered(Protocol):
    """A source that knows what it costs."""

    @property
    def traffic(self) -> Traffic:
        """What has gone over the wire so far."""


class _Meter:
    """Remembers the source that a poll opens, to ask it afterwards what it has cost."""

    def __init__(self, make: Callable[[], Source]) -> None:
        self._make = make
        self._source: Source | None = None

    def connect(self) -> Source:
        """The source, made new."""
        self._source = self._make()
        return self._source

    @property
    def traffic(self) -> Traffic:
        """What it has cost; nothing where there is no connection."""
        return self._source.traffic if isinstance(self._source, Metered) else NO_TRAFFIC
