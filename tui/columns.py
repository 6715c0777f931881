"""Shares a row's width among the columns of the deal list: what comes first, what may go, who gets the rest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui.cells import fit, width
from tui.speech import Speech
from tui.tones import GLYPHS

GAP = 1
"""Cells between two columns."""

ESSENTIAL = 3
"""Columns with a `keep` up to this go only when the rest is narrow already; the others when it is not good."""

BAR_MOST = 10
"""Cells of the widest bar."""

FAR_DAYS = 99
"""A limit further away than this needs its year more than a countdown."""

_TURNS = ("client", "me", "platform", "none")


@dataclass(frozen=True, slots=True)
class Column:
    """One column; widths in cells."""

    name: str
    least: int
    """Narrower than this it is of no use."""
    most: int
    """Wider than this it looks empty."""
    keep: int
    """The smaller, the longer it stays when the terminal gets narrower; 0 stays always."""
    right: bool = False
    good: int = 0
    """Up to here it gets spare cells before columns that matter less get any."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A column with the cells it has got."""

    column: Column
    cells: int


def share(columns: Sequence[Column], cells: int) -> tuple[Slot, ...]:
    """Places for the columns that fit, together with the gaps exactly `cells` wide (where the first alone fits)."""
    chosen = list(columns)
    for leaves in sorted(columns, key=lambda column: -column.keep):
        needed = _needed(chosen) if leaves.keep <= ESSENTIAL else _needed(chosen, good=True)
        if leaves.keep > 0 and needed > cells:
            chosen.remove(leaves)
    got = {column.name: column.least for column in chosen}
    spare = cells - _needed(chosen)
    while spare < 0 and any(got.values()):
        widest = max(got, key=lambda name: got[name])
        got[widest] -= 1
        spare += 1
    _hand_out(chosen, got, spare)
    return tuple(Slot(column, got[column.name]) for column in chosen)


def _hand_out(columns: Sequence[Column], got: dict[str, int], spare: int) -> None:
    """First what is good, by importance; then evenly up to the most; what nobody wants goes to the last column."""
    for column in sorted(columns, key=lambda column: column.keep):
        more = max(min(column.good - got[column.name], spare), 0)
        got[column.name] += more
        spare -= more
    while spare > 0:
        hungry = [column for column in columns if got[column.name] < column.most]
        if not hungry:
            got[columns[-1].name] += spare
            return
        each = max(spare // len(hungry), 1)
        for column in hungry:
            more = min(each, column.most - got[column.name], spare)
            got[column.name] += more
            spare -= more


def _needed(columns: Sequence[Column], *, good: bool = False) -> int:
    widths = (max(column.least, column.good) if good else column.least for column in columns)
    return sum(widths) + GAP * (len(columns) - 1)


def columns(words: Speech, chosen: Sequence[str] = ()) -> tuple[Column, ...]:
    """The chosen columns of the list in their order (none: all); as wide as the words of the language need."""
    known = {column.name: column for column in _every(words)}
    return tuple(known[name] for name in dict.fromkeys(chosen) if name in known) or tuple(known.values())


def _every(words: Speech) -> tuple[Column, ...]:
    level = 2 + max(width(words(f"levels.{word}")) for word in GLYPHS)
    turn = max(width(words(f"turn_{word}")) for word in _TURNS)
    silence = max(width(text) for text in (words("days", n=999), words("hours", n=23), words("column_silence")))
    limit = date_cells(words) + 1 + max(width(text) for text in _countdowns(words))
    return (
        Column("level", level, level, keep=0),
        Column("silence", silence, silence, keep=0, right=True),
        Column("bar", 6, BAR_MOST, keep=4),
        Column("turn", turn, turn, keep=2),
        Column("platform", 10, 10, keep=7),
        Column("client", 6, 18, keep=0, good=14),
        Column("title", 14, 34, keep=3, good=16),
        Column("stage", 10, 12, keep=6),
        Column("limit", limit, limit, keep=1),
        Column("advice", 16, 80, keep=5),
    )


def date_cells(words: Speech) -> int:
    """How wide a day and month are."""
    return 6 if words.lang == "en" else 5


def _countdowns(words: Speech) -> tuple[str, ...]:
    """The longest of each kind."""
    longest = (words("days", n=FAR_DAYS), words("hours", n=23), words("minutes", n=59))
    return (words("limit_passed"), words("today"), *(words("short_left", span=span) for span in longest))


def headings(slots: Iterable[Slot], words: Speech) -> str:
    """The line above the list."""
    return (" " * GAP).join(
        fit(words(f"column_{slot.column.name}"), slot.cells, right=slot.column.right) for slot in slots
    )


def column_at(slots: Iterable[Slot], x: int) -> str:
    """The name of the column at a cell; empty between two columns and beyond."""
    start = 0
    for slot in slots:
        if start <= x < start + slot.cells:
            return slot.column.name
        start += slot.cells + GAP
    return ""
