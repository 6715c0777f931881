"""Which rules nearly fit a mail, and what kept them from it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from adapters.notice_rules import MY_NAME, NoticeRule
from adapters.recognise import Recogniser, Seen, TomlAdapter, is_from
from otosata.mail.model import Mail

_HALF = 0.5
"""Of what a rule looks for so much must be there before it counts as nearly."""
_EXCEPTIONS = ("bulk", "inferred.unless", "unless")
"""Conditions that say what a mail must not be."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing a rule asks of a mail."""

    name: str
    """The rule's key: `subject`, `contains`, `from` …"""
    wanted: str
    """What it looks for; empty where the name says it all."""
    met: bool
    fits: str = ""
    """Of a pattern that is not found: its beginning that is."""


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A rule that one condition kept from fitting."""

    rule: str
    failed: Condition


def near_misses(adapter: TomlAdapter, mail: Mail) -> tuple[NearMiss, ...]:
    """The rules that nearly fit, those first of which most fits."""
    recogniser = adapter.recogniser
    seen = recogniser.seen(mail.sender or "", mail.subject, mail)
    found = []
    for rule in recogniser.rules:
        checked = conditions(recogniser, rule, seen, bulk=mail.bulk)
        failed = [condition for condition in checked if not condition.met]
        if len(failed) != 1:
            continue
        miss = _with_beginning(failed[0], rule, seen)
        if (share := _share(miss, checked)) >= _HALF:
            found.append((share, NearMiss(f"{adapter.id}/{rule.id}", miss)))
    return tuple(miss for _, miss in sorted(found, key=lambda pair: -pair[0]))


def _with_beginning(failed: Condition, rule: NoticeRule, seen: Seen) -> Condition:
    """Of a pattern that is not found: how much of it is."""
    if failed.name == "subject" and rule.subject:
        return replace(failed, fits=_beginning(rule.subject, seen.subject.text))
    patterns = [pattern for pattern in rule.body if failed.name == "body" and pattern.pattern == failed.wanted]
    return replace(failed, fits=_beginning(patterns[0], seen.text.text)) if patterns else failed


def _share(failed: Condition, checked: Sequence[Condition]) -> float:
    """How much of what the rule looks for is there; what it must not be counts for nothing."""
    wanted = [condition for condition in checked if condition.name not in _EXCEPTIONS]
    part = len(failed.fits) / len(failed.wanted) if failed.fits else 0.0
    return (sum(condition.met for condition in wanted) + part) / max(len(wanted), 1)


def conditions(recogniser: Recogniser, rule: NoticeRule, seen: Seen, *, bulk: bool) -> tuple[Condition, ...]:
    """Everything the rule asks, in the order in which it is asked: all are met if and only if the rule fits."""
    return tuple(_conditions(recogniser, rule, seen, bulk))


def _conditions(recogniser: Recogniser, rule: NoticeRule, seen: Seen, bulk: bool) -> Iterator[Condition]:
    subject = seen.subject.text
    if not rule.takes_bulk(bulk):
        yield Condition("bulk", "", met=False)
    if rule.is_careful and recogniser.sounds_like_advertising(subject):
        yield Condition("inferred.unless", "", met=False)
    if rule.senders:
        yield Condition("from", ", ".join(rule.senders), is_from(seen.sender, rule.senders))
    for fragment in rule.contains:
        yield Condition("contains", fragment, fragment in subject)
    if rule.unless:
        yield Condition("unless", rule.unless.pattern, not rule.unless.search(subject))
    for kind, least in rule.links_at_least.items():
        yield Condition("links_at_least", f"{kind} = {least}", len(recogniser.linked(kind, seen)) >= least)
    searched = [("body", pattern, seen.text.text) for pattern in rule.body]
    if rule.subject:
        searched.insert(0, ("subject", rule.subject, subject))
    for name, pattern, text in searched:
        match = pattern.search(text)
        yield Condition(name, pattern.pattern, bool(match))
        me = match.groupdict().get(MY_NAME) if match else None
        if me is not None:
            yield Condition("me", me, recogniser.is_me(me))


def _beginning(pattern: re.Pattern[str], text: str) -> str:
    """The longest beginning of a pattern that is a pattern itself and found in the text, beyond `^` alone."""
    for end in range(len(pattern.pattern) - 1, 1, -1):
        part = pattern.pattern[:end]
        try:
            if re.search(part, text, pattern.flags & ~re.UNICODE):
                return part
        except re.error:
            continue
    return ""
