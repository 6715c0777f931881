"""Every text that the screen asks for exists, and every text of the screen is asked for."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from adapters.notice_rules import REF_KINDS
from config.adjust import CALENDAR, GENERAL
from config.days_off import Off
from config.enrol import Part
from config.model import SORTS
from config.texts.catalogue import LANGUAGES, Catalogue
from config.threshold_keys import SUB_ROWS
from otosata.deals.agenda import DateKind
from otosata.deals.duration import Unit
from otosata.deals.event import MarkKind
from otosata.deals.vocabulary import KINDS, Actor, Evidence, Level, Turn
from otosata.judge import Policy
from otosata.mail.model import Verdict
from otosata.overview import AccountState, StaleReason
from otosata.ranking import Sign
from otosata.store.values import MailState
from otosata.why import Why
from tests.screens.world import FixedDesk, words
from tui.actions import ACTIONS, Place
from tui.columns import columns
from tui.doors import DOORS
from tui.journal import ACTS
from tui.mailboxes import FACTS, SECRETS
from tui.screens.page import Page
from tui.screens.start import WAYS
from tui.settings import ROWS, WHO
from tui.shelf import Group
from tui.tones import GLYPHS

for door in DOORS.values():
    import_module(door.partition(":")[0])
TUI = Path(__file__).parent.parent.parent / "tui"
FAMILIES = {
    "fit": tuple(sign.value for sign in Sign),
    "did": tuple(kind.value for kind in MarkKind),
    "mark": tuple(kind.value for kind in MarkKind),
    "means": tuple(GLYPHS),
    "turn": tuple(turn.value for turn in Turn),
    "account": tuple(state.value for state in AccountState if state is not AccountState.OK),
    "key": (*(action.name for action in ACTIONS), "theme"),
    "place": tuple(place.value for place in Place),
    "help": (*(action.name for action in ACTIONS), "theme", "more"),
    "column": tuple(column.name for column in columns(words())),
    "cause": ("last_contact", "silence", "waiting", "stage", "turn"),
    "clock": ("waiting", "silence"),
    "confidence": ("official", "several", "one", "ours", "conflict", "unknown"),
    "tune_row": SUB_ROWS,
    "count": ("triage", "snoozed", "acknowledged"),
    "from": ("mail", "hand"),
    "heading": (
        *("plot", "steps", "acts"),
        "mailboxes",
        "adapters",
        "problems",
        "advice",
        "facts",
        "timeline",
        "why",
        "levels",
    ),
    "label": (*FACTS, "level", "turn", "stage", "silence", "waiting", "unanswered", "limit", "deal_limit", "next"),
    "group": tuple(group.value for group in Group),
    "sort": SORTS,
    "date": tuple(kind.value for kind in DateKind),
    "date_mark": tuple(kind.value for kind in DateKind),
    "agenda_day": ("0", "1"),
    "off": tuple(why.value for why in Off),
    "off_name": tuple(why.value for why in Off),
    "answers": ("name", "answered", "typical", "longest", "running", *(f"reminders_{count}" for count in range(3))),
    "answers_longest": ("answered", "running", "given_up"),
    "act": ACTS,
    "state": tuple(state.value for state in AccountState),
    "teach": ("client", "name", "phrase"),
    "stale": tuple(reason.value for reason in StaleReason),
    "adapter_state": ("ok", "stale", "unused"),
    "stored": (*(state.value for state in MailState), "none"),
    "policy": (*(policy.value for policy in Policy), "configured", "learned", "unlearned"),
    "secret": SECRETS,
    "note": (
        *("event", "opened", "polled", "polled_nothing", "failed", "skipped", "broken"),
        *("act", "act_program", "act_undone", "try_worked", "try_failed", "kept", "kept_in_keyring"),
        *("setting", "setting_default", "setting_back"),
    ),
    "settings": ("general", "calendar", "keys", "asked", "deal_limit"),
    "setting": tuple(path[-1] for path in (*GENERAL, *CALENDAR)),
    "row": ROWS,
    "who": WHO,
    "origin": ("default", "adapter"),
    "start": (*WAYS, *(f"{way}_more" for way in WAYS)),
    "part": (*(part.value for part in Part), *(f"{part.value}_more" for part in Part)),
    "title": tuple(screen.NAME for screen in Page.__subclasses__()),
    "empty": ("no_account", "no_deals", "hidden", "filtered"),
}
"""Texts that are asked for by a word of the domain: `mark_snooze`."""
SHARED = {
    "teach": (
        *(f"field_{name}" for name in ("client", "title", "me", *REF_KINDS)),
        *(f"why_{why}" for why in ("known", "quoted", "honorific", "capital", "tail", "differs", "said")),
    ),
    "events": tuple(KINDS),
    "actors": tuple(actor.value for actor in Actor),
    "levels": (*(level.word for level in Level), "unknown"),
    "turns": tuple(turn.value for turn in Turn),
    "evidence": tuple(evidence.value for evidence in Evidence),
    "verdicts": tuple(verdict.value for verdict in Verdict),
    "units": tuple(unit.value for unit in Unit),
}
"""Sections that both faces speak from."""


def literals() -> Iterator[str]:
    for path in TUI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def in_families() -> set[str]:
    return {f"{family}_{word}" for family, members in FAMILIES.items() for word in members}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_of_the_domain_has_its_text(lang: str) -> None:
    texts = {key.removeprefix("tui.") for key in Catalogue.of(lang).texts if key.startswith("tui.")}
    assert in_families() <= texts
    assert texts - in_families() <= set(literals()), "no line of the screen asks for these texts"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_both_faces_find_every_word_of_the_domain(lang: str) -> None:
    asked = {f"{section}.{word}" for section, members in SHARED.items() for word in members}
    assert asked <= set(Catalogue.of(lang).texts)


def test_the_causes_that_have_texts_are_the_ones_that_are_explained() -> None:
    explained: list[Why] = [found for ledger in FixedDesk().deals if (found := FixedDesk().why(ledger.deal.id))]
    assert {cause.of for found in explained for cause in found.causes} == set(FAMILIES["cause"])
