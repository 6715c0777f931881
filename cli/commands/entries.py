"""The options that describe an event, shared by `log`, `deals add` and `triage assign`."""

import argparse
from datetime import datetime
from typing import Any

from cli.errors import UsageError
from cli.parser import plain
from cli.session import Session
from otosata.hand import Entry

EVENT_OPTIONS: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (("--by",), {"metavar": "WHO", "help": "client, me or platform; only where the event leaves it open"}),
    (("--at",), {"metavar": "TIME", "help": "when it happened; now if left out"}),
    (("--date",), {"metavar": "D", "help": "the date the event names (set_date, milestone, agreed delivery date)"}),
    (("--application-deadline",), {"metavar": "D", "help": "応募期限 of a CrowdWorks task"}),
    (("--finished",), {"action": "store_true", "help": "the work is complete"}),
    (("--note",), {"type": plain, "default": "", "metavar": "TEXT", "help": "for yourself"}),
)


def entry(session: Session, kind: str, args: argparse.Namespace) -> Entry:
    """The event the options describe."""
    deadline = session.time(args.application_deadline) if args.application_deadline else None
    if isinstance(deadline, datetime):
        deadline = deadline.date()
    return Entry(
        kind=kind,
        by=args.by,
        at=_instant(session, args.at),
        date=session.time(args.date) if args.date else None,
        application_deadline=deadline,
        finished=args.finished,
        note=args.note,
    )


def _instant(session: Session, text: str | None) -> datetime | None:
    if text is None:
        return None
    at = session.time(text)
    if not isinstance(at, datetime):
        raise UsageError(f"--at {text}: the time of day is missing", f"write {text}T09:00")
    return at
