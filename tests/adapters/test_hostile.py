"""Subjects made of a platform's own words, to the longest that is read: no rule takes one for a notice it is not."""

import re

import pytest

from adapters.notice_rules import NoticeRule
from adapters.recognise import TomlAdapter
from adapters.registry import load_adapters
from benchmarks.patterns import ENDING, hostile_subjects
from otosata.deals.notice import Notice
from tests.adapters.test_recognise import mail

ADAPTERS = load_adapters()
EACH = 10_000 // len(ADAPTERS) + 1
OPEN = re.compile(r"\.[*+]\??\)?\$$|[^$]$")
"""The end of a pattern that leaves open how a subject goes on."""


def names_the_end(rule: NoticeRule) -> bool:
    """Whether the rule says how a subject must end: then no subject with our ending can be meant."""
    return rule.subject is not None and not OPEN.search(rule.subject.pattern)


def read(adapter: TomlAdapter, subject: str) -> Notice:
    sender = adapter.senders[0]
    notice = adapter.recognise(mail(f"x{sender}" if sender.startswith("@") else sender, subject))
    assert notice is not None
    return notice


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.id)
def test_a_rule_that_names_the_end_of_a_subject_takes_no_hostile_one(adapter: TomlAdapter) -> None:
    closed = {f"{adapter.id}/{rule.id}" for rule in adapter.recogniser.rules if names_the_end(rule)}
    found = {subject: read(adapter, subject).rule for subject in hostile_subjects(adapter, EACH)}
    assert {subject: rule for subject, rule in found.items() if rule in closed} == {}


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.id)
def test_what_takes_a_hostile_subject_finds_its_own_words_in_it(adapter: TomlAdapter) -> None:
    rules = {f"{adapter.id}/{rule.id}": rule for rule in adapter.recogniser.rules}
    for subject in hostile_subjects(adapter, EACH // 10):
        rule = rules.get(read(adapter, subject).rule or "")
        if rule is not None:
            assert all(fragment in subject for fragment in rule.contains)


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.id)
def test_a_subject_longer_than_any_is_nobodys_notice(adapter: TomlAdapter) -> None:
    for rule in filter(names_the_end, adapter.recogniser.rules):
        for table in adapter.document.again().root.entries("rules")[rule.id].list_of_tables("samples"):
            subject = table.string("subject")
            assert read(adapter, subject + " " * 400 + ENDING).rule != f"{adapter.id}/{rule.id}"
            assert read(adapter, "x" * 300 + subject).rule != f"{adapter.id}/{rule.id}"
