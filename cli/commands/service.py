"""`install-service`: the files that have the system run the program, for systemd, launchd, Windows, cron and Icinga."""

import json
import shlex
import sys
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from xml.sax.saxutils import escape

from cli.errors import OK, UsageError
from cli.parser import Subparsers, add_command, argument
from cli.session import Session

FILES: Mapping[str, tuple[str, ...]] = {
    "systemd": ("otosata.service",),
    "systemd-timer": ("otosata-once.service", "otosata-once.timer"),
    "launchd": ("otosata.plist",),
    "windows": ("otosata.xml",),
    "cron": ("otosata.cron",),
    "icinga": ("otosata.conf",),
}
"""What each system wants."""
_THIS_SYSTEMS = {"darwin": "launchd", "win32": "windows"}.get(sys.platform, "systemd")


def register(commands: Subparsers) -> None:
    """Add `install-service`."""
    add_command(
        commands,
        "install-service",
        run,
        "print the files that have your system run otosata; nothing is installed",
        argument(
            "--print",
            dest="system",
            nargs="?",
            const=_THIS_SYSTEMS,
            choices=tuple(FILES),
            help="default: what this system has",
        ),
        argument("--into", metavar="DIR", help="write the files there instead of printing them"),
    )


def run(session: Session) -> int:
    """Print the files, or write them into a folder. What is there already is not overwritten."""
    args = session.args
    if args.system is None and args.into is None:
        raise UsageError("nothing is installed by itself", f"print the files with --print {'|'.join(FILES)}")
    made = {name: _filled(name, _command(session)) for name in FILES[args.system or _THIS_SYSTEMS]}
    if args.into is None:
        for name, text in made.items():
            if len(made) > 1:
                session.print(f"# ==> {name} <==")
            session.print(text.rstrip("\n"))
        return OK
    folder = Path(args.into).expanduser()
    there = [name for name in made if (folder / name).exists()]
    if there:
        raise UsageError(f"{folder / there[0]} exists already and is not overwritten", "move it away first")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in made.items():
        (folder / name).write_text(text, "utf-8")
        session.print(str(folder / name))
    return OK


def _command(session: Session) -> tuple[str, ...]:
    """How this very program is started, with the files it uses now: services have another PATH and environment."""
    program = Path(sys.argv[0])
    started = (str(program.resolve()),) if program.name.startswith("otosata") else (sys.executable, "-m", "launch")
    options = session.options
    chosen: list[str] = []
    for flag, path in (("--config", options.config), ("--data", options.data)):
        if path is not None:
            chosen += [flag, str(path.resolve())]
    return (*started, *chosen)


def _filled(name: str, command: tuple[str, ...]) -> str:
    text = files("cli.services").joinpath(name).read_text("utf-8")
    for mark, written in _MARKS.items():
        if mark in text:
            text = text.replace(mark, written(command))
    return text


def _systemd(command: tuple[str, ...]) -> str:
    """Quoted as systemd.syntax(7) wants: `%` and `$` have a meaning there even inside quotes."""
    return " ".join(json.dumps(word.replace("%", "%%").replace("$", "$$"), ensure_ascii=False) for word in command)


def _cron(command: tuple[str, ...]) -> str:
    """As the shell wants it; and `%` would end the line in a crontab, quoted or not (crontab(5))."""
    return shlex.join(command).replace("%", "\\%")


def _arguments(command: tuple[str, ...]) -> str:
    return "\n".join(f"    <string>{escape(word)}</string>" for word in command)


def _windows(words: tuple[str, ...]) -> str:
    from subprocess import list2cmdline  # noqa: PLC0415 - Windows alone

    return escape(list2cmdline(words) + " ") if words else ""


_MARKS: Mapping[str, Callable[[tuple[str, ...]], str]] = {
    "@COMMAND@": _systemd,
    "@LINE@": _cron,
    "@ARGUMENTS@": _arguments,
    "@PROGRAM@": lambda command: escape(command[0]),
    "@REST@": lambda command: _windows(command[1:]),
    "@QUOTED@": lambda command: ", ".join(json.dumps(word, ensure_ascii=False) for word in command),
}
"""What stands in the files for the command, in each file's own way of quoting."""
