"""The ledger on disk: what is known of deals, mails and accounts, and the only ways to add to it."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from otosata.deals.event import Ledger
from otosata.store.acts import Act, undo
from otosata.store.columns import account_value, act_value, mail_value, moment_or_none
from otosata.store.database import Database, Value, open_database
from otosata.store.ledgers import deal_exists, read_ledgers, read_merges
from otosata.store.revision import Revision
from otosata.store.values import (
    AccountState,
    ActRow,
    AdapterCounts,
    MailRow,
    MailState,
    Origin,
    Undone,
)
from otosata.store.writer import Writer, next_number

if TYPE_CHECKING:
    from otosata.mail.source import Cursor
    from otosata.store.outbox import Outbox

_JUDGED = (
    "adapter IS NOT NULL AND kind IS NOT NULL AND kind <> 'ignored' AND verdict IS NOT 'failed'"
    " AND state NOT IN ('foreign', 'duplicate', 'quarantine')"
    " AND id NOT IN (SELECT mail FROM ignores WHERE retracted_by IS NULL)"
    " AND NOT (kind = 'unrecognised' AND id IN"
    " (SELECT mail FROM events WHERE mail IS NOT NULL AND act IS NOT NULL AND retracted_by IS NULL))"
)
"""Mails that say something about how well an adapter recognises; what the user has decided says nothing."""

_PIECE = 2000
"""So many mails are read at once where all of them are looked at."""
_LINKED = (
    "(EXISTS (SELECT 1 FROM events WHERE mail = mails_now.id AND retracted_by IS NULL AND act IS NOT NULL)"
    " OR EXISTS (SELECT 1 FROM ignores WHERE mail = mails_now.id AND retracted_by IS NULL)) AS by_hand,"
    " (SELECT linked_by_guess FROM events WHERE mail = mails_now.id AND retracted_by IS NULL) AS by_guess"
)
"""How a mail came to where it is."""


class Store:
    """One connection to the ledger; belongs to the thread that opened it. Other processes may use it as well."""

    def __init__(self, db: Database) -> None:
        self._db = db

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Self:
        """Open (and, for writing, make or update) the ledger; StoreError says what is wrong with the file."""
        return cls(open_database(path, read_only=read_only))

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Writing

    @contextmanager
    def writing(self, *, waits_for_disk: bool = True) -> Iterator[Writer]:
        """One transaction of a sync: everything inside or nothing. Other processes' writes wait for its end (10 s).

        `waits_for_disk`: not for what the next poll would find again, if only the last of many waits.
        """
        with self._db.transaction(waits_for_disk=waits_for_disk):
            yield Writer(self._db)

    @contextmanager
    def revising(self, now: dt.datetime, about: Mapping[str, object]) -> Iterator[tuple[Writer, Revision]]:
        """One transaction in which stored mail is judged anew."""
        with self._db.transaction():
            yield Writer(self._db), Revision(self._db, now, about)

    def copied(self) -> Self:
        """The ledger in memory, as it is now: for a rehearsal that no other process sees or waits for."""
        return type(self)(self._db.copied())

    @contextmanager
    def acting(
        self, what: str, deal: str | None, now: dt.datetime, about: Mapping[str, object] | None = None
    ) -> Iterator[Act]:
        """One act by hand, which `undo` takes back as a whole. ActError where there is no such deal.

        `about`: what was done, as JSON values, for `why` and for the message of `undo`.
        """
        with self._db.transaction():
            yield Act(self._db, what, deal, now, about or {})

    def undo(self, deal: str | None, now: dt.datetime) -> Undone | None:
        """Take back the last act by hand (of that deal, or at all); None where there is nothing to take back.

        Mail that joined a deal since stays where it is: a deal made by hand is kept if mail has come into it, and
        after an undone merge new mail stays with the target.
        """
        with self._db.transaction():
            return undo(self._db, deal, now)

    @property
    def outbox(self) -> "Outbox":
        """What is to be sent to the user, and what has been."""
        from otosata.store.outbox import Outbox  # noqa: PLC0415 - only who notifies

        return Outbox(self._db)

    # Reading

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All reads inside see the same moment, whatever other processes write meanwhile."""
        with self._db.snapshot():
            yield

    @property
    def data_version(self) -> int:
        """Changes when another connection has changed the ledger; says nothing about this connection's own writes."""
        row = self._db.row("PRAGMA data_version")
        return int(row[0]) if row else 0

    def ledgers(self, include_merged: bool = False) -> tuple[Ledger, ...]:
        """Every deal with its events and marks, by platform and number; merged ones only on request."""
        with self._db.snapshot():
            return read_ledgers(self._db, read_merges(self._db), include_merged=include_merged)

    def ledger(self, deal: str) -> Ledger | None:
        """One deal; for a merged one, the deal it was merged into."""
        with self._db.snapshot():
            if not deal_exists(self._db, deal):
                return None
            merges = read_merges(self._db)
            found = read_ledgers(self._db, merges, merges.group(deal))
            return found[0] if found else None

    def next_deal_id(self, platform: str) -> str:
        """The id the next deal on that platform will get, if no other process is faster."""
        return f"{platform}-{next_number(self._db, platform)}"

    def accounts_of_deals(self) -> Mapping[str, frozenset[str]]:
        """Deal → accounts its mail came to, copies too; deals by hand without mail are not in it. Merges followed."""
        with self._db.snapshot():
            merges = read_merges(self._db)
            pairs = self._db.rows(
                "SELECT id, account FROM deals WHERE account IS NOT NULL AND retracted_by IS NULL UNION"
                " SELECT events.deal, copies.account FROM events JOIN mails ON mails.id = events.mail"
                " JOIN mails AS copies ON copies.digest = mails.digest WHERE events.retracted_by IS NULL"
            )
        found: dict[str, frozenset[str]] = {}
        for deal, account in pairs:
            root = merges.root(deal)
            found[root] = found.get(root, frozenset()) | {account}
        return found

    def known_uids(self, account: str) -> Mapping[tuple[str, int], frozenset[int]]:
        """By (folder, uidvalidity): UIDs that are stored, in whatever state; what a poll need not fetch again."""
        found: dict[tuple[str, int], set[int]] = {}
        for folder, uidvalidity, uid in self._db.rows(
            "SELECT folder, uidvalidity, uid FROM mails WHERE account = ?", (account,)
        ):
            found.setdefault((folder, uidvalidity), set()).add(uid)
        return {place: frozenset(uids) for place, uids in found.items()}

    def cursors(self, account: str) -> "tuple[Cursor, ...]":
        """How far each folder of the account has been read."""
        from otosata.mail.source import Cursor  # noqa: PLC0415 - only polls ask

        columns = "folder, uidvalidity, uidnext, backfilled_to, complete"
        sql = f"SELECT {columns} FROM cursors WHERE account = ? ORDER BY folder"  # noqa: S608 - our own names
        return tuple(
            Cursor(folder, uidvalidity, uidnext, moment_or_none(back), bool(complete))
            for folder, uidvalidity, uidnext, back, complete in self._db.rows(sql, (account,))
        )

    def seen_digest(self, digest: str) -> MailRow | None:
        """A stored mail of that content, in any account; of several the one that counts most, else the first.

        Foreign ones do not count: they were not judged.
        """
        found = self._mails("digest = ? AND state <> 'foreign' ORDER BY id", (digest,))
        return min(found, key=lambda mail: mail.counts_little) if found else None

    def mail(self, mail: int) -> MailRow | None:
        """A stored mail by its id."""
        found = self._mails("id = ?", (mail,))
        return found[0] if found else None

    def mails(self, *, state: MailState | None = None, deal: str | None = None) -> tuple[MailRow, ...]:
        """Stored mails by time of arrival; of a deal: those that are its events, merged deals' included."""
        wheres, values = ["1"], list[Value]()
        if state is not None:
            wheres.append("state_now = ?")
            values.append(state.value)
        if deal is not None:
            group = read_merges(self._db).group(deal)
            wheres.append(f"deal IN ({', '.join('?' * len(group))})")
            values.extend(group)
        return self._mails(f"{' AND '.join(wheres)} ORDER BY received, id", tuple(values))

    def judged_mails(self, state: MailState | None = None) -> Iterator[MailRow]:
        """Mails that an adapter has judged (of a state): what other rules may judge otherwise. Read piece by piece."""
        chosen, values = (" AND state_now = ?", (state.value,)) if state else ("", ())
        judged = f"adapter IS NOT NULL AND state NOT IN ('foreign', 'duplicate', 'quarantine'){chosen}"
        last = 0
        while found := self._mails(f"id > ? AND {judged} ORDER BY id LIMIT {_PIECE}", (last, *values)):
            yield from found
            last = found[-1].id

    def count_by_rule(self) -> Mapping[str, int]:
        """How many stored mails each rule knows, by `lancers/comment`."""
        return dict(
            tuple(row) for row in self._db.rows("SELECT rule, count(*) FROM mails WHERE rule IS NOT NULL GROUP BY 1")
        )

    def count_mails(self, state: MailState) -> int:
        """How many mails are in that state: the number that `check` shows for triage."""
        row = self._db.row("SELECT count(*) FROM mails_now WHERE state_now = ?", (state.value,))
        return int(row[0]) if row else 0

    def count_by_account(self) -> Mapping[str, Mapping[MailState, int]]:
        """How many mails of each account are in each state."""
        found: dict[str, dict[MailState, int]] = {}
        for account, state, count in self._db.rows("SELECT account, state_now, count(*) FROM mails_now GROUP BY 1, 2"):
            found.setdefault(account, {})[MailState(state)] = count
        return found

    def count_given_up(self) -> int:
        """How many notifications were given up."""
        row = self._db.row("SELECT count(*) FROM outbox WHERE state = 'dead'")
        return int(row[0]) if row else 0

    def event_origin(self, key: str) -> Origin | None:
        """What stands behind `Event.key` or `Mark.key` (`mail:12`, `hand:7`); None for a key that was never given."""
        kind, _, number = key.partition(":")
        if not number.isascii() or not number.isdecimal():
            return None
        with self._db.snapshot():
            if kind == "hand":
                act = self._act("id = ?", int(number))
                return Origin(key, act=act) if act else None
            mail = self.mail(int(number)) if kind == "mail" else None
            by_hand = "id = (SELECT act FROM events WHERE mail = ? AND retracted_by IS NULL)"
            return Origin(key, mail, self._act(by_hand, int(number))) if mail else None

    def acts(self, deal: str | None = None) -> tuple[ActRow, ...]:
        """What was done by hand, in order, undone acts and undoings included."""
        group = read_merges(self._db).group(deal) if deal else ()
        chosen = f"WHERE deal IN ({', '.join('?' * len(group))})" if deal else ""
        return tuple(act_value(row) for row in self._db.rows(f"SELECT * FROM acts {chosen} ORDER BY id", group))  # noqa: S608 - marks only

    def account_states(self) -> tuple[AccountState, ...]:
        """Every account that was ever polled, by name."""
        return tuple(account_value(row) for row in self._db.rows("SELECT * FROM accounts ORDER BY account"))

    def account_state(self, account: str) -> AccountState:
        """One account; all empty where it was never polled."""
        row = self._db.row("SELECT * FROM accounts WHERE account = ?", (account,))
        return account_value(row) if row else AccountState(account)

    def adapter_counts(self) -> tuple[AdapterCounts, ...]:
        """How well each adapter recognises its platform's mail; adapters without mail are not in it."""
        totals = "SELECT adapter, kind = 'unrecognised', count(*), max(received) FROM mails"
        since = "SELECT count(*) FROM mails WHERE adapter = ? AND kind = 'unrecognised' AND received > ?"
        with self._db.snapshot():
            rows = self._db.rows(f"{totals} WHERE {_JUDGED} GROUP BY 1, 2 ORDER BY 1")
            by_adapter: dict[str, dict[int, tuple[int, int | None]]] = {}
            for adapter, is_missed, count, last in rows:
                by_adapter.setdefault(adapter, {})[is_missed] = (count, last)
            found = []
            for adapter, counts in by_adapter.items():
                (known, last_known), (missed, last_missed) = (counts.get(is_missed, (0, None)) for is_missed in (0, 1))
                later = (
                    self._db.row(f"{since} AND {_JUDGED}", (adapter, last_known)) if last_known is not None else None
                )
                last = (moment_or_none(last_known), moment_or_none(last_missed))
                found.append(AdapterCounts(adapter, known, missed, *last, later[0] if later else missed))
        return tuple(found)

    def quick_check(self) -> str:
        """`ok`, or the first thing that is wrong with the file (sqlite.org/pragma.html, `quick_check`)."""
        row = self._db.row("PRAGMA quick_check(1)")
        return str(row[0]) if row else "ok"

    def meta(self, key: str) -> str | None:
        """A small thing kept under a name."""
        row = self._db.row("SELECT value FROM meta WHERE key = ?", (key,))
        return row[0] if row else None

    def _mails(self, where: str, values: tuple[Value, ...]) -> tuple[MailRow, ...]:
        with self._db.snapshot():
            merges = read_merges(self._db)
            rows: list[Any] = self._db.rows(f"SELECT *, {_LINKED} FROM mails_now WHERE {where}", values)  # noqa: S608 - `where` is ours
            return tuple(mail_value(row, merges.root(row["deal"]) if row["deal"] else None) for row in rows)

    def _act(self, where: str, number: int) -> ActRow | None:
        row = self._db.row(f"SELECT * FROM acts WHERE {where}", (number,))  # noqa: S608 - `where` is ours
        return act_value(row) if row else None
