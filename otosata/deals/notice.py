"""What an adapter found in a mail."""

import datetime as dt
from dataclasses import dataclass

from otosata.deals.vocabulary import KINDS, Actor, Evidence, Role

FORWARDED = "forwarded"
UNRECOGNISED = "unrecognised"
IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Notice:
    """A mail of a platform in the words of the core. `kind` may also be `ignored`."""

    platform: str
    rule: str | None
    """`lancers/comment`; None where no rule knew the mail."""
    kind: str
    actor: Actor
    evidence: Evidence
    client: str = ""
    title: str = ""
    refs: tuple[tuple[str, str], ...] = ()
    """Keys: talkroom, dm, job, message, proposal, contract, work."""
    url: str | None = None
    date: dt.date | dt.datetime | None = None
    doubt: str = ""
    """Why the user must look first, in one word of triage: `forwarded`. Such a notice is never a contact."""

    @property
    def is_noise(self) -> bool:
        """Whether it concerns no deal: newsletters, account and payout mails."""
        return self.kind == IGNORED or (self.kind != UNRECOGNISED and KINDS[self.kind].role is Role.NOISE)

    @property
    def is_contact(self) -> bool:
        """Whether it says that the client was heard of."""
        known = self.kind in KINDS and KINDS[self.kind].role is not Role.NOISE
        return known and self.actor is Actor.CLIENT and not self.doubt
