"""TOML that still knows where each key stood, so that an error can name the line."""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

Key = tuple[str | int, ...]
"""Path of a value: `("rules", 0, "subject")`."""

Position = tuple[int, int]
"""Line and column, both from 1."""

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_SPACES = re.compile(r"[ \t]*")
_KEY_PART = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
_STRING = re.compile(
    r'''"""(?:[^"\\]|\\[\s\S]|"{1,2}(?!"))*"{3,5}|\'\'\'(?:[^']|'{1,2}(?!'))*'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*\'''',
)
_SCALAR = re.compile(r"[^,\]}#\r\n]+")
_DECODE_ERROR = re.compile(
    r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file: where, what, and what to write instead."""

    file: str
    line: int
    column: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """`lancers.toml:12:1: unknown key 'subjekt' (did you mean 'subject'?)`."""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.file}:{self.line}:{self.column}: {self.message}{hint}"


class LocatedError(ValueError):
    """A file that is no TOML, or says what it may not; `problems` holds each reason with its place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """All that was found in one run, in the order of the file."""
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.file, problem.line, problem.column)))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Located:
    """What a TOML text says, and where."""

    name: str
    """File name for messages."""
    text: str = field(repr=False)
    data: dict[str, Any] = field(repr=False)

    def where(self, key: Key) -> Position:
        """Line and column of a key or list entry; of what is around it, where the key itself is missing."""
        while key and key not in self._positions:
            key = key[:-1]
        return self._positions.get(key, (1, 1))

    def problem(self, key: Key, message: str, hint: str = "") -> Problem:
        """A problem with the value at `key`."""
        return Problem(self.name, *self.where(key), message, hint)

    @cached_property
    def _positions(self) -> dict[Key, Position]:
        """Computed at the first question: files without an error never pay for it."""
        return _Scanner(self.text).positions()


def load_located(source: Path | str, name: str = "") -> Located:
    """Read TOML from a file (`Path`) or a text (`str`).

    LocatedError: no TOML or no UTF-8, with line and column. OSError: the file cannot be read.
    """
    if isinstance(source, Path):
        name = name or str(source)
        text = _decode(source.read_bytes(), name)
    else:
        name, text = name or "<text>", source
    # As tomllib does it, so that both count the same lines.
    text = text.replace("\r\n", "\n")
    try:
        return Located(name, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise LocatedError([_decode_problem(name, text, str(error))]) from None
    except RecursionError:
        raise LocatedError([Problem(name, 1, 1, "values are nested too deeply")]) from None


def _decode(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        raise LocatedError([Problem(name, line, column, "not UTF-8", "save the file as UTF-8")]) from None


def _decode_problem(name: str, text: str, message: str) -> Problem:
    found = _DECODE_ERROR.fullmatch(message)
    if not found:
        return Problem(name, 1, 1, message)
    if found["line"]:
        return Problem(name, int(found["line"]), int(found["column"]), found["what"])
    lines = text.rstrip("\n").split("\n")
    return Problem(name, len(lines), len(lines[-1]) + 1, f"{found['what']} at the end of the file")


class _Scanner:
    """Walks over a text that tomllib has accepted, so it needs to find things but not to judge them."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._table: Key = ()
        self._found: dict[Key, Position] = {}
        self._tables: dict[Key, int] = {}
        """Arrays of tables: how many entries so far."""
        self._starts = [0, *(match.end() for match in re.finditer(r"\n", text))]

    def positions(self) -> dict[Key, Position]:
        try:
            while self._skip(_BLANK):
                if self._peek("["):
                    self._header()
                else:
                    self._pair(self._table)
        except RecursionError:
            pass  # nested to the edge of what tomllib takes: what was found so far must do
        return self._found

    def _header(self) -> None:
        start, double = self._at, self._text.startswith("[[", self._at)
        self._at += 2 if double else 1
        parts = self._key()
        self._at = self._text.index("]", self._at) + (2 if double else 1)
        key: Key = ()
        for part in parts[:-1]:
            key = self._last((*key, part))
            self._found.setdefault(key, self._position(start))
        key += (parts[-1],)
        if double:
            self._found.setdefault(key, self._position(start))
            self._tables[key] = self._tables.get(key, 0) + 1
        self._table = self._last(key)
        self._found[self._table] = self._position(start)

    def _last(self, key: Key) -> Key:
        """The last entry of an array of tables, or the table itself."""
        return (*key, self._tables[key] - 1) if key in self._tables else key

    def _pair(self, table: Key) -> None:
        self._skip(_SPACES)
        start = self._at
        parts = self._key()
        for length in range(1, len(parts) + 1):
            self._found.setdefault(table + parts[:length], self._position(start))
        self._at = self._text.index("=", self._at) + 1
        self._skip(_SPACES)
        self._value(table + parts)

    def _key(self) -> tuple[str, ...]:
        parts: list[str] = []
        while True:
            self._skip(_SPACES)
            found = self._take(_KEY_PART)
            parts.append(tomllib.loads(f"k = {found}")["k"] if found[0] in "\"'" else found)
            self._skip(_SPACES)
            if not self._peek("."):
                return tuple(parts)
            self._at += 1

    def _value(self, key: Key) -> None:
        if self._peek("["):
            self._array(key)
        elif self._peek("{"):
            self._inline_table(key)
        elif self._text[self._at] in "\"'":
            self._take(_STRING)
        else:
            self._take(_SCALAR)

    def _array(self, key: Key) -> None:
        self._at += 1
        place = 0
        while self._skip(_BLANK) and not self._peek("]"):
            if self._peek(","):
                self._at += 1
                continue
            self._found[(*key, place)] = self._position(self._at)
            self._value((*key, place))
            place += 1
        self._at += 1

    def _inline_table(self, key: Key) -> None:
        self._at += 1
        while self._skip(_BLANK) and not self._peek("}"):
            if self._peek(","):
                self._at += 1
                continue
            self._pair(key)
        self._at += 1

    def _skip(self, pattern: re.Pattern[str]) -> bool:
        """Whether anything is left behind what was skipped."""
        found = pattern.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._at < len(self._text)

    def _peek(self, character: str) -> bool:
        return self._text.startswith(character, self._at)

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:  # tomllib accepts more than we know of: stop here, keep what was found
            self._at = len(self._text)
            return "?"
        self._at = found.end()
        return found[0]

    def _position(self, offset: int) -> Position:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
