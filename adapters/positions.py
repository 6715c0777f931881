"""Finds where each key of a TOML text stands; imported only where an error has to name the line."""

import re
import tomllib
from bisect import bisect_right

from adapters.problems import Key, Position

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_SPACES = re.compile(r"[ \t]*")
_KEY_PART = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
_STRING = re.compile(
    r'''"""(?:[^"\\]|\\[\s\S]|"{1,2}(?!"))*"{3,5}|\'\'\'(?:[^']|'{1,2}(?!'))*'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*\'''',
)
_SCALAR = re.compile(r"[^,\]}#\r\n]+")


class Scanner:
    """Walks over a text that tomllib has accepted, so it needs to find things but not to judge them."""

    def __init__(self, text: str) -> None:
        """A text with `\\n` line ends that tomllib has read without an error."""
        self._text = text
        self._at = 0
        self._table: Key = ()
        self._found: dict[Key, Position] = {}
        self._tables: dict[Key, int] = {}
        """Arrays of tables: how many entries so far."""
        self._starts = [0, *(match.end() for match in re.finditer(r"\n", text))]

    def positions(self) -> dict[Key, Position]:
        """Line and column of every table, key and list entry."""
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
