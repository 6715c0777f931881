"""A command's start builds the grammar of its own group alone; no command may get lost on the way."""

import argparse

import pytest

from cli.parser import GROUPS, Parser, build_parser

GROUP_OF = {command: group for group, commands in GROUPS.items() for command in commands}


def commands_of(parser: Parser) -> set[str]:
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return set(below[0].choices)


@pytest.mark.parametrize("word", [None, "no-such-command"])
def test_without_a_known_command_the_grammar_has_all(word: str | None) -> None:
    assert commands_of(build_parser(word)) == GROUP_OF.keys()


@pytest.mark.parametrize("command", GROUP_OF)
def test_a_command_finds_itself_in_the_grammar_of_its_group(command: str) -> None:
    assert commands_of(build_parser(command)) == set(GROUPS[GROUP_OF[command]])
