"""Decides whether a mail is a platform's and what it announces."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from adapters.folding import Folded, normalise
from adapters.notice_rules import (
    FIELDS,
    LINK_MOST,
    MY_NAME,
    OTHER_LINKS,
    PARTS,
    REF_KINDS,
    SUBJECT_MOST,
    TEXT_MOST,
    NoticeRule,
    Patterns,
    RuleBook,
    read_rule_book,
)
from adapters.problems import LocatedError
from adapters.tables import Document, Table
from otosata.deals.notice import FORWARDED, IGNORED, UNRECOGNISED, Notice
from otosata.deals.platform import Platform, Text
from otosata.deals.vocabulary import KINDS, Actor, Evidence, Role
from otosata.mail.model import Mail

_SCHEME = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)
_QUOTED = re.compile("「[^」]*」")
"""A title of a client's may sound like advertising."""


def is_from(address: str, senders: Iterable[str]) -> bool:
    """Whether an address is among addresses (`a@b.example`) and domains (`@b.example`, sub-domains included)."""
    address = address.lower()
    domain = address.rpartition("@")[2]
    return any(
        domain == sender[1:] or domain.endswith(f".{sender[1:]}") if sender.startswith("@") else address == sender
        for sender in senders
    )


@dataclass(frozen=True)
class TomlAdapter:
    """An adapter whose knowledge is a file (`otosata.adapter.Adapter`)."""

    platform: Platform
    last_checked: date | None
    senders: tuple[str, ...]
    """Trusted addresses and domains."""
    ignored: Mapping[str, str]
    """Senders whose mail concerns no deal, each with the word for it: `newsletter`, `ignored` …."""
    document: Document
    """The file with what lies over it: the rules about mail are read from it when the first mail comes."""
    unknown: tuple[Text, ...] = ()
    """What of the platform's mail nobody has shown us yet."""

    @classmethod
    def read(cls, document: Document, platform: Platform) -> "TomlAdapter":
        """From the tables of a file; problems are collected in its document."""
        root = document.root
        senders = root.section("senders")
        ignored = senders.section("ignored")
        nothing = [name for name, kind in KINDS.items() if kind.role is Role.NOISE and name != UNRECOGNISED]
        words = {
            address: ignored.choice(address, (*nothing, IGNORED), "word for mail to ignore") for address in ignored
        }
        adapter = cls(
            platform=platform,
            last_checked=root.day("last_checked"),
            senders=_addresses(senders, "trusted"),
            ignored={address.lower(): word for address, word in words.items() if word},
            document=document,
            unknown=root.texts("unknown"),
        )
        senders.finish()
        for part in PARTS:
            root.raw(part)
        return adapter

    @property
    def id(self) -> str:
        """`lancers`."""
        return self.platform.id

    @cached_property
    def recogniser(self) -> "Recogniser":
        """The rules about mail, read at the first use. LocatedError: they are wrong."""
        book = read_rule_book(self.document.root)
        if self.document.problems:
            raise LocatedError(self.document.problems)
        return Recogniser(self.id, book, self.platform.my_names)

    def named(self, my_names: frozenset[str]) -> "TomlAdapter":
        """The same adapter for somebody who is called so on the platform."""
        return replace(self, platform=replace(self.platform, my_names=my_names))

    def reading(self, document: Document) -> "TomlAdapter":
        """The same adapter with its rules about mail read from another document: a rule more, a rule less."""
        return replace(self, document=document)

    def owns(self, address: str) -> bool:
        """Whether that sender is one of the platform's, trusted or ignored."""
        return is_from(address, self.senders) or is_from(address, self.ignored)

    def readable(self, text: str) -> str:
        """The text of a mail without what the platform puts before it."""
        return self.recogniser.readable(text)

    def refs_in(self, url: str) -> tuple[tuple[str, str], ...]:
        """The references that a link to a job, room or contract holds."""
        return self.recogniser.refs_in(url)

    def recognise(self, mail: Mail) -> Notice | None:
        """What the mail announces; None where it is not the platform's.

        A mail forwarded by hand is judged by what it forwards, and is doubtful: it can never be a contact.
        """
        direct = mail.sender is not None and self.owns(mail.sender)
        forwarded = None if direct else mail.forwarded  # a client may quote a forwarded mail in his message
        sender = forwarded.sender.lower() if forwarded else mail.sender
        if not sender or not self.owns(sender):
            return None
        doubt = FORWARDED if forwarded else ""
        for address, word in self.ignored.items():
            if is_from(sender, (address,)):
                return Notice(self.id, None, word, Actor.PLATFORM, Evidence.VERBATIM, doubt=doubt)
        subject = forwarded.subject if forwarded else mail.subject
        return self.recogniser.notice(sender, subject, mail, doubt)


def _addresses(table: Table, name: str) -> tuple[str, ...]:
    found = tuple(address.lower() for address in table.strings(name))
    for address in found:
        if "@" not in address or not address.isascii():
            table.report(name, f"{name}: {address!r} is no sender", 'write "name@domain" or "@domain"')
    return found


class Recogniser:
    """A platform's rules about mail at work."""

    def __init__(self, platform: str, book: RuleBook, my_names: frozenset[str]) -> None:
        """`my_names`: how I am called on the platform."""
        self._platform = platform
        self.book = book
        self._my_names = frozenset(_folded(name) for name in my_names)

    @property
    def rules(self) -> tuple[NoticeRule, ...]:
        """In the order in which they are tried."""
        return self.book.rules

    def readable(self, text: str) -> str:
        """The text without banners."""
        for pattern in self.book.strip:
            text = pattern.sub("", text, count=1)
        return text

    def notice(self, sender: str, subject: str, mail: Mail, doubt: str) -> Notice:
        """What a mail of a trusted sender announces by the first rule that fits; `unrecognised` where none does."""
        seen = self.seen(sender, subject, mail)
        advertising = self.sounds_like_advertising(seen.subject.text)
        for rule in self.book.rules:
            if not rule.takes_bulk(mail.bulk) or (rule.is_careful and advertising):
                continue
            groups = self.fit(rule, seen)
            if groups is not None:
                return self._announce(rule, groups, seen, mail, doubt)
        return self._announce(None, {}, seen, mail, doubt)

    def seen(self, sender: str, subject: str, mail: Mail) -> "Seen":
        """The mail in the form in which it is compared."""
        return Seen(
            sender=sender,
            subject=Folded(subject.replace("\n", " "), SUBJECT_MOST),
            text=Folded(self.readable(mail.text[:TEXT_MOST]), TEXT_MOST),
            links=tuple(_SCHEME.sub("", link, count=1)[:LINK_MOST] for link in mail.links),
        )

    def sounds_like_advertising(self, subject: str) -> bool:
        """Whether a subject, in the form in which it is compared, is one that no guess may touch."""
        spoken = _QUOTED.sub("「」", subject)
        return any(pattern.search(spoken) for pattern in self.book.inferred_unless)

    def refs_in(self, url: str) -> tuple[tuple[str, str], ...]:
        """The references in one link."""
        return self._refs({}, Seen("", Folded(""), Folded(""), (_SCHEME.sub("", url.strip(), count=1),)))

    def fit(self, rule: NoticeRule, seen: "Seen") -> dict[str, str] | None:
        """The fields a fitting rule reads from subject and body; None where it does not fit."""
        if not self._concerns(rule, seen):
            return None
        groups: dict[str, str] = {}
        searched = [(pattern, seen.text) for pattern in rule.body]
        if rule.subject:
            searched.insert(0, (rule.subject, seen.subject))
        for pattern, text in searched:
            found = pattern.search(text.text)
            if not found:
                return None
            groups |= {name: _value(found, name, text) for name, value in found.groupdict().items() if value}
        named_me = groups.get(MY_NAME)
        return None if named_me is not None and not self.is_me(named_me) else groups

    def is_me(self, name: str) -> bool:
        """Whether I am called so."""
        return _folded(name) in self._my_names

    def _concerns(self, rule: NoticeRule, seen: "Seen") -> bool:
        """Whether sender, fragments and links are what the rule asks for."""
        return (
            (not rule.senders or is_from(seen.sender, rule.senders))
            and all(fragment in seen.subject.text for fragment in rule.contains)
            and not (rule.unless and rule.unless.search(seen.subject.text))
            and all(len(self.linked(kind, seen)) >= least for kind, least in rule.links_at_least.items())
        )

    def _announce(
        self, rule: NoticeRule | None, groups: Mapping[str, str], seen: "Seen", mail: Mail, doubt: str
    ) -> Notice:
        notice = Notice(
            platform=self._platform,
            rule=f"{self._platform}/{rule.id}" if rule else None,
            kind=rule.event if rule else UNRECOGNISED,
            actor=rule.actor if rule else Actor.PLATFORM,
            evidence=rule.evidence if rule and not doubt else Evidence.INFERRED,
            doubt=doubt,
        )
        if notice.is_noise:
            return notice
        client, title = (groups.get(name) or _first(self.book.fields.get(name, ()), seen.text) for name in FIELDS)
        refs = self._refs(groups, seen)
        return replace(notice, client=client, title=title, refs=refs, url=self._url(dict(refs), seen, mail))

    def _refs(self, groups: Mapping[str, str], seen: "Seen") -> tuple[tuple[str, str], ...]:
        """Of each kind the one reference the mail names; none where it names several and leaves open which is meant.

        What comes first says more: the rule's own group, the subject, the text, then links, pattern by pattern.
        """
        found = []
        for kind in REF_KINDS:
            numbers = self.book.numbers.get(kind, ())
            places = (
                {groups[kind]} if kind in groups else set(),
                _all(numbers, (seen.subject.text,)),
                _all(numbers, (seen.text.text,)),
                *(_all((pattern,), seen.links, start=True) for pattern in self.book.links.get(kind, ())),
            )
            named = next((place for place in places if place), set())
            if len(named) == 1:
                found.append((kind, named.pop()))
        return tuple(found)

    def linked(self, kind: str, seen: "Seen") -> set[str]:
        """The references of a kind that the links name."""
        return _all(self.book.links.get(kind, ()), seen.links, start=True)

    def _url(self, refs: Mapping[str, str], seen: "Seen", mail: Mail) -> str | None:
        """The best link to open: of the first kind in `[links]` that leads to what the mail is about."""
        for kind, patterns in self.book.links.items():
            for pattern in patterns:
                for bare, link in zip(seen.links, mail.links, strict=True):
                    found = pattern.match(bare)
                    if found and (kind == OTHER_LINKS or found[1] == refs.get(kind)):
                        return link
        return None


@dataclass(frozen=True, slots=True)
class Seen:
    """A mail in the form in which it is compared."""

    sender: str
    subject: Folded
    text: Folded
    links: tuple[str, ...]


def _all(patterns: Patterns, texts: Iterable[str], *, start: bool = False) -> set[str]:
    found: set[str] = set()
    for text in texts:
        for pattern in patterns:
            matches = (pattern.match(text),) if start else pattern.finditer(text)
            found.update(match[1] for match in matches if match)
    return found


def _first(patterns: Patterns, text: Folded) -> str:
    for pattern in patterns:
        found = pattern.search(text.text)
        if found:
            return text.words(*found.span(1))
    return ""


def _value(found: re.Match[str], group: str, text: Folded) -> str:
    """A name as the mail writes it; a number of a reference as it is compared."""
    return text.words(*found.span(group)) if group in FIELDS else str(found[group]).strip()


def _folded(name: str) -> str:
    return normalise(name).casefold().removesuffix("さん").strip()
