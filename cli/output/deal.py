"""One deal in full, and why it reads as it does."""

from collections.abc import Iterator
from datetime import tzinfo

from cli.output.checklist import step_lines
from cli.output.readings import (
    advice_texts,
    event_line,
    level_text,
    marks_text,
    note_line,
    stage_text,
    waiting_text,
)
from cli.output.words import age, moment_text, names
from config.texts.catalogue import Catalogue
from otosata.deals.clocks import Moment
from otosata.deals.event import Event, Ledger, Mark, MarkKind
from otosata.deals.levels import ALWAYS
from otosata.deals.platform import Source
from otosata.deals.reading import Reading
from otosata.why import Cause, Ground, Why


def deal_lines(ledger: Ledger, reading: Reading, why: Why, words: Catalogue, zone: tzinfo) -> Iterator[str]:
    """Facts, advice, checklists, timeline (newest first)."""
    deal = reading.deal
    yield f"{deal.id} {names(deal.client, deal.title)}".rstrip()
    if deal.url:
        yield deal.url
    yield ""
    facts = [
        ("level", f"{level_text(reading, words)} {marks_text(reading, words)}".strip()),
        ("stage", stage_text(reading, words)),
        ("turn", waiting_text(reading, words)),
        ("silence", age(reading.silence_seconds)),
        ("unanswered", str(reading.unanswered)),
        ("limit", _limit(reading.limit, reading, words, zone)),
        ("deal_limit", _limit(reading.deal_limit, reading, words, zone)),
        ("next", _next(reading, words, zone)),
        ("snoozed_until", moment_text(reading.snoozed_until, words.lang, zone) if reading.snoozed_until else ""),
    ]
    for name, text in facts:
        if text:
            yield f"{words.t(f'columns.{name}')}: {text}"
    for text in advice_texts(reading, words, zone):
        yield f"→ {text}"
    yield from step_lines(why, words, zone)
    yield ""
    known = ledger.until(reading.now)
    notes = [mark for mark in known.marks if mark.kind is MarkKind.NOTE]
    entries: list[Event | Mark] = [*known.events, *notes]
    for entry in sorted(entries, key=lambda entry: entry.at)[::-1]:
        yield event_line(entry, words, zone) if isinstance(entry, Event) else note_line(entry, words, zone)


def _limit(limit: Moment | None, reading: Reading, words: Catalogue, zone: tzinfo) -> str:
    if limit is None:
        return ""
    text = moment_text(limit, words.lang, zone, reading.now)
    passed = limit is reading.limit and reading.limit_passed
    return words.t("deals.passed", date=text) if passed else text


def _next(reading: Reading, words: Catalogue, zone: tzinfo) -> str:
    if reading.next_level is None or reading.next_level_at is None:
        return ""
    return f"{words.t(f'levels.{reading.next_level.word}')} {moment_text(reading.next_level_at, words.lang, zone)}"


def why_lines(why: Why, words: Catalogue, zone: tzinfo) -> Iterator[str]:
    """Which mail or hand entry set each clock; the threshold; the rules behind the advice."""
    reading = why.reading
    yield f"{reading.deal.id}: {level_text(reading, words)} {marks_text(reading, words)}".rstrip()
    for cause in why.causes:
        yield ""
        yield f"{words.t(f'why.{cause.of}')}: {event_line(cause.event, words, zone)}"
        yield from (f"    {line}" for line in _origin(cause, words))
    if why.alarm is not None:
        spans = " + ".join(str(span) for span in why.alarm.threshold)
        key = "why.before_limit" if why.alarm.before_limit else "why.threshold"
        since = "" if why.alarm.at == ALWAYS else moment_text(why.alarm.at, words.lang, zone)
        yield ""
        yield words.t(key, level=words.t(f"levels.{why.alarm.level.word}"), spans=spans, since=since).rstrip()
        if why.stage_source is not None and why.alarm.origin == "stage":
            yield f"    {_source(why.stage_source, words)}"
    for ground, text in zip(why.grounds, advice_texts(reading, words, zone), strict=True):
        yield ""
        yield f"→ {text} ({ground.rule.id})"
        yield from _ground(ground, words)
    yield from step_lines(why, words, zone)


def _origin(cause: Cause, words: Catalogue) -> Iterator[str]:
    origin = cause.origin
    if origin is None:
        yield words.t("why.no_origin")
        return
    if origin.mail is not None:
        mail, notice = origin.mail, origin.mail.notice
        yield words.t("why.mail", id=mail.id, account=mail.account, folder=mail.folder, subject=mail.subject)
        yield words.t(
            "why.rule",
            rule=notice.rule if notice and notice.rule else "-",
            evidence=words.t(f"evidence.{cause.event.evidence.value}"),
            sender=mail.sender or "-",
            verdict=words.t(f"verdicts.{mail.verdict.value}") if mail.verdict else "-",
            reason=mail.reason,
        )
    if origin.act is not None:
        yield words.t("why.hand", what=origin.act.what, id=origin.act.id)


def _ground(ground: Ground, words: Catalogue) -> Iterator[str]:
    conditions = ", ".join(f"{part.name}={part.wanted}" for part in ground.checks)
    if conditions:
        yield f"    {words.t('why.conditions', conditions=conditions)}"
    yield f"    {_source(ground.rule.source, words)}"


def _source(source: Source, words: Catalogue) -> str:
    checked = source.checked.isoformat() if source.checked else "–"
    return words.t(
        "why.source", rule=source.rule or "–", page=source.page or "–", confidence=source.confidence, checked=checked
    )
