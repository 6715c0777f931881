"""What one command run has: its arguments, the time, the streams, and the parts of the program it asks for."""

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TextIO
from zoneinfo import ZoneInfo

from cli.times import read_now, read_time

if TYPE_CHECKING:
    from config.assembly import Assembly
    from config.desk import Desk
    from config.herald import Herald
    from config.places import Options, Places
    from config.texts.catalogue import Catalogue
    from config.write import SettingsWriter


_WIDE = 10_000


@dataclass(frozen=True)
class Streams:
    """Where a command reads and writes."""

    out: TextIO
    err: TextIO

    @classmethod
    def of_process(cls) -> "Streams":
        """The process's own; a closed one (`2>&-`) swallows what is written."""
        return cls(*(stream or Path(os.devnull).open("w", encoding="utf-8") for stream in (sys.stdout, sys.stderr)))


class Session:
    """One run of the program. The parts are put together on first use: `--version` needs none of them."""

    def __init__(self, args: argparse.Namespace, streams: Streams, environ: Mapping[str, str] = os.environ) -> None:
        self.args = args
        self.streams = streams
        self.environ = environ

    @cached_property
    def now(self) -> datetime:
        """The clock for everything that is computed or shown: `--now`, else the real one. UTC."""
        given: str | None = self.args.now
        return datetime.now(UTC) if given is None else read_now(given)

    @property
    def clock(self) -> Callable[[], datetime]:
        """`now` for parts that run on: stands still only with `--now`."""
        fixed = self.args.now is not None
        return (lambda: self.now) if fixed else (lambda: datetime.now(UTC))

    @property
    def options(self) -> "Options":
        """The global options, for the configuration."""
        from config.places import Options  # noqa: PLC0415 - `--version` and `--help` start without it

        return Options(
            config=_path(self.args.config),
            data=_path(self.args.data),
            lang=self.args.lang,
            overrides=(("screen.plain", "true"),) if getattr(self.args, "plain", False) else (),
        )

    @cached_property
    def assembly(self) -> "Assembly":
        """The configured parts. ConfigError: what is wrong with the configuration or with a platform's file."""
        from config.assembly import assemble  # noqa: PLC0415 - as above

        return assemble(self.options, self.environ)

    @cached_property
    def desk(self) -> "Desk":
        """Answers from the store."""
        from config.desk import Desk  # noqa: PLC0415 - as above

        return Desk(self.assembly, self.clock)

    @cached_property
    def herald(self) -> "Herald":
        """Notifications."""
        from config.herald import Herald  # noqa: PLC0415 - only who notifies

        return Herald(self.desk)

    @property
    def places(self) -> "Places":
        """The files, without reading them."""
        from config.places import find_places  # noqa: PLC0415 - as above

        return find_places(self.options, self.environ)

    def settings_writer(self) -> "SettingsWriter":
        """Changes settings.toml."""
        from config.write import SettingsWriter  # noqa: PLC0415 - only where something is set

        return SettingsWriter(self.options, self.environ, self.assembly.platforms)

    def with_configuration(self, assembly: "Assembly") -> "Session":
        """The same run with another configuration, for who stays running while it changes."""
        new = Session(self.args, self.streams, self.environ)
        new.assembly = assembly
        return new

    @property
    def words(self) -> "Catalogue":
        """The texts in the language of the run."""
        return self.assembly.catalogue

    @property
    def lang(self) -> str:
        """`ja` or `en`"""
        return self.words.lang

    def t(self, key: str, /, **values: object) -> str:
        """A text of the catalogue in the language of the run."""
        return self.words.t(key, **values)

    def said(self, text: str) -> str:
        """A sentence of an error in the language of the run."""
        from config.texts.complaints import translated  # noqa: PLC0415 - only where something went wrong

        return translated(text, self.lang)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which times are shown and, without an offset, read."""
        return ZoneInfo(self.assembly.settings.calendar.timezone)

    def print(self, text: str = "") -> None:
        """A line of the result."""
        self.streams.out.write(text + "\n")

    def print_json(self, document: object, *, indent: int | None = 2) -> None:
        """A document as the result; escaped where the terminal's or pipe's encoding could not carry it."""
        from cli.output.document import dumps  # noqa: PLC0415 - one format a run

        encoding = str(getattr(self.streams.out, "encoding", None) or "utf-8")
        self.print(dumps(document, indent=indent, ascii_only=not encoding.lower().startswith("utf")))

    def print_utf8(self, text: str) -> None:
        """A document whose form says that it is UTF-8 and how its lines end, whatever the pipe's own habits."""
        reconfigure = getattr(self.streams.out, "reconfigure", None)
        if reconfigure is not None and not self.streams.out.isatty():
            reconfigure(encoding="utf-8", newline="")
        self.streams.out.write(text)

    def say(self, text: str) -> None:
        """A message beside the result; `-q` leaves it out."""
        if not self.args.quiet_all:
            self.streams.err.write(text + "\n")

    def time(self, text: str) -> datetime | date:
        """A time as the user writes it: RFC 3339, or without offset in the zone of the screen, or a date."""
        return read_time(text, self.zone)

    @property
    def width(self) -> int:
        """Cells of a line of the result: the terminal's; elsewhere nothing needs to be cut."""
        return shutil.get_terminal_size().columns if self.streams.out.isatty() else _WIDE

    @property
    def colour(self) -> bool:
        """Whether to colour: `--color`, else a terminal that does not forbid it (no-color.org)."""
        wish = self.args.color
        if wish != "auto":
            return bool(wish == "always")
        forbidden = bool(self.environ.get("NO_COLOR")) or self.environ.get("TERM") == "dumb"
        return self.streams.out.isatty() and not forbidden


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None
