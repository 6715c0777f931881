"""Judges a mail as a poll would, without storing anything: the eyes of `explain`."""

from dataclasses import dataclass
from datetime import datetime

from otosata.adapter import Adapter
from otosata.deals.book import DealBook
from otosata.deals.matching import Found, Unclear
from otosata.judge import Judgement, Outcome, Policy, judge
from otosata.mail.model import Mail, RawMail, Trust
from otosata.mail.parse import parse
from otosata.sync import find_deal


@dataclass(frozen=True, slots=True)
class Examined:
    """A mail and what would become of it."""

    mail: Mail
    judgement: Judgement
    text: str
    """The readable body, without a platform's banner; empty for mails that are kept by nobody (login codes)."""
    deal: str | None
    without_deal: str = ""
    """Why there is no deal: `opens`, `several`, `none`."""

    @property
    def problem(self) -> str | None:
        """What kept the mail from being read; without a sender nothing can be made of it."""
        return self.mail.problem or (self.mail.authentication.reason if self.mail.sender is None else None)


@dataclass(frozen=True, slots=True)
class Examiner:
    """An account's way of judging."""

    adapters: tuple[Adapter, ...]
    book: DealBook
    trust: Trust
    policy: Policy
    now: datetime

    def examine(self, raw: RawMail) -> Examined:
        """Judge one mail; raises nothing a mail can cause."""
        mail = parse(raw, now=self.now, trust=self.trust)
        judged = judge(mail, self.adapters, self.policy)
        deal, why_not = self._deal(mail, judged)
        return Examined(mail, judged, self._text(mail, judged), deal, why_not)

    def _text(self, mail: Mail, judged: Judgement) -> str:
        if judged.notice is not None and judged.notice.kind == "account":
            return ""
        adapter = next((adapter for adapter in self.adapters if adapter.id == judged.adapter), None)
        return adapter.readable(mail.text) if adapter else mail.text

    def _deal(self, mail: Mail, judged: Judgement) -> tuple[str | None, str]:
        notice = judged.notice
        if notice is None or judged.outcome is not Outcome.EVENT:
            return None, "none"
        spaces = next(adapter.platform.ref_spaces for adapter in self.adapters if adapter.id == judged.adapter)
        found = find_deal(notice, mail.received, self.book, spaces)
        if isinstance(found, Found):
            return found.deal_id, ""
        return None, "several" if isinstance(found, Unclear) else "opens"
