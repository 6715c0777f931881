"""All readings ready to be shown: filtered, sorted, and in their sections."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from config.model import SORTS
from otosata.deals.limits import passed_at
from otosata.deals.reading import Reading
from otosata.deals.vocabulary import Level, Turn
from otosata.overview import Overview
from otosata.query import EVERYTHING, Query, fold, text_of
from tui.columns import Slot
from tui.remembered import Row
from tui.rows import cells, next_limit, row
from tui.tones import Piece
from tui.words import Words

_NEVER = datetime.max.replace(tzinfo=UTC)


class Group(StrEnum):
    """The sections of the list, in their order."""

    ACT = "act"
    """Act today, or soon."""
    MINE = "mine"
    """The client has the word of mine to come."""
    WAITING = "waiting"
    """Somebody else's turn, and a clock runs or a hard date comes."""
    CALM = "calm"
    """Nothing runs: snoozed, acknowledged, nobody's turn."""
    OVER = "over"
    """Done, closed or lost; shown on request."""


def group_of(reading: Reading) -> Group:
    """The section of a deal. One whose mail could not be read is never among the calm."""
    if reading.is_over or reading.stale:
        return Group.OVER
    if reading.is_quiet:
        return Group.CALM
    if reading.level >= Level.WARN:
        return Group.ACT
    if reading.turn is Turn.ME:
        return Group.MINE
    runs = reading.ratio is not None or reading.limit is not None
    return Group.WAITING if (runs and reading.turn is not Turn.NONE) or reading.unknown else Group.CALM


@dataclass(frozen=True, slots=True)
class Entry:
    """A deal in the list."""

    reading: Reading
    text: str
    """What words are looked for in."""
    group: Group

    @property
    def key(self) -> str:
        """The deal's id."""
        return self.reading.deal.id

    def pieces(self, slots: Sequence[Slot], words: Words) -> tuple[Piece, ...]:
        """Its line."""
        return row(self.reading, slots, words)

    def remembered(self, words: Words) -> Row:
        """The line for the next start."""
        return Row(self.key, cells(self.reading, words))


@dataclass(frozen=True, slots=True)
class Heading:
    """The line above a section."""

    group: Group
    count: int
    key: str = ""
    """No deal: the cursor passes over it."""

    def pieces(self, slots: Sequence[Slot], words: Words) -> tuple[Piece, ...]:
        """Name and number."""
        return (Piece(words(f"group_{self.group.value}"), "heading"), Piece(f" {self.count}", "dim"))

    def remembered(self, words: Words) -> Row:
        """The line for the next start."""
        return Row(self.key, {"": self.pieces((), words)})


def _limit(reading: Reading) -> datetime:
    limit = None if reading.is_over else next_limit(reading)
    return _NEVER if limit is None else passed_at(limit)


URGENCY = SORTS[0]
_BY: Mapping[str, Callable[[Reading], Any]] = {
    "silence": lambda reading: -(reading.silence_seconds if reading.silence_seconds is not None else -1),
    "limit": _limit,
    "recent": lambda reading: -(reading.last_contact.at.timestamp() if reading.last_contact else 0.0),
    "client": lambda reading: (not reading.deal.client, fold(reading.deal.client)),
    "platform": lambda reading: reading.deal.platform,
}
"""The other orders; deals that are equal stay in the order of urgency, and only that one has sections."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which deals are shown, and in which order."""

    query: Query = EVERYTHING
    sort: str = URGENCY
    over: bool = False
    """Those that are over or lost, too."""


class Shelf:
    """The readings of one moment. Sorting is done once for each order asked for, folding once for each deal."""

    def __init__(self, overview: Overview, before: "Shelf | None" = None) -> None:
        """`before`: an earlier one, whose folded texts still hold where the deal is the same."""
        self.overview = overview
        known: Mapping[str, Entry] = before.by_id if before else {}
        self._entries = tuple(_entry(reading, known.get(reading.deal.id)) for reading in overview.readings)
        self.by_id: Mapping[str, Entry] = {entry.key: entry for entry in self._entries}
        self._sorted: dict[str, tuple[Entry, ...]] = {URGENCY: self._entries}

    def reading(self, deal: str) -> Reading | None:
        """The reading of a deal; None where there is no such deal."""
        entry = self.by_id.get(deal)
        return entry.reading if entry else None

    def entries(self, choice: Choice) -> list[Entry]:
        """The deals that pass, in order."""
        over, query = choice.over or choice.query.wants_over, choice.query
        found = self._in_order(choice.sort)
        if not query.tests:
            return [entry for entry in found if over or entry.group is not Group.OVER]
        return [
            entry
            for entry in found
            if (over or entry.group is not Group.OVER) and query.matches(entry.reading, entry.text)
        ]

    def rows(self, choice: Choice) -> "list[Entry | Heading]":
        """The deals that pass; in the order of urgency each section below its heading."""
        passing = self.entries(choice)
        return in_sections(passing) if choice.sort == URGENCY else list(passing)

    def _in_order(self, sort: str) -> tuple[Entry, ...]:
        if sort not in self._sorted:
            by = _BY[sort]
            self._sorted[sort] = tuple(sorted(self._entries, key=lambda entry: by(entry.reading)))
        return self._sorted[sort]


def _entry(reading: Reading, known: Entry | None) -> Entry:
    same = known is not None and known.reading.deal == reading.deal and known.reading.stage == reading.stage
    return Entry(reading, known.text if known and same else text_of(reading), group_of(reading))


def in_sections(entries: Iterable[Entry]) -> "list[Entry | Heading]":
    """The entries below the headings of their sections; an empty section has none."""
    sections: dict[Group, list[Entry]] = {group: [] for group in Group}
    for entry in entries:
        sections[entry.group].append(entry)
    rows: list[Entry | Heading] = []
    for group, members in sections.items():
        if members:
            rows += [Heading(group, len(members)), *members]
    return rows
