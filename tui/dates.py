"""Puts the dates ahead of the deals into an agenda: a heading a day, a line a date."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from otosata.deals.agenda import Dated, DateKind
from tui.cells import fit, steady, width
from tui.tones import GLYPHS, Piece
from tui.weeks import date_tone
from tui.widgets.pick_list import Entry
from tui.words import Words

_GAP = "  "
_CLIENT = 16
_WIDE = 50
"""From here on there is room for what happens then."""


def by_day(dates: Sequence[Dated], words: Words) -> Mapping[dt.date, Sequence[Dated]]:
    """The dates by the day they fall on in the zone of the screen."""
    found: dict[dt.date, list[Dated]] = {}
    for dated in dates:
        found.setdefault(dated.day(words.zone), []).append(dated)
    return found


def key_of(dated: Dated) -> str:
    """What the cursor keeps to: `lancers-3 limit`."""
    return f"{dated.reading.deal.id} {dated.kind.value}"


def deal_of(key: str) -> str:
    """The deal of a line."""
    return key.partition(" ")[0]


def entries(dates: Sequence[Dated], today: dt.date, names: Mapping[dt.date, str], words: Words) -> Iterator[Entry]:
    """The agenda: first the limits that have passed, then day by day. `names`: what a day off is called."""
    passed = [dated for dated in dates if dated.has_passed]
    if passed:
        yield _heading((Piece(words("agenda_passed"), "critical"),))
        yield from (_line(dated, words, dated_at=True) for dated in passed)
    coming = [dated for dated in dates if not dated.has_passed]
    for day, same in groupby(coming, key=lambda dated: dated.day(words.zone)):
        yield _heading(tuple(_day(day, today, names.get(day, ""), words)))
        yield from (_line(dated, words) for dated in same)


def _heading(pieces: tuple[Piece, ...]) -> Entry:
    return Entry("", lambda _: pieces)


def _day(day: dt.date, today: dt.date, name: str, words: Words) -> Iterator[Piece]:
    yield Piece(words.full_day(day, today), "heading")
    days = (day - today).days
    yield Piece(_GAP + (words("agenda_in", n=days) if days > 1 else words(f"agenda_day_{days}")), "dim")
    if name:
        yield Piece(_GAP + steady(name), "dim")


def _line(dated: Dated, words: Words, *, dated_at: bool = False) -> Entry:
    return Entry(key_of(dated), lambda cells: tuple(_pieces(dated, cells, words, dated_at=dated_at)))


def _pieces(dated: Dated, cells: int, words: Words, *, dated_at: bool) -> Iterator[Piece]:
    reading, tone = dated.reading, date_tone(dated)
    word = reading.level_word
    yield Piece(f"{GLYPHS[word]} ", word)
    at = words.day(dated.at) if dated_at else words.clock(dated.at) if isinstance(dated.at, dt.datetime) else ""
    yield Piece(fit(at, _cells(words)) + " ", "dim")
    longest = max(width(words(f"date_{kind.value}")) for kind in DateKind)
    yield Piece(fit(_name(dated, words), longest) + _GAP, tone)
    client = steady(reading.deal.client) or words("no_client")
    yield Piece(fit(client, min(_CLIENT, max(cells // 4, 6))) + _GAP, "strong")
    yield Piece(steady(reading.deal.title) or words("no_title"))
    if cells >= _WIDE and (then := _then(dated, words)):
        yield Piece(_GAP + then, "dim")


def _cells(words: Words) -> int:
    """Of `10/21`, `21 Oct` and `09:00`."""
    return 6 if words.lang == "en" else 5


def _name(dated: Dated, words: Words) -> str:
    if dated.level is not None:
        return words("date_to", level=words(f"levels.{dated.level.word}"))
    return words(f"date_{dated.kind.value}")


def _then(dated: Dated, words: Words) -> str:
    return words("date_then", text=steady(dated.outcome.of(words.lang))) if dated.outcome else ""
