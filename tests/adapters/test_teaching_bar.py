"""Half of a platform's rules are gone; a user who shows one mail of each template has all of them back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.recognise import TomlAdapter
from adapters.registry import load_adapters
from adapters.samples import check_samples, sample_mail
from adapters.tables import Data, Table
from adapters.teaching.arrange import arranged, conflicts, with_rules, without_rule
from adapters.teaching.build import Meaning, build
from adapters.teaching.clusters import compared
from adapters.teaching.propose import Wish, read_mails
from adapters.teaching.words import ME, Known, slots_of, template_of
from otosata.deals.notice import UNRECOGNISED, Notice
from otosata.deals.vocabulary import Actor
from otosata.mail.model import Mail, RawMail, Trust
from otosata.mail.parse import parse

MAILS = Path(__file__).parent.parent / "mails" / "golden"
NOW = datetime(2026, 6, 2, tzinfo=UTC)
ADAPTERS = {adapter.id: adapter for adapter in load_adapters()[:3]}


@dataclass(frozen=True)
class Golden:
    """A mail with what it announces."""

    rule: str
    mail: Mail
    event: str
    actor: Actor
    client: str
    title: str
    refs: tuple[tuple[str, str], ...]
    my_names: frozenset[str]

    def is_known_to(self, adapter: TomlAdapter) -> bool:
        """Whether it is recognised as what it is, by whatever rule."""
        found = self.seen_by(adapter)
        said = (found.kind, found.actor, found.client, found.title, found.refs)
        return said == (self.event, self.actor, self.client, self.title, self.refs)

    def seen_by(self, adapter: TomlAdapter) -> Notice:
        """What the adapter makes of it."""
        found = (adapter.named(self.my_names) if self.my_names else adapter).recognise(self.mail)
        assert found is not None
        return found


def golden(adapter: TomlAdapter) -> Iterator[Golden]:
    """Every sample of the adapter's file, with what its own rule makes of it."""
    root = adapter.document.again().root
    for rule, table in root.entries("rules").items():
        senders = table.strings("from")
        for sample in table.list_of_tables("samples"):
            yield one(adapter, rule, sample, senders)


def one(adapter: TomlAdapter, rule: str, sample: Table, senders: tuple[str, ...]) -> Golden:
    """A sample as a golden mail."""
    mail, names = sample_mail(sample, [*senders, *adapter.senders]), frozenset(sample.strings("my_names"))
    found = (adapter.named(names) if names else adapter).recognise(mail)
    assert found is not None
    return Golden(rule, mail, found.kind, found.actor, found.client, found.title, found.refs, names)


def whole_mails(adapter: TomlAdapter) -> Iterator[Golden]:
    """The same as mails with headers, charsets and parts."""
    for file in sorted((MAILS / adapter.id).glob("*.eml")):
        mail = parse(RawMail(file.read_bytes()), now=NOW, trust=Trust())
        found = adapter.recognise(mail)
        assert found is not None
        yield Golden(file.stem, mail, found.kind, found.actor, found.client, found.title, found.refs, frozenset[str]())


def template(golden: Golden) -> tuple[str, bool]:
    """The words of a subject without names, numbers, titles and spaces; and whether it is I who acts."""
    subject = compared(golden.mail.subject)
    slots = slots_of(subject, Known.of((), golden.my_names))
    return "".join(template_of(subject, slots).split()), any(slot.kind == ME for slot in slots)


@dataclass
class User:
    """Teaches what he is shown, and counts what he had to say."""

    adapter: TomlAdapter
    bare: TomlAdapter
    rules: dict[str, Data]
    shown: list[tuple[str, bool]]
    corrections: int = 0

    def teach(self, mail: Golden) -> None:
        """Say what a mail is; correct the proposal where it is wrong."""
        adapter = self.adapter.named(mail.my_names) if mail.my_names else self.adapter
        known = Known.of((), mail.my_names)
        texts = [adapter.readable(mail.mail.text)]
        (proposed,) = read_mails([mail.mail], texts, known)
        wishes = {}
        for name, wanted in (("client", mail.client), ("title", mail.title)):
            part = proposed.part(name)
            if (part.text if part else "") != compared(wanted):
                wishes[name] = wanted
        self.corrections += len(wishes)
        readings = read_mails([mail.mail], texts, known, Wish(wishes))
        draft = build(adapter, readings, Meaning(mail.event, mail.actor))
        self.rules = arranged(self.bare, self.rules, draft)
        self.adapter = with_rules(self.bare, self.rules)
        self.shown.append(template(mail))


HALVES: dict[str, Callable[[list[str]], list[str]]] = {
    "even": lambda rules: rules[::2],
    "odd": lambda rules: rules[1::2],
    "first": lambda rules: rules[: len(rules) // 2],
    "last": lambda rules: rules[len(rules) // 2 :],
}


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("platform", ADAPTERS)
def test_one_example_a_template_brings_back_half_of_the_rules(platform: str, half: str) -> None:
    whole = ADAPTERS[platform]
    mails = list(golden(whole))
    gone = HALVES[half](list(dict.fromkeys(mail.rule for mail in mails)))
    bare = whole
    for rule in gone:
        bare = without_rule(bare, rule)
    user = User(bare, bare, {}, [])
    for mail in mails:
        if mail.rule in gone and not mail.is_known_to(user.adapter):
            user.teach(mail)
    assert user.shown
    everything = [*mails, *whole_mails(whole)]
    assert [mail.mail.subject for mail in everything if not mail.is_known_to(user.adapter)] == []
    assert [problem for problem in check_samples(user.adapter) if problem.file == "<taught>"] == []
    assert sorted(user.shown) == sorted(set(user.shown))
    assert [
        (one.subject, one.taken_by) for rule in user.rules for one in conflicts(bare, user.adapter, rule) if one.rule
    ] == []
    assert [mail.subject for mail, event in look_alikes(whole) if is_mistaken(user.adapter, mail, event)] == []


def look_alikes(adapter: TomlAdapter) -> Iterator[tuple[Mail, str]]:
    """Mails that sound like a notice and are none, with what they are."""
    for sample in adapter.document.again().root.list_of_tables("look_alikes"):
        yield sample_mail(sample, adapter.senders), sample.string("event", UNRECOGNISED)


def is_mistaken(adapter: TomlAdapter, mail: Mail, event: str) -> bool:
    """Whether the mail is taken for something else; shown as unrecognised, it is not."""
    found = adapter.recognise(mail)
    return found is not None and found.kind not in (event, UNRECOGNISED)
