"""The command line's grammar: global options before or after the command, one function a command group."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, NoReturn, TypeAlias

from cli.errors import UsageError
from cli.session import Session
from otosata import __version__

Subparsers: TypeAlias = "argparse._SubParsersAction[Parser]"  # argparse has no public name for it
Command = Callable[[Session], int]

GROUPS: Mapping[str, tuple[str, ...]] = {
    "check": ("check", "sync"),
    "watch": ("watch",),
    "notify": ("notify",),
    "service": ("install-service",),
    "deals": ("deals", "show"),
    "hand": ("log", "undo", "snooze", "ack", "close", "reopen", "merge", "note", "why"),
    "explain": ("explain",),
    "triage": ("triage",),
    "adapters": ("adapters",),
    "accounts": ("accounts",),
    "config": ("config",),
    "tune": ("tune",),
    "export": ("export", "badge"),
    "doctor": ("doctor",),
    "shell": ("completion", "man"),
    "demo": ("demo",),
}
"""Modules of `cli.commands`, in the order of the help, each with the commands it adds."""

GLOBAL_WITH_VALUE = ("--config", "--data", "--now", "--lang", "--color")


class Parser(argparse.ArgumentParser):
    """argparse, except that a mistake is raised: argparse would exit 2, which a monitor reads as CRITICAL.

    Options are written in full: a short form in somebody's script would end with the next option of that beginning.
    """

    def __init__(self, **settings: Any) -> None:
        settings["allow_abbrev"] = False
        super().__init__(**settings)

    def error(self, message: str) -> NoReturn:
        """A UsageError that names the command whose `--help` helps."""
        raise UsageError(message, f"see `{self.prog} --help`")


def global_options() -> Parser:
    """The options every command takes; suppressed defaults let them stand on either side of the command."""
    parser = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    group = parser.add_argument_group("global options")
    group.add_argument("--config", metavar="FILE", help="configuration file")
    group.add_argument("--data", metavar="DIR", help="folder of the ledger")
    group.add_argument("--now", metavar="TIME", help="RFC 3339; the clock for everything that is computed or shown")
    group.add_argument("--lang", choices=("ja", "en"), help="language of the texts")
    group.add_argument("--color", choices=("auto", "always", "never"), help="colour the result")
    group.add_argument("-q", dest="quiet_all", action="store_true", help="no messages on stderr")
    group.add_argument("-v", dest="verbose", action="count", help="more detail; with errors: the whole traceback")
    return parser


def nothing_given() -> argparse.Namespace:
    """The global options' defaults: where a parse begins."""
    return argparse.Namespace(config=None, data=None, now=None, lang=None, color="auto", quiet_all=False, verbose=0)


def parse_global(argv: Sequence[str]) -> argparse.Namespace:
    """The global options alone, whatever the command. UsageError: one of them is off."""
    parser = Parser(prog="otosata", add_help=False, parents=[global_options()])
    return parser.parse_known_args(argv, nothing_given())[0]


def build_parser(command: str | None = None) -> Parser:
    """The grammar of a command's group alone, for a quick start; of all commands where the word names none."""
    parser = Parser(
        prog="otosata",
        description="Tells which clients have gone quiet, how sure it is, and what the platform's rules allow now.",
        epilog="Without a command: the full-screen app. `otosata demo` shows it on a fictional mailbox.",
        parents=[global_options()],
    )
    parser.add_argument("--version", action="version", version=f"otosata {__version__}")
    parser.add_argument("--plain", action="store_true", help="the app for screen readers: no lines and glyphs")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    named = [group for group, words in GROUPS.items() if command in words]
    for group in named or GROUPS:
        import_module(f"cli.commands.{group}").register(commands)
    return parser


@dataclass(frozen=True, slots=True)
class Argument:
    """What `add_argument` is to be told."""

    flags: tuple[str, ...]
    settings: Mapping[str, Any]


def argument(*flags: str, **settings: Any) -> Argument:
    """An argument of a command, written as for argparse."""
    return Argument(flags, settings)


def add_command(
    subparsers: Subparsers, name: str, run: Command | None, help: str, *arguments: Argument, epilog: str = ""
) -> Parser:
    """Add a command; `run` is None for one that `cli.main` runs by itself."""
    parser = subparsers.add_parser(name, help=help, description=help, epilog=epilog, parents=[global_options()])
    for one in arguments:
        parser.add_argument(*one.flags, **one.settings)
    if run is not None:
        parser.set_defaults(run=run)
    return parser


def counted(text: str) -> int:
    """A number from 1 on that the ledger and the system can hold."""
    if not text.isdecimal() or not 0 < int(text[:19]) < 2**31:
        raise argparse.ArgumentTypeError(f"{plain(text)!r} is no number from 1 on")
    return int(text)


def plain(text: str) -> str:
    """Typed words as the ledger keeps them: one line, nothing in it that could fool a terminal."""
    from otosata.mail.sanitise import one_line  # noqa: PLC0415 - only where something is typed

    return one_line(text)


DEAL = argument("deal", metavar="DEAL", type=plain)
JSON = argument("--json", action="store_true", help="as JSON")


def command_of(argv: Sequence[str]) -> tuple[str | None, int]:
    """The command's word and its place, before anything is parsed: `check` exits differently even on a bad option."""
    place = 0
    while place < len(argv):
        word = argv[place]
        if word in GLOBAL_WITH_VALUE:
            place += 2
        elif word.startswith("-"):
            place += 1
        else:
            return word, place
    return None, len(argv)
