"""The rules that say what a mail announces, as values, and their reader."""

import os
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from adapters.folding import normalise
from adapters.tables import Table, nearest
from otosata.deals.vocabulary import KINDS, Actor, Evidence

REF_KINDS = ("talkroom", "dm", "job", "message", "proposal", "contract", "work")
"""Keys of references, as `explain --json` shows them."""
OTHER_LINKS = "other"
"""Links worth opening that name no reference."""
FIELDS = ("client", "title")
MY_NAME = "me"
"""A group of this name must be one of my names, else the rule does not fit."""
PARTS = ("mail", "links", "numbers", "fields", "rules", "inferred", "look_alikes")
"""Keys at the top of a file that this module reads."""

SUBJECT_MOST = 300
"""Characters of a subject, as it is compared; a longer one is a platform's in no case."""
TEXT_MOST = 20_000
"""Characters of a text that are looked at: references and labelled lines stand near the beginning."""
LINK_MOST = 2_000
"""Characters of a link."""

_OURS = f"{Path(__file__).parent}{os.sep}"
Patterns = tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """What must be true of a mail, and what it then announces."""

    id: str
    event: str
    actor: Actor
    evidence: Evidence
    subject: re.Pattern[str] | None = None
    contains: tuple[str, ...] = ()
    """Fragments of the subject; all of them must be there."""
    body: Patterns = ()
    """Searched in the text; all of them must be found."""
    unless: re.Pattern[str] | None = None
    """Subjects that this rule leaves alone."""
    senders: tuple[str, ...] = ()
    """Only from these; empty: from every trusted sender."""
    links_at_least: Mapping[str, int] = field(default_factory=dict)
    """So many different links of a kind."""
    bulk: bool | None = None
    """Only bulk mail, or only other mail; None: both."""
    guarded: bool = False
    """As careful as a guess: leaves alone the subjects that `[inferred] unless` names."""
    last: bool = False
    """Tried after all rules that are not."""

    @property
    def is_careful(self) -> bool:
        """Whether it leaves look-alike advertising alone."""
        return self.guarded or self.evidence is Evidence.INFERRED

    def takes_bulk(self, bulk: bool) -> bool:
        """Whether mail of that kind, bulk or not, is its concern. A guess never touches bulk mail."""
        return self.bulk == bulk if self.bulk is not None else not (bulk and self.evidence is Evidence.INFERRED)


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Everything a platform's file says about its mail."""

    rules: tuple[NoticeRule, ...]
    strip: Patterns
    """What is cut out of a text before it is read or shown (banners)."""
    links: Mapping[str, Patterns]
    """Kind of reference → links, without scheme and `www.`; the order tells which link is the best to open."""
    numbers: Mapping[str, Patterns]
    """Kind of reference → numbers in subject and text."""
    fields: Mapping[str, Patterns]
    """Labelled lines of the text that hold client or title, where the subject does not."""
    inferred_unless: Patterns
    """Subjects that no inferred rule may touch: look-alike advertising."""


def read_rule_book(root: Table) -> RuleBook:
    """Read `[mail]`, `[links]`, `[numbers]`, `[fields]`, `[inferred]` and `[rules.…]`; problems go to the document."""
    mail, inferred = root.section("mail"), root.section("inferred")
    rules = [_rule(identity, table) for identity, table in root.entries("rules").items()]
    book = RuleBook(
        rules=tuple(sorted(rules, key=lambda rule: rule.last)),
        strip=_patterns(mail, "strip", normal=False),
        links=_by_kind(root.section("links"), (*REF_KINDS, OTHER_LINKS), most=LINK_MOST),
        numbers=_by_kind(root.section("numbers"), REF_KINDS),
        fields=_by_kind(root.section("fields"), FIELDS),
        inferred_unless=_patterns(inferred, "unless", most=SUBJECT_MOST),
    )
    mail.finish()
    inferred.finish()
    return book


def _by_kind(table: Table, kinds: tuple[str, ...], most: int = TEXT_MOST) -> dict[str, Patterns]:
    known = table.keys_among(kinds, f"unknown key {{name}} in [{table.path}]")
    return {kind: _patterns(table, kind, groups=kind != OTHER_LINKS, most=most) for kind in known}


def _rule(identity: str, table: Table) -> NoticeRule:
    event = table.choice("event", KINDS, "event", required=True) or "unrecognised"
    rule = NoticeRule(
        id=identity,
        event=event,
        actor=_actor(table, event),
        evidence=Evidence(
            table.choice("evidence", [word.value for word in Evidence], "evidence", required=True) or "user"
        ),
        subject=_pattern(table, "subject"),
        contains=tuple(normalise(fragment) for fragment in table.strings("contains")),
        body=_bodies(table),
        unless=_pattern(table, "unless"),
        senders=table.strings("from"),
        links_at_least=_counts(table),
        bulk=table.flag("bulk"),
        guarded=bool(table.flag("guarded")),
        last=bool(table.flag("last")),
    )
    table.raw("samples")  # read by adapters.samples, when they are run
    table.string("note")
    if not (rule.subject or rule.contains or rule.body or rule.links_at_least) and "subject" not in table:
        table.report(None, f"[{table.path}] would fit every mail", "write subject, contains, body or links_at_least")
    table.finish()
    return rule


def _actor(table: Table, event: str) -> Actor:
    allowed = KINDS[event].actors
    if "actor" not in table and len(allowed) > 1:
        table.report(None, f"[{table.path}] lacks 'actor'", f"allowed: {', '.join(allowed)}")
    word = table.choice("actor", [actor.value for actor in allowed], f"actor of {event!r}")
    return Actor(word) if word else allowed[0]


def _counts(table: Table) -> dict[str, int]:
    counts = table.section("links_at_least")
    found = {kind: counts.number(kind) or 0 for kind in REF_KINDS if kind in counts}
    counts.finish()
    return found


def _pattern(table: Table, name: str) -> re.Pattern[str] | None:
    text = table.string(name)
    pattern = _compiled(table, name, text, 0, SUBJECT_MOST, normal=True) if text else None
    if pattern:
        _check_groups(table, name, pattern)
    return pattern


def _bodies(table: Table) -> Patterns:
    found = _patterns(table, "body")
    for pattern in found:
        _check_groups(table, "body", pattern)
    return found


def _check_groups(table: Table, name: str, pattern: re.Pattern[str]) -> None:
    known = (*FIELDS, MY_NAME, *REF_KINDS)
    for group in pattern.groupindex:
        if group not in known:
            table.report(name, f"{name}: unknown group {group!r}", nearest(group, known))


def _patterns(table: Table, name: str, *, normal: bool = True, groups: bool = False, most: int = TEXT_MOST) -> Patterns:
    found = (_compiled(table, name, text, re.MULTILINE, most, normal=normal) for text in table.strings(name))
    patterns = tuple(pattern for pattern in found if pattern)
    for pattern in patterns:
        if groups and pattern.groups != 1:
            table.report(
                name, f"{name}: {pattern.pattern!r} needs exactly one group", "write ( ) around what is wanted"
            )
    return patterns


def _compiled(table: Table, name: str, text: str, flags: int, most: int, *, normal: bool) -> re.Pattern[str] | None:
    if normal and (folded := unicodedata.normalize("NFKC", text)) != text:
        table.report(
            name, f"{name}: can never fit, since mail is compared in its NFKC form", f"like {folded!r}, escaped"
        )
    try:
        pattern = re.compile(text, flags)
    except re.error as error:
        table.report(name, f"{name}: bad pattern: {error}")
        return None
    if not table.file_of(name).startswith(_OURS):  # of ours a test proves it, so that no start has to
        from adapters.cost import complaint  # noqa: PLC0415 - as above

        if slow := complaint(text, flags, most, from_start=most == LINK_MOST):
            table.report(name, f"{name}: {slow[0]}", slow[1])
            return None
    return pattern
