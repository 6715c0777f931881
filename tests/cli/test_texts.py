"""Every text of the catalogue outside [tui] is asked for by a line of the program, or by a word of the domain."""

import ast
from collections.abc import Iterator
from itertools import chain

import pytest

from adapters.notice_rules import REF_KINDS
from adapters.registry import Origin
from config.sample import PARTS
from config.texts.catalogue import LANGUAGES, Catalogue
from config.texts.conditions import FLAGS
from otosata.deals.checklist import State
from otosata.deals.conditions import SPANS, STATES
from otosata.deals.duration import Unit
from otosata.deals.notice import IGNORED
from otosata.deals.reading import LEVEL_WORDS
from otosata.deals.vocabulary import KINDS, Actor, Evidence, Turn
from otosata.mail.model import Verdict
from otosata.notify.facts import Sense
from otosata.overview import AccountState, StaleReason
from otosata.store.outbox import LetterState
from tests.cli.program import ROOT

FAMILIES = {
    "actors": tuple(Actor),
    "columns": (
        *("level", "id", "silence", "turn", "client", "stage"),
        *("unanswered", "limit", "deal_limit", "next", "snoozed_until"),
    ),
    "events": (*KINDS, IGNORED),
    "evidence": tuple(Evidence),
    "explain": ("opens", "several", "none"),
    "levels": LEVEL_WORDS,
    "triage": ("unrecognised", "ambiguous", "unverified", "failed", "forwarded", "pending"),
    "teach": (
        *(f"field_{name}" for name in ("client", "title", "me", *REF_KINDS)),
        *(f"why_{why}" for why in ("known", "quoted", "honorific", "capital", "tail", "differs", "said")),
        *("ask_client", "ask_title"),
    ),
    "turns": tuple(Turn),
    "verdicts": tuple(Verdict),
    "why": ("last_contact", "silence", "waiting", "stage", "turn"),
    "adapters": (
        *(f"ask_{what}" for what in ("id", "name", "event", "fields")),
        *("nearly_bulk", "nearly_inferred"),
        *(f"column_{name}" for name in ("id", "name", "origin", "rules", "checked", "state")),
        *(f"origin_{origin.name.lower()}" for origin in Origin),
        *(f"part_{name}" for name in ("senders", "rules", "links", "numbers", "fields", "look_alikes")),
        *(f"part_{name}" for name in ("unknown", "stages", "advice", "sources")),
    ),
    "anonymise": ("addresses", "hosts", "links", "numbers", "parts", "words"),
    "check": (
        *(f"account_{state}" for state in AccountState if state is not AccountState.OK),
        *(f"adapter_{reason}" for reason in StaleReason),
    ),
    "notify": (
        *("digest", "start", "nth_1", "nth_2", "nth_3", "nth_n"),
        *(f"{sense}_{how}" for sense in Sense for how in ("blind", "over")),
        "account_stale",
    ),
    "outbox": tuple(LetterState),
    "units": tuple(Unit),
    "conditions": (
        *(name for name, _, _ in (*STATES, *SPANS) if name not in FLAGS and name != "turn"),
        *(f"{name}_{flag}" for name in FLAGS for flag in ("true", "false")),
        *(f"turn_{turn}" for turn in Turn),
        *State,
        "deal_limit_within",
    ),
    "config": (
        *(f"part_{part}" for part, _ in PARTS),
        *("file_head", "file_defaults", "file_durations"),
    ),
}
"""Texts that are asked for by a word of the domain: `actors.client`."""
PROBLEMS = ("problems", "problem_hints")
"""Sections whose keys are codes of mistakes in the configuration."""


def literals(*rooms: str) -> Iterator[str]:
    for path in chain.from_iterable((ROOT / room).rglob("*.py") for room in rooms):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def texts(lang: str, *sections: str) -> set[str]:
    return {key for key in Catalogue.of(lang).texts if key.partition(".")[0] in sections}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_of_the_domain_has_its_text(lang: str) -> None:
    asked = {f"{section}.{word}" for section, words in FAMILIES.items() for word in words}
    assert sorted(asked - set(Catalogue.of(lang).texts)) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_of_the_commands_is_asked_for(lang: str) -> None:
    by_word = {f"{section}.{word}" for section, words in FAMILIES.items() for word in words}
    ours = set(Catalogue.of(lang).texts) - texts(lang, "tui", *PROBLEMS)
    assert sorted(ours - by_word - set(literals("cli", "config"))) == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("section", PROBLEMS)
def test_every_mistake_that_is_named_can_be_made(section: str, lang: str) -> None:
    codes = {key.partition(".")[2] for key in texts(lang, section)}
    assert codes
    assert sorted(codes - set(literals("config"))) == []
