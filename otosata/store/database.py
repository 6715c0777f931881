"""One SQLite connection: opened safely, with its transactions and its errors in our words."""

import os
import sqlite3
import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from otosata.store.errors import StoreError, primary_code, translated
from otosata.store.schema import MIGRATIONS, check_identity, migrate

BUSY_SECONDS = 10
"""How long a write waits for another process's write."""

Value = str | int | None


class Database:
    """A connection. Belongs to the thread that opened it; other threads open their own."""

    def __init__(self, connection: sqlite3.Connection, place: str, *, read_only: bool) -> None:
        self._connection = connection
        self.place = place
        self.read_only = read_only

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def copied(self) -> "Database":
        """The same tables in memory, as they are now: to try something out that nobody else shall see or wait for."""
        memory = _connect(":memory:")
        with translated(self.place):
            self._connection.backup(memory)
        memory.row_factory = sqlite3.Row
        return Database(memory, self.place, read_only=False)

    def rows(self, sql: str, values: Sequence[Value] = ()) -> list[Any]:
        """All rows of a query; columns by place or by name."""
        with translated(self.place):
            return self._connection.execute(sql, values).fetchall()

    def tuples(self, sql: str, values: Sequence[Value] = ()) -> list[tuple[Any, ...]]:
        """The same, by place alone: cheaper for the many rows of all ledgers."""
        with translated(self.place):
            cursor = self._connection.cursor()
            cursor.row_factory = None
            return cursor.execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[Value] = ()) -> Any | None:
        """The first row, or None."""
        with translated(self.place):
            return self._connection.execute(sql, values).fetchone()

    def run(self, sql: str, values: Sequence[Value] = ()) -> int:
        """Write, inside `transaction` only; the id of the row that was added."""
        if not self._connection.in_transaction:
            raise RuntimeError("writes belong into a transaction")
        with translated(self.place):
            return self._connection.execute(sql, values).lastrowid or 0

    def add(self, table: str, columns: dict[str, Value]) -> int:
        """Insert one row; `table` and the keys of `columns` come from our code, never from outside."""
        marks = ", ".join("?" * len(columns))
        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - names from our code
        return self.run(sql, tuple(columns.values()))

    @contextmanager
    def transaction(self, *, waits_for_disk: bool = True) -> Iterator[None]:
        """All writes inside, or none. IMMEDIATE: a deferred one fails at its first write if another process writes.

        `waits_for_disk`: whether it outlives a power cut once it is done. One that does not wait is lost whole or not
        at all, never before an earlier one, and lasts from the next one on that does (sqlite.org/pragma.html,
        `synchronous`: NORMAL in WAL mode "is always consistent"; only durability is given up).
        """
        if self.read_only:
            raise StoreError(f"{self.place} is open for reading only")
        if self._connection.in_transaction:
            raise RuntimeError("transactions do not nest")
        with translated(self.place):
            self._connection.execute(f"PRAGMA synchronous = {'FULL' if waits_for_disk else 'NORMAL'}")
            self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            with translated(self.place):
                self._connection.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All reads inside see one moment. Inside a transaction it is that transaction's."""
        if self._connection.in_transaction:
            yield
            return
        with translated(self.place):
            self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._roll_back()

    def _roll_back(self) -> None:
        if self._connection.in_transaction:  # SQLite rolls back by itself when the disk is full
            with translated(self.place):
                self._connection.execute("ROLLBACK")


def open_database(path: Path, *, read_only: bool) -> Database:
    """Open the ledger at `path`; StoreError says what is wrong with it.

    For writing, a missing file is made (0600, its folder 0700). For reading, a missing file is an empty ledger, one of
    an older otosata is brought up to date in memory, and nothing is made but SQLite's own -wal and -shm beside it.
    """
    place = str(path)
    try:
        if path.is_dir():
            raise StoreError(f"{place} is a folder where the ledger should be", "name the folder around it with --data")
        with translated(place):
            connection = _for_reading(path) if read_only else _for_writing(path)
    except OSError as error:
        raise StoreError(
            f"{place} cannot be opened: {error.strerror or error}",
            "check the permissions of the data folder, or choose another with --data",
        ) from error
    connection.row_factory = sqlite3.Row
    return Database(connection, place, read_only=read_only)


def _connect(target: str) -> sqlite3.Connection:
    connection = sqlite3.connect(target, timeout=BUSY_SECONDS, isolation_level=None, uri=True)
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _uri(path: Path, options: str) -> str:
    return f"{path.absolute().as_uri()}?{options}"  # as_uri escapes ? and #, which are legal in folder names


def _for_writing(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _create_private(path)
    connection = _connect(_uri(path, "mode=rw"))
    try:
        check_identity(connection, str(path))
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(0o600)
        _use_wal(connection)
        connection.execute("PRAGMA synchronous = FULL")
        migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _create_private(path: Path) -> None:
    """Make the file 0600 before SQLite opens it; -wal and -shm take over its mode. The umask is left alone."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return  # and never open and close it here: that drops SQLite's own locks (sqlite.org/howtocorrupt.html, 2.2)


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to WAL. SQLite does not wait by itself when two processes switch at once, so we do."""
    give_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if primary_code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.02)
        else:
            return


def _for_reading(path: Path) -> sqlite3.Connection:
    if not path.exists():
        return _in_memory(None)
    try:
        connection = _read_only(path, "mode=ro")
    except sqlite3.OperationalError as error:
        if primary_code(error) not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
            raise
        # A ledger in WAL mode wants a -shm file beside it, which a read-only folder cannot have. With no -wal to be
        # read the file is complete as it stands, and since nobody can write there it will not change under us.
        wal = path.with_name(path.name + "-wal")
        if os.access(path.parent, os.W_OK) or (wal.exists() and wal.stat().st_size):
            raise
        connection = _read_only(path, "mode=ro&immutable=1")
    try:
        version = check_identity(connection, str(path))
    except BaseException:
        connection.close()
        raise
    return connection if version == len(MIGRATIONS) else _in_memory(connection)


def _read_only(path: Path, options: str) -> sqlite3.Connection:
    connection = _connect(_uri(path, options))
    try:
        connection.execute("SELECT count(*) FROM sqlite_master")  # opening alone touches nothing
    except BaseException:
        connection.close()
        raise
    return connection


def _in_memory(original: sqlite3.Connection | None) -> sqlite3.Connection:
    memory = _connect(":memory:")
    if original:
        original.backup(memory)
        original.close()
    migrate(memory)
    return memory
