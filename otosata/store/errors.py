"""What can go wrong with the ledger on disk, said so that the user knows what to do next."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


class StoreError(Exception):
    """The ledger cannot be read or written. `hint` says what the user can do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class ActError(StoreError):
    """What the user asked for is not possible (no such deal or mail, already merged); the ledger itself is well."""


_RESTORE = "restore it from a backup, or move it away: the next sync builds a new one from the mailbox"

_KNOWN: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_NOTADB: ("is not a ledger of otosata", _RESTORE),
    sqlite3.SQLITE_CORRUPT: ("is damaged", _RESTORE),
    sqlite3.SQLITE_FULL: ("could not grow: the disk is full", "free some space and run the command again"),
    sqlite3.SQLITE_BUSY: ("is in use by another process", "wait until it is done, or end a hanging otosata"),
    sqlite3.SQLITE_LOCKED: ("is in use by another process", "wait until it is done, or end a hanging otosata"),
    sqlite3.SQLITE_READONLY: ("may not be written", "check the owner and the permissions of the file and its folder"),
    sqlite3.SQLITE_PERM: ("may not be opened", "check the owner and the permissions of the file and its folder"),
    sqlite3.SQLITE_AUTH: ("may not be opened", "check the owner and the permissions of the file and its folder"),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", "check that its folder exists and is yours"),
    sqlite3.SQLITE_IOERR: ("could not be read or written by the disk", "check the disk; nothing was half-written"),
}
"""SQLite's primary result codes (https://sqlite.org/rescode.html) in the user's words."""


def primary_code(error: sqlite3.Error) -> int:
    """SQLite's primary result code; the extended ones keep it in their lowest byte."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return sqlite3.SQLITE_ERROR if code is None else code & 0xFF


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Turn SQLite's errors into a StoreError that names the file. Broken constraints are our bugs: they pass."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise
    except sqlite3.Error as error:
        what, hint = _KNOWN.get(primary_code(error), (f"gave an error: {error}", ""))
        raise StoreError(f"{place} {what}", hint) from error
