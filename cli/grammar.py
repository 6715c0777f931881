"""The grammar of the command line as values, for manual pages and completions: both say what --help says."""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

from cli.parser import Parser, build_parser

_KINDS = {"FILE": "file", "DIR": "folder", "DEAL": "deal", "INTO": "deal", "P": "platform"}
"""What a metavar stands for, where a shell can help with it."""


@dataclass(frozen=True, slots=True)
class Word:
    """An option, or an argument by its place (without flags)."""

    flags: tuple[str, ...]
    metavar: str
    """What stands for the value: `FILE`; empty for a switch."""
    help: str
    choices: tuple[str, ...] = ()
    kind: str = ""
    """`file`, `folder`, `deal`, `platform`: what to complete it with."""
    required: bool = False
    many: bool = False
    is_global: bool = False


@dataclass(frozen=True, slots=True)
class CommandGrammar:
    """A command with everything that may follow it."""

    path: tuple[str, ...]
    """`("deals", "add")`; empty for the program itself."""
    help: str
    words: tuple[Word, ...]
    below: tuple["CommandGrammar", ...] = ()

    @property
    def options(self) -> tuple[Word, ...]:
        """What begins with a dash."""
        return tuple(word for word in self.words if word.flags)

    @property
    def places(self) -> tuple[Word, ...]:
        """What is told by its place."""
        return tuple(word for word in self.words if not word.flags)

    def walk(self) -> Iterator["CommandGrammar"]:
        """This command, then everything below it."""
        yield self
        for command in self.below:
            yield from command.walk()


def grammar() -> CommandGrammar:
    """Of the whole program."""
    parser = build_parser()
    return _command(parser, (), parser.description or "")


def _command(parser: argparse.ArgumentParser, path: tuple[str, ...], text: str) -> CommandGrammar:
    words: list[Word] = []
    below: list[CommandGrammar] = []
    shared = {option for group in parser._action_groups if group.title == "global options" for option in _flags(group)}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            below += [
                _command(found, (*path, name), helps.get(name, ""))
                for name, found in action.choices.items()
                if isinstance(found, Parser)
            ]
        elif action.help != argparse.SUPPRESS:
            words.append(_word(action, is_global=bool(shared & set(action.option_strings))))
    return CommandGrammar(path, text, tuple(words), tuple(below))


def _flags(group: argparse._ArgumentGroup) -> Iterator[str]:
    for action in group._group_actions:
        yield from action.option_strings


def _word(action: argparse.Action, *, is_global: bool) -> Word:
    takes_value = action.nargs != 0
    metavar = action.metavar if isinstance(action.metavar, str) else None
    choices = tuple(map(str, action.choices or ()))
    shown = metavar or ("|".join(choices) if choices else action.dest.upper())
    return Word(
        flags=tuple(action.option_strings),
        metavar=shown if takes_value else "",
        help=(action.help or "").replace("%%", "%"),
        choices=choices,
        kind=_KINDS.get(shown.partition(" ")[0].rstrip("…"), "") if takes_value else "",
        required=action.required,
        many=action.nargs in ("*", "+"),
        is_global=is_global,
    )
