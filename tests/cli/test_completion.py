"""bash, fish and zsh complete what the program would understand; asked of the shells themselves."""

import os
from pathlib import Path

import pytest

from cli.grammar import grammar
from cli.output.completion import SHELLS as SCRIPTS
from cli.parser import GROUPS
from tests.cli.program import Program
from tests.cli.shells import SHELLS

CASES = {
    "otosata che": ({"check"}, {"deals", "sync"}),
    "otosata deals a": ({"add"}, {"check"}),
    "otosata check --format j": ({"json", "jsonl"}, {"text", "nagios"}),
    "otosata --lang ja check --on-stale ": ({"ok", "warning", "critical", "unknown"}, {"config.toml", "--json"}),
    "otosata show ": ({"lancers-1"}, {"lancers", "config.toml", "check"}),
    "otosata deals --platform ": ({"lancers", "coconala"}, {"lancers-1", "config.toml"}),
    "otosata --config ": ({"config.toml"}, {"check", "lancers-1"}),
    "otosata explain ": ({"config.toml"}, {"check"}),
    "otosata deals add --cl": ({"--client"}, {"--color", "add"}),
}
"""What is typed → what must be offered, what must not."""


@pytest.mark.live
@pytest.mark.parametrize("line", CASES)
@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_offers_what_may_follow(otosata: Program, tmp_path: Path, shell: str, line: str) -> None:
    if os.environ.get("OTOSATA_NO_LIVE") == "1":
        pytest.skip("OTOSATA_NO_LIVE=1: fish and zsh may be missing")
    otosata.configure("")
    otosata.deal()
    offered = set(SHELLS[shell](tmp_path, otosata, line))
    wanted, unwanted = CASES[line]
    assert wanted <= offered
    assert not offered & unwanted


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
