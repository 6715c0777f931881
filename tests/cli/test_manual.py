"""Manual pages say what --help says."""

from datetime import date

import pytest

from cli.grammar import CommandGrammar, grammar
from cli.output.manual import page
from cli.parser import build_parser
from tests.cli.program import Program

PROGRAM = grammar()
TODAY = date(2026, 6, 1)
PAGES = [PROGRAM, *PROGRAM.below]


def name(command: CommandGrammar) -> str:
    return "-".join(("otosata", *command.path))


@pytest.mark.parametrize("command", PAGES, ids=name)
def test_a_page_tells_of_every_option_and_argument(command: CommandGrammar) -> None:
    text = page(PROGRAM, command, TODAY).replace("\\-", "-")
    below = command.below if command.path else ()
    for one in (command, *below):
        for word in one.words:
            assert all(f"\\fB{flag}\\fR" in text for flag in word.flags)
            assert word.help.split("\n")[0].replace("…", "...") in text


def test_man_prints_the_page_of_a_command(otosata: Program) -> None:
    assert otosata.done("man", "check").startswith('.TH OTOSATA-CHECK 1 "2026-06-01"')
    assert otosata.done("man", "deals", "add").startswith(".TH OTOSATA-DEALS-ADD 1")
    assert otosata("man", "nonsense").code == 2


def test_the_grammar_has_the_words_of_the_help() -> None:
    helped = build_parser().format_help()
    assert all(below.path[-1] in helped for below in PROGRAM.below)
    assert [word.flags for word in PROGRAM.options if word.is_global] == [
        ("--config",),
        ("--data",),
        ("--now",),
        ("--lang",),
        ("--color",),
        ("-q",),
        ("-v",),
    ]
