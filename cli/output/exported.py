"""Deals, events and deadlines for other programs: JSON, CSV (RFC 4180), iCalendar (RFC 5545), a badge.

https://shields.io/badges/endpoint-badge says what a badge is made of.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from cli.output.document import SCHEMA_VERSION, Json, event_document, reading_document, time
from cli.output.readings import advice_texts, stage_text
from cli.output.words import names
from config.texts.catalogue import Catalogue
from otosata.deals.agenda import Dated, DateKind, agenda
from otosata.deals.event import Ledger
from otosata.deals.reading import Reading
from otosata.overview import Overview, Status

Pairs = Sequence[tuple[Reading, Ledger]]

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula (owasp.org/www-community/attacks/CSV_Injection); a Japanese
one reads the wide forms as well."""
_IN_CALENDAR = frozenset(DateKind) - {DateKind.LEVEL}
_BADGE_COLOURS = {
    Status.OK: "brightgreen",
    Status.WARNING: "yellow",
    Status.CRITICAL: "red",
    Status.UNKNOWN: "lightgrey",
}
_CACHED_SECONDS = 300
"""The least that shields.io keeps a badge for."""


def document(pairs: Pairs, lang: str, zone: tzinfo, now: datetime) -> Json:
    """`export --format json`"""
    return {
        "schema_version": SCHEMA_VERSION,
        "generated_at": time(now, zone),
        "deals": [
            {
                **reading_document(reading, lang, zone),
                "refs": dict(reading.deal.refs),
                "events": [event_document(event, zone) for event in ledger.events],
            }
            for reading, ledger in pairs
        ],
        "deadlines": list(_deadlines(pairs, zone)),
    }


def table(which: str, pairs: Pairs, lang: str, zone: tzinfo) -> str:
    """`export --format csv --table deals|events|deadlines`; a heading even where there is no row."""
    columns, rows = _TABLES[which](pairs, lang, zone)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return out.getvalue()


def calendar(readings: Iterable[Reading], words: Catalogue, zone: tzinfo) -> str:
    """`export --format ics`: hard dates, dates named to a client and ends of snoozes, to subscribe to."""
    from icalendar import Calendar, Event  # noqa: PLC0415 - costs 0.1 s, and only calendars need it

    found = Calendar()
    found.add("prodid", "-//otosata//otosata//JA")
    found.add("version", "2.0")
    found.add("x-wr-calname", words.t("export.calendar"))
    for dated in agenda(readings):
        if dated.kind in _IN_CALENDAR:
            entry = Event()
            for name, value in _calendar_fields(dated, words, zone):
                entry.add(name, value)
            found.add_component(entry)
    return str(found.to_ical(), "utf-8")


def _calendar_fields(dated: Dated, words: Catalogue, zone: tzinfo) -> Iterator[tuple[str, object]]:
    """An entry keeps its UID however often its date moves: a subscriber sees one that moves, not many."""
    reading = dated.reading
    deal = reading.deal
    yield "uid", f"{deal.id}.{dated.kind.value}@otosata"
    yield "dtstamp", reading.now
    yield "dtstart", dated.at
    yield "dtend", dated.at + (timedelta(days=1) if not isinstance(dated.at, datetime) else timedelta(minutes=15))
    yield "summary", f"{words.t(f'tui.date_{dated.kind.value}')}: {names(deal.client, deal.title) or deal.id}"
    outcome = [dated.outcome.of(words.lang)] if dated.outcome else []
    told = [f"{deal.id} · {stage_text(reading, words)}", *outcome, *advice_texts(reading, words, zone)]
    yield "description", "\n".join(told)
    if deal.url:
        yield "url", deal.url
    yield "categories", [deal.platform]
    yield "transp", "TRANSPARENT"  # a deadline does not make its day a busy one


def badge(overview: Overview) -> Json:
    """An endpoint of shields.io: how many deals are critical and warn, or that nobody knows."""
    levels = overview.summary.levels
    counted = [f"{levels[word]} {word}" for word in ("critical", "warn") if levels[word]]
    unknown = overview.status is Status.UNKNOWN
    return {
        "schemaVersion": 1,
        "label": "otosata",
        "message": "unknown" if unknown else ", ".join(counted) or "ok",
        "color": _BADGE_COLOURS[overview.status],
        "isError": unknown,
        "cacheSeconds": _CACHED_SECONDS,
    }


def _deadlines(pairs: Pairs, zone: tzinfo) -> Iterator[Json]:
    for dated in agenda(reading for reading, _ in pairs):
        yield {
            "deal": dated.reading.deal.id,
            "kind": dated.kind.value,
            "at": time(dated.at, zone),
            "passed": dated.has_passed,
            "level": dated.level.word if dated.level else None,
        }


def _deal_rows(pairs: Pairs, lang: str, zone: tzinfo) -> tuple[Sequence[str], Iterable[Mapping[str, object]]]:
    rows = [
        {**found, "advice": " ".join(str(advice["text"]) for advice in _advice(found))}
        for found in (reading_document(reading, lang, zone) for reading, _ in pairs)
    ]
    return _DEAL_COLUMNS, rows


def _advice(found: Json) -> list[Json]:
    advice = found["advice"]
    return advice if isinstance(advice, list) else []


def _event_rows(pairs: Pairs, _: str, zone: tzinfo) -> tuple[Sequence[str], Iterable[Mapping[str, object]]]:
    rows = [
        {"deal": reading.deal.id, **event_document(event, zone)} for reading, ledger in pairs for event in ledger.events
    ]
    return _EVENT_COLUMNS, rows


def _deadline_rows(pairs: Pairs, _: str, zone: tzinfo) -> tuple[Sequence[str], Iterable[Mapping[str, object]]]:
    return _DEADLINE_COLUMNS, _deadlines(pairs, zone)


_DEAL_COLUMNS = (
    "id",
    "platform",
    "client",
    "title",
    "url",
    "stage",
    "turn",
    "level",
    "last_contact",
    "silence_days",
    "waiting_since",
    "waiting_days",
    "unanswered",
    "limit",
    "deal_limit",
    "next_level",
    "next_level_at",
    "snoozed_until",
    "acknowledged",
    "inferred",
    "advice",
)
_EVENT_COLUMNS = (
    "deal",
    "at",
    "event",
    "actor",
    "date",
    "finished",
    "evidence",
    "inferred",
    "note",
    "key",
    "application_deadline",
)
_DEADLINE_COLUMNS = ("deal", "kind", "at", "passed", "level")
_TABLES = {"deals": _deal_rows, "events": _event_rows, "deadlines": _deadline_rows}


def _cell(value: object) -> str:
    """A value as text that no spreadsheet executes: client names and titles come out of mails."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text
