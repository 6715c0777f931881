"""What the commands that enter events share: the options that describe one, and the line that says what came of it."""

from datetime import datetime

from cli.errors import UsageError
from cli.parser import argument, plain
from cli.session import Session
from otosata.hand import Entry

EVENT_OPTIONS = (
    argument("--by", metavar="WHO", help="client, me or platform; only where the event leaves it open"),
    argument("--at", metavar="TIME", help="when it happened; now if left out"),
    argument("--date", metavar="D", help="the date the event names (set_date, milestone, agreed delivery date)"),
    argument("--application-deadline", metavar="D", help="応募期限 of a CrowdWorks task"),
    argument("--finished", action="store_true", help="the work is complete"),
    argument("--note", type=plain, default="", metavar="TEXT", help="for yourself"),
)


def entry(session: Session, kind: str) -> Entry:
    """The event the options describe."""
    args = session.args
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


def report(session: Session, deal: str) -> None:
    """The deal after an act by hand, in one line."""
    from cli.output.readings import deal_line  # noqa: PLC0415 - only when something is written

    _, reading = session.desk.deal(deal)
    session.print(deal_line(reading, session.words, session.zone))
