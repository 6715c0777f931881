"""Plots in cells: spans of time on a scale where an hour, a day and a month all have room."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from otosata.deals.habits import Habit
from tui.cells import fit, width
from tui.rows import EMPTY, FULL
from tui.tones import Piece
from tui.words import Words

POINT, MIDDLE = "◦", "◉"
_SHORTEST = timedelta(minutes=30)
TICKS = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=3), timedelta(days=7))
_FURTHER = (timedelta(days=14), timedelta(days=30), timedelta(days=90), timedelta(days=365))


@dataclass(frozen=True, slots=True)
class Scale:
    """From half an hour to `longest` (more than that), by the logarithm."""

    longest: timedelta

    @classmethod
    def up_to(cls, longest: timedelta) -> "Scale":
        """The scale whose end is a round time that nothing exceeds, as far as there is one."""
        return cls(next((tick for tick in (*TICKS[2:], *_FURTHER) if tick > longest), longest + timedelta(days=1)))

    def cell(self, span: timedelta, cells: int) -> int:
        """The cell of a plot so many cells wide on which the span falls."""
        share = math.log(max(span, _SHORTEST) / _SHORTEST) / math.log(self.longest / _SHORTEST)
        return max(0, min(int(share * cells), cells - 1))

    def axis(self, cells: int, words: Words) -> str:
        """The ticks, each where its time lies; one that would run into the one before is left out."""
        text = ""
        for tick in (*TICKS, *_FURTHER):
            place, label = self.cell(tick, cells), words.span(tick.total_seconds())
            if tick < self.longest and place >= width(text) + bool(text) and place + width(label) <= cells:
                text = fit(text, place) + label
        return fit(text, cells)


def spread(habit: Habit, scale: Scale, cells: int) -> Iterator[Piece]:
    """How the answers lie: each as a point where there are few, else their range, middle half and middle."""
    if not habit.lengths or cells < 1:
        yield Piece(" " * cells)
    elif habit.is_anecdote:
        yield from _points(habit.lengths, scale, cells)
    else:
        yield from _box(habit, scale, cells)


def _points(lengths: Sequence[timedelta], scale: Scale, cells: int) -> Iterator[Piece]:
    at = {scale.cell(length, cells) for length in lengths}
    yield Piece("".join(POINT if cell in at else " " for cell in range(cells)), "notice")


def _box(habit: Habit, scale: Scale, cells: int) -> Iterator[Piece]:
    first, last = scale.cell(habit.lengths[0], cells), scale.cell(habit.lengths[-1], cells)
    early = scale.cell(habit.early, cells) if habit.early else first
    late = scale.cell(habit.late, cells) if habit.late else cells - 1  # not known: longer than anything seen
    middle = scale.cell(habit.typical, cells) if habit.typical else -1
    for cell in range(cells):
        if cell == middle:
            yield Piece(MIDDLE, "strong")
        elif early <= cell <= late:
            yield Piece(FULL, "notice")
        elif first <= cell <= last:
            yield Piece(EMPTY, "faint")
        else:
            yield Piece(" ")


def bar(count: int, most: int, cells: int) -> str:
    """A bar as long as its share of the most; whatever is not nothing shows."""
    return FULL * max(count > 0, round(cells * count / most)) if most else ""
