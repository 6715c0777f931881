"""Turns a reading into the cells of its row: pieces of text, each with a tone."""

from collections.abc import Iterable

from otosata.deals.clocks import Moment
from otosata.deals.limits import passed_at
from otosata.deals.reading import Reading
from tui.cells import fit, steady, width
from tui.columns import GAP, Column, Slot
from tui.tones import GLYPHS, Piece
from tui.words import Words

BAR_CELLS = 6
FULL, EMPTY = "▰", "▱"
"""Not the block elements: fonts for Japanese draw those two cells wide."""
NEAR_SECONDS = 3 * 86400
"""A limit nearer than this stands out."""
FAR_DAYS = 99
"""A limit further away than this needs its year more than a countdown."""
_TURNS = ("client", "me", "platform", "none")


def columns(words: Words) -> tuple[Column, ...]:
    """The columns of the list; as wide as the words of the language need."""
    level = 2 + max(width(words(f"levels.{word}")) for word in GLYPHS)
    turn = max(width(words(f"turn_{word}")) for word in _TURNS)
    silence = max(width(text) for text in (words("days", n=999), words("hours", n=23), words("column_silence")))
    limit = _date_cells(words) + 1 + max(width(text) for text in _countdowns(words))
    return (
        Column("level", level, level, keep=0),
        Column("silence", silence, silence, keep=0, right=True),
        Column("bar", BAR_CELLS, BAR_CELLS, keep=4),
        Column("turn", turn, turn, keep=2),
        Column("platform", 10, 10, keep=7),
        Column("client", 6, 18, keep=0, good=14),
        Column("title", 14, 34, keep=3, good=16),
        Column("stage", 10, 12, keep=6),
        Column("limit", limit, limit, keep=1),
        Column("advice", 16, 80, keep=5),
    )


def _date_cells(words: Words) -> int:
    return 6 if words.lang == "en" else 5


def _countdowns(words: Words) -> tuple[str, ...]:
    """The longest of each kind."""
    longest = (words("days", n=FAR_DAYS), words("hours", n=23), words("minutes", n=59))
    return (words("limit_passed"), words("today"), *(words("short_left", span=span) for span in longest))


def headings(places: Iterable[Slot], words: Words) -> str:
    """The line above the list."""
    gap = " " * GAP
    return gap.join(
        fit(words(f"column_{place.column.name}"), place.cells, right=place.column.right) for place in places
    )


def row(reading: Reading, places: Iterable[Slot], words: Words) -> tuple[Piece, ...]:
    """The pieces of a row, together exactly as wide as the places with their gaps."""
    found: list[Piece] = []
    for place in places:
        if found:
            found.append(Piece(" " * GAP))
        pieces = _CELLS[place.column.name](reading, words)
        found.extend(_fitted(pieces, place.cells, right=place.column.right))
    dim = reading.is_over or reading.is_quiet or reading.stale
    return tuple(Piece(piece.text, "dim") for piece in found) if dim else tuple(found)


def _fitted(pieces: tuple[Piece, ...], cells: int, *, right: bool) -> Iterable[Piece]:
    if right:
        text = "".join(piece.text for piece in pieces)
        yield Piece(fit(text, cells, right=True), pieces[-1].tone if pieces else "")
        return
    left = cells
    for place, piece in enumerate(pieces):
        last = place == len(pieces) - 1
        text = fit(piece.text, left if last else min(width(piece.text), left))
        left -= width(text)
        yield Piece(text, piece.tone)
    if left:
        yield Piece(" " * left)


def _level(reading: Reading, words: Words) -> tuple[Piece, ...]:
    word = reading.level_word
    return (Piece(f"{GLYPHS[word]} {words(f'levels.{word}')}", word),)


def _silence(reading: Reading, words: Words) -> tuple[Piece, ...]:
    seconds = reading.silence_seconds
    return (Piece("-", "dim"),) if seconds is None else (Piece(words.span(seconds)),)


def _bar(reading: Reading, words: Words) -> tuple[Piece, ...]:
    if reading.ratio is None:
        return ()
    filled = max(0, min(BAR_CELLS, int(reading.ratio * BAR_CELLS)))
    return (Piece(FULL * filled, reading.level_word), Piece(EMPTY * (BAR_CELLS - filled), "faint"))


def _turn(reading: Reading, words: Words) -> tuple[Piece, ...]:
    return (Piece(words(f"turn_{reading.turn.value}"), "mine" if reading.turn.value == "me" else "dim"),)


def _platform(reading: Reading, words: Words) -> tuple[Piece, ...]:
    return (Piece(steady(reading.deal.platform), "dim"),)


def _client(reading: Reading, words: Words) -> tuple[Piece, ...]:
    return (Piece(steady(reading.deal.client) or words("no_client"), "strong"),)


def badges(reading: Reading, words: Words) -> tuple[Piece, ...]:
    """What must be known before the title is read: that it is a guess, that nothing is in escrow."""
    found = []
    if reading.unfunded and not reading.is_over:
        found.append(Piece(words("unfunded"), "badge"))
    if reading.inferred:
        found.append(Piece(words("inferred"), "dim"))
    return tuple(found)


def _title(reading: Reading, words: Words) -> tuple[Piece, ...]:
    marks = [piece for badge in badges(reading, words) for piece in (badge, Piece(" "))]
    return (*marks, Piece(steady(reading.deal.title) or words("no_title")))


def stage_name(reading: Reading, words: Words) -> str:
    """Where the deal stands, in the platform's words."""
    if reading.closed_by_hand:
        return words("closed_by_hand")
    stage = reading.view.stage
    return steady(stage.name.of(words.lang)) if stage else "-"


def _stage(reading: Reading, words: Words) -> tuple[Piece, ...]:
    return (Piece(stage_name(reading, words)),)


def next_limit(reading: Reading) -> Moment | None:
    """Of the stage's and the deal's limit the one that is nearer to now, whichever side it lies on."""
    known = [limit for limit in (reading.limit, reading.deal_limit) if limit is not None]
    return min(known, key=lambda limit: abs(passed_at(limit) - reading.now), default=None)


def limit_tone(limit: Moment, reading: Reading) -> str:
    """How loud a hard date is shown."""
    left = (passed_at(limit) - reading.now).total_seconds()
    return "critical" if left <= 0 else "warn" if left <= NEAR_SECONDS else "dim"


def _limit(reading: Reading, words: Words) -> tuple[Piece, ...]:
    limit = next_limit(reading)
    if limit is None or reading.is_over:
        return ()
    tone = limit_tone(limit, reading)
    if abs(passed_at(limit) - reading.now).days > FAR_DAYS:
        return (Piece(words.day(limit, year=True), tone),)
    date = fit(words.day(limit), _date_cells(words), right=True)
    return (Piece(f"{date} {words.countdown(limit, reading.now, short=True)}", tone),)


def _advice(reading: Reading, words: Words) -> tuple[Piece, ...]:
    if reading.is_over:
        return ()
    if reading.snoozed_until is not None:
        return (Piece(words("snoozed", until=words.day(reading.snoozed_until))),)
    if reading.acknowledged:
        return (Piece(words("acknowledged")),)
    if not reading.advice:
        return ()
    return (Piece(_first_sentence(advice_texts(reading, words)[0])),)


def advice_texts(reading: Reading, words: Words) -> tuple[str, ...]:
    """Every advice as a sentence."""
    return tuple(
        steady(advice.text(words.lang, words.full(advice.due, reading.now) if advice.due else "?"))
        for advice in reading.advice
    )


def _first_sentence(text: str) -> str:
    for end in ("。", ". ", "：", ": "):
        text = text.partition(end)[0]
    return text.rstrip(".")


_CELLS = {
    "level": _level,
    "silence": _silence,
    "bar": _bar,
    "turn": _turn,
    "platform": _platform,
    "client": _client,
    "title": _title,
    "stage": _stage,
    "limit": _limit,
    "advice": _advice,
}
