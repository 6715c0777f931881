"""Mail from files: a Maildir, an mbox, a folder of .eml or a single one; only ever read."""

import hashlib
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Literal

from otosata.mail.model import RawMail, Trust
from otosata.mail.source import Batch, Cursor, Progress, SourceError, TrustSample, Wanted
from otosata.mail.windows import Senders

Kind = Literal["maildir", "mbox", "eml"]

MAIL_LIMIT = 512 << 10
"""Bytes of a mail that are handed on, as over IMAP."""
HEADER_LIMIT = 256 << 10
"""Bytes looked at for the From header."""
FIRST_LOOK = 32 << 10
"""Bytes read of each file before it is known whether the rest is wanted."""
AT_ONCE = 300
BYTES_AT_ONCE = 8 << 20
UIDVALIDITY = 1

_FROM_HEADER = re.compile(rb"^from[ \t]*:(.*(?:\r?\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE)
_MBOX_FROM = re.compile(rb"From \S.* \d\d:\d\d(?::\d\d)? .*\d{4}")
"""The separator line of every mbox dialect: sender, time, year; a sentence that begins with From has no time."""
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
"""A header field: an mbox of one mail may lack its separator."""
_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class FileSource:
    """A mailbox on disk. Nothing is locked, moved, marked or written."""

    kind: Kind
    path: Path

    def poll(self, wanted: Wanted) -> Iterator[Batch]:
        """Yield mail of known senders that is not stored yet, in the order it stands. Raises SourceError.

        Files older than the look-back limit are left out where their time is known.
        """
        senders = Senders.of(wanted.senders)
        folder = str(self.path)
        known = wanted.known(folder, UIDVALIDITY)
        cursor = Cursor(folder, UIDVALIDITY, 1, wanted.since)
        held: list[RawMail] = []
        handed: set[int] = set()
        mails = _READERS[self.kind](self.path, lambda header: from_known(header, senders))
        is_empty = True
        for mail in _numbered(mails):
            is_empty = False
            if mail.uid in known or mail.uid in handed or _too_old(mail, wanted.since):
                continue
            handed.add(mail.uid)
            held.append(replace(mail, folder=folder))
            if len(held) >= AT_ONCE or sum(len(m.data) for m in held) > BYTES_AT_ONCE:
                yield Batch(tuple(held), cursor)
                held = []
                wanted.progress(Progress(folder, len(handed), 0))
        if is_empty and known and self.kind == "eml":  # nobody moves mail out of there; it is an empty mount point
            raise SourceError(f"{self.path} holds no platform's mail any more", "Is its disk there? Check path.")
        wanted.progress(Progress(folder, len(handed), len(handed)))
        yield Batch(tuple(held), replace(cursor, complete=True))

    def sample_trust(self) -> TrustSample:
        """Files carry marks of servers unknown: nobody is trusted unless the configuration says so."""
        return TrustSample(0, Trust())

    def close(self) -> None:
        """Nothing stays open between polls."""


def read_mails(path: Path | Literal["-"]) -> Iterator[RawMail]:
    """Read every mail of an .eml file, an mbox, a Maildir, a folder of .eml, or of standard input (`-`).

    What it is, is told by what it looks like. Raises SourceError.
    """
    if path == "-":
        return _numbered(_stdin())
    return _numbered(_READERS[detect(Path(path))](Path(path), _all))


def detect(path: Path) -> Kind:
    """Tell a Maildir, an mbox and .eml apart by their looks. Raises SourceError for what cannot be read.

    A file called .eml is one mail even where an mbox separator was left on top of it.
    """
    if _is(stat.S_ISDIR, path):
        return "maildir" if _is(stat.S_ISDIR, path / "cur") or _is(stat.S_ISDIR, path / "new") else "eml"
    with _opened(path) as file:
        return "mbox" if path.suffix.lower() != ".eml" and _is_separator(file.readline(MAIL_LIMIT)) else "eml"


def from_known(data: bytes, senders: Senders) -> bool:
    """Whether a mail's From names a known sender: a cheap look at the header, no parsing."""
    end = _END_OF_HEADER.search(data, 0, HEADER_LIMIT)
    header = data[: end.start() if end else HEADER_LIMIT]
    return any(senders.match(found[1]) for found in _FROM_HEADER.finditer(header))


def _too_old(mail: RawMail, since: datetime) -> bool:
    return mail.arrived is not None and mail.arrived < since


def _numbered(mails: Iterator[RawMail]) -> Iterator[RawMail]:
    """Give each mail a number that stays when files are renamed or added: a hash of what it says.

    The very same bytes twice are one mail: that is what a copy in two folders is.
    """
    for mail in mails:
        number = int.from_bytes(hashlib.sha256(mail.data).digest()[:8], "big") >> 1
        yield replace(mail, uid=number, uidvalidity=UIDVALIDITY)


def _is_separator(line: bytes) -> bool:
    """Whether a line starts a mail in an mbox; a file with the line ends of old Macs is one long line and none."""
    return len(line) < 500 and _MBOX_FROM.match(line) is not None


# readers: path and a test of the header's bytes -> mails

Accept = Callable[[bytes], bool]


def _all(_: bytes) -> bool:
    return True


def _maildir(path: Path, accept: Accept) -> Iterator[RawMail]:
    """`new` and `cur` of a Maildir and of its sub-folders (Maildir++: `.Name`), by file name: oldest first."""
    boxes = [path, *sorted(p for p in _entries(path) if p.name.startswith(".") and _is(stat.S_ISDIR, p / "cur"))]
    if not any(_is(stat.S_ISDIR, box / kind) for box in boxes for kind in ("cur", "new")):
        raise SourceError(f"{path} is no Maildir: it has neither cur nor new", "Check path and type.")
    for box in boxes:
        # new before cur: a mail that its owner opens meanwhile is seen twice, not missed
        files = [p for kind in ("new", "cur") if _is(stat.S_ISDIR, box / kind) for p in _entries(box / kind)]
        for file in sorted((p for p in files if not p.name.startswith(".")), key=lambda p: p.name):
            yield from _one_file(file, accept, has_time=True)


def _eml(path: Path, accept: Accept) -> Iterator[RawMail]:
    """A single file, or every .eml below a folder, sorted by path; a copied file's time says nothing."""
    if not _is(stat.S_ISDIR, path):
        yield from _one_file(path, accept, must_exist=True)
        return
    other = fitting = 0
    for folder, folders, names in os.walk(path, onerror=_raise):
        folders.sort()
        emls = sorted(name for name in names if name.lower().endswith(".eml"))
        fitting, other = fitting + len(emls), other + len(names) - len(emls)
        for name in emls:
            yield from _one_file(Path(folder) / name, accept)
    if other and not fitting:
        raise SourceError(f"{path} holds files, but none is called .eml", "Check path and type.")


def _mbox(path: Path, accept: Accept) -> Iterator[RawMail]:
    with _opened(path) as file:
        first = next((line for line in iter(lambda: file.readline(MAIL_LIMIT), b"") if line.strip()), b"")
        if first and not _is_separator(first) and not _FIELD.match(first):
            raise SourceError(f"{path} is no mbox: it does not begin with a mail", "Check path and type.")
        file.seek(0)
        yield from (mail for mail in _read_mbox(file, str(path)) if accept(mail.data))


def _one_file(file: Path, accept: Accept, *, has_time: bool = False, must_exist: bool = False) -> Iterator[RawMail]:
    """The mail in a file; nothing for one that a mail program has moved away meanwhile, or that is no file."""
    if not must_exist and not _is(stat.S_ISREG, file):
        return
    try:
        with file.open("rb") as stream:
            data = stream.read(FIRST_LOOK)
            if _END_OF_HEADER.search(data) and not accept(data):
                return
            data += stream.read(MAIL_LIMIT + 1 - len(data))
            moment = datetime.fromtimestamp(os.fstat(stream.fileno()).st_mtime, UTC) if has_time else None
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not must_exist:
            return
        raise SourceError(f"{file} cannot be read: {error.strerror}", "Check path and permissions.") from error
    if accept(data):
        yield _mail(data, str(file), moment)


def _stdin() -> Iterator[RawMail]:
    with os.fdopen(os.dup(sys.stdin.fileno()), "rb") as file:
        yield from _read_stream(file, "-")


def _read_stream(file: BinaryIO, name: str) -> Iterator[RawMail]:
    """One mail, or the mails of an mbox, whichever its first line says."""
    first = file.readline(MAIL_LIMIT)
    if _is_separator(first):
        yield from _read_mbox(file, name)
    else:
        yield _mail(first + file.read(MAIL_LIMIT + 1 - len(first)), name, None)


def _read_mbox(file: BinaryIO, name: str) -> Iterator[RawMail]:
    """Split at `From ` lines after an empty line (mboxo, mboxrd, mboxcl); `>From ` loses its mark."""
    lines: list[bytes] = []
    size = 0
    started = empty_before = False
    for line in iter(lambda: file.readline(MAIL_LIMIT), b""):
        if (empty_before or not started) and _is_separator(line):
            if lines:
                yield _mail(_without_last_empty_line(lines, size), name, None)
            lines, size, empty_before = [], 0, False
        else:
            if size <= MAIL_LIMIT:
                lines.append(line[1:] if re.match(rb">+From ", line) else line)
            size += len(line)
            empty_before = line in (b"\n", b"\r\n")
        started = True
    if lines:
        yield _mail(_without_last_empty_line(lines, size), name, None)


def _without_last_empty_line(lines: list[bytes], size: int) -> bytes:
    """The mail without the empty line that belongs to the separator, unless the end was cut off anyway."""
    whole = size <= MAIL_LIMIT
    return b"".join(lines[:-1] if whole and lines[-1] in (b"\n", b"\r\n") else lines)


def _mail(data: bytes, name: str, moment: datetime | None) -> RawMail:
    return RawMail(data[:MAIL_LIMIT], moment, name, truncated=len(data) > MAIL_LIMIT, copied=moment is not None)


def _is(kind: Callable[[int], bool], path: Path) -> bool:
    """Whether there is such a thing. SourceError where nobody lets us see: pathlib calls that no, or raises."""
    try:
        return kind(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}", "Check path and permissions.") from error


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as error:
        raise SourceError(f"{folder} cannot be read: {error.strerror}", "Check path and permissions.") from error


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}", "Check path and permissions.") from error


def _raise(error: OSError) -> None:
    raise SourceError(f"{error.filename} cannot be read: {error.strerror}", "Check path and permissions.")


_READERS: dict[Kind, Callable[[Path, Accept], Iterator[RawMail]]] = {"maildir": _maildir, "mbox": _mbox, "eml": _eml}
