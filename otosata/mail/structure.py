"""The skeleton of a mail, on bytes: header fields as they stand, parts by their boundaries, everything capped.

Our own and not `email`: that skips a line `From : x`, hides a bare CR, decodes parameters and bodies with any codec the
mail names (punycode takes quadratic time), and a notification costs 0.7 ms in it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from otosata.mail import decode

HEADER_BYTES = 256 * 1024
"""Of the mail's own header."""
HEADER_FIELDS = 1000
PART_HEADER_BYTES = 16 * 1024
BODY_BYTES = 2 * 1024 * 1024
"""What stands behind it is not looked at: text comes first in a notification."""
TEXT_BYTES = 768 * 1024
"""Of one text part, before its transfer encoding is undone."""
PARTS = 200
DEPTH = 10


MESSAGE = "message/rfc822"
"""A whole mail inside of another."""


class TooMuchError(Exception):
    """A mail breaks a limit; the message says which."""


@dataclass(frozen=True, slots=True)
class Head:
    """Header fields in order, names in lower case, values unfolded bytes."""

    fields: tuple[tuple[str, bytes], ...]
    flaw: str | None = None
    """Why other programs could read this header differently; None where they cannot."""

    def all(self, name: str) -> tuple[bytes, ...]:
        """Every value of a field, top first."""
        return tuple(value for field_name, value in self.fields if field_name == name)

    def first(self, name: str) -> bytes:
        """The topmost value, empty where there is none."""
        return next((value for field_name, value in self.fields if field_name == name), b"")


@dataclass(frozen=True, slots=True)
class Part:
    """A MIME entity: a leaf with a body, or a multipart with parts."""

    content_type: str
    charset: str
    attached: bool
    body: bytes = field(repr=False)
    """Transfer encoding undone; empty for a multipart and for what is neither text nor an attached mail."""
    parts: tuple["Part", ...] = ()


_BLANK_LINE = re.compile(rb"\A\r*\n|\n\r*\n")
_CARRIAGE_RETURNS = 3
"""CRs that damaged line ends have at most (CR CR LF); what is left after that is a bare CR."""
_NAME = re.compile(rb"([!-9;-~]+)[ \t]*:[ \t]*")


def split(data: bytes, limit: int = HEADER_BYTES) -> tuple[Head, bytes]:
    """Take header and body apart. Raises TooMuchError where the header breaks a limit."""
    if data.find(b"\n", 0, limit) < 0:
        data = data[: limit + BODY_BYTES].replace(b"\r", b"\n")  # a mail with the line ends of old Macs
    blank = _BLANK_LINE.search(data, 0, limit)
    if blank is None and len(data) > limit:
        raise TooMuchError(f"the header is longer than {limit // 1024} KiB")
    block, body = (data[: blank.start()], data[blank.end() :]) if blank else (data, _after_fields(data))
    for _ in range(_CARRIAGE_RETURNS):
        block = block.replace(b"\r\n", b"\n")
    return _fields(block.removesuffix(b"\r")), body[:BODY_BYTES]


def _fields(block: bytes) -> Head:
    fields: list[tuple[str, bytes]] = []
    flaw = "a header line contains a bare CR or NUL" if b"\r" in block or b"\0" in block else None
    for line in _lines(block):
        match = _NAME.match(line)
        if match:
            fields.append((match[1].decode("ascii").lower(), line[match.end() :].strip()))
        elif fields or (line.strip() and not line.startswith((b"From ", b">From "))):
            # On top of saved files stands an mbox separator, or the blanks of Gmail's "show original".
            flaw = flaw or "a header line has no name"
        if len(fields) > HEADER_FIELDS:
            raise TooMuchError(f"the header has more than {HEADER_FIELDS} fields")
    return Head(tuple(fields), flaw)


def _after_fields(data: bytes) -> bytes:
    """Where no empty line ends the header: everything from the first line that is no field."""
    position = 0
    for line in data.splitlines(keepends=True):
        if not line.startswith((b" ", b"\t", b"From ", b">From ")) and not _NAME.match(line):
            return data[position:]
        position += len(line)
    return b""


def _lines(block: bytes) -> list[bytes]:
    """Header lines unfolded (RFC 5322 2.2.3)."""
    return re.sub(rb"\n(?=[ \t])", b"", block.strip(b"\n")).split(b"\n") if block.strip() else []


def parts(head: Head, body: bytes) -> Part:
    """The tree of parts. Raises TooMuchError where it is too deep or too wide."""
    return _Walk().part(head, body, 0)


class _Walk:
    """Counts parts over the whole tree."""

    def __init__(self) -> None:
        self._count = 0

    def part(self, head: Head, body: bytes, depth: int) -> Part:
        self._count += 1
        if self._count > PARTS:
            raise TooMuchError(f"the mail has more than {PARTS} parts")
        if depth > DEPTH:
            raise TooMuchError(f"the parts are nested deeper than {DEPTH}")
        content_type, parameters = _content_type(head.first("content-type"))
        attached = head.first("content-disposition").lower().startswith(b"attachment")
        if content_type.startswith("multipart/"):
            pieces = _cut(body, parameters.get("boundary", ""))
            if pieces:
                return Part(content_type, "", attached, b"", tuple(self._piece(piece, depth + 1) for piece in pieces))
            content_type = "text/plain"  # a multipart without a boundary line is read as what it looks like
        readable = content_type == MESSAGE or (content_type.startswith("text/") and not attached)
        encoding = head.first("content-transfer-encoding").decode("ascii", "replace")
        content = decode.transfer(body[:TEXT_BYTES], encoding) if readable else b""
        return Part(content_type, parameters.get("charset", ""), attached, content)

    def _piece(self, piece: bytes, depth: int) -> Part:
        starts_with_a_field = piece.startswith((b"\n", b"\r\n")) or _NAME.match(piece)
        head, body = split(piece, PART_HEADER_BYTES) if starts_with_a_field else (Head(()), piece)
        return self.part(head, body, depth)


_BOUNDARY_END = re.compile(rb"(--)?[ \t]*+(?=\r?\n|\Z)")


def _cut(body: bytes, boundary: str) -> list[bytes]:
    """The entities between boundary lines; the last may lack its end, a mail may be cut off."""
    pieces: list[bytes] = []
    start = None
    for line, end in _boundary_lines(body, boundary) if boundary else ():
        if start is not None:
            pieces.append(_piece(body[start:line]))
        start = None if end[1] else end.end()
        if end[1] or len(pieces) > PARTS:
            break
    return pieces if start is None else [*pieces, _piece(body[start:])]


def _boundary_lines(body: bytes, boundary: str) -> Iterator[tuple[int, re.Match[bytes]]]:
    """Where each boundary line begins, and its end: `--` where it is the last."""
    marker = b"--" + boundary.encode("utf-8", "replace")
    position = body.find(marker)
    while position >= 0:
        end = _BOUNDARY_END.match(body, position + len(marker))
        if end and (position == 0 or body[position - 1] == ord("\n")):
            yield position, end
        position = body.find(marker, position + len(marker))


def _piece(between: bytes) -> bytes:
    """What stands between two boundary lines, whose line ends belong to them (RFC 2046 5.1.1)."""
    opened = between.removeprefix(b"\r").removeprefix(b"\n")
    return opened.removesuffix(b"\n").removesuffix(b"\r")


_TYPE = re.compile(r"\s*([a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+)")
_PARAMETER = re.compile(r';\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)')


def _content_type(value: bytes) -> tuple[str, dict[str, str]]:
    """Type and parameters (RFC 2045, continuations and charset marks of RFC 2231); text/plain where there is none."""
    text = value[:2000].decode("utf-8", "replace")
    match = _TYPE.match(text.lower())
    parameters: dict[str, str] = {}
    for name, raw in _PARAMETER.findall(text):
        content = re.sub(r"\\(.)", r"\1", raw[1:-1]) if raw.startswith('"') else raw.strip().strip('"')
        base, mark, extension = name.lower().partition("*")
        if mark and (not extension or extension.endswith("*")):
            content = content.rpartition("'")[2]
        if extension.strip("*") not in ("", "0"):
            parameters[base] = parameters.get(base, "") + content
        else:
            parameters.setdefault(base, content)
    return (match[1] if match else "text/plain"), parameters
