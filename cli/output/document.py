"""The JSON documents: keys are never removed or given another meaning within a schema version."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from cli.output.words import moment_text
from config.texts.catalogue import Catalogue
from otosata.deals.advice import Advice
from otosata.deals.clocks import Moment
from otosata.deals.event import Event
from otosata.deals.levels import ALWAYS
from otosata.deals.platform import Source
from otosata.deals.reading import Reading
from otosata.overview import Overview
from otosata.store.values import MailRow, Origin

if TYPE_CHECKING:
    from otosata.deals.conditions import Check
    from otosata.why import Why

SCHEMA_VERSION = 1
Json = dict[str, object]


def dumps(document: object, *, indent: int | None = 2, ascii_only: bool = False) -> str:
    """JSON as text; Japanese stays readable unless `ascii_only`."""
    return json.dumps(document, ensure_ascii=ascii_only, indent=indent)


def time(at: Moment | None, zone: tzinfo) -> str | None:
    """RFC 3339 with offset; a bare date where only that is known."""
    if at is None:
        return None
    return at.astimezone(zone).isoformat(timespec="seconds") if isinstance(at, datetime) else at.isoformat()


def overview_document(overview: Overview, readings: Iterable[Reading], lang: str, zone: tzinfo) -> Json:
    """`check --json`"""
    summary = overview.summary
    return {
        "schema_version": SCHEMA_VERSION,
        "generated_at": time(datetime.now(UTC), zone),
        "now": time(overview.now, zone),
        "status": overview.status.value,
        "summary": {
            "deals": summary.deals,
            **summary.levels,
            "snoozed": summary.snoozed,
            "acknowledged": summary.acknowledged,
            "triage": summary.triage,
        },
        "deals": [reading_document(reading, lang, zone) for reading in readings],
        "accounts": [
            {
                "name": account.name,
                "type": account.type,
                "state": account.state.value,
                "last_complete_poll": time(account.last_complete_poll, zone),
                "error": account.error,
            }
            for account in overview.accounts
        ],
        "adapters": [
            {
                "id": adapter.id,
                "state": "stale" if adapter.stale else "ok",
                "recognised": adapter.recognised,
                "unrecognised": adapter.unrecognised,
                "last_recognised": time(adapter.last_recognised, zone),
                "reason": adapter.reason.value if adapter.reason else None,
                "usual_gap_seconds": int(adapter.usual_gap.total_seconds()) if adapter.usual_gap else None,
                "affected": [one.deal.id for one in overview.readings if adapter.may_concern(one)],
            }
            for adapter in overview.adapters
        ],
        "problems": [
            {"code": problem.code, "message": problem.message, "hint": problem.hint} for problem in overview.problems
        ],
    }


def reading_document(reading: Reading, lang: str, zone: tzinfo) -> Json:
    """One deal."""
    deal, contact = reading.deal, reading.last_contact
    return {
        "id": deal.id,
        "platform": deal.platform,
        "client": deal.client,
        "title": deal.title,
        "url": deal.url,
        "stage": reading.stage,
        "turn": reading.turn.value,
        "level": reading.level_word,
        "last_known_level": reading.level.word if reading.unknown else None,
        "stale": reading.stale,
        "last_contact": time(contact.at, zone) if contact else None,
        "last_contact_event": contact.kind if contact else None,
        "silence_days": reading.silence_days,
        "silence_seconds": reading.silence_seconds,
        "waiting_since": time(reading.waiting_since, zone),
        "waiting_days": reading.waiting_days,
        "unanswered": reading.unanswered,
        "ratio": None if reading.ratio is None else round(reading.ratio, 3),
        "next_level": reading.next_level.word if reading.next_level else None,
        "next_level_at": time(reading.next_level_at, zone),
        "limit": time(reading.limit, zone),
        "deal_limit": time(reading.deal_limit, zone),
        "advice": [advice_document(advice, lang, zone, reading.now) for advice in reading.advice],
        "snoozed_until": time(reading.snoozed_until, zone),
        "acknowledged": reading.acknowledged,
        "inferred": reading.inferred,
        "affected_by_stale_adapter": reading.affected,
    }


def advice_document(advice: Advice, lang: str, zone: tzinfo, now: datetime) -> Json:
    """What the rules allow now."""
    return {"id": advice.id, "text": advice.text(lang, moment_text(advice.due, lang, zone, now))}


def event_document(event: Event, zone: tzinfo) -> Json:
    """An entry of the ledger."""
    return {
        "at": time(event.at, zone),
        "event": event.kind,
        "actor": event.actor.value,
        "date": time(event.date, zone),
        "application_deadline": time(event.application_deadline, zone),
        "finished": event.finished,
        "note": event.note,
        "evidence": event.evidence.value,
        "inferred": event.inferred,
        "key": event.key,
    }


def why_document(why: "Why", lang: str, zone: tzinfo) -> Json:
    """`why --json`"""
    from config.texts.conditions import item_text  # noqa: PLC0415 - a check from cron explains nothing

    return {
        "schema_version": SCHEMA_VERSION,
        "deal": reading_document(why.reading, lang, zone),
        "causes": [
            {"of": cause.of, "event": event_document(cause.event, zone), "origin": _origin(cause.origin, zone)}
            for cause in why.causes
        ],
        "threshold": None
        if why.alarm is None
        else {
            "level": why.alarm.level.word,
            "since": None if why.alarm.at == ALWAYS else time(why.alarm.at, zone),
            "spans": [str(span) for span in why.alarm.threshold],
            "before_limit": why.alarm.before_limit,
            "origin": why.alarm.origin,
        },
        "stage_rule": source_document(why.stage_source),
        "advice": [
            {
                "id": ground.rule.id,
                "conditions": [_condition(part, zone) for part in ground.checks],
                "rule": source_document(ground.rule.source),
            }
            for ground in why.grounds
        ],
        "steps": [
            {
                "id": step.rule.id,
                "name": step.name.of(lang),
                "advised": step.is_advised,
                "items": [
                    {
                        "state": item.state.value,
                        "text": item_text(item, why.rules.platform.stages, Catalogue.of(lang)),
                        "conditions": [_condition(part, zone) for part in item.checks],
                        "rule": source_document(item.source),
                    }
                    for item in step.items
                ],
            }
            for step in why.steps
        ],
    }


def _condition(check: "Check", zone: tzinfo) -> Json:
    """One condition: what is wanted, what there is, and from when it has been or will be so."""
    return {
        "name": check.name,
        "wanted": check.wanted,
        "actual": check.found if check.known else None,
        "met": check.met,
        "since": time(check.at, zone),
    }


def waiting_document(mail: MailRow, zone: tzinfo) -> Json:
    """A mail of `triage --json`."""
    notice = mail.notice
    return {
        "id": mail.id,
        "account": mail.account,
        "received": time(mail.received, zone),
        "subject": mail.subject,
        "from": mail.sender,
        "adapter": mail.adapter,
        "event": notice.kind if notice else None,
        "client": (notice.client or None) if notice else None,
        "title": (notice.title or None) if notice else None,
        "refs": dict(notice.refs) if notice else {},
        "why": mail.why,
        "candidates": list(mail.candidates),
        "verdict": mail.verdict.value if mail.verdict else None,
    }


def source_document(source: Source | None) -> Json | None:
    """Where a rule comes from."""
    if source is None:
        return None
    checked = source.checked.isoformat() if source.checked else None
    return {"rule": source.rule, "page": source.page, "confidence": source.confidence, "last_checked": checked}


def _origin(origin: Origin | None, zone: tzinfo) -> Json | None:
    if origin is None:
        return None
    mail, act = origin.mail, origin.act
    return {
        "mail": None
        if mail is None
        else {
            "id": mail.id,
            "account": mail.account,
            "folder": mail.folder,
            "subject": mail.subject,
            "from": mail.sender,
            "received": time(mail.received, zone),
            "adapter": mail.adapter,
            "rule": mail.notice.rule if mail.notice else None,
            "evidence": mail.notice.evidence.value if mail.notice else None,
            "authentication": {"verdict": mail.verdict.value if mail.verdict else None, "reason": mail.reason},
        },
        "hand": None if act is None else {"id": act.id, "at": time(act.at, zone), "what": act.what},
    }
