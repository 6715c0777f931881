"""A formatter of manual pages has nothing to complain of."""

import subprocess

import pytest

from cli.grammar import CommandGrammar
from cli.output.manual import page
from tests.cli.test_manual import PAGES, PROGRAM, TODAY, name


@pytest.mark.parametrize("command", PAGES, ids=name)
def test_mandoc_has_nothing_to_complain_of(command: CommandGrammar) -> None:
    done = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "warning"],
        input=page(PROGRAM, command, TODAY),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")
