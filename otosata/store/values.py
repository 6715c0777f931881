"""What the store hands out and takes in: stored mails, acts by hand, the state of accounts and adapters."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from otosata.deals.notice import Notice
from otosata.mail.model import Forwarded, Trust, Verdict
from otosata.store.schema import BY_PROGRAM


class MailState(StrEnum):
    """What became of a mail."""

    EVENT = "event"
    """It is an event in a deal's ledger."""
    NOISE = "noise"
    """Of a platform, but concerns no deal."""
    TRIAGE = "triage"
    """Waits for the user's word."""
    IGNORED = "ignored"
    """On an ignore list, or the user said so."""
    FOREIGN = "foreign"
    """Not a platform's: only where it lies and its digest are kept."""
    DUPLICATE = "duplicate"
    """The same mail is stored already."""
    QUARANTINE = "quarantine"
    """Could not be read."""


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail as the store keeps it."""

    account: str
    folder: str
    uidvalidity: int
    uid: int
    digest: str
    state: MailState
    why: str = ""
    """TRIAGE: `unrecognised`, `ambiguous`, `unverified`, `forwarded`, …; QUARANTINE: the problem, in one sentence."""
    candidates: tuple[str, ...] = ()
    """Deals it could belong to, where there are several."""
    message_id: str = ""
    sender: str | None = None
    subject: str = ""
    text: str | None = None
    """Capped; None for account mails (login codes are never kept) and where there is none."""
    links: tuple[str, ...] = ()
    received: dt.datetime | None = None
    verdict: Verdict | None = None
    reason: str = ""
    """Why the verdict."""
    refused: bool = False
    bulk: bool = False
    forwarded: Forwarded | None = None
    adapter: str | None = None
    notice: Notice | None = None
    id: int = 0
    """Given by the store; 0 before."""
    deal: str | None = None
    """The deal it is an event of, merges followed; computed by the store."""
    by_hand: bool = False
    """It is an event, or ignored, on the user's word; computed by the store."""
    linked_by_guess: bool = False
    """Its event found the deal by names only; computed by the store."""

    @property
    def counts_little(self) -> bool:
        """Whether a better judged copy of the mail may take its place."""
        return self.state is MailState.QUARANTINE or (self.state is MailState.TRIAGE and self.why in LITTLE)


LITTLE = ("failed", "unverified", "unrecognised")
"""Why a mail waits in triage that an event may come of, once a copy of it can be believed or understood."""


@dataclass(frozen=True, slots=True)
class ActRow:
    """Something done by hand, in one step."""

    id: int
    at: dt.datetime
    what: str
    """The command: `log`, `deals add`, `merge`, …"""
    deal: str | None
    description: Mapping[str, object] = field(default_factory=dict)
    undone: bool = False

    @property
    def is_by_program(self) -> bool:
        """Done by the program, not by the user: nothing that `undo` takes back."""
        return self.what in BY_PROGRAM


@dataclass(frozen=True, slots=True)
class Undone:
    """What `undo` took back."""

    act: ActRow
    kept: tuple[str, ...] = ()
    """Deals made by the act that stay, because mail or other acts have joined them since."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an event or a mark comes from: a mail, an act by hand, or both (a mail the user assigned)."""

    key: str
    mail: MailRow | None = None
    act: ActRow | None = None


@dataclass(frozen=True, slots=True)
class AccountState:
    """How the polls of a mailbox went, and what was learned about its server."""

    account: str
    last_attempt: dt.datetime | None = None
    last_complete_poll: dt.datetime | None = None
    error: str | None = None
    """What the last attempt failed with; None when it went well."""
    hint: str = ""
    permanent: bool = False
    """No use to try again before the configuration changes (wrong password)."""
    fingerprint: str = ""
    """Of the account's configuration at the last attempt: tells whether it has changed since."""
    trust: Trust = field(default_factory=Trust)
    """Learned from the newest mails, whoever sent them."""
    sampled_mails: int = 0
    """How many mails `trust` rests on."""
    sampled_at: dt.datetime | None = None
    policy: str = ""
    """What `authentication = "auto"` came to: `require` or `prefer`."""


@dataclass(frozen=True, slots=True)
class AdapterCounts:
    """How well an adapter still recognises its platform's mail. Failed verdicts and hand-ignored mails do not count."""

    adapter: str
    recognised: int
    unrecognised: int
    last_recognised: dt.datetime | None
    last_unrecognised: dt.datetime | None
    unrecognised_since: int
    """Unrecognised mails received after the last recognised one."""


def mail_key(mail: int) -> str:
    """`Event.key` of an event that a mail made."""
    return f"mail:{mail}"


def hand_key(act: int) -> str:
    """`Event.key` or `Mark.key` of what an act by hand made."""
    return f"hand:{act}"
