"""How fast events reach the ledger on disk."""

import sqlite3
import tempfile
import time
from contextlib import closing
from dataclasses import astuple
from pathlib import Path

from benchmarks.measure import Result, Sizes, compare
from benchmarks.world import NOW, ledgers
from otosata.deals.event import Event
from otosata.store.store import Store


def writing(sizes: Sizes) -> Result:
    """Events by hand, each in a transaction of its own, against a bare insert each with the same durability."""
    (ledger,) = ledgers(1, sizes.events)
    with tempfile.TemporaryDirectory(prefix="otosata-benchmark-") as name:
        folder = Path(name)
        with Store.open(folder / "ours.db") as store, closing(_plain(folder / "plain.db")) as plain:
            with store.acting("deals add", None, NOW, {}) as act:
                deal = act.open_deal(ledger.deal)
            ours, reference = compare(
                sizes.runs,
                lambda: _write(store, deal, ledger.events),
                lambda: _insert(plain, ledger.events),
                time.perf_counter,
            )
    return Result(
        f"storing {sizes.events:,} events, a transaction each",
        ours,
        "sqlite3: BEGIN IMMEDIATE, INSERT, COMMIT",
        reference,
        "wall",
        f"{ours / sizes.events * 1000:.2f} ms an event",
    )


def _write(store: Store, deal: str, events: tuple[Event, ...]) -> None:
    for event in events:
        with store.acting("log", deal, NOW, {}) as act:
            act.add_event(event)


def _plain(path: Path) -> sqlite3.Connection:
    """A table as wide as an event, with the store's own settings: WAL, synchronous=FULL."""
    plain = sqlite3.connect(path, isolation_level=None)
    plain.execute("PRAGMA journal_mode = WAL")
    plain.execute("PRAGMA synchronous = FULL")
    plain.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, at, kind, actor, d, deadline, f, note, key, e, g)")
    return plain


def _insert(plain: sqlite3.Connection, events: tuple[Event, ...]) -> None:
    for event in events:
        row = (event.at.isoformat(), *map(str, astuple(event)[1:]))
        plain.execute("BEGIN IMMEDIATE")
        plain.execute("INSERT INTO events VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        plain.execute("COMMIT")
