"""What becomes of a mail: which adapter knows it, whether it may set a clock, whether the user must look first."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from otosata.adapter import Adapter
from otosata.deals.notice import IGNORED, UNRECOGNISED, Notice
from otosata.mail.model import Authentication, Mail, Verdict


class Policy(StrEnum):
    """What an account asks of a mail's origin before it may set a clock."""

    REQUIRE = "require"
    """Only verified mail."""
    PREFER = "prefer"
    """Verified and unverified mail, not what failed."""
    OFF = "off"
    """Any mail with a sound From."""


class Outcome(StrEnum):
    """Where a mail goes."""

    EVENT = "event"
    NOISE = "noise"
    IGNORED = "ignored"
    TRIAGE = "triage"
    FOREIGN = "foreign"
    QUARANTINE = "quarantine"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a mail, before it meets the deals."""

    outcome: Outcome
    why: str = ""
    """TRIAGE: unrecognised, unverified, failed, forwarded. QUARANTINE: what could not be read."""
    adapter: str | None = None
    notice: Notice | None = None
    contact: bool = False
    """The mail would set a client's clock."""


def judge(mail: Mail, adapters: Iterable[Adapter], policy: Policy) -> Judgement:
    """Ask the adapters and weigh the mail's origin. Pure."""
    for adapter in adapters:
        notice = adapter.recognise(mail)
        if notice is not None:
            return _weigh(mail, adapter.id, notice, policy)
    if mail.sender is None:  # a source hands over only what names a platform in From, however oddly
        return Judgement(Outcome.QUARANTINE, mail.problem or mail.authentication.reason)
    return Judgement(Outcome.FOREIGN)


def believed(authentication: Authentication, policy: Policy) -> bool:
    """Whether mail of such an origin may enter a ledger by itself."""
    if policy is Policy.OFF:
        return True
    if authentication.refused or authentication.verdict is Verdict.FAILED:
        return False
    return policy is Policy.PREFER or authentication.verdict is Verdict.VERIFIED


def _weigh(mail: Mail, adapter: str, notice: Notice, policy: Policy) -> Judgement:
    if notice.is_noise:
        outcome = Outcome.IGNORED if notice.kind == IGNORED else Outcome.NOISE
        return Judgement(outcome, adapter=adapter, notice=notice)
    why = _doubt(mail, notice, policy)
    if why:
        return Judgement(Outcome.TRIAGE, why, adapter, notice)
    return Judgement(Outcome.EVENT, "", adapter, notice, contact=notice.is_contact)


def _doubt(mail: Mail, notice: Notice, policy: Policy) -> str:
    if notice.doubt:
        return notice.doubt
    if not believed(mail.authentication, policy):
        failed = mail.authentication.refused or mail.authentication.verdict is Verdict.FAILED
        return "failed" if failed else "unverified"
    return UNRECOGNISED if notice.kind == UNRECOGNISED else ""
