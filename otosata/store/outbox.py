"""The outbox: what is to be said to the user through which channel, what has been sent, and what was said before."""

import datetime as dt
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from otosata.store.columns import instant, moment, moment_or_none
from otosata.store.database import Database, Value

AHEAD = dt.timedelta(minutes=5)
"""Something announced so much later than now was announced by a clock that has been put right since."""
A_DAY = dt.timedelta(days=1)
_ANNOUNCED = "announced_at"


class LetterState(StrEnum):
    """What became of a letter."""

    WAITING = "waiting"
    """It is to be sent, or a process is at it."""
    SENT = "sent"
    """The service has taken it."""
    DEAD = "dead"
    """Given up; shown until the user sends it again."""


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A letter to be put into the outbox."""

    key: str
    """Names what is said to whom; a second letter of that key is none."""
    channel: str
    message: str
    """JSON of what is said."""
    due: dt.datetime
    """Not to be sent before."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as the outbox keeps it."""

    id: int
    key: str
    channel: str
    message: str
    state: LetterState
    made: dt.datetime
    due: dt.datetime
    attempts: int
    unsure: bool
    """An attempt may have reached the receiver without our knowing."""
    lease: str
    """Proof that the letter is ours to send, while it is."""
    error: str = ""
    """What the last attempt failed with."""
    ended: dt.datetime | None = None
    """When it was sent or given up."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a look at the deals comes to: letters, and what counts as said from now on."""

    letters: tuple[NewLetter, ...]
    said: Mapping[str, str]
    """Everything said, by subject; what is missing is forgotten."""


Plan = Callable[[Mapping[str, str] | None], Announcement]
"""From what was said before (None: nothing was ever announced) to what is to be said now. Pure."""


class Outbox:
    """The part of the ledger that speaks. Several processes may use it at once: none sends what another is sending."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def announce(self, at: dt.datetime, plan: Plan) -> tuple[NewLetter, ...]:
        """Put the letters of a plan into the outbox and remember what is said, in one transaction; the new letters.

        None where another process has announced a later moment already: ours would take back what it said.
        """
        with self._db.transaction():
            last = self._announced()
            if last is not None and at < last <= at + AHEAD:
                return ()
            before = None if last is None else dict(self._db.rows("SELECT subject, value FROM said"))
            announcement = plan(before)
            added = tuple(letter for letter in announcement.letters if self._add(letter, at))
            self._remember(before or {}, announcement.said)
            self._db.run("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_ANNOUNCED, str(instant(at))))
            return added

    def put(self, letter: NewLetter, at: dt.datetime) -> None:
        """Put a single letter into the outbox."""
        with self._db.transaction():
            self._add(letter, at)

    def claim(self, channels: Sequence[str], now: dt.datetime, lease: dt.timedelta) -> Letter | None:
        """The next letter that is due on one of the channels, from now on ours to send; None: there is none.

        Whoever sends must be done before the lease ends: then the letter is for others to send, marked as a repeat.
        """
        wanted = ", ".join("?" * len(channels))
        due = (
            f"SELECT * FROM outbox WHERE state = 'waiting' AND due_at <= ? AND channel IN ({wanted})"  # noqa: S608 - marks only
            " AND (leased_until IS NULL OR leased_until <= ?) ORDER BY id LIMIT 1"
        )
        with self._db.transaction():
            row = self._db.row(due, (instant(now), *channels, instant(now)))
            if row is None:
                return None
            token = os.urandom(8).hex()
            self._db.run(
                "UPDATE outbox SET attempts = attempts + 1, unsure = unsure OR leased_until IS NOT NULL,"
                " leased_until = ?, lease = ? WHERE id = ?",
                (instant(now + lease), token, row["id"]),
            )
            return _letter(self._db.row("SELECT * FROM outbox WHERE id = ?", (row["id"],)))

    def sent(self, letter: Letter, now: dt.datetime) -> None:
        """The service has taken it. Even if the lease was lost meanwhile: no need to send it once more."""
        with self._db.transaction():
            self._db.run(
                "UPDATE outbox SET state = 'sent', ended_at = ?, leased_until = NULL, error = '' WHERE id = ?",
                (instant(now), letter.id),
            )

    def postpone(self, letter: Letter, due: dt.datetime, error: str, *, unsure: bool) -> None:
        """It did not go out, or nobody knows: try again at `due`. Nothing happens where the lease was lost."""
        with self._db.transaction():
            self._db.run(
                "UPDATE outbox SET due_at = ?, error = ?, unsure = unsure OR ?, leased_until = NULL"
                " WHERE id = ? AND lease = ? AND state = 'waiting'",
                (instant(due), error, int(unsure), letter.id, letter.lease),
            )

    def hold(self, channel: str, until: dt.datetime) -> None:
        """The service wants to be left alone: no letter of the channel before `until`."""
        with self._db.transaction():
            self._db.run(
                "UPDATE outbox SET due_at = ? WHERE channel = ? AND state = 'waiting' AND due_at < ?",
                (instant(until), channel, instant(until)),
            )

    def bury(self, letter: Letter, error: str, now: dt.datetime) -> None:
        """Give it up; it stays to be seen. Nothing happens where the lease was lost."""
        with self._db.transaction():
            self._db.run(
                "UPDATE outbox SET state = 'dead', error = ?, ended_at = ?, leased_until = NULL"
                " WHERE id = ? AND lease = ? AND state = 'waiting'",
                (error, instant(now), letter.id, letter.lease),
            )

    def bury_all_but(self, channels: Sequence[str], error: str, now: dt.datetime) -> None:
        """Give up what has waited for a day for channels that are not there.

        Not at once: another process may have read a newer configuration, with a channel that we do not know yet.
        """
        kept = ", ".join("?" * len(channels))
        lost = f"state = 'waiting' AND made_at < ? AND channel NOT IN ({kept})"
        values: tuple[Value, ...] = (instant(now - A_DAY), *channels)
        if self._db.row(f"SELECT 1 FROM outbox WHERE {lost}", values) is None:  # noqa: S608 - marks only
            return
        with self._db.transaction():
            self._db.run(
                f"UPDATE outbox SET state = 'dead', error = ?, ended_at = ?, leased_until = NULL WHERE {lost}",  # noqa: S608 - as above
                (error, instant(now), *values),
            )

    def revive(self, letters: Sequence[int], now: dt.datetime) -> int:
        """Send given-up letters again (all, where none is named), and waiting ones at once; how many."""
        chosen = f" AND id IN ({', '.join('?' * len(letters))})" if letters else ""
        with self._db.transaction():
            found = self._db.rows(f"SELECT id FROM outbox WHERE state <> 'sent'{chosen}", letters)  # noqa: S608 - marks only
            for (number,) in found:
                self._db.run(
                    "UPDATE outbox SET state = 'waiting', due_at = ?, made_at = CASE state WHEN 'dead' THEN ? ELSE"
                    " made_at END, ended_at = NULL WHERE id = ?",
                    (instant(now), instant(now), number),
                )
        return len(found)

    def forget(self, before: dt.datetime) -> None:
        """Drop letters that were sent before then."""
        old = "state = 'sent' AND ended_at < ?"
        if self._db.row(f"SELECT 1 FROM outbox WHERE {old}", (instant(before),)) is None:  # noqa: S608 - our own words
            return
        with self._db.transaction():
            self._db.run(f"DELETE FROM outbox WHERE {old}", (instant(before),))  # noqa: S608 - as above

    def letters(self, *states: LetterState) -> tuple[Letter, ...]:
        """Letters of these states, or all, oldest first."""
        chosen = f"WHERE state IN ({', '.join('?' * len(states))})" if states else ""
        return tuple(_letter(row) for row in self._db.rows(f"SELECT * FROM outbox {chosen} ORDER BY id", states))  # noqa: S608 - marks only

    def count(self, state: LetterState) -> int:
        """How many letters are in that state."""
        row = self._db.row("SELECT count(*) FROM outbox WHERE state = ?", (state,))
        return int(row[0]) if row else 0

    def next_due(self) -> dt.datetime | None:
        """When the next letter that waits can be sent; None where none waits."""
        row = self._db.row("SELECT min(max(due_at, coalesce(leased_until, 0))) FROM outbox WHERE state = 'waiting'")
        return moment_or_none(row[0]) if row else None

    def _announced(self) -> dt.datetime | None:
        row = self._db.row("SELECT value FROM meta WHERE key = ?", (_ANNOUNCED,))
        return moment(int(row[0])) if row else None

    def _add(self, letter: NewLetter, at: dt.datetime) -> bool:
        if self._db.row("SELECT 1 FROM outbox WHERE key = ?", (letter.key,)):
            return False
        self._db.add(
            "outbox",
            {
                "key": letter.key,
                "channel": letter.channel,
                "message": letter.message,
                "state": LetterState.WAITING,
                "made_at": instant(at),
                "due_at": instant(letter.due),
                "attempts": 0,
                "unsure": 0,
                "lease": "",
                "error": "",
            },
        )
        return True

    def _remember(self, before: Mapping[str, str], said: Mapping[str, str]) -> None:
        for subject in before.keys() - said.keys():
            self._db.run("DELETE FROM said WHERE subject = ?", (subject,))
        for subject, value in said.items():
            if before.get(subject) != value:
                self._db.run("INSERT OR REPLACE INTO said VALUES (?, ?)", (subject, value))


def _letter(row: Any) -> Letter:
    return Letter(
        row["id"],
        row["key"],
        row["channel"],
        row["message"],
        LetterState(row["state"]),
        moment(row["made_at"]),
        moment(row["due_at"]),
        row["attempts"],
        bool(row["unsure"]),
        row["lease"],
        row["error"],
        moment_or_none(row["ended_at"]),
    )
