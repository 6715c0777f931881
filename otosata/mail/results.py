"""The grammar of Authentication-Results (RFC 8601, 2.2): comments, quotes, folding understood, all else refused."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from otosata.mail.sanitise import one_line

LIMIT = 16 * 1024
"""Bytes of one header; real ones have some hundred."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one method found: `dkim=pass header.d=a.jp` is Result("dkim", "pass", (("header.d", "a.jp"),))."""

    method: str
    outcome: str
    properties: tuple[tuple[str, str], ...] = ()

    def property(self, *names: str) -> str:
        """The value of the first of these properties that is there, else the empty string."""
        return next((value for name in names for key, value in self.properties if key == name), "")


@dataclass(frozen=True, slots=True)
class Results:
    """One header. `authserv_id` is lower case, None where the server writes none (Outlook)."""

    authserv_id: str | None
    results: tuple[Result, ...]


_SKIPPED = re.compile(r'[^"()\\]+')
_PIECE = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^;"])*')
_SERVER = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[^\s;="]+)(?:\s+\d+)?\s*\Z')
_METHOD = re.compile(r"\s*([a-z][a-z0-9-]*)(?:\s*/\s*\d+)?\s*=\s*([a-z][a-z0-9-]*)(?=\s|\Z)")
_PROPERTY = re.compile(
    r'\s*([a-z][a-z0-9_-]*(?:\s*\.\s*[a-z0-9_-]+)?)\s*=\s*("(?:[^"\\]|\\.)*"(?:@[^\s;"]+)?|[^\s;"]+)(?=\s|\Z)'
)


def parse(value: bytes) -> Results | None:
    """Read a header value; None where it breaks the grammar, so that it proves nothing."""
    if len(value) > LIMIT or not value.isascii():
        return None
    plain = _without_comments(value.decode("ascii"))
    if plain is None:
        return None
    pieces = list(_split(plain.lower()))
    server = _SERVER.match(pieces[0])
    if server is None and "=" not in pieces[0]:
        return None
    results: list[Result] = []
    for piece in pieces[1:] if server else pieces:
        result = _result(piece)
        if result is None:
            return None
        results.extend(result)
    return Results(one_line(_unquoted(server[1]), 255) if server else None, tuple(results))


def _without_comments(text: str) -> str | None:
    """Each comment, nested ones with it, becomes a space; None where brackets or quotes do not close."""
    kept: list[str] = []
    depth, quoted, position = 0, False, 0
    while position < len(text):
        character, step = text[position], 1
        if character == "\\" and (quoted or depth):
            step = 2
        elif character == '"' and not depth:
            quoted = not quoted
        elif character == "(" and not quoted:
            depth += 1
        elif character == ")" and not quoted:
            if not depth:
                return None
            depth -= 1
            character, step = "", 1
            kept.append(" " if not depth else "")
        elif run := _SKIPPED.match(text, position):
            step = run.end() - position
        if not depth and character:
            kept.append(text[position : position + step])
        position += step
    return None if depth or quoted else "".join(kept)


def _split(text: str) -> Iterator[str]:
    """At semicolons outside of quotes."""
    position = 0
    while True:
        piece = _PIECE.match(text, position)
        end = piece.end() if piece else position
        yield text[position:end]
        if end >= len(text):
            return
        position = end + 1


def _result(piece: str) -> tuple[Result, ...] | None:
    """One `method=result` with its properties; nothing for `none` and empty pieces; None for what is neither."""
    if piece.strip() in ("", "none"):
        return ()
    method = _METHOD.match(piece)
    if method is None:
        return None
    properties, position = [], method.end()
    while piece[position:].strip():
        match = _PROPERTY.match(piece, position)
        if match is None:
            return None
        properties.append((re.sub(r"\s", "", match[1]), _unquoted(match[2])))
        position = match.end()
    return (Result(method[1], method[2], tuple(properties)),)


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value
    quoted, _, behind = value[1:].rpartition('"')
    return re.sub(r"\\(.)", r"\1", quoted) + behind
