"""The tables of the ledger, and how an older ledger is brought up to date."""

import sqlite3
from collections.abc import Callable, Sequence

from otosata.store.errors import StoreError

APPLICATION_ID = 0x6F746F73
"""`otos`: marks the file as ours (https://sqlite.org/pragma.html#pragma_application_id)."""

# Times are UTC microseconds since 1970 as integers: they sort and index as they are, give back exactly the datetime
# that went in, and there is one way to write each. `date` may be a day or an instant, so it is ISO 8601 text.
# `act`: the act by hand that made the row; `retracted_by`: the act that took it back. A mail's own rows have neither.
# No STRICT tables: Python 3.11 is found with SQLite 3.34 (RHEL 9), and they came with 3.37.
_FIRST = """
CREATE TABLE acts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    what TEXT NOT NULL,
    deal TEXT,
    description TEXT NOT NULL,
    retracted_by INTEGER REFERENCES acts (id)
);

CREATE TABLE deals (
    id TEXT PRIMARY KEY,
    platform TEXT NOT NULL,
    number INTEGER NOT NULL,
    account TEXT,
    created_at INTEGER NOT NULL,
    act INTEGER REFERENCES acts (id),
    retracted_by INTEGER REFERENCES acts (id),
    UNIQUE (platform, number)
);

CREATE TABLE mails (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    folder TEXT NOT NULL,
    uidvalidity INTEGER NOT NULL,
    uid INTEGER NOT NULL,
    digest TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('event', 'noise', 'triage', 'ignored', 'foreign', 'duplicate', 'quarantine')),
    why TEXT NOT NULL,
    candidates TEXT NOT NULL,
    message_id TEXT NOT NULL,
    sender TEXT,
    subject TEXT NOT NULL,
    body TEXT,
    links TEXT NOT NULL,
    received INTEGER,
    verdict TEXT,
    reason TEXT NOT NULL,
    refused INTEGER NOT NULL,
    bulk INTEGER NOT NULL,
    forwarded TEXT,
    adapter TEXT,
    platform TEXT,
    rule TEXT,
    kind TEXT,
    actor TEXT,
    evidence TEXT,
    client TEXT NOT NULL,
    title TEXT NOT NULL,
    refs TEXT NOT NULL,
    url TEXT,
    date TEXT,
    doubt TEXT NOT NULL,
    UNIQUE (account, folder, uidvalidity, uid),
    CHECK (state <> 'foreign' OR (sender IS NULL AND subject = '' AND body IS NULL AND message_id = ''))
);
CREATE INDEX mails_by_digest ON mails (digest);
CREATE INDEX mails_by_adapter ON mails (adapter, kind, state, verdict, received) WHERE adapter IS NOT NULL;
CREATE INDEX mails_by_state ON mails (state);

CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    deal TEXT NOT NULL REFERENCES deals (id),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    date TEXT,
    application_deadline TEXT,
    finished INTEGER NOT NULL,
    note TEXT NOT NULL,
    evidence TEXT NOT NULL,
    linked_by_guess INTEGER NOT NULL,
    mail INTEGER REFERENCES mails (id),
    act INTEGER REFERENCES acts (id),
    retracted_by INTEGER REFERENCES acts (id),
    CHECK (mail IS NOT NULL OR act IS NOT NULL)
);
CREATE INDEX events_by_deal ON events (deal, at);
CREATE INDEX events_by_act ON events (act) WHERE act IS NOT NULL;
CREATE UNIQUE INDEX one_event_a_mail ON events (mail) WHERE mail IS NOT NULL AND retracted_by IS NULL;

-- `place` sorts names by the time of the event, then by the digest of the mail: whatever the order of arrival.
CREATE TABLE names (
    deal TEXT NOT NULL REFERENCES deals (id),
    place TEXT NOT NULL,
    client TEXT NOT NULL,
    title TEXT NOT NULL,
    url TEXT,
    mail INTEGER REFERENCES mails (id),
    act INTEGER REFERENCES acts (id),
    retracted_by INTEGER REFERENCES acts (id)
);
CREATE INDEX names_by_mail ON names (deal, client, title, url, place) WHERE mail IS NOT NULL AND retracted_by IS NULL;
CREATE INDEX names_by_hand ON names (deal, act) WHERE mail IS NULL;

CREATE TABLE refs (
    deal TEXT NOT NULL REFERENCES deals (id),
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    mail INTEGER REFERENCES mails (id),
    act INTEGER REFERENCES acts (id),
    retracted_by INTEGER REFERENCES acts (id)
);
CREATE INDEX refs_by_deal ON refs (deal, kind, value);

CREATE TABLE marks (
    deal TEXT NOT NULL REFERENCES deals (id),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    until INTEGER,
    reason TEXT NOT NULL,
    act INTEGER NOT NULL REFERENCES acts (id),
    retracted_by INTEGER REFERENCES acts (id)
);

CREATE TABLE merges (
    source TEXT NOT NULL REFERENCES deals (id),
    target TEXT NOT NULL REFERENCES deals (id),
    act INTEGER NOT NULL REFERENCES acts (id),
    retracted_by INTEGER REFERENCES acts (id)
);
CREATE UNIQUE INDEX one_target_a_deal ON merges (source) WHERE retracted_by IS NULL;

CREATE TABLE ignores (
    mail INTEGER NOT NULL REFERENCES mails (id),
    act INTEGER NOT NULL REFERENCES acts (id),
    retracted_by INTEGER REFERENCES acts (id)
);
CREATE UNIQUE INDEX one_ignore_a_mail ON ignores (mail) WHERE retracted_by IS NULL;

CREATE VIEW mails_now AS
SELECT mails.*, events.deal AS deal,
    CASE WHEN events.id IS NOT NULL THEN 'event' WHEN ignores.act IS NOT NULL THEN 'ignored'
        ELSE mails.state END AS state_now,
    CASE WHEN events.id IS NOT NULL AND events.act IS NULL THEN '' ELSE mails.why END AS why_now
FROM mails
LEFT JOIN events ON events.mail = mails.id AND events.retracted_by IS NULL
LEFT JOIN ignores ON ignores.mail = mails.id AND ignores.retracted_by IS NULL;

CREATE TABLE cursors (
    account TEXT NOT NULL,
    folder TEXT NOT NULL,
    uidvalidity INTEGER NOT NULL,
    uidnext INTEGER NOT NULL,
    backfilled_to INTEGER,
    complete INTEGER NOT NULL,
    PRIMARY KEY (account, folder)
);

CREATE TABLE accounts (
    account TEXT PRIMARY KEY,
    last_attempt INTEGER,
    last_complete_poll INTEGER,
    error TEXT,
    hint TEXT NOT NULL,
    permanent INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    authserv_ids TEXT NOT NULL,
    anonymous INTEGER NOT NULL,
    sampled_mails INTEGER NOT NULL,
    sampled_at INTEGER,
    policy TEXT NOT NULL
);

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
"""

# A letter is claimed with a lease before it is sent. A lease that ran out means that its holder died, perhaps after
# sending: `unsure` says that the receiver may have the letter already.
_OUTBOX = """
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    channel TEXT NOT NULL,
    message TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'dead')),
    made_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    unsure INTEGER NOT NULL,
    leased_until INTEGER,
    lease TEXT NOT NULL,
    error TEXT NOT NULL,
    ended_at INTEGER
);
CREATE INDEX outbox_open ON outbox (state, due_at) WHERE state <> 'sent';

CREATE TABLE said (
    subject TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
"""

Step = str | Callable[[sqlite3.Connection], None]

MIGRATIONS: tuple[Step, ...] = (_FIRST, _OUTBOX)
"""Step n leads from schema n to n + 1. A released step is never changed; add another."""

RETRACTABLE = ("events", "marks", "merges", "ignores", "names", "refs", "deals")
"""What an act can make, and so what taking it back retracts."""

BY_PROGRAM = ("undo", "rejudge")
"""Acts that the user does not do, and that `undo` never takes back."""


def check_identity(connection: sqlite3.Connection, place: str, newest: int = len(MIGRATIONS)) -> int:
    """The file's schema version; 0 for an empty one. StoreError where the file is not ours or from a newer otosata."""
    connection.execute("BEGIN")  # one snapshot: another process may be making the tables right now
    try:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    finally:
        connection.execute("ROLLBACK")
    if application == 0 and version == 0 and tables == 0:
        return 0
    if application != APPLICATION_ID:
        raise StoreError(
            f"{place} is a database of another program",
            "choose another data folder with --data, or move that file away",
        )
    if version > newest:
        raise StoreError(
            f"{place} was written by a newer otosata (schema {version}; this one knows {newest})",
            "update otosata, or choose another data folder with --data",
        )
    return int(version)


def migrate(connection: sqlite3.Connection, steps: Sequence[Step] = MIGRATIONS) -> None:
    """Bring the schema up to date in one transaction: all steps or none. Safe when two processes start at once."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        (version,) = connection.execute(
            "PRAGMA user_version"
        ).fetchone()  # again: the other process may have been faster
        for step in steps[version:]:
            if callable(step):
                step(connection)
            else:
                for statement in _statements(step):
                    connection.execute(statement)
        if version < len(steps):
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {len(steps)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _statements(script: str) -> list[str]:
    """A script's statements one by one: `executescript` would commit the transaction around them."""
    found, statement = [], ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            found.append(statement.strip())
            statement = ""
    return found
