"""Draws the clocks over time in cells: when each runs, where its thresholds lie, and the hard dates ahead.

One row a clock, on one axis. A cell that time has filled is `▰`, one still to come `▱`; the mark of a level or a limit
takes the cell's place, so that its shape tells it, not its colour. None of these is of ambiguous width (UAX #11).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from otosata.deals.event import Ledger
from otosata.deals.levels import ALWAYS, Alarm
from otosata.deals.limits import passed_at
from otosata.deals.reading import Reading
from otosata.deals.vocabulary import Level, Role
from tui.cells import fit, width
from tui.prose import fitted
from tui.rows import limit_tone
from tui.tones import GLYPHS, Piece
from tui.words import Words

PAST, COMING = "▰", "▱"
LIMIT = "⚑"
NOW = "▾"
WROTE = "*"
BEYOND = "»"
_LEAST = timedelta(days=3)
"""The axis shows at least so much."""
_GAP = 1
_HEARD = frozenset({Role.TEXT, Role.ACT, Role.ACTION})
"""What one side hears of the other."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at an instant."""

    at: datetime
    glyph: str
    tone: str
    says: str = ""
    """For the legend: what it is, and when; empty for what stands in no legend."""
    when: str = ""
    weight: int = 0
    """Of two in one cell the heavier shows."""


@dataclass(frozen=True, slots=True)
class Track:
    """One row: a clock, or the messages of one side."""

    label: str
    begin: datetime | None = None
    """From when the clock runs; None for a row of marks alone."""
    marks: tuple[Mark, ...] = ()
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """Rows on one axis of time."""

    tracks: tuple[Track, ...]
    start: datetime
    end: datetime
    now: datetime


def plot_of(reading: Reading, ledger: Ledger, words: Words) -> Plot | None:
    """The clocks of a deal with who wrote when; None while nothing runs."""
    clocks, now = reading.view.clocks, reading.now
    begins = [at for at in (clocks.silence_from, clocks.waiting_from) if at is not None]
    if not begins or reading.is_over:
        return None
    start = min(begins)
    horizon = max(now + (now - start), now + _LEAST)
    tracks = tuple(_tracks(reading, ledger, words))
    ahead = [mark.at for track in tracks for mark in track.marks if mark.at <= horizon]
    end = max([now, start + _LEAST, *ahead]) + (horizon - now) / 20
    return Plot(tracks, start, end, now)


def _tracks(reading: Reading, ledger: Ledger, words: Words) -> Iterator[Track]:
    clocks, view = reading.view.clocks, reading.view
    known = ledger.until(reading.now).events
    start = min(at for at in (clocks.silence_from, clocks.waiting_from) if at is not None)
    for actor in ("client", "me"):
        wrote = [event for event in known if event.actor == actor and event.at >= start and event.role in _HEARD]
        marks = tuple(Mark(event.at, WROTE, "strong" if actor == "client" else "") for event in wrote)
        yield Track(words(f"actors.{actor}"), None, marks)
    alarms = [alarm for alarm in view.stage_alarms if alarm.at != ALWAYS]
    of_silence = [alarm for alarm in alarms if _is_of_silence(alarm) and not alarm.before_limit]
    of_waiting = [alarm for alarm in alarms if not _is_of_silence(alarm) and not alarm.before_limit]
    tone = reading.level_word
    if clocks.silence_from is not None:
        yield Track(words("label_silence"), clocks.silence_from, tuple(_marks(of_silence, reading.now, words)), tone)
    if clocks.waiting_from is not None:
        yield Track(words("label_waiting"), clocks.waiting_from, tuple(_marks(of_waiting, reading.now, words)), tone)
    limits = tuple(_limits(reading, alarms, words))
    if limits:
        yield Track(words("label_limit"), None, limits)


def _is_of_silence(alarm: Alarm) -> bool:
    return bool(alarm.threshold) and all(span.clock == "silence" for span in alarm.threshold)


def _marks(alarms: Iterable[Alarm], now: datetime, words: Words) -> Iterator[Mark]:
    for alarm in sorted(alarms, key=lambda alarm: alarm.level):
        level = alarm.level.word
        at = words.full(alarm.at, now)
        yield Mark(alarm.at, GLYPHS[level], level, words(f"levels.{level}"), at, int(alarm.level))


def _limits(reading: Reading, alarms: Sequence[Alarm], words: Words) -> Iterator[Mark]:
    counted_back = [alarm for alarm in (*alarms, *reading.view.deal_alarms) if alarm.before_limit]
    yield from _marks(counted_back, reading.now, words)
    for limit, label in ((reading.limit, "label_limit"), (reading.deal_limit, "label_deal_limit")):
        if limit is not None:
            at = words.full(limit, reading.now)
            yield Mark(passed_at(limit), LIMIT, limit_tone(limit, reading), words(label), at, Level.CRITICAL + 1)


# ---------------------------------------------------------------------------------------------- drawing


def drawn(plot: Plot, cells: int, words: Words) -> list[tuple[Piece, ...]]:
    """The rows, each at most so many cells wide, with the axis above and a legend below."""
    label = max(width(track.label) for track in plot.tracks)
    room = max(cells - label - _GAP, 4)
    rows = [_axis(plot, label, room, words)]
    rows += [(Piece(fit(track.label, label) + " " * _GAP, "dim"), *_row(track, plot, room)) for track in plot.tracks]
    return rows


def _cell(at: datetime, plot: Plot, room: int) -> int:
    """The cell of an instant; may lie outside the row."""
    return int((at - plot.start) / (plot.end - plot.start) * room)


def _axis(plot: Plot, label: int, room: int, words: Words) -> tuple[Piece, ...]:
    """The first day, and now; the tip of its mark stands above the border between past and future."""
    place = max(min(_cell(plot.now, plot, room), room - 1), 0)
    now = f"{NOW}{words('now')}" if place + 1 + width(words("now")) <= room else f"{words('now')}{NOW}"
    if not now.startswith(NOW):
        place = max(place + 1 - width(now), 0)
    first = words.day(plot.start)
    if width(first) >= place:
        first = ""
    gap = " " * (place - width(first))
    return (Piece(" " * (label + _GAP)), Piece(first, "dim"), Piece(gap), Piece(fit(now, min(width(now), room)), "key"))


def _row(track: Track, plot: Plot, room: int) -> tuple[Piece, ...]:
    pieces = [_ground(track, plot, place, room) for place in range(room)]
    for mark in sorted(track.marks, key=lambda mark: mark.weight):
        place = _cell(mark.at, plot, room)
        if 0 <= place < room:
            pieces[place] = Piece(mark.glyph, mark.tone)
        elif place >= room and mark.glyph != WROTE:
            pieces[room - 1] = Piece(BEYOND, mark.tone)
    return _joined(pieces)


def _ground(track: Track, plot: Plot, place: int, room: int) -> Piece:
    if track.begin is None:
        return Piece(" ")
    begin, now = _cell(track.begin, plot, room), _cell(plot.now, plot, room)
    if place < begin:
        return Piece(" ")
    return Piece(PAST, track.tone) if place < max(now, begin + 1) else Piece(COMING, "faint")


def _joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    found: list[Piece] = []
    for piece in pieces:
        if found and found[-1].tone == piece.tone:
            found[-1] = Piece(found[-1].text + piece.text, piece.tone)
        else:
            found.append(piece)
    return tuple(found)


def legend(plot: Plot, cells: int) -> list[tuple[Piece, ...]]:
    """Every mark with its date, the earliest first: what the cells show only roughly, and the limits beyond them."""
    marks = [mark for track in plot.tracks for mark in track.marks if mark.says]
    shown = [mark for mark in marks if mark.at <= plot.end or mark.glyph == LIMIT]
    said = dict.fromkeys(
        (mark.glyph, mark.tone, mark.says, mark.when) for mark in sorted(shown, key=lambda mark: mark.at)
    )
    rows: list[tuple[Piece, ...]] = []
    for glyph, tone, says, when in said:
        item = (Piece(f"{glyph} {says} ", tone), Piece(when, "dim"))
        before = (*rows[-1], Piece("   ")) if rows else ()
        if rows and _size(before) + _size(item) <= cells:
            rows[-1] = (*before, *item)
        else:
            rows.append(fitted(item, min(cells, _size(item))))
    return rows


def _size(pieces: Sequence[Piece]) -> int:
    return sum(width(piece.text) for piece in pieces)
