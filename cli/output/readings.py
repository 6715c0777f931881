"""Deals as lines: the table of a terminal, the lines of a report, the whole of one deal."""

from collections.abc import Sequence
from datetime import tzinfo

from cli.output.words import age, moment_text, names, stamp
from config.texts.catalogue import Catalogue
from otosata.deals.event import Event, Mark
from otosata.deals.reading import Reading

_ADVICE_AT_LEAST = 40
_COLOURS = {"critical": "31;1", "warn": "33", "notice": "36", "ok": "32", "unknown": "35;1"}


def level_text(reading: Reading, words: Catalogue) -> str:
    """The level as a word; with what it was when the mail could last be read."""
    if reading.unknown:
        return f"{words.t('levels.unknown')} ({words.t(f'levels.{reading.level.word}')})"
    return words.t(f"levels.{reading.level.word}")


def stage_text(reading: Reading, words: Catalogue) -> str:
    """The stage's name; `-` while there is none."""
    if reading.closed_by_hand:
        return words.t("deals.closed")
    stage = reading.view.stage
    return stage.name.of(words.lang) if stage else "-"


def waiting_text(reading: Reading, words: Catalogue) -> str:
    """Whose turn it is, since how long."""
    turn = words.t(f"turns.{reading.turn.value}")
    return turn if reading.waiting_seconds is None else f"{turn} {age(reading.waiting_seconds)}"


def advice_texts(reading: Reading, words: Catalogue, zone: tzinfo) -> list[str]:
    """Each advice in one sentence."""
    return [
        advice.text(words.lang, moment_text(advice.due, words.lang, zone, reading.now)) for advice in reading.advice
    ]


def marks_text(reading: Reading, words: Catalogue) -> str:
    """What else must be seen beside the level: guesses, missing escrow, snoozed, acknowledged."""
    marks = [
        words.t("marks.inferred") if reading.inferred else "",
        words.t("marks.unfunded") if reading.unfunded else "",
        words.t("marks.snoozed") if reading.snoozed_until else "",
        words.t("marks.acknowledged") if reading.acknowledged else "",
        words.t("marks.stale") if reading.stale else "",
        words.t("marks.affected") if reading.affected else "",
    ]
    return " ".join(f"[{mark}]" for mark in marks if mark)


def deal_line(reading: Reading, words: Catalogue, zone: tzinfo) -> str:
    """One deal in one line of a report."""
    deal = reading.deal
    silent = words.t("deals.silent", age=age(reading.silence_seconds))
    parts = [
        f"{reading.level_word} {deal.id}",
        names(deal.client, deal.title),
        stage_text(reading, words),
        silent,
        waiting_text(reading, words),
        marks_text(reading, words),
        *advice_texts(reading, words, zone),
    ]
    return " · ".join(part for part in parts if part)


def deals_table(readings: Sequence[Reading], words: Catalogue, zone: tzinfo, *, width: int, colour: bool) -> list[str]:
    """A row a deal, as wide as the terminal; what to do goes below the row where there is no room beside it."""
    if not readings:
        return [words.t("deals.none")]
    from cli.output.table import columns, fitted, needed  # noqa: PLC0415 - widths of characters: only tables need them

    head = [words.t(f"columns.{name}") for name in ("level", "id", "silence", "turn", "client", "stage")]
    rows = [
        [
            level_text(reading, words),
            reading.deal.id,
            age(reading.silence_seconds),
            waiting_text(reading, words),
            reading.deal.client or reading.deal.title or "-",
            stage_text(reading, words),
        ]
        for reading in readings
    ]
    advice = [" ".join((marks_text(one, words), *advice_texts(one, words, zone))).strip() for one in readings]
    wide = width - needed(head, rows) >= _ADVICE_AT_LEAST
    if wide:
        head = [*head, words.t("columns.advice")]
        rows = [[*row, text] for row, text in zip(rows, advice, strict=True)]
    first, *lines = columns(head, rows, width)
    shown = [first]
    for line, text, reading in zip(lines, advice, readings, strict=True):
        shown.append(_coloured(line, reading, colour))
        if text and not wide:
            shown.append(fitted(f"    → {text}", width - 1).rstrip())
    return shown


def _coloured(line: str, reading: Reading, colour: bool) -> str:
    return f"\x1b[{_COLOURS[reading.level_word]}m{line}\x1b[0m" if colour else line


def note_line(mark: Mark, words: Catalogue, zone: tzinfo) -> str:
    """A word of the user to himself."""
    return f"{stamp(mark.at, zone)}  {words.t('actors.me')}  {words.t('marks.note')}  ({mark.reason})"


def event_line(event: Event, words: Catalogue, zone: tzinfo) -> str:
    """An entry of the ledger."""
    who = words.t(f"actors.{event.actor.value}")
    extras = [
        f"{event.date}" if event.date else "",
        words.t("events.finished") if event.finished else "",
        words.t("marks.inferred") if event.inferred else "",
        event.note,
    ]
    tail = " · ".join(extra for extra in extras if extra)
    return f"{stamp(event.at, zone)}  {who}  {words.t(f'events.{event.kind}')}{f'  ({tail})' if tail else ''}"
