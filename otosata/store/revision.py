"""What is written when stored mail is judged anew: the mail's row, and the events that no longer follow from it.

Events follow from mails and rules. One that follows no longer is not erased: an act of the program, which `undo` never
touches, takes it back, as an act of the user's would.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping

from otosata.store.columns import instant, json_text, mail_columns
from otosata.store.database import Database, Value
from otosata.store.schema import BY_PROGRAM
from otosata.store.values import MailRow
from otosata.store.writer import insert_refs

_JUDGED = ("state", "why", "candidates", "body", "links", "adapter")
_NOTICE = ("platform", "rule", "kind", "actor", "evidence", "client", "title", "refs", "url", "date", "doubt")


class Revision:
    """Changes inside one transaction; its act is written with the first event that is taken back."""

    def __init__(self, db: Database, now: dt.datetime, about: Mapping[str, object]) -> None:
        self._db = db
        self._now = now
        self._about = about
        self._act: int | None = None
        self._touched: set[str] = set()

    def judge_anew(self, mail: MailRow) -> None:
        """Replace what was made of a mail; where it came from and what it says stays."""
        columns = mail_columns(mail)
        names = (*_JUDGED, *_NOTICE)
        sets = ", ".join(f"{name} = ?" for name in names)
        self._db.run(f"UPDATE mails SET {sets} WHERE id = ?", (*(columns[name] for name in names), mail.id))  # noqa: S608 - names of our own

    def withdraw(self, mail: int) -> str | None:
        """Take back the event that a mail made by itself, with the names and references it brought; its deal."""
        row = self._db.row("SELECT deal FROM events WHERE mail = ? AND act IS NULL AND retracted_by IS NULL", (mail,))
        if row is None:
            return None
        act, deal = self._own_act(), str(row[0])
        for table in ("events", "names", "refs"):
            mine = "deal = ? AND mail = ? AND act IS NULL AND retracted_by IS NULL"
            self._db.run(f"UPDATE {table} SET retracted_by = ? WHERE {mine}", (act, deal, mail))  # noqa: S608 - as above
        self._repeat_refs(deal)
        self._touched.add(deal)
        return deal

    def former_deal(self, mail: int) -> str | None:
        """A deal that a mail once opened and that nothing is left of: it comes back rather than another."""
        sql = (
            "SELECT deals.id FROM events JOIN deals ON deals.id = events.deal WHERE events.mail = ?"
            " AND events.retracted_by IS NOT NULL AND deals.act IS NULL AND NOT EXISTS (SELECT 1 FROM events AS others"
            " WHERE others.deal = deals.id AND others.retracted_by IS NULL) ORDER BY events.id DESC LIMIT 1"
        )
        row = self._db.row(sql, (mail,))
        return str(row[0]) if row else None

    def close(self) -> tuple[str, ...]:
        """Take back the deals that mail had opened and nothing is left of; which."""
        gone = []
        for deal in sorted(self._touched):
            if self._is_empty(deal):
                self._db.run("UPDATE deals SET retracted_by = ? WHERE id = ?", (self._own_act(), deal))
                gone.append(deal)
        return tuple(gone)

    def _own_act(self) -> int:
        if self._act is None:
            columns: dict[str, Value] = {"at": instant(self._now), "what": BY_PROGRAM[1], "deal": None}
            self._act = self._db.add("acts", {**columns, "description": json_text(dict(self._about))})
        return self._act

    def _repeat_refs(self, deal: str) -> None:
        """A reference is kept with the first mail that names it: others of the deal may still do."""
        sql = (
            "SELECT mails.id, mails.refs FROM events JOIN mails ON mails.id = events.mail"
            " WHERE events.deal = ? AND events.act IS NULL AND events.retracted_by IS NULL ORDER BY events.id"
        )
        for mail, refs in self._db.rows(sql, (deal,)):
            found: Iterable[tuple[str, str]] = json.loads(refs)
            insert_refs(self._db, deal, found, mail=mail, act=None)

    def _is_empty(self, deal: str) -> bool:
        """Whether no mail and no act of the user's holds the deal."""
        sql = (
            "SELECT 1 FROM deals WHERE id = :deal AND act IS NULL AND retracted_by IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM events WHERE deal = :deal AND retracted_by IS NULL)"
            " AND NOT EXISTS (SELECT 1 FROM marks WHERE deal = :deal AND retracted_by IS NULL)"
            " AND NOT EXISTS (SELECT 1 FROM merges WHERE :deal IN (source, target) AND retracted_by IS NULL)"
        )
        return self._db.row(sql.replace(":deal", "?"), (deal,) * 4) is not None
