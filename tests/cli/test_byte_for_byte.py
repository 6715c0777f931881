"""config.toml is the user's: whatever the program is asked to do, its bytes stay as they are."""

import argparse
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.parser import build_parser
from tests.cli.mailbox import Mailbox, comment
from tests.cli.program import Program

CONFIG = (
    "\ufeff# 私の設定 — odd spaces, Windows lines, a byte order mark\r\n"
    "look_back_days   =  90 # an old key\r\n"
    "\r\n"
    "{account}\r\n"
    "[platforms.lancers]\r\n"
    "my_names = [ 'me' , ]\r\n"
)
WORDS: dict[str, tuple[str, ...]] = {
    "accounts add": ("accounts", "add", "more", "--type", "mbox", "--path", "/nowhere", "--no-test"),
    "accounts remove": ("accounts", "remove", "more"),
    "accounts test": ("accounts", "test"),
    "ack": ("ack", "lancers-1"),
    "close": ("close", "lancers-1"),
    "reopen": ("reopen", "lancers-1"),
    "config get": ("config", "get", "look_back"),
    "config set": ("config", "set", "look_back_days", "30"),
    "config unset": ("config", "unset", "look_back"),
    "config schema": ("config", "schema", "--write"),
    "deals add": ("deals", "add", "--platform", "lancers", "--client", "佐藤", "--event", "contract"),
    "demo": ("demo", "check"),
    "log": ("log", "lancers-1", "fund"),
    "merge": ("merge", "lancers-2", "lancers-1"),
    "show": ("show", "lancers-1"),
    "snooze": ("snooze", "lancers-1", "2026-12-01"),
    "triage assign": ("triage", "assign", "1", "lancers-1"),
    "triage ignore": ("triage", "ignore", "2"),
    "triage teach": ("triage", "teach", "1", "--yes"),
    "tune": ("tune", "--threshold", "lancers.working.warn=9d"),
    "undo": ("undo",),
    "watch": ("watch", "--once"),
    "why": ("why", "lancers-1"),
}
"""How a command is called so that it does something; the others are called by their names alone."""
BEFORE: dict[str, tuple[tuple[str, ...], ...]] = {
    "reopen": (("close", "lancers-1"),),
    "undo": (("log", "lancers-1", "fund"),),
    "accounts remove": (WORDS["accounts add"],),
    "config unset": (WORDS["config set"],),
}
"""What must have been done."""
WITHOUT_GROUND = {"demo", "triage assign", "triage ignore", "triage teach", "watch"}
"""They end otherwise than with 0 here: nothing waits for a word, and the demo finds something."""
OF_THE_USER = {"config edit"}
"""Here the user himself writes (see test_config)."""


def commands(parser: argparse.ArgumentParser, name: str = "") -> Iterator[str]:
    """Every command there is, with those below it."""
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    for action in below:
        for word, child in action.choices.items():
            yield from commands(child, f"{name} {word}".strip())
    if name:
        yield name


COMMANDS = sorted({*commands(build_parser())} - OF_THE_USER)


@pytest.fixture
def at_home(otosata: Program, mailbox: Mailbox) -> Program:
    """A configuration written by a person, a mailbox that was read, two deals."""
    mailbox.put(comment())
    text = CONFIG.format(account=mailbox.account("main").replace("\n", "\r\n"))
    otosata.config.write_bytes(text.encode())
    otosata("sync")
    otosata.deal("山田")
    return otosata


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_touches_the_users_file(command: str, at_home: Program, tmp_path: Path) -> None:
    before, stat = at_home.config.read_bytes(), at_home.config.stat()
    result = at_home(*WORDS.get(command, tuple(command.split())))
    assert result.code in {0, 1, 2, 3}, result
    after = at_home.config.stat()
    assert at_home.config.read_bytes() == before
    assert (after.st_mtime_ns, after.st_ino, after.st_mode) == (stat.st_mtime_ns, stat.st_ino, stat.st_mode)


def test_the_table_names_commands_that_there_are() -> None:
    assert set(WORDS) | OF_THE_USER <= {*commands(build_parser())}


@pytest.mark.parametrize("command", sorted(WORDS.keys() - WITHOUT_GROUND))
def test_the_commands_of_the_table_do_something(command: str, at_home: Program) -> None:
    for words in BEFORE.get(command, ()):
        at_home.done(*words)
    at_home.done(*WORDS[command])
