"""`tune`: what other thresholds would have changed, over the stored history and today."""

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from cli.errors import OK, UsageError
from cli.parser import JSON, Subparsers, add_command, argument
from cli.session import Session

if TYPE_CHECKING:
    from config.tuning import Tuning

HALF_A_YEAR = timedelta(days=182)
_EXAMPLE = "write KEY=VALUE, for example lancers.working.warn=5d,3bd"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPILOG = (
    "KEY is a threshold of the configuration (platforms.lancers.stages.working.warn, clients.NAME.notice, "
    "deals.ID.critical) or short (lancers.working.warn); VALUE a list of durations (5d,3bd; nothing takes the level "
    "away). Nothing is saved: `otosata config set` does that. Without --threshold: what the clients' own reply times "
    "suggest."
)


def register(commands: Subparsers) -> None:
    """Add `tune`."""
    add_command(
        commands,
        "tune",
        run_tune,
        "replay the stored history with other thresholds: alarms then and now, per deal and month",
        argument("--threshold", metavar="KEY=VALUE", action="append", default=[], help="to try; repeatable"),
        argument("--since", metavar="D", help="a date, or a time back from now (90d); half a year unless given"),
        JSON,
        epilog=_EPILOG,
    )


def run_tune(session: Session) -> int:
    """Compare, or propose where nothing is to be tried."""
    tuning = session.desk.tuning(_since(session))
    return _compare(session, tuning) if session.args.threshold else _propose(session, tuning)


def _compare(session: Session, tuning: "Tuning") -> int:
    from cli.output.tuned import comparison_document, comparison_lines  # noqa: PLC0415 - only here
    from config.tuning import NotAThresholdError, written_change  # noqa: PLC0415 - only here

    try:
        changes = [written_change(text, session.assembly.platforms) for text in session.args.threshold]
        thresholds = tuning.thresholds(changes)
    except NotAThresholdError as error:
        hint = f"did you mean {error.near}?" if error.near else _EXAMPLE
        raise UsageError(f"{error} is no threshold", hint) from None
    except ValueError as error:
        raise UsageError(f"{error}: no value", _EXAMPLE) from None
    for key in tuning.unknown(thresholds):
        session.say(session.t("tune.unknown", key=key))
    comparison = tuning.compare(changes)
    if session.args.json:
        session.print_json(comparison_document(comparison, thresholds, tuning, session.zone))
    else:
        for line in comparison_lines(comparison, thresholds, tuning, session.words, session.zone):
            session.print(line)
    return OK


def _propose(session: Session, tuning: "Tuning") -> int:
    from cli.output.tuned import offer_lines, offers_document  # noqa: PLC0415 - only here

    offers = tuning.proposals()
    if session.args.json:
        session.print_json(offers_document(offers, tuning, session.zone))
        return OK
    if not offers:
        session.say(session.t("tune.no_offer"))
    for offer in offers:
        for line in offer_lines(offer, session.words):
            session.print(line)
    return OK


def _since(session: Session) -> datetime:
    from otosata.deals.duration import DurationError, parse_span  # noqa: PLC0415 - only here

    text = session.args.since
    if text is None:
        return session.now - HALF_A_YEAR
    try:
        back = timedelta(hours=parse_span(text).hours)
    except DurationError:
        at = session.time(text)
        if isinstance(at, datetime):
            return at.astimezone(UTC)
        return _midnight(at, session)
    return session.now - min(back, session.now - _EPOCH)


def _midnight(day: date, session: Session) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=session.zone).astimezone(UTC)
