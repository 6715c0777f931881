"""Puts a deal into the paragraphs of the detail pane: what to do, where it stands, what has happened."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from textual.content import Content

from otosata.deals.advice import Advice
from otosata.deals.clocks import Moment
from otosata.deals.event import Event, Ledger, Mark, MarkKind
from otosata.deals.platform import LimitRule, Source
from otosata.deals.reading import Reading
from tui.cells import fit, steady, width
from tui.rows import advice_texts, badges, limit_tone, stage_name
from tui.tones import GLYPHS, Piece, content
from tui.words import Words

_LABELS = ("level", "turn", "stage", "silence", "waiting", "unanswered", "limit", "deal_limit", "next")


def title(reading: Reading, words: Words) -> Content:
    """Client, title, what must be known before anything else, and how to name the deal to a command."""
    deal = reading.deal
    pieces: list[Piece | str] = [Piece(steady(deal.client) or words("no_client"), "strong"), "  "]
    for badge in badges(reading, words):
        pieces += [badge, " "]
    pieces += [steady(deal.title) or words("no_title"), "  ", Piece(steady(deal.id), "dim")]
    if deal.url:
        pieces += ["\n", Piece(steady(deal.url), "dim")]
    return content(*pieces)


def advice(reading: Reading, words: Words) -> Content:
    """What the rules allow now, each with the rule it rests on."""
    pieces: list[Piece | str] = [Piece(words("heading_advice"), "heading")]
    if not reading.advice:
        pieces += ["\n", Piece(words("no_advice"), "dim")]
    for given, text in zip(reading.advice, advice_texts(reading, words), strict=True):
        pieces += ["\n", Piece("▸ ", reading.level_word), text]
        pieces += [Piece(f"\n  {line}", "dim") for line in _source(given, words)]
    return content(*pieces)


def _source(given: Advice, words: Words) -> Iterator[str]:
    source = given.rule.source
    parts = [given.id, source.rule, words(f"confidence_{_confidence(source)}")]
    if source.checked:
        parts.append(words("checked", date=source.checked.isoformat()))
    yield "  ".join(steady(part) for part in parts if part)
    if source.says:
        yield steady(source.says.of(words.lang))
    if source.page:
        yield steady(source.page)


def _confidence(source: Source) -> str:
    known = {"official", "several", "one", "ours", "conflict"}
    return source.confidence if source.confidence in known else "unknown"


def facts(reading: Reading, words: Words) -> Content:
    """Level, turn, stage, both clocks and the hard dates."""
    label = max(width(words(f"label_{name}")) for name in _LABELS) + 2
    pieces: list[Piece | str] = [Piece(words("heading_facts"), "heading")]
    for name, value in _facts(reading, words):
        pieces += ["\n", Piece(fit(words(f"label_{name}"), label), "dim"), *value]
    return content(*pieces)


def _facts(reading: Reading, words: Words) -> Iterator[tuple[str, list[Piece | str]]]:
    yield "level", _level(reading, words)
    yield "turn", [words(f"whose_{reading.turn.value}")]
    yield "stage", [stage_name(reading, words)]
    message, now = reading.view.clocks.last_message, reading.now
    if message and reading.silence_seconds is not None:
        last = words("last_message", at=words.full(message.at, now))
        yield "silence", [words.long_span(reading.silence_seconds), Piece(f"  {last}", "dim")]
    if reading.waiting_since and reading.waiting_seconds is not None:
        since = words("since", at=words.full(reading.waiting_since, now))
        yield "waiting", [words.long_span(reading.waiting_seconds), Piece(f"  {since}", "dim")]
    yield "unanswered", [words("messages", n=reading.unanswered)]
    if reading.limit:
        yield "limit", _limit(reading.limit, _stage_rule(reading), reading, words)
    if reading.deal_limit:
        yield "deal_limit", _limit(reading.deal_limit, None, reading, words)
    if reading.next_level is not None and reading.next_level_at is not None:
        level = words(f"level_{reading.next_level.word}")
        yield "next", [Piece(level, reading.next_level.word), "  ", words.full(reading.next_level_at, now)]


def _level(reading: Reading, words: Words) -> list[Piece | str]:
    word = reading.level_word
    pieces: list[Piece | str] = [Piece(f"{GLYPHS[word]} {words(f'level_{word}')}", word)]
    if reading.unknown:
        pieces.append(Piece(f"  {words('last_known', level=words(f'level_{reading.level.word}'))}", "dim"))
    if reading.stale:
        pieces.append(Piece(f"  {words('lost')}", "dim"))
    if reading.snoozed_until:
        pieces.append(f"  {words('snoozed', until=words.full(reading.snoozed_until, reading.now))}")
    if reading.acknowledged:
        pieces.append(f"  {words('acknowledged')}")
    return pieces


def _stage_rule(reading: Reading) -> LimitRule | None:
    stage = reading.view.stage
    return reading.view.row.limit or (stage.limit if stage else None)


def _limit(limit: Moment, rule: LimitRule | None, reading: Reading, words: Words) -> list[Piece | str]:
    left = Piece(words.countdown(limit, reading.now), limit_tone(limit, reading))
    pieces: list[Piece | str] = [words.full(limit, reading.now), "  ", left]
    if rule and rule.outcome:
        pieces.append(Piece(f"  {words('outcome', text=steady(rule.outcome.of(words.lang)))}", "dim"))
    return pieces


def timeline(ledger: Ledger, words: Words, now: datetime) -> Content:
    """What has happened, the newest first: when, who, what, and where that is known from."""
    entries = ledger.until(now)
    pieces: list[Piece | str] = [Piece(words("heading_timeline"), "heading")]
    if not entries.events and not entries.marks:
        pieces += ["\n", Piece(words("no_events"), "dim")]
    actor = max(width(words(f"actor_{name}")) for name in ("client", "me", "platform"))
    shown = list(_newest_first(entries))
    when = max((width(words.full(entry.at, now)) for entry in shown), default=0)
    for entry in shown:
        pieces += ["\n", Piece(fit(words.full(entry.at, now), when), "dim"), "  "]
        pieces += _event(entry, words, now, actor) if isinstance(entry, Event) else _mark(entry, words, now, actor)
    return content(*pieces)


def _newest_first(ledger: Ledger) -> Iterable[Event | Mark]:
    """Events keep the ledger's order where they happened at the same time."""
    entries: list[Event | Mark] = [*ledger.events, *ledger.marks]
    entries.sort(key=lambda entry: entry.at)
    return reversed(entries)


def _event(event: Event, words: Words, now: datetime, actor: int) -> list[Piece | str]:
    who = Piece(fit(words(f"actor_{event.actor.value}"), actor), "strong" if event.actor.value == "client" else "dim")
    pieces: list[Piece | str] = [who, "  ", words(f"event_{event.kind}")]
    if event.date is not None:
        pieces.append(f" {words.full(event.date, now)}")
    if event.application_deadline is not None:
        pieces.append(f" {words('application_deadline', date=words.day(event.application_deadline))}")
    if event.finished:
        pieces.append(f" {words('finished')}")
    if event.inferred:
        pieces.append(Piece(f" {words('inferred')}", "warn"))
    if event.note:
        pieces.append(f" {steady(event.note)}")
    pieces.append(Piece(f"  {origin(event.key, words)}", "faint"))
    return pieces


def _mark(mark: Mark, words: Words, now: datetime, actor: int) -> list[Piece | str]:
    pieces: list[Piece | str] = [Piece(fit(words("actor_me"), actor), "dim"), "  ", words(f"mark_{mark.kind.value}")]
    if mark.kind is MarkKind.SNOOZE and mark.until:
        pieces.append(f" {words.full(mark.until, now)}")
    if mark.reason:
        pieces.append(f" {steady(mark.reason)}")
    pieces.append(Piece(f"  {origin(mark.key, words)}", "faint"))
    return pieces


def origin(key: str, words: Words) -> str:
    """Where an entry is known from: `mail:12` is a mail, `hand:7` was entered by hand."""
    kind, _, number = key.partition(":")
    return words(f"from_{kind}", n=steady(number)) if kind in {"mail", "hand"} else steady(key)
