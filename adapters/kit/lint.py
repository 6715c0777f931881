"""What a file's rules do that nobody may have meant: they begin anywhere, or fit the same mails."""

from dataclasses import dataclass

from adapters.kit.examples import examples
from adapters.notice_rules import NoticeRule
from adapters.problems import Problem
from adapters.recognise import TomlAdapter
from adapters.samples import sample_mail
from otosata.mail.model import Authentication, Mail, Verdict

_STARTS = ("^", r"\A", "(?i)^")
_ENDS = ("$", r"\Z")


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two rules that fit one subject: the first of them gets it."""

    first: str
    second: str
    subject: str
    same: bool
    """They announce the same, so that it does not matter."""


def unanchored(adapter: TomlAdapter) -> tuple[Problem, ...]:
    """Patterns of subjects that leave open how a subject begins or ends. A fragment is meant to."""
    document = adapter.document.again()
    for identity, table in document.root.entries("rules").items():
        pattern = table.string("subject")
        if not pattern or table.string("evidence") == "fragment":
            continue
        if not pattern.startswith(_STARTS):
            table.report("subject", f"[rules.{identity}] fits anywhere in a subject", "begin it with ^")
        if not pattern.endswith(_ENDS):
            table.report("subject", f"[rules.{identity}] fits whatever comes behind it", "end it with $")
    return tuple(document.problems)


def overlaps(adapter: TomlAdapter) -> tuple[Overlap, ...]:
    """Pairs of rules that both fit a sample of one of them, or a subject made from its pattern."""
    rules = adapter.recogniser.rules
    found: dict[tuple[str, str], Overlap] = {}
    for place, mine in enumerate(rules):
        for subject, mail in _mails(adapter, mine):
            for other_place, other in enumerate(rules):
                if other is mine or not _fits(adapter, other, mail):
                    continue
                first, second = (mine, other) if place < other_place else (other, mine)
                same = (mine.event, mine.actor) == (other.event, other.actor)
                found.setdefault((first.id, second.id), Overlap(first.id, second.id, subject, same))
    return tuple(found.values())


def _fits(adapter: TomlAdapter, rule: NoticeRule, mail: Mail) -> bool:
    recogniser = adapter.recogniser
    seen = recogniser.seen(mail.sender or "", mail.subject, mail)
    careful = rule.is_careful and recogniser.sounds_like_advertising(seen.subject.text)
    return rule.takes_bulk(mail.bulk) and not careful and recogniser.fit(rule, seen) is not None


def _mails(adapter: TomlAdapter, rule: NoticeRule) -> list[tuple[str, Mail]]:
    """The rule's samples, and mails made from its pattern, as far as it fits them itself."""
    senders = [*rule.senders, *adapter.senders]
    table = adapter.document.again().root.entries("rules")[rule.id]
    mails = [sample_mail(sample, senders) for sample in table.list_of_tables("samples")]
    sender = senders[0] if senders else "nobody@example.org"
    nothing = Authentication(Verdict.UNVERIFIED, "example")
    mails += [
        Mail("", "", subject, f"x{sender}" if sender.startswith("@") else sender, "", None, "", (), nothing)
        for subject in examples(rule)
    ]
    return [(mail.subject, mail) for mail in mails if _fits(adapter, rule, mail)]
