"""A pattern as a tree of a few shapes, and which characters each of them takes: what its cost is computed from."""

import re
import re._parser as parser  # type: ignore[import-not-found]  # private, but what `re` itself reads patterns with
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

Letters = frozenset[int]
"""Code points, of an alphabet that holds enough of them to see whether two parts of a pattern share one."""

END = -1
"""The end of the text, beside the letters."""
_NEWLINE = 10
_UNICODE = 0x110000
_COMMON = frozenset((*range(128), *map(ord, "éßΩЖ²٣\u00a0\u3000あんアンー々一龥漢한ａＡ０「」【】。☆😀\U0010ffff")))
"""One character at least of every kind that `\\w`, `\\d` and `\\s` tell apart; those a pattern names are added."""


class TooComplexError(ValueError):
    """A pattern whose time nobody can foresee; the text says which part of it."""


@dataclass(frozen=True, slots=True)
class One:
    """One character out of some."""

    letters: Letters


@dataclass(frozen=True, slots=True)
class Repeat:
    """Something several times."""

    body: "Shapes"
    least: int
    most: int | None
    """None: without end."""
    kept: bool = False
    """What was taken is not given back (`*+`)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several."""

    branches: "tuple[Shapes, ...]"


@dataclass(frozen=True, slots=True)
class Edge:
    """A condition that takes no character."""

    letters: Letters | None = None
    """What may stand behind it; None where it is not known."""
    body: "Shapes" = ()
    """What a look-around looks for."""


Shape = One | Repeat | Choice | Edge
Shapes = tuple[Shape, ...]
_Item = tuple[Any, Any]
"""As `re` has it: a kind, and what that kind needs."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern's shapes."""

    shapes: Shapes
    by_line: bool
    """`^` and `$` stand for the ends of lines."""
    at_start: bool
    """It begins with `^` or `\\A`."""
    alphabet: Letters = frozenset()
    """All characters that its letters were chosen from."""


@lru_cache(maxsize=1024)
def shape_of(text: str, flags: int = 0) -> Pattern:
    """The shapes of a pattern that `re` can compile. TooComplexError: it holds a part that is not foreseeable."""
    parsed = parser.parse(text, flags)
    every = parsed.state.flags
    reader = _Reader(_COMMON | _named(parsed), bool(every & re.IGNORECASE), bool(every & re.DOTALL), every)
    first = list(parsed)[:1]
    at_start = bool(first) and str(first[0][1]) in ("AT_BEGINNING", "AT_BEGINNING_STRING")
    return Pattern(reader.shapes(parsed), bool(every & re.MULTILINE), at_start, reader.alphabet)


def _named(items: Iterable[_Item]) -> Letters:
    """The characters that a pattern names, and those just behind its ranges: where sets begin and end."""
    found: set[int] = set()
    for kind, what in items:
        match str(kind), what:
            case "LITERAL" | "NOT_LITERAL", int(code):
                found |= {code, code + 1}
            case "RANGE", (int(low), int(high)):
                found |= {low, high, high + 1}
            case "BRANCH", (_, branches):
                found.update(*map(_named, branches))
            case "IN" | "ATOMIC_GROUP", inner:
                found |= _named(inner)
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT" | "SUBPATTERN" | "ASSERT" | "ASSERT_NOT", (
                *_,
                inner,
            ):
                found |= _named(inner)
    return frozenset(code for code in found if code < _UNICODE)


@dataclass(frozen=True, slots=True)
class _Reader:
    alphabet: Letters
    any_case: bool
    dot_all: bool
    flags: int

    def shapes(self, items: Iterable[_Item]) -> Shapes:
        return tuple(shape for item in items for shape in self._shapes_of(*item))

    def _shapes_of(self, kind: object, what: Any) -> Sequence[Shape]:
        shapes: Sequence[Shape]
        match str(kind):
            case "LITERAL" | "NOT_LITERAL" | "ANY" | "IN" as one:
                shapes = [One(self._letters(one, what))]
            case "AT":
                shapes = [self._edge(str(what))]
            case "SUBPATTERN":
                shapes = self._group(what)
            case "ATOMIC_GROUP":
                shapes = [Repeat(self.shapes(what), 1, 1, kept=True)]
            case "BRANCH":
                shapes = [Choice(tuple(map(self.shapes, what[1])))]
            case "ASSERT" | "ASSERT_NOT":
                shapes = [Edge(body=self.shapes(what[1]))]
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT" as repeat:
                least, most, body = what
                endless = str(most) == "MAXREPEAT"
                kept = repeat == "POSSESSIVE_REPEAT"
                shapes = [Repeat(self.shapes(body), int(least), None if endless else int(most), kept)]
            case "GROUPREF" | "GROUPREF_EXISTS":
                raise TooComplexError("it refers back to a group")
            case unknown:
                raise TooComplexError(f"it holds a part of a kind that is not known ({unknown})")
        return shapes

    def _letters(self, kind: str, what: Any) -> Letters:
        match kind:
            case "LITERAL":
                return self._cases(what)
            case "NOT_LITERAL":
                return self.alphabet - self._cases(what)
            case "ANY":
                return self.alphabet if self.dot_all else self.alphabet - {_NEWLINE}
        return self._class(what)

    def _group(self, what: Any) -> Shapes:
        _, on, off, body = what
        flags = (self.flags | on) & ~off
        inner = _Reader(self.alphabet, bool(flags & re.IGNORECASE), bool(flags & re.DOTALL), flags)
        return inner.shapes(body)

    def _edge(self, where: str) -> Edge:
        ends = where in ("AT_END", "AT_END_STRING", "AT_END_LINE")
        return Edge(frozenset((_NEWLINE, END)) if ends else None)

    def _cases(self, code: int) -> Letters:
        """The character, and with `(?i)` its other forms."""
        if not self.any_case:
            return frozenset((code,))
        character = chr(code)
        forms = (character, character.lower(), character.upper(), character.casefold())
        return frozenset(ord(form) for form in forms if len(form) == 1)

    def _class(self, items: Sequence[_Item]) -> Letters:
        negated = str(items[0][0]) == "NEGATE"
        found: set[int] = set()
        for kind, what in items[negated:]:
            match str(kind):
                case "LITERAL":
                    found |= self._cases(what)
                case "RANGE":
                    inside = {code for code in self.alphabet if what[0] <= code <= what[1]}
                    found |= {code for code in self.alphabet if self._cases(code) & inside} | inside
                case "CATEGORY":
                    matches = _category(str(what)).match
                    found |= {code for code in self.alphabet if matches(chr(code))}
        return self.alphabet - found if negated else frozenset(found)


@cache
def _category(name: str) -> re.Pattern[str]:
    letter = {"DIGIT": "d", "SPACE": "s", "WORD": "w"}[name.removeprefix("CATEGORY_").removeprefix("NOT_")]
    return re.compile("\\" + (letter.upper() if "NOT_" in name else letter))
