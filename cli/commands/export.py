"""`export` and `badge`: the ledger for other programs; neither asks a mailbox."""

from cli.errors import OK
from cli.parser import Subparsers, add_command, argument
from cli.session import Session

FORMATS = ("json", "csv", "ics")
TABLES = ("deals", "events", "deadlines")


def register(commands: Subparsers) -> None:
    """Add `export` and `badge`."""
    add_command(
        commands,
        "export",
        run_export,
        "deals, events and deadlines as JSON, one of them as CSV, or the hard dates and snoozes as a calendar",
        argument("--format", choices=FORMATS, default="json", help="default: json"),
        argument("--table", choices=TABLES, default="deals", help="which of them as CSV; default: deals"),
        argument("--all", action="store_true", help="done and closed deals as well"),
    )
    add_command(commands, "badge", run_badge, "the status as an endpoint of shields.io (JSON)")


def run_export(session: Session) -> int:
    """Everything that is known, in the order of urgency."""
    from cli.output import exported  # noqa: PLC0415 - only here

    args = session.args
    readings = [one for one in session.desk.overview().readings if args.all or not one.is_over]
    if args.format == "ics":
        session.print_utf8(exported.calendar(readings, session.words, session.zone))
        return OK
    with session.desk.store() as store:
        ledgers = {ledger.deal.id: ledger for ledger in store.ledgers()}
    pairs = [(reading, ledgers[reading.deal.id]) for reading in readings if reading.deal.id in ledgers]
    if args.format == "json":
        session.print_json(exported.document(pairs, session.lang, session.zone, session.now))
    else:
        session.print_utf8(exported.table(args.table, pairs, session.lang, session.zone))
    return OK


def run_badge(session: Session) -> int:
    """`check --no-sync` in a word or two."""
    from cli.output.exported import badge  # noqa: PLC0415 - only here

    session.print_json(badge(session.desk.overview()), indent=None)
    return OK
