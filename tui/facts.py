"""Puts a deal into the paragraphs of the detail pane: what to do, where it stands, what has happened."""

from collections.abc import Iterator
from datetime import datetime

from otosata.deals.advice import Advice
from otosata.deals.clocks import Moment
from otosata.deals.event import Event, Ledger, Mark, MarkKind
from otosata.deals.platform import LimitRule, Source
from otosata.deals.reading import Reading
from tui.cells import fit, steady, width
from tui.prose import Line, line
from tui.rows import advice_texts, badges, limit_tone, stage_name
from tui.tones import GLYPHS, Piece
from tui.words import Words

_LABELS = ("level", "turn", "stage", "silence", "waiting", "unanswered", "limit", "deal_limit", "next")
_ACTORS = ("client", "me", "platform")
_CONFIDENCE = frozenset({"official", "several", "one", "ours", "conflict"})
_GAP = "  "


def heading(name: str, words: Words) -> Line:
    """The first line of a paragraph."""
    return line(Piece(words(f"heading_{name}"), "heading"))


def title(reading: Reading, words: Words) -> tuple[Line, ...]:
    """Client, title, what must be known before anything else, and how to name the deal to a command."""
    deal = reading.deal
    marks = [piece for badge in badges(reading, words) for piece in (badge, Piece(" "))]
    client = Piece(steady(deal.client) or words("no_client"), "strong")
    names: list[Piece | str] = [
        client,
        _GAP,
        *marks,
        steady(deal.title) or words("no_title"),
        _GAP,
        Piece(steady(deal.id), "dim"),
    ]
    return (line(*names), line(Piece(steady(deal.url), "dim"))) if deal.url else (line(*names),)


def advice(reading: Reading, words: Words) -> tuple[Line, ...]:
    """What the rules allow now, each with the rule it rests on."""
    lines = [heading("advice", words)]
    if not reading.advice:
        lines.append(line(Piece(words("no_advice"), "dim")))
    for given, text in zip(reading.advice, advice_texts(reading, words), strict=True):
        lines.append(line(Piece("▸ ", reading.level_word), text, hang=2))
        lines += [line("  ", Piece(part, "dim"), hang=2) for part in _source(given, words)]
    return tuple(lines)


def _source(given: Advice, words: Words) -> Iterator[str]:
    source = given.rule.source
    if source.says:
        yield steady(source.says.of(words.lang))
    parts = [given.id, source.rule, words(f"confidence_{_confidence(source)}")]
    if source.checked:
        parts.append(words("checked", date=source.checked.isoformat()))
    yield _GAP.join(steady(part) for part in parts if part)
    if source.page:
        yield steady(source.page)


def _confidence(source: Source) -> str:
    return source.confidence if source.confidence in _CONFIDENCE else "unknown"


def facts(reading: Reading, words: Words) -> tuple[Line, ...]:
    """Level, turn, stage, both clocks and the hard dates."""
    label = max(width(words(f"label_{name}")) for name in _LABELS) + len(_GAP)
    found = (
        line(Piece(fit(words(f"label_{name}"), label), "dim"), *value, hang=label)
        for name, value in _facts(reading, words)
    )
    return (heading("facts", words), *found)


def _facts(reading: Reading, words: Words) -> Iterator[tuple[str, list[Piece | str]]]:
    yield "level", _level(reading, words)
    yield "turn", [words(f"turns.{reading.turn.value}")]
    yield "stage", [stage_name(reading, words)]
    message, now = reading.view.clocks.last_message, reading.now
    if message and reading.silence_seconds is not None:
        last = words("last_message", at=words.full(message.at, now))
        yield "silence", [words.long_span(reading.silence_seconds), _GAP, Piece(last, "dim")]
    if reading.waiting_since and reading.waiting_seconds is not None:
        since = words("since", at=words.full(reading.waiting_since, now))
        yield "waiting", [words.long_span(reading.waiting_seconds), _GAP, Piece(since, "dim")]
    yield "unanswered", [words("messages", n=reading.unanswered)]
    if reading.limit:
        yield "limit", _limit(reading.limit, _stage_rule(reading), reading, words)
    if reading.deal_limit:
        yield "deal_limit", _limit(reading.deal_limit, None, reading, words)
    if reading.next_level is not None and reading.next_level_at is not None:
        level = reading.next_level.word
        yield "next", [Piece(words(f"levels.{level}"), level), _GAP, words.full(reading.next_level_at, now)]


def _level(reading: Reading, words: Words) -> list[Piece | str]:
    word = reading.level_word
    pieces: list[Piece | str] = [Piece(f"{GLYPHS[word]} {words(f'levels.{word}')}", word)]
    if reading.unknown:
        pieces += [_GAP, Piece(words("last_known", level=words(f"levels.{reading.level.word}")), "dim")]
    if reading.stale:
        pieces += [_GAP, Piece(words("lost"), "dim")]
    if reading.snoozed_until:
        pieces += [_GAP, words("snoozed", until=words.full(reading.snoozed_until, reading.now))]
    if reading.acknowledged:
        pieces += [_GAP, words("acknowledged")]
    return pieces


def _stage_rule(reading: Reading) -> LimitRule | None:
    stage = reading.view.stage
    return reading.view.row.limit or (stage.limit if stage else None)


def _limit(limit: Moment, rule: LimitRule | None, reading: Reading, words: Words) -> list[Piece | str]:
    left = Piece(words.countdown(limit, reading.now), limit_tone(limit, reading))
    pieces: list[Piece | str] = [words.full(limit, reading.now), _GAP, left]
    if rule and rule.outcome:
        pieces += [_GAP, Piece(words("outcome", text=steady(rule.outcome.of(words.lang))), "dim")]
    return pieces


def timeline(ledger: Ledger, words: Words, now: datetime) -> tuple[Line, ...]:
    """What has happened, the newest first: when, who, what, and where that is known from."""
    entries = _newest_first(ledger.until(now))
    if not entries:
        return (heading("timeline", words), line(Piece(words("no_events"), "dim")))
    when = max(width(words.full(entry.at, now)) for entry in entries)
    who = max(width(words(f"actors.{name}")) for name in _ACTORS)
    lines = [heading("timeline", words)]
    for entry in entries:
        actor = entry.actor.value if isinstance(entry, Event) else "me"
        at = Piece(fit(words.full(entry.at, now), when), "dim")
        by = Piece(fit(words(f"actors.{actor}"), who), "strong" if actor == "client" else "dim")
        what = _event(entry, words, now) if isinstance(entry, Event) else _mark(entry, words, now)
        known = Piece(origin(entry.key, words), "faint")
        lines.append(line(at, _GAP, by, _GAP, *what, _GAP, known, hang=when + who + 2 * len(_GAP)))
    return tuple(lines)


def _newest_first(ledger: Ledger) -> list[Event | Mark]:
    """Events keep the ledger's order where they happened at the same time."""
    entries: list[Event | Mark] = [*ledger.events, *ledger.marks]
    entries.sort(key=lambda entry: entry.at)
    return entries[::-1]


def _event(event: Event, words: Words, now: datetime) -> Iterator[Piece | str]:
    yield words(f"events.{event.kind}")
    if event.date is not None:
        yield f" {words.full(event.date, now)}"
    if event.application_deadline is not None:
        yield f" {words('application_deadline', date=words.day(event.application_deadline))}"
    if event.finished:
        yield f" {words('finished')}"
    if event.inferred:
        yield Piece(f" {words('inferred')}", "warn")
    if event.note:
        yield f" {steady(event.note)}"


def _mark(mark: Mark, words: Words, now: datetime) -> Iterator[Piece | str]:
    yield words(f"mark_{mark.kind.value}")
    if mark.kind is MarkKind.SNOOZE and mark.until:
        yield f" {words.full(mark.until, now)}"
    if mark.reason:
        yield f" {steady(mark.reason)}"


def origin(key: str, words: Words) -> str:
    """Where an entry is known from: `mail:12` is a mail, `hand:7` was entered by hand."""
    kind, _, number = key.partition(":")
    return words(f"from_{kind}", n=steady(number)) if kind in {"mail", "hand"} else steady(key)
