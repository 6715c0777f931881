"""What is done by hand: `log`, `undo`, `snooze`, `ack`, `close`, `reopen`, `merge`, `note`; and `why`."""

from datetime import datetime, time

from cli.commands.entries import EVENT_OPTIONS, entry, report
from cli.errors import FOUND, OK, UsageError
from cli.parser import DEAL, JSON, Subparsers, add_command, argument, plain
from cli.session import Session
from otosata.deals.event import MarkKind

_REASON = argument("--reason", type=plain, default="", metavar="TEXT", help="for yourself")


def register(commands: Subparsers) -> None:
    """Add the commands of the user's hand."""
    add_command(
        commands,
        "log",
        run_log,
        "enter an event of a deal by hand",
        DEAL,
        argument("event", metavar="EVENT", type=plain),
        *EVENT_OPTIONS,
    )
    add_command(
        commands,
        "undo",
        run_undo,
        "take back the last thing done by hand; 1 if there is nothing",
        argument("deal", metavar="DEAL", nargs="?", type=plain),
    )
    add_command(
        commands,
        "snooze",
        run_snooze,
        "be quiet about a deal until a time (3d, 12h, 2026-12-01, RFC 3339)",
        DEAL,
        argument("until", metavar="UNTIL", type=plain),
    )
    add_command(commands, "ack", run_ack, "I know: quiet until the client's next contact", DEAL, _REASON)
    add_command(commands, "close", run_close, "the deal is over, as far as I am concerned", DEAL)
    add_command(commands, "reopen", run_reopen, "a closed deal goes on", DEAL)
    add_command(
        commands,
        "merge",
        run_merge,
        "two deals are one: the first goes into the second",
        DEAL,
        argument("into", metavar="INTO", type=plain),
    )
    add_command(
        commands,
        "note",
        run_note,
        "a word to yourself in a deal's timeline; changes nothing else",
        DEAL,
        argument("text", metavar="TEXT", type=plain),
    )
    add_command(
        commands,
        "why",
        run_why,
        "what set each clock, which threshold made the level, what the advice rests on",
        DEAL,
        JSON,
    )


def run_log(session: Session) -> int:
    """An event by hand."""
    from otosata.hand import log  # noqa: PLC0415 - only when something is written

    args = session.args
    with session.desk.store(read_only=False) as store:
        event = log(store, args.deal, entry(session, args.event), session.now)
    if event.at > session.now:
        session.say(session.t("hand.future", at=event.at.astimezone(session.zone).isoformat()))
    report(session, args.deal)
    return OK


def run_undo(session: Session) -> int:
    """Take back the last act."""
    with session.desk.store(read_only=False) as store:
        undone = store.undo(session.args.deal, session.now)
    if undone is None:
        session.say(session.t("hand.nothing_to_undo"))
        return FOUND
    session.print(session.t("hand.undone", what=undone.act.what, deal=undone.act.deal or "-"))
    for deal in undone.kept:
        session.say(session.t("hand.kept", deal=deal))
    return OK


def run_snooze(session: Session) -> int:
    """Quiet until then."""
    from otosata.hand import until  # noqa: PLC0415 - only when something is written

    text = session.args.until
    _mark(session, MarkKind.SNOOZE, until=until(text, session.now, _read(session, text)))
    return OK


def _read(session: Session, text: str) -> datetime | None:
    """A time, or the beginning of a date; None where the text is neither."""
    try:
        at = session.time(text)
    except UsageError:
        return None
    return at if isinstance(at, datetime) else datetime.combine(at, time(), session.zone)


def run_ack(session: Session) -> int:
    """Quiet until the client's next contact."""
    _mark(session, MarkKind.ACK, reason=session.args.reason)
    return OK


def run_close(session: Session) -> int:
    """Over by hand."""
    _mark(session, MarkKind.CLOSE)
    return OK


def run_reopen(session: Session) -> int:
    """Not over after all."""
    _mark(session, MarkKind.REOPEN)
    return OK


def run_note(session: Session) -> int:
    """A word to myself."""
    from otosata.hand import note  # noqa: PLC0415 - only when something is written

    with session.desk.store(read_only=False) as store:
        note(store, session.args.deal, session.args.text, session.now)
    report(session, session.args.deal)
    return OK


def _mark(session: Session, kind: MarkKind, *, until: datetime | None = None, reason: str = "") -> None:
    from otosata.hand import mark  # noqa: PLC0415 - only when something is written

    with session.desk.store(read_only=False) as store:
        mark(store, session.args.deal, kind, session.now, until=until, reason=reason)
    report(session, session.args.deal)


def run_merge(session: Session) -> int:
    """One deal of two."""
    from otosata.hand import merge  # noqa: PLC0415 - only when something is written

    args = session.args
    if args.deal == args.into:
        raise UsageError(f"{args.deal} cannot go into itself")
    with session.desk.store(read_only=False) as store:
        merge(store, args.deal, args.into, session.now)
    report(session, args.into)
    return OK


def run_why(session: Session) -> int:
    """The explanation of a reading."""
    why = session.desk.why(session.args.deal)
    if session.args.json:
        from cli.output.document import why_document  # noqa: PLC0415 - one format a run

        session.print_json(why_document(why, session.lang, session.zone))
        return OK
    from cli.output.deal import why_lines  # noqa: PLC0415 - one format a run

    for line in why_lines(why, session.words, session.zone):
        session.print(line)
    return OK
