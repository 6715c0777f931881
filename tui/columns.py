"""Shares a row's width among the columns of the deal list: what comes first, what may go, who gets the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

GAP = 1
"""Cells between two columns."""

ESSENTIAL = 3
"""Columns with a `keep` up to this go only when the rest is narrow already; the others when it is not good."""


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
