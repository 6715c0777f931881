"""Draws weeks as a grid: a column a weekday, marks for what falls on each date; every line exactly as wide as asked."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from otosata.deals.agenda import Dated, DateKind
from tui.cells import fit, width
from tui.prose import fitted
from tui.rows import limit_tone
from tui.tones import Piece
from tui.words import Words

DAYS = 7
_SATURDAY = 5
SELECTED = "›"
LEAST_CELLS = 5
"""Of a day: a mark, two digits, and one wide character."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a grid shows."""

    first: dt.date
    """A Monday."""
    count: int
    """How many weeks."""
    dates: Mapping[dt.date, Sequence[Dated]]
    off: Callable[[dt.date], str]
    """`holiday`, `closed`, or empty for a working day."""
    today: dt.date
    selected: dt.date | None = None

    def weeks(self) -> Iterable[Sequence[dt.date]]:
        """The dates, week by week."""
        for week in range(self.count):
            start = self.first + dt.timedelta(days=DAYS * week)
            yield [start + dt.timedelta(days=day) for day in range(DAYS)]

    def at(self, x: int, y: int, cells: int) -> dt.date | None:
        """The date drawn at that place of a grid so many cells wide; None beside it."""
        day, week = x // _column(cells), (y - 1) // 2
        if y < 1 or not 0 <= day < DAYS or week >= self.count:
            return None
        return self.first + dt.timedelta(days=DAYS * week + day)


def monday(day: dt.date) -> dt.date:
    """The Monday of that week."""
    return day - dt.timedelta(days=day.weekday())


def grid(sheet: Sheet, cells: int, words: Words) -> list[tuple[Piece, ...]]:
    """The weekdays, then two lines a week: the dates, and what falls on them."""
    column = _column(cells)
    lines = [fitted([_weekday(day, column, words) for day in range(DAYS)], cells)]
    for week in sheet.weeks():
        lines.append(fitted([piece for day in week for piece in _date(day, sheet, column, words)], cells))
        lines.append(fitted([piece for day in week for piece in _marks(day, sheet, column, words)], cells))
    return lines


def legend(cells: int, words: Words) -> list[tuple[Piece, ...]]:
    """What the marks stand for, as many to a line as fit."""
    lines: list[list[Piece]] = [[]]
    used = 0
    for kind in DateKind:
        mark, name = f" {words(f'date_mark_{kind.value}')}", f" {words(f'date_{kind.value}')} "
        if used and used + width(mark + name) > cells:
            lines.append([])
            used = 0
        lines[-1] += [Piece(mark, "key"), Piece(name, "dim")]
        used += width(mark + name)
    return [fitted(row, cells) for row in lines]


def _column(cells: int) -> int:
    return max(cells // DAYS, LEAST_CELLS)


def _weekday(day: int, column: int, words: Words) -> Piece:
    return Piece(fit(f" {words.weekday(day)}", column), "dim")


def _date(day: dt.date, sheet: Sheet, column: int, words: Words) -> tuple[Piece, ...]:
    off = sheet.off(day)
    number = words.day(day) if day.day == 1 or day == sheet.first else ""
    if not number or width(number) >= column:
        number = str(day.day)
    mark = SELECTED if day == sheet.selected else " "
    tone = "heading" if day == sheet.today else "dim" if off or day.weekday() >= _SATURDAY else "strong"
    notes = [words(f"off_{off}")] if off else []
    notes += [words("today_mark")] if day == sheet.today else []
    text = f"{mark}{number}"
    for note in notes:
        gap = next((gap for gap in (" ", "") if width(text + gap + note) <= column), None)
        text += "" if gap is None else gap + note
    return (Piece(fit(text, column), tone),)


def _marks(day: dt.date, sheet: Sheet, column: int, words: Words) -> tuple[Piece, ...]:
    """As many kinds of dates as fit, the hardest first; what does not fit shows as an ellipsis."""
    found = sheet.dates.get(day, ())
    pieces = [Piece(" ")]
    for kind in DateKind:
        same = [dated for dated in found if dated.kind is kind]
        if same:
            count = str(len(same)) if len(same) > 1 else ""
            pieces.append(Piece(f"{words(f'date_mark_{kind.value}')}{count}", date_tone(same[0])))
    return (*fitted(pieces, column - 1), Piece(" "))


def date_tone(dated: Dated) -> str:
    """How loud a date is: a hard one by its nearness, a level by itself."""
    if dated.level is not None:
        return dated.level.word
    if dated.is_hard or dated.kind is DateKind.OWN_DATE:
        return limit_tone(dated.at, dated.reading)
    return "dim"
