"""The values that travel from a source to the adapters: RawMail (bytes) and Mail (decoded and judged)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class RawMail:
    """A mail as a source handed it over, with what only the source can know about it."""

    data: bytes
    """RFC 5322 bytes; the beginning of the mail only, if `truncated`."""
    arrived: datetime | None = None
    """When the mailbox received it (IMAP INTERNALDATE, Maildir time), aware; None where a source has no such time."""
    folder: str = ""
    """Folder or file, for people: `INBOX`, `受信トレイ`, `mails/a.eml`."""
    uid: int = 0
    """IMAP UID, or a running number in file sources."""
    uidvalidity: int = 0
    truncated: bool = False
    copied: bool = False
    """`arrived` is a file's time, which every copy of the file makes later: no more than the latest it can be."""


class Verdict(StrEnum):
    """Whether the mail really comes from the domain in its From."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Authentication:
    """The judgement of a mail's origin, and why (RFC 8601, RFC 9989 [DMARC])."""

    verdict: Verdict
    reason: str
    refused: bool = False
    """The trusted server spoke against the mail, so it may never set a clock, even where the verdict stays open."""
    authserv_id: str | None = None
    """Who added the topmost Authentication-Results, trusted or not; None where nobody did."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose Authentication-Results count for an account."""

    authserv_ids: frozenset[str] = frozenset()
    """Lower-case authserv-ids of the account's own provider."""
    anonymous: bool = False
    """The provider writes Authentication-Results without an id (Outlook): trust the topmost one."""


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A notification that somebody forwarded by hand: understood and shown, never a contact."""

    sender: str
    """Address of the original sender as far as it can be recovered; an estimate, not evidence."""
    subject: str
    how: str
    """Where it was found: `attached`, `x-forwarded-for`, `reply-to` or `quoted block`."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A decoded, sanitised and judged mail. Every string is free of control and bidi characters."""

    message_id: str
    digest: str
    """SHA-256 (hex) of what stays the same when a mailbox is rebuilt: the same mail, the same digest."""
    subject: str
    """One line, decoded, not normalised (no NFKC)."""
    sender: str | None
    """The one address of the one From header, lower-case ASCII; None where the grammar leaves any doubt."""
    sender_name: str
    """Display name. Proves nothing."""
    received: datetime | None
    """UTC, never later than now."""
    text: str
    """Readable body, line breaks kept (`\\n`)."""
    links: tuple[str, ...]
    """http(s) links of text and HTML in order of appearance, without doubles."""
    authentication: Authentication
    bulk: bool = False
    """List-Unsubscribe, List-Id or Precedence: bulk."""
    forwarded: Forwarded | None = None
    folder: str = ""
    uid: int = 0
    uidvalidity: int = 0
    problem: str | None = None
    """What could not be read, in one sentence; None when everything could."""
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """A few decoded headers that adapters may look at (lower-case name, value): to, reply-to, list-id, precedence."""
