"""TOML that still knows where each key stood, so that an error can name the line."""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from adapters.problems import Key, LocatedError, Position, Problem


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
        from adapters.positions import Scanner  # noqa: PLC0415 - its patterns take time to compile, at every start

        return Scanner(self.text).positions()


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
    except ValueError as error:  # a number of thousands of digits; Python says no more
        raise LocatedError([_long_number(name, text, str(error))]) from None


def _decode(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        raise LocatedError([Problem(name, line, column, "not UTF-8", "save the file as UTF-8")]) from None


def _long_number(name: str, text: str, message: str) -> Problem:
    """At the longest row of digits, which it must be: the others are read."""
    longest = max(re.finditer(r"[0-9_]+", text), key=lambda found: len(found[0]), default=None)
    if longest is None:
        return Problem(name, 1, 1, message)
    begin = longest.start()
    line, column = text.count("\n", 0, begin) + 1, begin - (text.rfind("\n", 0, begin) + 1) + 1
    return Problem(name, line, column, "the number is too long")


_OPEN_QUOTES = r"Illegal character '\n'"
"""What tomllib says where a text runs over the end of its line."""


def _decode_problem(name: str, text: str, message: str) -> Problem:
    pattern = r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)"
    found = re.fullmatch(pattern, message, re.DOTALL)
    if not found:
        return Problem(name, 1, 1, message)
    if found["line"]:
        what = "the quotes are not closed on this line" if found["what"] == _OPEN_QUOTES else found["what"]
        return Problem(name, int(found["line"]), int(found["column"]), what)
    lines = text.rstrip("\n").split("\n")
    return Problem(name, len(lines), len(lines[-1]) + 1, f"{found['what']} at the end of the file")
