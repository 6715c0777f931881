"""A lesson, what its rule would do, and the rules that were taught: as text and as JSON."""

from collections.abc import Iterator
from datetime import tzinfo

from cli.output.document import SCHEMA_VERSION, Json, time, waiting_document
from cli.output.words import moment_text, names, stamp
from config.groups import Group
from config.taught import TaughtRule
from config.teaching import Lesson, Move, Rehearsal
from config.texts.catalogue import Catalogue
from otosata.deals.reading import Reading
from otosata.deals.vocabulary import KINDS

_SHOWN = 5
"""So many mails and deals of a kind are named; the others are counted."""


def group_lines(group: Group, words: Catalogue, zone: tzinfo) -> Iterator[str]:
    """Unrecognised mails of one template, under the first of them."""
    first, more = group.mails[0], len(group.mails) - 1
    subject = group.cluster.template if more else first.subject
    count = f" (+{more})" if more else ""
    yield f"{first.id}{count}  {stamp(first.received, zone)}  {first.adapter or '-'}  {subject}"
    yield f"    {words.t('triage.unrecognised')}{_guessed(group, words)}"


def _guessed(group: Group, words: Catalogue) -> str:
    parts = []
    if group.guess is not None:
        event, actor = words.t(f"events.{group.guess.event}"), words.t(f"actors.{group.guess.actor.value}")
        parts.append(words.t("teach.guess", event=event, actor=actor, like=group.guess.like))
    if group.deals:
        parts.append(words.t("teach.names_deals", deals=", ".join(group.deals[:_SHOWN])))
    return "".join(f" · {part}" for part in parts)


def group_document(group: Group) -> Json:
    """The group of a mail in `triage --json`."""
    guess = group.guess
    return {
        "template": group.cluster.template,
        "mails": list(group.cluster.mails),
        "guess": None
        if guess is None
        else {
            "event": guess.event,
            "actor": guess.actor.value,
            "like": guess.like,
            "rule": guess.rule or None,
            "similarity": round(guess.similarity, 3),
        },
        "deals": list(group.deals),
    }


def lesson_lines(lesson: Lesson, found: Rehearsal, words: Catalogue) -> Iterator[str]:
    """Which words are what, and the rule."""
    first = lesson.readings[0]
    yield lesson.mails[0].subject
    for part in first.parts:
        why = words.t(f"teach.why_{part.why}", deal=part.deal or "-")
        yield f"    {words.t(f'teach.field_{part.name}')}: {part.text} ({why})"
    if found.draft is not None:
        table = found.draft.table
        event = words.t(f"events.{table['event']}")
        actor = words.t(f"actors.{table.get('actor') or KINDS[table['event']].actors[0].value}")
        yield words.t("teach.rule", rule=f"{found.platform}/{found.draft.id}", event=event, actor=actor)
        yield f"    {table['subject']}"
        yield from (f"    {pattern}" for pattern in table.get("body", ()))
        if found.draft.literal:
            yield words.t("teach.literal")


def rehearsal_lines(found: Rehearsal, words: Catalogue, zone: tzinfo) -> Iterator[str]:
    """What else is caught, which clocks move, what speaks against it."""
    for conflict in found.conflicts:
        yield words.t("teach.conflict", subject=conflict.subject, rule=conflict.rule or "-")
    for change in found.taken:
        notice = change.before.notice
        yield words.t(
            "teach.takes", id=change.before.id, subject=change.before.subject, rule=(notice and notice.rule) or "-"
        )
    others = found.others
    yield words.t("teach.catches" if found.draft else "teach.changes", count=len(others))
    for change in others[:_SHOWN]:
        row, notice = change.before, change.after.notice
        event = words.t(f"events.{notice.kind}") if notice else "-"
        yield f"    {row.id}  {stamp(row.received, zone)}  {row.subject} → {event}"
    if len(others) > _SHOWN:
        yield words.t("teach.more", count=len(others) - _SHOWN)
    yield words.t("teach.moves", count=len(found.moves))
    for move in found.moves[: 2 * _SHOWN]:
        yield f"    {_moved(move, words, zone)}"
    if len(found.moves) > 2 * _SHOWN:
        yield words.t("teach.more", count=len(found.moves) - 2 * _SHOWN)


def _moved(move: Move, words: Catalogue, zone: tzinfo) -> str:
    before, after = move.before, move.after
    known = after or before
    who = names(known.deal.client, known.deal.title) if known else ""
    if before is None or after is None:
        mark = words.t("teach.gone" if after is None else "teach.opened")
        return f"{move.deal} {who} [{mark}]{f' {_state(after, words, zone)}' if after else ''}"
    was, will = _state(before, words, zone), _state(after, words, zone)
    if was == will:
        was, will = f"{was}, {_waiting(before, words, zone)}", _waiting(after, words, zone)
    return f"{move.deal} {who}: {was} → {will}"


def _state(reading: Reading, words: Catalogue, zone: tzinfo) -> str:
    contact = reading.last_contact
    when = moment_text(contact.at, words.lang, zone, reading.now) if contact else "-"
    return f"{words.t(f'levels.{reading.level_word}')}, {words.t('why.last_contact')} {when}"


def _waiting(reading: Reading, words: Catalogue, zone: tzinfo) -> str:
    """What else of a deal may move."""
    since = reading.waiting_since
    when = moment_text(since, words.lang, zone, reading.now) if since else "-"
    return f"{words.t(f'turns.{reading.turn.value}')}, {words.t('why.waiting')} {when}"


def rehearsal_document(lesson: Lesson | None, found: Rehearsal, zone: tzinfo, *, saved: bool) -> Json:
    """`triage teach --json`, `triage rules change|remove --json`, `triage rejudge --json`"""
    draft = found.draft
    return {
        "schema_version": SCHEMA_VERSION,
        "saved": saved,
        "rule": None
        if draft is None
        else {"id": f"{found.platform}/{draft.id}", "literal": draft.literal, "table": draft.table},
        "fields": []
        if lesson is None
        else [
            {
                "mail": row.id,
                "field": part.name,
                "text": part.text,
                "in": "subject" if part.in_subject else "text",
                "why": part.why,
                "deal": part.deal or None,
            }
            for row, reading in zip(lesson.mails, lesson.readings, strict=True)
            for part in reading.parts
        ],
        "catches": [
            {
                **waiting_document(change.after, zone),
                "shown": change.before.id in found.shown,
                "event_before": change.before.notice.kind if change.before.notice else None,
                "rule_before": change.before.notice.rule if change.before.notice else None,
            }
            for change in found.changes
        ],
        "moves": [_move_document(move, zone) for move in found.moves],
        "conflicts": [
            {"subject": one.subject, "rule": one.rule or None, "taken_by": one.taken_by} for one in found.conflicts
        ],
    }


def _move_document(move: Move, zone: tzinfo) -> Json:
    known = move.after or move.before

    def contact(reading: Reading | None) -> str | None:
        return time(reading.last_contact.at, zone) if reading and reading.last_contact else None

    return {
        "deal": move.deal,
        "client": known.deal.client if known else "",
        "title": known.deal.title if known else "",
        "opened": move.before is None,
        "gone": move.after is None,
        "last_contact": {"before": contact(move.before), "after": contact(move.after)},
        "level": {
            "before": move.before.level_word if move.before else None,
            "after": move.after.level_word if move.after else None,
        },
    }


def rule_lines(rule: TaughtRule, mails: int, words: Catalogue) -> Iterator[str]:
    """A taught rule in two lines."""
    table = rule.table
    event = words.t(f"events.{table['event']}")
    yield f"{rule.name}  {event}  {words.t('teach.known', count=mails)}  {rule.file.name}"
    yield f"    {table.get('subject', '-')}"


def rule_document(rule: TaughtRule, mails: int) -> Json:
    """A rule of `triage rules --json`."""
    table = rule.table
    event = str(table["event"])
    return {
        "id": rule.name,
        "platform": rule.platform,
        "event": event,
        "actor": table.get("actor") or KINDS[event].actors[0].value,
        "evidence": table.get("evidence"),
        "mails": mails,
        "place": rule.place.value,
        "file": str(rule.file),
        "table": table,
    }
