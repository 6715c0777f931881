"""Taught rules beside one another: the narrower before the wider, and none that takes another's mail."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from adapters.located import Located
from adapters.recognise import TomlAdapter
from adapters.samples import sample_mail
from adapters.tables import Data, Layer, Table
from adapters.teaching.build import Draft
from otosata.deals.notice import Notice
from otosata.mail.model import Mail

Rules = Mapping[str, Data]
"""Name → table of a rule, in the order in which they are tried."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A mail that stands as a sample beside a rule, and would be taken by another one."""

    subject: str
    rule: str
    """Whose sample it is; empty for a look-alike."""
    taken_by: str


def with_rules(adapter: TomlAdapter, rules: Rules) -> TomlAdapter:
    """The adapter with further rules before its own."""
    data: Data = {"rules": dict(rules)}
    return adapter.reading(adapter.document.over(Layer(Located("<taught>", "", data), data)))


def without_rule(adapter: TomlAdapter, identity: str) -> TomlAdapter:
    """The adapter with a rule less, whichever of its files has it."""
    return adapter.reading(adapter.document.without(("rules", identity)))


def arranged(adapter: TomlAdapter, taught: Rules, draft: Draft) -> dict[str, Data]:
    """The rules that were taught with a new one among them, which takes as little from the others as can be.

    It is tried before the first taught one that would take one of its mails. Where it would take a sample of another
    rule, it is tried last, unless its own mail is then taken by another. `adapter`: without the rules taught.
    """
    shown = {reading.mail.subject for reading in draft.readings}
    others = {name: _without_samples(table, shown) for name, table in taught.items() if name != draft.id}
    before = with_rules(adapter, others)
    takers = {_rule_of(before, reading.mail) for reading in draft.readings}
    first = _among(others, draft.id, draft.table, takers)
    if takers == {""} and conflicts(before, with_rules(adapter, first), draft.id):
        last = {**others, draft.id: {"last": True, **draft.table}}
        if not conflicts(before, with_rules(adapter, last), draft.id):
            return last
    return first


def _without_samples(table: Data, subjects: set[str]) -> Data:
    """A rule without the samples that are another's now; its last one stays."""
    samples = table.get("samples", [])
    kept = [sample for sample in samples if sample.get("subject") not in subjects]
    return {**table, "samples": kept} if kept and kept != samples else table


def _among(others: Rules, identity: str, table: Data, takers: set[str]) -> dict[str, Data]:
    found: dict[str, Data] = {}
    for name, other in others.items():
        if name in takers and identity not in found:
            found[identity] = table
        found[name] = other
    found.setdefault(identity, table)
    return found


def conflicts(before: TomlAdapter, after: TomlAdapter, rule: str) -> tuple[Conflict, ...]:
    """Samples and look-alikes of the adapter's files that `rule` would take from what they stand for now."""
    found = []
    for name, mail, my_names in _samples(after):
        if name == rule:
            continue
        taker = _rule_of(after.named(my_names) if my_names else after, mail)
        held = _rule_of(before.named(my_names) if my_names else before, mail)
        if taker == rule and held != rule:
            found.append(Conflict(mail.subject, f"{after.id}/{name}" if name else "", f"{after.id}/{rule}"))
    return tuple(found)


def _samples(adapter: TomlAdapter) -> Iterator[tuple[str, Mail, frozenset[str]]]:
    root = adapter.document.again().root
    for name, table in root.entries("rules").items():
        senders = table.strings("from")
        for sample in table.list_of_tables("samples"):
            yield name, *_mail(adapter, sample, senders)
    for sample in root.list_of_tables("look_alikes"):
        yield "", *_mail(adapter, sample, ())


def _mail(adapter: TomlAdapter, sample: Table, senders: Sequence[str]) -> tuple[Mail, frozenset[str]]:
    return sample_mail(sample, [*senders, *adapter.senders]), frozenset(sample.strings("my_names"))


def _rule_of(adapter: TomlAdapter, mail: Mail) -> str:
    notice: Notice | None = adapter.recognise(mail)
    return (notice.rule or "").partition("/")[2] if notice else ""
