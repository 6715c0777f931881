"""bash, fish and zsh complete what the program would understand; asked of the shells themselves."""

from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.live.shells import SHELLS

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


@pytest.mark.parametrize("line", CASES)
@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_offers_what_may_follow(tmp_path: Path, shell: str, line: str) -> None:
    otosata = Program(tmp_path).configure("")
    otosata.deal()
    offered = set(SHELLS[shell](tmp_path, otosata, line))
    wanted, unwanted = CASES[line]
    assert wanted <= offered
    assert not offered & unwanted
