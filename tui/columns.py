"""Shares a row's width among the columns of the deal list: what comes first, what may go, who gets the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

GAP = 1
"""Cells between two columns."""


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


@dataclass(frozen=True, slots=True)
class Place:
    """A column with the cells it has got."""

    column: Column
    cells: int


def share(columns: Sequence[Column], cells: int) -> tuple[Place, ...]:
    """Places for the columns that fit, together with the gaps exactly `cells` wide (where the first alone fits)."""
    chosen = list(columns)
    while len(chosen) > 1 and _needed(chosen) > cells:
        leaves = max(chosen, key=lambda column: column.keep)
        if leaves.keep == 0:
            break
        chosen.remove(leaves)
    got = {column.name: column.least for column in chosen}
    spare = cells - _needed(chosen)
    while spare < 0 and any(got.values()):
        widest = max(got, key=lambda name: got[name])
        got[widest] -= 1
        spare += 1
    _hand_out(chosen, got, spare)
    return tuple(Place(column, got[column.name]) for column in chosen)


def _hand_out(columns: Sequence[Column], got: dict[str, int], spare: int) -> None:
    """Give spare cells evenly to whoever is not at its most yet; what nobody wants goes to the last column."""
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


def _needed(columns: Sequence[Column]) -> int:
    return sum(column.least for column in columns) + GAP * (len(columns) - 1)
