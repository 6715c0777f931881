"""Turns a reading into the cells of its row: pieces of text, each with a tone."""

from collections.abc import Iterable

from otosata.deals.clocks import Moment
from otosata.deals.limits import passed_at
from otosata.deals.reading import Reading
from tui.cells import fit, steady, width
from tui.columns import BAR_MOST, FAR_DAYS, GAP, Slot, date_cells
from tui.tones import GLYPHS, Piece
from tui.words import Words

FULL, EMPTY = "▰", "▱"
"""Not the block elements: fonts for Japanese draw those two cells wide."""
NEAR_SECONDS = 3 * 86400
"""A limit nearer than this stands out."""


def row(reading: Reading, slots: Iterable[Slot], words: Words) -> tuple[Piece, ...]:
    """The pieces of a row, together exactly as wide as the slots with their gaps."""
    found: list[Piece] = []
    for slot in slots:
        if found:
            found.append(Piece(" " * GAP))
        name = slot.column.name
        pieces = bar(reading, slot.cells) if name == "bar" else _CELLS[name](reading, words)
        found.extend(_fitted(pieces, slot.cells, right=slot.column.right))
    dim = reading.is_over or reading.is_quiet or reading.stale
    return tuple(Piece(piece.text, "dim") for piece in found) if dim else tuple(found)


def cells(reading: Reading, words: Words) -> dict[str, tuple[Piece, ...]]:
    """The pieces of every cell by column, as wide as they like; the bar as wide as it may be."""
    return {"bar": bar(reading, BAR_MOST), **{name: cell(reading, words) for name, cell in _CELLS.items()}}


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


def bar(reading: Reading, cells: int) -> tuple[Piece, ...]:
    """How far the deal has got towards its loudest level; the glyph of the next level stands where that begins."""
    if reading.ratio is None:
        return ()
    filled = max(0, min(cells, int(reading.ratio * cells)))
    full, rest = Piece(FULL * filled, reading.level_word), cells - filled
    ahead = next_level_ahead(reading)
    if ahead is None or reading.next_level is None or not rest:
        return (full, Piece(EMPTY * rest, "faint"))
    before = min(int(ahead * rest), rest - 1)
    mark = Piece(GLYPHS[reading.next_level.word], reading.next_level.word)
    return (full, Piece(EMPTY * before, "faint"), mark, Piece(EMPTY * (rest - before - 1), "faint"))


def next_level_ahead(reading: Reading) -> float | None:
    """Where on the way from now to the loudest level the next level begins, 0 to 1; None where it is not ahead."""
    following = reading.next_level_at
    loudest = max(reading.view.stage_alarms, key=lambda alarm: alarm.level, default=None)
    if reading.unknown or following is None or loudest is None or loudest.at <= reading.now:
        return None
    ahead = (following - reading.now) / (loudest.at - reading.now)
    return ahead if 0 <= ahead < 1 else None


def _turn(reading: Reading, words: Words) -> tuple[Piece, ...]:
    return (Piece(words(f"turn_{reading.turn.value}"), "mine" if reading.turn.value == "me" else "dim"),)


def _platform(reading: Reading, words: Words) -> tuple[Piece, ...]:
    return (Piece(steady(reading.deal.platform), "dim"),)


def _client(reading: Reading, words: Words) -> tuple[Piece, ...]:
    return (Piece(steady(reading.deal.client) or words("no_client"), "strong"),)


def badges(reading: Reading, words: Words) -> tuple[Piece, ...]:
    """What must be known before the title is read: a guess, nothing in escrow, mail about it perhaps not understood."""
    found = []
    if reading.unfunded and not reading.is_over:
        found.append(Piece(words("unfunded"), "badge"))
    if reading.inferred:
        found.append(Piece(words("inferred"), "dim"))
    if reading.affected:
        found.append(Piece(words("affected"), "warn"))
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
    date = fit(words.day(limit), date_cells(words), right=True)
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
    "turn": _turn,
    "platform": _platform,
    "client": _client,
    "title": _title,
    "stage": _stage,
    "limit": _limit,
    "advice": _advice,
}
