"""What the user does by hand: each act in one transaction, each to be taken back as a whole."""

import dataclasses
import datetime as dt
from collections.abc import Mapping

from otosata.deals.event import Deal, Event, Mark
from otosata.deals.vocabulary import KINDS, Actor, Evidence, Role
from otosata.store.columns import act_value, day_value, instant, instant_or_none, json_text, moment
from otosata.store.database import Database, Value
from otosata.store.errors import ActError
from otosata.store.ledgers import deal_exists, read_merges
from otosata.store.schema import BY_PROGRAM, RETRACTABLE
from otosata.store.values import MailState, Undone
from otosata.store.writer import insert_deal, insert_event, insert_refs

_BOUND = (MailState.EVENT, MailState.FOREIGN, MailState.DUPLICATE)


class Act:
    """Handed out by `Store.acting()`; useless after its block."""

    def __init__(
        self, db: Database, what: str, deal: str | None, now: dt.datetime, about: Mapping[str, object]
    ) -> None:
        self._db = db
        self._now = now
        self.deal = resolve(db, deal) if deal else None
        columns: dict[str, Value] = {"at": instant(now), "what": what, "deal": self.deal}
        self.id = db.add("acts", {**columns, "description": json_text(dict(about))})

    def open_deal(self, deal: Deal) -> str:
        """A new deal with the names and references given; its id (`deal.id` is not looked at). The act is about it."""
        made = insert_deal(self._db, deal.platform, self._now, act=self.id)
        names: dict[str, Value] = {"client": deal.client, "title": deal.title, "url": deal.url}
        self._db.add("names", {"deal": made, "place": "", **names, "act": self.id})
        insert_refs(self._db, made, deal.refs, mail=None, act=self.id)
        self._db.run("UPDATE acts SET deal = ? WHERE id = ?", (made, self.id))
        self.deal = made
        return made

    def add_event(self, event: Event) -> None:
        """An event in the act's deal."""
        insert_event(self._db, self._own_deal(), event, mail=None, act=self.id)

    def add_mark(self, mark: Mark) -> None:
        """A mark on the act's deal."""
        columns: dict[str, Value] = {"deal": self._own_deal(), "at": instant(mark.at), "kind": mark.kind.value}
        until = instant_or_none(mark.until)
        self._db.add("marks", {**columns, "until": until, "reason": mark.reason, "act": self.id})

    def merge(self, source: str, target: str) -> None:
        """Let `target` stand for `source` from now on. ActError if it does already, or on another platform."""
        into, merges = resolve(self._db, target), read_merges(self._db)
        resolve(self._db, source)
        if source in merges.target_of:
            raise ActError(
                f"{source} is merged into {merges.target_of[source]} already", "`otosata undo` takes that back"
            )
        if into == source:
            raise ActError(f"{target} cannot take in {source}: they are one deal already")
        platforms = {row[0] for row in self._db.rows("SELECT platform FROM deals WHERE id IN (?, ?)", (source, into))}
        if len(platforms) > 1:
            raise ActError(
                f"{source} and {into} are deals on two platforms", "only deals on one platform can be merged"
            )
        self._db.add("merges", {"source": source, "target": into, "act": self.id})

    def assign(self, mail: int, deal: str, event: Event | None = None) -> None:
        """Make a mail an event of a deal, on the user's word. Without `event`: what its notice says."""
        state = self._state(mail)
        if state in _BOUND:
            raise ActError(f"mail {mail} cannot be assigned: {self._bound(mail, state)}")
        found = dataclasses.replace(event or self._announced(mail), evidence=Evidence.USER, linked_by_guess=False)
        insert_event(self._db, resolve(self._db, deal), found, mail=mail, act=self.id)

    def ignore(self, mail: int) -> None:
        """Take a mail out of triage without an event."""
        state = self._state(mail)
        if state is not MailState.TRIAGE:
            raise ActError(f"mail {mail} does not wait in triage: {self._bound(mail, state)}")
        self._db.add("ignores", {"mail": mail, "act": self.id})

    def _own_deal(self) -> str:
        if self.deal is None:
            raise RuntimeError("the act names no deal and has opened none")
        return self.deal

    def _state(self, mail: int) -> MailState:
        row = self._db.row("SELECT state_now FROM mails_now WHERE id = ?", (mail,))
        if row is None:
            raise ActError(f"there is no mail {mail}", "`otosata triage` lists what waits for your word")
        return MailState(row[0])

    def _bound(self, mail: int, state: MailState) -> str:
        row = self._db.row("SELECT deal FROM events WHERE mail = ? AND retracted_by IS NULL", (mail,))
        return f"it is in {read_merges(self._db).root(row[0])}" if row else f"it is {state.value}"

    def _announced(self, mail: int) -> Event:
        """The event of the mail's own notice; ActError where it names none."""
        row = self._db.row("SELECT kind, actor, date, received FROM mails WHERE id = ?", (mail,))
        if row is None or row["kind"] not in KINDS or KINDS[row["kind"]].role is Role.NOISE or row["received"] is None:
            raise ActError(f"mail {mail} does not say what happened", "name the event yourself")
        return Event(moment(row["received"]), row["kind"], Actor(row["actor"]), day_value(row["date"]))


def resolve(db: Database, deal: str) -> str:
    """The deal that stands for it; ActError where there is none of that name."""
    if not deal_exists(db, deal):
        raise ActError(f"there is no deal {deal}", "`otosata deals --all` lists them")
    return read_merges(db).root(deal)


def undo(db: Database, deal: str | None, now: dt.datetime) -> Undone | None:
    """Take back the last act (of that deal), inside the caller's transaction; None where there is none."""
    last = f"SELECT * FROM acts WHERE retracted_by IS NULL AND what NOT IN {BY_PROGRAM}"  # noqa: S608 - words of our own
    group: tuple[str, ...] = ()
    if deal is not None:
        resolve(db, deal)
        group = read_merges(db).group(deal)
        last += f" AND deal IN ({', '.join('?' * len(group))})"
    row = db.row(f"{last} ORDER BY id DESC LIMIT 1", group)
    if row is None:
        return None
    act = act_value(row)
    kept = _joined_since(db, act.id)
    undoing = db.add(
        "acts", {"at": instant(now), "what": "undo", "deal": act.deal, "description": json_text({"act": act.id})}
    )
    for table in RETRACTABLE:
        spared = f" AND {'id' if table == 'deals' else 'deal'} NOT IN ({', '.join('?' * len(kept))})"
        only_others = spared if kept and table in ("deals", "names", "refs") else ""
        sql = f"UPDATE {table} SET retracted_by = ? WHERE act = ?{only_others}"  # noqa: S608 - names from RETRACTABLE
        db.run(sql, (undoing, act.id, *(kept if only_others else ())))
    db.run("UPDATE acts SET retracted_by = ? WHERE id = ?", (undoing, act.id))
    return Undone(act, kept)


def _joined_since(db: Database, act: int) -> tuple[str, ...]:
    """Deals that the act made and that hold other things by now: a client's mail must not vanish with them."""
    others = (
        "SELECT id FROM deals WHERE act = :act AND ("
        " EXISTS (SELECT 1 FROM events WHERE deal = deals.id AND act IS NOT :act AND retracted_by IS NULL)"
        " OR EXISTS (SELECT 1 FROM marks WHERE deal = deals.id AND act <> :act AND retracted_by IS NULL)"
        " OR EXISTS (SELECT 1 FROM merges WHERE deals.id IN (source, target) AND act <> :act AND retracted_by IS NULL))"
    )
    return tuple(row[0] for row in db.rows(others.replace(":act", "?"), (act,) * 4))
