"""Runs everything that proves an adapter: its samples, its golden mails, and what is to be said of its rules."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from adapters.kit.golden import Golden, differences, expected_file, golden_mails, outcome, write_expected
from adapters.kit.lint import Overlap, overlaps, unanchored
from adapters.kit.nearly import NearMiss, near_misses
from adapters.problems import Problem
from adapters.recognise import TomlAdapter
from adapters.samples import check_samples, sample_mail
from otosata.mail.model import Mail


@dataclass(frozen=True, slots=True)
class Tried:
    """A mail, and what became of it."""

    where: str
    """`rules.message` for a sample, or the file."""
    subject: str
    fires: str | None
    """The rule that takes it."""
    event: str
    """What it announces; empty where it is not the platform's."""
    nearly: tuple[NearMiss, ...] = ()
    """Where no rule takes it: those that nearly would."""
    wrong: tuple[str, ...] = ()
    """What came out otherwise than it must. That of samples is among the report's problems."""
    generated: bool = False
    """What must come out was written just now."""


@dataclass(frozen=True, slots=True)
class Report:
    """All that is known of an adapter."""

    adapter: str
    samples: tuple[Tried, ...]
    golden: tuple[Tried, ...]
    problems: tuple[Problem, ...]
    """Samples that come out otherwise, rules without one."""
    warnings: tuple[Problem, ...]
    overlaps: tuple[Overlap, ...]

    @property
    def is_right(self) -> bool:
        """Whether everything comes out as it must."""
        return not self.problems and not any(tried.wrong for tried in self.golden)


def run(adapter: TomlAdapter, mails: Iterable[Path] = (), *, generate: bool = False) -> Report:
    """Try an adapter on its samples and on the golden mails of files and folders.

    `generate`: write what comes out as what must. LocatedError, OSError: an expected file or a mail cannot be read.
    """
    return Report(
        adapter=adapter.id,
        samples=tuple(_samples(adapter)),
        golden=tuple(_golden(adapter, one, generate) for one in golden_mails(mails)),
        problems=check_samples(adapter),
        warnings=unanchored(adapter),
        overlaps=overlaps(adapter),
    )


def _samples(adapter: TomlAdapter) -> Iterator[Tried]:
    root = adapter.document.again().root
    for rule, table in root.entries("rules").items():
        senders = [*table.strings("from"), *adapter.senders]
        for sample in table.list_of_tables("samples"):
            yield _tried(adapter, f"rules.{rule}", sample_mail(sample, senders), frozenset(sample.strings("my_names")))
    for sample in root.list_of_tables("look_alikes"):
        yield _tried(adapter, "look_alikes", sample_mail(sample, adapter.senders), frozenset())


def _golden(adapter: TomlAdapter, golden: Golden, generate: bool) -> Tried:
    tried = _tried(adapter, str(golden.path), golden.mail, frozenset())
    found = outcome(adapter.recognise(golden.mail))
    wrong = ("no expected file beside it",) if golden.expected is None else differences(golden.expected, found)
    if wrong and generate:
        write_expected(expected_file(golden.path), found)
        return Tried(tried.where, tried.subject, tried.fires, tried.event, tried.nearly, generated=True)
    return Tried(tried.where, tried.subject, tried.fires, tried.event, tried.nearly, wrong)


def _tried(adapter: TomlAdapter, where: str, mail: Mail, my_names: frozenset[str]) -> Tried:
    chosen = adapter.named(my_names) if my_names else adapter
    notice = chosen.recognise(mail)
    missed = near_misses(chosen, mail) if notice is not None and notice.rule is None else ()
    return Tried(where, mail.subject, notice.rule if notice else None, notice.kind if notice else "", missed)
