"""`deals` (list and add) and `show`."""

from cli.commands.entries import EVENT_OPTIONS, entry
from cli.errors import OK, UsageError
from cli.parser import DEAL, JSON, Subparsers, add_command, argument, plain
from cli.session import Session
from otosata.deals.event import Deal
from otosata.deals.reading import LEVEL_WORDS, Reading
from otosata.deals.vocabulary import Turn


def register(commands: Subparsers) -> None:
    """Add `deals` and `show`."""
    deals = add_command(
        commands,
        "deals",
        run_list,
        "list the deals by urgency, or add one by hand",
        argument("--platform", metavar="P", help="only this platform"),
        argument("--level", choices=LEVEL_WORDS, help="only this level"),
        argument("--turn", choices=tuple(turn.value for turn in Turn), help="only while it is their turn"),
        argument("--stage", metavar="S", help="only this stage"),
        argument("--all", action="store_true", help="done, closed and lost deals as well"),
        JSON,
    )
    below = deals.add_subparsers(dest="deals_command", metavar="add")
    add_command(
        below,
        "add",
        run_add,
        "enter a deal by hand; prints its id",
        argument("--platform", required=True, dest="new_platform", metavar="P", help="lancers, crowdworks, …"),
        argument("--client", type=plain, required=True, metavar="NAME", help="the client's name on the platform"),
        argument("--title", type=plain, default="", metavar="T", help="the job's title"),
        argument("--url", type=plain, metavar="U", help="link to the job or room; its number is used for matching"),
        argument("--event", type=plain, metavar="EVENT", help="what happened first"),
        *EVENT_OPTIONS,
    )
    add_command(commands, "show", run_show, "one deal with its clocks, advice and timeline", DEAL, JSON)


def run_list(session: Session) -> int:
    """The deals that fit the filters."""
    from cli.output.readings import deals_table  # noqa: PLC0415 - one format a run

    args = session.args
    if args.platform is not None:
        _known_platform(session, args.platform)
    shown = [reading for reading in session.desk.overview().readings if _wanted(reading, session)]
    if session.args.json:
        from cli.output.document import reading_document  # noqa: PLC0415 - one format a run

        session.print_json([reading_document(reading, session.lang, session.zone) for reading in shown])
        return OK
    if not shown and (args.platform or args.level or args.turn or args.stage):
        session.say(session.t("deals.none_fit"))
        return OK
    for line in deals_table(shown, session.words, session.zone, width=session.width, colour=session.colour):
        session.print(line)
    return OK


def _wanted(reading: Reading, session: Session) -> bool:
    args = session.args
    return (
        (args.all or not (reading.is_over or reading.stale))
        and args.platform in (None, reading.deal.platform)
        and args.level in (None, reading.level_word)
        and args.turn in (None, reading.turn.value)
        and args.stage in (None, reading.stage)
    )


def run_add(session: Session) -> int:
    """A deal by hand."""
    from otosata.hand import add_deal  # noqa: PLC0415 - only when something is written

    args = session.args
    _known_platform(session, args.new_platform)
    first = entry(session, args.event) if args.event else None
    if first is None and (args.by or args.at or args.date or args.application_deadline or args.finished or args.note):
        raise UsageError("--by, --at, --date, --finished and --note describe an event", "name it with --event")
    refs, url = session.desk.refs_of(args.new_platform, args.url)
    deal = Deal("", args.new_platform, args.client, args.title, url, refs)
    with session.desk.store(read_only=False) as store:
        session.print(add_deal(store, deal, first, session.now))
    return OK


def _known_platform(session: Session, name: str) -> None:
    platforms = session.assembly.platforms
    if name not in platforms:
        raise UsageError(f"no platform {name!r}", f"platforms: {', '.join(sorted(platforms))}")


def run_show(session: Session) -> int:
    """Everything about one deal."""
    ledger, reading = session.desk.deal(session.args.deal)
    if session.args.json:
        from cli.output.document import event_document, reading_document  # noqa: PLC0415 - one format a run

        timeline = [event_document(event, session.zone) for event in ledger.until(session.now).events]
        session.print_json({**reading_document(reading, session.lang, session.zone), "timeline": timeline})
        return OK
    from cli.output.deal import deal_lines  # noqa: PLC0415 - one format a run

    why = session.desk.why(session.args.deal)
    for line in deal_lines(ledger, reading, why, session.words, session.zone):
        session.print(line)
    return OK
