"""The file itself: who may read it, whose it is, how old it is, and what happens when it cannot be used."""

import os
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from otosata.store.errors import StoreError
from otosata.store.schema import APPLICATION_ID, MIGRATIONS, migrate
from otosata.store.store import Store
from otosata.store.values import AccountState
from tests.store.build import NOON, mail, sync


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def loose_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("loose_umask")
def test_only_the_user_may_read_the_ledger_whatever_the_umask(path: Path) -> None:
    with Store.open(path) as store:
        sync(store, mail(1))
        assert mode(path.parent) == 0o700
        assert {file.name: oct(mode(file)) for file in path.parent.iterdir()} == {
            "otosata.db": "0o600",
            "otosata.db-wal": "0o600",
            "otosata.db-shm": "0o600",
        }


def test_a_ledger_that_others_could_read_is_closed_to_them(path: Path) -> None:
    Store.open(path).close()
    path.chmod(0o644)
    Store.open(path).close()
    assert mode(path) == 0o600


def test_a_folder_that_was_there_keeps_its_permissions(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    Store.open(tmp_path / "otosata.db").close()
    assert mode(tmp_path) == 0o755


def test_the_file_is_marked_as_ours(path: Path) -> None:
    Store.open(path).close()
    with closing(sqlite3.connect(path)) as raw:
        pragmas = [
            raw.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version", "journal_mode")
        ]
    assert pragmas == [APPLICATION_ID, len(MIGRATIONS), "wal"]


def test_a_connection_survives_power_cuts_and_waits_for_others(store: Store) -> None:
    """No test can cut the power; what SQLite promises rests on these settings."""
    rows = [store._db.row(f"PRAGMA {name}") for name in ("synchronous", "foreign_keys", "busy_timeout")]
    assert [row[0] for row in rows if row] == [2, 1, 10_000]


def test_what_was_written_is_there_after_opening_again(path: Path) -> None:
    with Store.open(path) as store:
        sync(store, mail(1))
        before = store.ledgers()
    with Store.open(path) as store:
        assert store.ledgers() == before != ()


@pytest.mark.parametrize("name", ["音沙汰 #1?.db", "100%25.db", "a b&mode=memory.db"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    with Store.open(tmp_path / name) as store:
        sync(store, mail(1))
    assert (tmp_path / name).stat().st_size > 0
    with Store.open(tmp_path / name, read_only=True) as store:
        assert len(store.ledgers()) == 1


def _newer(path: Path) -> None:
    Store.open(path).close()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA user_version = 99")


def _foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE bookmarks (url TEXT)")
        raw.execute("PRAGMA application_id = 1234")


def _foreign_without_a_mark(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE bookmarks (url TEXT)")


def _no_database(path: Path) -> None:
    path.write_bytes(b"Dear diary, " * 1000)


def _folder(path: Path) -> None:
    path.mkdir()


def _content(path: Path) -> tuple[int, bytes]:
    return mode(path), path.read_bytes() if path.is_file() else b""


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize(
    ("make", "says", "hint"),
    [
        (_newer, r"newer otosata \(schema 99; this one knows \d+\)", "update otosata"),
        (_foreign, "database of another program", "--data"),
        (_foreign_without_a_mark, "database of another program", "--data"),
        (_no_database, "not a ledger", "backup"),
        (_folder, "is a folder", "--data"),
    ],
)
def test_a_file_we_cannot_use_is_refused_and_left_as_it_is(
    path: Path, make: Callable[[Path], None], says: str, hint: str, read_only: bool
) -> None:
    path.parent.mkdir(parents=True)
    make(path)
    path.chmod(0o755)
    before = _content(path)
    with pytest.raises(StoreError, match=says) as caught:
        Store.open(path, read_only=read_only)
    assert str(path) in str(caught.value)
    assert hint in caught.value.hint
    assert _content(path) == before


def test_a_damaged_page_is_a_clear_error_and_not_an_empty_ledger(path: Path) -> None:
    with Store.open(path) as store:
        for uid in range(1, 60):
            sync(store, mail(uid))
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged") as caught, Store.open(path) as store:
        store.ledgers()
    assert "backup" in caught.value.hint


def test_a_full_disk_loses_nothing_that_was_there(path: Path) -> None:
    with Store.open(path) as store:
        sync(store, mail(1))
        before = store.ledgers()
        row = store._db.row("PRAGMA page_count")  # the nearest to a full disk that a test can make
        assert row
        store._db.row(f"PRAGMA max_page_count = {row[0]}")
        with pytest.raises(StoreError, match="disk is full") as caught:
            for uid in range(2, 200):
                sync(store, mail(uid), deal="lancers-1")
        assert "space" in caught.value.hint
        stored = store.known_uids("main")["INBOX", 7]
        assert store.cursors("main")[0].uidnext == max(stored) + 1
        assert len(store.ledgers()[0].events) == len(stored)
        assert store.ledgers()[0].events[0] == before[0].events[0]


# Reading only


def test_reading_a_ledger_that_is_not_there_makes_nothing(path: Path) -> None:
    with Store.open(path, read_only=True) as store:
        assert store.ledgers() == ()
        assert store.mails() == ()
        assert store.account_state("main") == AccountState("main")
    assert not path.parent.exists()


def test_an_empty_file_is_an_empty_ledger_for_reading_and_becomes_one_for_writing(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    with Store.open(path, read_only=True) as store:
        assert store.ledgers() == ()
    assert path.stat().st_size == 0
    with Store.open(path) as store:
        sync(store, mail(1))
    with Store.open(path, read_only=True) as store:
        assert len(store.ledgers()) == 1


def test_reading_only_cannot_write(path: Path) -> None:
    with Store.open(path) as store:
        sync(store, mail(1))
    with Store.open(path, read_only=True) as store:
        assert len(store.ledgers()) == 1
        with pytest.raises(StoreError, match="reading only"), store.writing():
            pass
        with pytest.raises(StoreError, match="reading only"):
            store.undo(None, NOON)


def test_a_reader_sees_what_a_writer_has_just_written(path: Path, store: Store) -> None:
    sync(store, mail(1))
    with Store.open(path, read_only=True) as reader:
        before = reader.data_version
        assert len(reader.ledgers()) == 1
        sync(store, mail(2))
        assert reader.data_version != before
        assert len(reader.ledgers()) == 2


def test_a_snapshot_does_not_move_while_others_write(path: Path, store: Store) -> None:
    sync(store, mail(1))
    with Store.open(path, read_only=True) as reader, reader.snapshot():
        assert len(reader.ledgers()) == 1
        sync(store, mail(2))
        assert len(reader.ledgers()) == 1 == len(reader.mails())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a process that is not root")
def test_a_read_only_folder_can_be_read() -> None:
    """As `check --no-sync` on a snapshot of a home. In a child that is nobody, since permissions do not hold root."""
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "otosata.db"
        with Store.open(path) as store:
            sync(store, mail(1))
        path.chmod(0o444)
        Path(made).chmod(0o555)
        try:
            assert _as_nobody(lambda: _count_deals(path)) == 1
        finally:
            Path(made).chmod(0o700)


def _count_deals(path: Path) -> int:
    with Store.open(path, read_only=True) as store:
        return len(store.ledgers())


def _as_nobody(question: Callable[[], int]) -> int:
    child = os.fork()
    if child == 0:
        answer = 99
        try:
            if os.getuid() == 0:
                os.setuid(65534)
            answer = question()
        finally:
            os._exit(answer)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_folder_that_may_not_be_entered_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be opened") as caught:
        Store.open(tmp_path / "file" / "otosata.db")
    assert "--data" in caught.value.hint


# Older ledgers


def _add_column(raw: sqlite3.Connection) -> None:
    raw.execute("ALTER TABLE meta ADD COLUMN note TEXT")


def _fail(raw: sqlite3.Connection) -> None:
    raw.execute("CREATE TABLE half_way (x)")
    raise ZeroDivisionError


def _open_raw(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def test_an_older_ledger_is_brought_up_to_date_and_keeps_what_it_holds(path: Path) -> None:
    with Store.open(path) as store:
        sync(store, mail(1))
    with closing(_open_raw(path)) as raw:
        migrate(raw, (*MIGRATIONS, "CREATE TABLE attic (x);\nCREATE INDEX o ON attic (x);", _add_column))
        assert raw.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS) + 2
        assert raw.execute("SELECT count(*) FROM mails").fetchone()[0] == 1
        assert raw.execute("SELECT count(*) FROM attic").fetchone()[0] == 0
        assert raw.execute("SELECT count(note) FROM meta").fetchone()[0] == 0


def test_a_ledger_of_the_first_schema_gets_an_outbox_and_keeps_its_deals(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(_open_raw(path)) as raw:
        migrate(raw, MIGRATIONS[:1])
        raw.execute("INSERT INTO deals VALUES ('lancers-1', 'lancers', 1, 'main', 0, NULL, NULL)")
    with Store.open(path) as store:
        assert store.outbox.letters() == ()
        assert [ledger.deal.id for ledger in store.ledgers()] == ["lancers-1"]


def test_a_migration_that_fails_leaves_the_old_schema_whole(path: Path) -> None:
    Store.open(path).close()
    with closing(_open_raw(path)) as raw:
        with pytest.raises(ZeroDivisionError):
            migrate(raw, (*MIGRATIONS, "CREATE TABLE attic (x);", _fail))
        tables = {name for (name,) in raw.execute("SELECT name FROM sqlite_master")}
    assert not tables & {"attic", "half_way"}
    with Store.open(path) as store:
        assert sync(store, mail(1))[1] == "lancers-1"
