"""What a sync may write, inside one transaction: mails, deals, events, cursors, the state of accounts."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from otosata.deals.event import Event
from otosata.store.columns import (
    account_columns,
    event_columns,
    instant,
    instant_or_none,
    json_text,
    mail_columns,
    sortable,
)
from otosata.store.database import Database, Value
from otosata.store.values import AccountState, MailRow, MailState

if TYPE_CHECKING:
    from otosata.mail.model import RawMail
    from otosata.mail.source import Cursor


class Writer:
    """Handed out by `Store.writing()`; useless after its block. Reads of the store inside the block see its writes."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add_mail(self, mail: MailRow) -> int | None:
        """Keep a mail; its id. None where (account, folder, uidvalidity, uid) is stored already, by another process
        that polled at the same time: its event is there too, so add none.
        """
        place = (mail.account, mail.folder, mail.uidvalidity, mail.uid)
        known = "SELECT 1 FROM mails WHERE account = ? AND folder = ? AND uidvalidity = ? AND uid = ?"
        if self._db.row(known, place):
            return None
        return self._db.add("mails", mail_columns(mail))

    def quarantine(self, account: str, raw: "RawMail", digest: str, problem: str) -> int | None:
        """Keep that a mail could not be read, and why in one sentence; the id, or None as in `add_mail`."""
        row = MailRow(account, raw.folder, raw.uidvalidity, raw.uid, digest, MailState.QUARANTINE, why=problem)
        return self.add_mail(row)

    def waits(self, mail: int) -> bool:
        """Whether a mail is still in triage: another process or the user may have settled it since it was read."""
        return self._db.row("SELECT 1 FROM mails_now WHERE id = ? AND state_now = 'triage'", (mail,)) is not None

    def settle(self, mail: int, why: str, candidates: Sequence[str] = ()) -> None:
        """Say anew why a mail waits in triage: our running answer, not history, so it is replaced."""
        self._db.run("UPDATE mails SET why = ?, candidates = ? WHERE id = ?", (why, json_text(candidates), mail))

    def supersede(self, mail: int) -> None:
        """A copy of the mail that counts for more is about to be kept: this one waits no more."""
        self._db.run("UPDATE mails SET state = 'duplicate', why = '' WHERE id = ?", (mail,))

    def open_deal(self, platform: str, *, account: str, at: dt.datetime) -> str:
        """A new deal; its id (`lancers-3`). Its names and references come with its events."""
        return insert_deal(self._db, platform, at, account=account)

    def add_event(self, deal: str, event: Event, mail: int) -> None:
        """An event that a stored mail announced, with the names and references of that mail's notice.

        A deal that the user took back in the meantime comes back: no client's word may be where nobody sees it.
        """
        self._db.run("UPDATE deals SET retracted_by = NULL WHERE id = ? AND retracted_by IS NOT NULL", (deal,))
        insert_event(self._db, deal, event, mail=mail, act=None)

    def add_refs(self, deal: str, refs: Iterable[tuple[str, str]], mail: int) -> None:
        """References that the mail's notice does not hold itself, learned in another way."""
        insert_refs(self._db, deal, refs, mail=mail, act=None)

    def set_cursor(self, account: str, cursor: "Cursor") -> None:
        """How far the folder has been read, once this transaction is done."""
        back = instant_or_none(cursor.backfilled_to)
        sql = "INSERT OR REPLACE INTO cursors VALUES (?, ?, ?, ?, ?, ?)"
        self._db.run(sql, (account, cursor.folder, cursor.uidvalidity, cursor.uidnext, back, int(cursor.complete)))

    def set_account_state(self, state: AccountState) -> None:
        """Replace what is known of an account. Read it inside the same transaction, then `dataclasses.replace`."""
        self._db.run("DELETE FROM accounts WHERE account = ?", (state.account,))  # state, not history
        self._db.add("accounts", account_columns(state))

    def set_meta(self, key: str, value: str) -> None:
        """Keep a small thing under a name."""
        self._db.run("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def insert_deal(
    db: Database, platform: str, at: dt.datetime, *, account: str | None = None, act: int | None = None
) -> str:
    """A row of `deals` with the platform's next running number."""
    number = next_number(db, platform)
    columns: dict[str, Value] = {"id": f"{platform}-{number}", "platform": platform, "number": number}
    db.add("deals", {**columns, "account": account, "created_at": instant(at), "act": act})
    return f"{platform}-{number}"


def next_number(db: Database, platform: str) -> int:
    """One more than any number ever given: rows stay when a deal is taken back, so none is used twice."""
    row = db.row("SELECT coalesce(max(number), 0) + 1 FROM deals WHERE platform = ?", (platform,))
    return int(row[0]) if row else 1


def insert_event(db: Database, deal: str, event: Event, *, mail: int | None, act: int | None) -> None:
    """A row of `events`, and what its mail's notice says about names and references."""
    db.add("events", event_columns(deal, event, mail, act))
    if mail is None:
        return
    notice = db.row("SELECT digest, client, title, url, refs FROM mails WHERE id = ?", (mail,))
    if notice is None:
        raise ValueError(f"there is no mail {mail}")
    insert_refs(db, deal, json.loads(notice["refs"]), mail=mail, act=act)
    if notice["client"] or notice["title"] or notice["url"]:
        columns: dict[str, Value] = {name: notice[name] for name in ("client", "title", "url")}
        place = f"{sortable(event.at)} {notice['digest']}"
        db.add("names", {"deal": deal, "place": place, **columns, "mail": mail, "act": act})


def insert_refs(db: Database, deal: str, refs: Iterable[tuple[str, str]], *, mail: int | None, act: int | None) -> None:
    """Rows of `refs`; a reference that a mail has already brought, for good, is not repeated."""
    known = "SELECT 1 FROM refs WHERE deal = ? AND kind = ? AND value = ? AND act IS NULL AND retracted_by IS NULL"
    for kind, value in refs:
        if not db.row(known, (deal, kind, value)):
            db.add("refs", {"deal": deal, "kind": kind, "value": value, "mail": mail, "act": act})
