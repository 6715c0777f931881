"""Ledgers out of the tables: names, references and events of a deal and of those merged into it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from otosata.deals.event import Deal, Event, Ledger, Mark, MarkKind
from otosata.store.columns import EVENT_COLUMNS, event_value, moment, moment_or_none
from otosata.store.database import Database
from otosata.store.values import hand_key


@dataclass(frozen=True, slots=True)
class Merges:
    """Which deal stands for which."""

    target_of: Mapping[str, str] = field(default_factory=dict)

    def root(self, deal: str) -> str:
        """The deal that stands for it; itself where it is merged into none."""
        while deal in self.target_of:
            deal = self.target_of[deal]
        return deal

    def group(self, deal: str) -> tuple[str, ...]:
        """The deal's root and everything merged into it."""
        root = self.root(deal)
        return (root, *(source for source in self.target_of if self.root(source) == root))


def read_merges(db: Database) -> Merges:
    """The merges that have not been taken back."""
    return Merges(dict(tuple(row) for row in db.rows("SELECT source, target FROM merges WHERE retracted_by IS NULL")))


def deal_exists(db: Database, deal: str) -> bool:
    """Whether there is such a deal, merged or not."""
    return db.row("SELECT 1 FROM deals WHERE id = ? AND retracted_by IS NULL", (deal,)) is not None


def read_ledgers(
    db: Database, merges: Merges, only: Sequence[str] = (), *, include_merged: bool = False
) -> tuple[Ledger, ...]:
    """The ledgers of the deals named, or of all; by platform and running number.

    A merged deal's events, names, references and notes count for the target, its own names after the target's. Its
    other marks stay behind: a duplicate that was closed before must not close the deal it was a duplicate of.
    """
    deals = db.rows(f"SELECT id, platform FROM deals WHERE {_of('id', only)} ORDER BY platform, number", only)  # noqa: S608 - `_of` writes marks only
    names, refs = _names(db, only), _refs(db, only)
    events, marks = _events(db, only), _marks(db, only)
    members: dict[str, list[str]] = defaultdict(list)
    for deal, _ in deals:
        members[merges.root(deal)].append(deal)
    ledgers = []
    for deal, platform in deals:
        is_root = deal not in merges.target_of
        if not (is_root or include_merged):
            continue
        group = [deal, *(other for other in members[deal] if other != deal)] if is_root else [deal]
        client, title, url = _first_names([name for member in group for name in names[member]])
        known_refs = sorted({ref for member in group for ref in refs[member]})
        found = [event for member in group for event in events[member]]
        if len(group) > 1:
            found.sort(key=lambda event: event.order)
        value = Deal(deal, platform, client, title, url, tuple(known_refs))
        notes = [mark for other in group[1:] for mark in marks[other] if mark.kind is MarkKind.NOTE]
        ledgers.append(Ledger(value, tuple(found), (*marks[deal], *notes)))
    return tuple(ledgers)


def _of(column: str, only: Sequence[str]) -> str:
    chosen = f" AND {column} IN ({', '.join('?' * len(only))})" if only else ""
    return f"retracted_by IS NULL{chosen}"


def _first_names(names: Sequence[Any]) -> tuple[str, str, str | None]:
    """The first client, title and url that is not empty, each for itself."""
    return (
        next((client for client, _, _ in names if client), ""),
        next((title for _, title, _ in names if title), ""),
        next((url for _, _, url in names if url), None),
    )


def _names(db: Database, only: Sequence[str]) -> Mapping[str, list[tuple[str, str, str | None]]]:
    """What the user called it (latest word first), then what the notices did: earliest first, ties by digest."""
    by_hand = db.tuples(
        f"SELECT deal, client, title, url FROM names WHERE mail IS NULL AND {_of('deal', only)} ORDER BY act DESC",  # noqa: S608 - as above
        only,
    )
    by_mail = db.tuples(  # grouped, because nearly every notice of a deal says the same
        f"SELECT min(place), deal, client, title, url FROM names WHERE mail IS NOT NULL AND {_of('deal', only)}"  # noqa: S608 - as above
        " GROUP BY deal, client, title, url",
        only,
    )
    found: dict[str, list[tuple[str, str, str | None]]] = defaultdict(list)
    for deal, client, title, url in by_hand:
        found[deal].append((client, title, url))
    for _, deal, client, title, url in sorted(by_mail, key=lambda row: row[0]):
        found[deal].append((client, title, url))
    return found


def _refs(db: Database, only: Sequence[str]) -> Mapping[str, list[tuple[str, str]]]:
    rows = db.tuples(f"SELECT deal, kind, value FROM refs WHERE {_of('deal', only)}", only)  # noqa: S608 - as above
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for deal, kind, value in rows:
        found[deal].append((kind, value))
    return found


def _events(db: Database, only: Sequence[str]) -> Mapping[str, list[Event]]:
    rows = db.tuples(f"SELECT {EVENT_COLUMNS} FROM events WHERE {_of('deal', only)} ORDER BY deal, at, id", only)  # noqa: S608 - as above
    found: dict[str, list[Event]] = defaultdict(list)
    for row in rows:
        deal, event = event_value(row)
        found[deal].append(event)
    return found


def _marks(db: Database, only: Sequence[str]) -> Mapping[str, list[Mark]]:
    rows = db.rows(
        f"SELECT deal, at, kind, until, reason, act FROM marks WHERE {_of('deal', only)} ORDER BY deal, at, act",  # noqa: S608 - as above
        only,
    )
    found: dict[str, list[Mark]] = defaultdict(list)
    for deal, at, kind, until, reason, act in rows:
        found[deal].append(Mark(moment(at), MarkKind(kind), moment_or_none(until), reason, hand_key(act)))
    return found
