"""What can be wrong with a configuration: a problem with its place, and the error that carries them all."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config.texts.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from."""

    layer: str
    """`default`, `config`, `settings`, `environment` or `option`."""
    file: Path | None = None
    line: int = 0
    """From 1; 0 where there is no line."""
    column: int = 0
    """From 1; 0 where there is no column."""
    name: str = ""
    """The environment variable or the option."""

    def __str__(self) -> str:
        """For people: `config.toml:12`, `OTOSATA__LANGUAGE`, `default`."""
        if self.file is not None:
            return f"{self.file.name}:{self.line}" if self.line else self.file.name
        return self.name or self.layer


DEFAULT = Origin("default")
_ORDER = ("config", "settings", "environment", "option", "default")
_SECRET = re.compile(r"(pass|pwd|secret|token|api_?key|webhook|url)\w*[\"']?\s*=", re.IGNORECASE)
"""Keys behind which somebody may have written what nobody else should see, although no such key exists."""


def is_file(path: Path) -> bool:
    """Whether there is such a file; a path that no system call accepts (too long) names none."""
    try:
        return path.is_file()
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in the configuration, where it stands and what to do."""

    code: str
    """Stable word for programs: `unknown_key`, `duration_no_unit`."""
    origin: Origin
    key: str
    """Dotted key path: `platforms.lancers.stages.working.warn`."""
    message: str
    hint: str = ""
    """What to write instead, or what to do."""
    source: str = ""
    """The line of the file it stands in, as it is written; empty where there is none, or it may hold a secret."""
    is_warning: bool = False
    """The configuration works all the same."""

    @property
    def file(self) -> Path | None:
        """The file it stands in; None for environment variables and options."""
        return self.origin.file

    @property
    def line(self) -> int:
        """From 1; 0 where there is no line."""
        return self.origin.line

    @property
    def column(self) -> int:
        """From 1; 0 where there is no column."""
        return self.origin.column

    @property
    def place(self) -> str:
        """`/path/config.toml:12:5`, or the name of the environment variable or option."""
        if self.origin.file is None:
            return self.origin.name or self.origin.layer
        return ":".join([str(self.origin.file), *(str(part) for part in (self.line, self.column) if part)])

    @property
    def short(self) -> str:
        """Place, key and message, without folders and hint: `config.toml:12: interval: 15 has no unit`."""
        return ": ".join(part for part in (str(self.origin), self.key, self.message) if part)

    def __str__(self) -> str:
        """One line: place, key, message, hint."""
        key = f"{self.key}: " if self.key else ""
        return f"{self.place}: {key}{self.message}" + (f" ({self.hint})" if self.hint else "")


class ConfigError(Exception):
    """The configuration cannot be used; `problems` are all that were found in one run."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class Bad(Exception):  # noqa: N818 - never leaves this room: a reader's answer, turned into a Problem by whoever knows the place
    """A value that does not read: the code of the problem, and what its texts need."""

    def __init__(self, code: str, at: tuple[int | str, ...] = (), **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.at = at
        """Path of the guilty part inside the value: the place in a list, the key of an inline table."""
        self.values = values


class SeveralBad(Exception):  # noqa: N818 - as Bad
    """A list of which more than one entry does not read."""

    def __init__(self, bads: tuple[Bad, ...]) -> None:
        super().__init__(f"{len(bads)} bad entries")
        self.bads = bads


class Sentence(str):
    """A whole English sentence from elsewhere, translated where it is told."""

    __slots__ = ()


def _steady(text: str) -> str:
    """Without anything that steers a terminal: what stands in a file may be quoted in a message."""
    return text if text.isprintable() else "".join(character if character.isprintable() else "?" for character in text)


class Collector:
    """Gathers problems in the language of the user."""

    def __init__(self, catalogue: "Catalogue") -> None:
        self._catalogue = catalogue
        self._found: list[Problem] = []
        self._lines: dict[Path, list[str]] = {}

    def know(self, file: Path, text: str) -> None:
        """Remember what a file says, so that a problem can show its line."""
        self._lines[file] = text.split("\n")

    def at(self, origin: Origin, name: str) -> Origin:
        """The place of a name in the line in which something begins: of `lancer` in `[platforms.lancer]`."""
        lines = self._lines.get(origin.file, []) if origin.file else []
        place = lines[origin.line - 1].find(name, origin.column - 1) if 0 < origin.line <= len(lines) else -1
        return origin if place < 0 else replace(origin, column=place + 1)

    def add(self, code: str, origin: Origin, key: str, **values: object) -> None:
        """Note a problem; its texts are `problems.CODE` and `problem_hints.CODE` of the catalogue."""
        self._note(code, origin, key, values, is_warning=False)

    def warn(self, code: str, origin: Origin, key: str, **values: object) -> None:
        """Note something the user should know although it works."""
        self._note(code, origin, key, values, is_warning=True)

    def _note(self, code: str, origin: Origin, key: str, values: Mapping[str, object], *, is_warning: bool) -> None:
        values = {name: self._told(value) for name, value in values.items()}
        message = _steady(self._catalogue.t(f"problems.{code}", key=key, **values))
        hint = _steady(self._catalogue.t(f"problem_hints.{code}", key=key, **values))
        self._found.append(Problem(code, origin, key, message, hint, self._line(origin), is_warning))

    def _line(self, origin: Origin) -> str:
        lines = self._lines.get(origin.file, []) if origin.file else []
        line = lines[origin.line - 1] if 0 < origin.line <= len(lines) else ""
        return "" if _SECRET.search(line) else line

    def _told(self, value: object) -> object:
        if not isinstance(value, Sentence):
            return value
        from config.texts.complaints import translated  # noqa: PLC0415 - only mistakes need it

        return translated(value, self._catalogue.lang)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The mistakes, in the order of files and lines."""
        return tuple(found for found in self._sorted() if not found.is_warning)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What works all the same, in the same order."""
        return tuple(found for found in self._sorted() if found.is_warning)

    def _sorted(self) -> list[Problem]:
        layers = {layer: place for place, layer in enumerate(_ORDER)}
        files = {file: place for place, file in enumerate(self._lines)}

        def order(found: Problem) -> tuple[int, int, int, int, str]:
            place = files.get(found.origin.file, 0) if found.origin.file else 0
            return (layers.get(found.origin.layer, 9), place, found.line, found.column, found.key)

        return sorted(dict.fromkeys(self._found), key=order)
