"""Completion scripts know the whole grammar; what shells make of them, `tests/live` asks the shells."""

import pytest

from cli.grammar import grammar
from cli.output.completion import SHELLS as SCRIPTS
from cli.parser import GROUPS
from tests.cli.program import Program


@pytest.mark.parametrize("shell", SCRIPTS)
def test_a_script_knows_every_command_and_option(shell: str) -> None:
    program = grammar()
    script = SCRIPTS[shell](program)
    names = {flag.lstrip("-") for one in program.walk() for word in one.options for flag in word.flags}
    names |= {word for words in GROUPS.values() for word in words}
    assert [name for name in sorted(names) if name not in script] == []


def test_deals_and_platforms_are_listed_a_word_a_line(otosata: Program) -> None:
    otosata.deal()
    otosata.deal("佐藤", platform="crowdworks", event="apply")
    assert otosata.done("completion", "deals").splitlines() == ["crowdworks-1", "lancers-1"]
    assert "coconala" in otosata.done("completion", "platforms").splitlines()
