"""`check` and `sync`: poll every mailbox once, then say how things stand."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from cli.errors import OK, UNREACHABLE, OutOfTimeError, UsageError, with_hint
from cli.output.ranges import NONE, read_range
from cli.parser import Argument, Subparsers, add_command, argument, counted
from cli.session import Session
from otosata.deals.reading import Reading
from otosata.overview import AccountState, Overview, Problem, Status, status_of

if TYPE_CHECKING:
    from otosata.mail.source import Progress
    from otosata.sync import PollReport

EXIT = {Status.OK: 0, Status.WARNING: 1, Status.CRITICAL: 2, Status.UNKNOWN: 3}


def report_options() -> tuple[Argument, ...]:
    """What a report can be asked for; `watch --once` takes the same."""
    return (
        argument("--no-sync", action="store_true", help="report from the ledger alone"),
        argument("--format", choices=tuple(PRINTERS), help="default: table on a terminal, else text"),
        argument("--json", action="store_const", const="json", dest="format", help="same as --format json"),
        argument("--all", action="store_true", help="show deals that are done or closed as well"),
        argument("--quiet", action="store_true", help="print nothing when everything is OK"),
        argument("--select", action="append", metavar="KEY=VALUE", help="platform, client or account"),
        argument(
            "--on-stale",
            choices=tuple(status.value for status in Status),
            default="unknown",
            help="status when a mailbox could not be read",
        ),
        argument(
            "-w",
            "--warning",
            type=read_range,
            default=NONE,
            metavar="RANGE",
            help="WARNING when so many deals are warn or critical; default 0, outside which it alerts",
        ),
        argument(
            "-c",
            "--critical",
            type=read_range,
            default=NONE,
            metavar="RANGE",
            help="CRITICAL when so many deals are critical; default 0",
        ),
        argument("-t", "--timeout", type=counted, metavar="SECONDS", help="give up after so long (UNKNOWN)"),
    )


def register(commands: Subparsers) -> None:
    """Add `check` and `sync`."""
    add_command(
        commands,
        "check",
        run_check,
        "poll every mailbox once, then report; exit code 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN",
        *report_options(),
    )
    add_command(commands, "sync", run_sync, "poll every mailbox once and print what changed")


def run_check(session: Session) -> int:
    """Poll, report, and exit as monitors expect."""
    with within(session.args.timeout):
        return report(session)


def report(session: Session) -> int:
    """Poll and print how things stand; the exit code that says so."""
    args = session.args
    if not args.no_sync and session.assembly.settings.accounts:
        session.desk.poll(_progress(session))
    overview = _overview(session)
    if not (args.quiet and overview.status is Status.OK):
        _print(session, overview)
    return EXIT[overview.status]


def _overview(session: Session) -> Overview:
    from config.lookout import Selection  # noqa: PLC0415 - not before a command needs the desk

    args = session.args
    overview = session.desk.overview(Selection(**_selected(session)))
    status = status_of(
        overview.summary,
        blind=overview.is_blind,
        on_blind=Status(args.on_stale),
        warning=args.warning.alerts,
        critical=args.critical.alerts,
    )
    problems = [Problem(one.code, session.said(one.message), session.said(one.hint)) for one in overview.problems]
    for account in overview.accounts:
        if account.state is not AccountState.OK:
            text = session.t(
                f"check.account_{account.state.value}", name=account.name, error=session.said(account.error or "")
            )
            problems.append(Problem(f"account_{account.state.value}", text, session.said(account.hint or "")))
    for adapter in overview.adapters:
        if adapter.stale:
            text = session.t(f"check.adapter_{adapter.reason or 'in_a_row'}", id=adapter.id, count=adapter.unrecognised)
            problems.append(Problem("adapter_stale", text, session.t("check.adapter_hint")))
    if not session.assembly.settings.accounts:
        problems.append(Problem("no_account", session.t("check.no_account"), session.t("check.no_account_hint")))
        if not args.no_sync:
            status = Status.UNKNOWN
    return replace(overview, status=status, problems=tuple(problems))


def _selected(session: Session) -> dict[str, str]:
    """What `--select` asks for. A mailbox or platform that is not there would be OK for ever: UsageError."""
    known = {
        "platform": frozenset(session.assembly.platforms),
        "account": frozenset(account.name for account in session.assembly.settings.accounts),
    }
    chosen: dict[str, str] = {}
    for pair in session.args.select or ():
        key, separator, value = pair.partition("=")
        if not separator or key not in {"platform", "client", "account"}:
            raise UsageError(f"--select {pair}: unknown", "write platform=…, client=… or account=…")
        if key in known and value not in known[key]:
            raise UsageError(f"--select {pair}: there is none", f"there are: {', '.join(sorted(known[key])) or '-'}")
        chosen[key] = value
    return chosen


@contextmanager
def within(seconds: int | None) -> Iterator[None]:
    """A time-out that ends the work in time whatever it is doing; the guidelines' `-t`."""
    if not seconds:
        yield
        return
    import signal  # noqa: PLC0415 - only with -t

    def out_of_time(*_: object) -> None:
        raise OutOfTimeError(f"not done after {seconds} s (-t)")

    if not hasattr(signal, "SIGALRM"):
        raise UsageError("-t does not work on this system", "leave it out")
    before = signal.signal(signal.SIGALRM, out_of_time)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _progress(session: Session) -> "Callable[[str, Progress], None]":
    from cli.output.progress import ProgressLine  # noqa: PLC0415 - only when mail is read

    return ProgressLine(session.streams.err, enabled=session.streams.err.isatty()).show


def _print(session: Session, overview: Overview) -> None:
    chosen = session.args.format or ("table" if session.streams.out.isatty() else "text")
    shown = [reading for reading in overview.readings if session.args.all or not reading.is_over]
    PRINTERS[chosen](session, overview, shown)


def _json(session: Session, overview: Overview, shown: list[Reading]) -> None:
    from cli.output.document import overview_document  # noqa: PLC0415 - one format a run

    session.print_json(overview_document(overview, shown, session.lang, session.zone))


def _jsonl(session: Session, overview: Overview, shown: list[Reading]) -> None:
    from cli.output.document import reading_document  # noqa: PLC0415 - one format a run

    for reading in shown:
        session.print_json(reading_document(reading, session.lang, session.zone), indent=None)
    _problems(session, overview)  # no line of a deal has room for them


def _first_line(session: Session, overview: Overview, more: Sequence[str] = ()) -> str:
    from cli.output.status import Limits, first_line  # noqa: PLC0415 - one format a run

    settings = session.assembly.settings
    stale = max((settings.stale_after_of(account) for account in settings.accounts), default=timedelta(hours=2))
    args = session.args
    limits = Limits(args.warning.text, args.critical.text, 2 * settings.interval, stale)
    return first_line(overview, limits, more)


def _text(session: Session, overview: Overview, shown: list[Reading]) -> None:
    session.print(_first_line(session, overview))
    _loud(session, shown)
    _problems(session, overview)


def _nagios(session: Session, overview: Overview, shown: list[Reading]) -> None:
    """As wordy as the guidelines want it: one line; `-v` one line that names the deals; `-vv` lines; `-vvv` all."""
    from cli.output.status import diagnosis  # noqa: PLC0415 - one format a run

    wordy = session.args.verbose
    loud = [reading for reading in shown if _is_loud(reading)]
    named = [f"{reading.level_word} {reading.deal.id}" for reading in loud] if wordy == 1 else []
    session.print(_first_line(session, overview, named))
    if wordy > 1:
        _loud(session, shown)
        for problem in overview.problems:
            session.print(_below(with_hint(problem.message, problem.hint)))
    if wordy > 2:
        for line in diagnosis(overview):
            session.print(_below(line))


def _bar(session: Session, overview: Overview, shown: list[Reading]) -> None:
    """For the bar of a terminal or desktop."""
    from cli.output.bars import BARS  # noqa: PLC0415 - one format a run
    from cli.output.status import what  # noqa: PLC0415 - as above

    bar = BARS[session.args.format]
    session.print(bar(overview, what(overview), list(_loud_lines(session, shown))))


def _prometheus(session: Session, overview: Overview, _: list[Reading]) -> None:
    """For a textfile collector, or anything else that reads OpenMetrics."""
    from cli.output.metrics import metrics_text  # noqa: PLC0415 - one format a run

    session.print_utf8(metrics_text(overview))


def _loud(session: Session, shown: list[Reading]) -> None:
    for line in _loud_lines(session, shown):
        session.print(line)


def _loud_lines(session: Session, shown: list[Reading]) -> Iterator[str]:
    """A line for each deal that is not ok."""
    from cli.output.readings import deal_line  # noqa: PLC0415 - one format a run

    for reading in shown:
        if _is_loud(reading):
            yield _below(deal_line(reading, session.words, session.zone))


def _is_loud(reading: Reading) -> bool:
    return reading.level_word != "ok" and not reading.is_quiet


def _below(line: str) -> str:
    """A line below the first one: `|` would begin performance data."""
    return line.replace("|", "/")


def _table(session: Session, overview: Overview, shown: list[Reading]) -> None:
    from cli.output.readings import deals_table  # noqa: PLC0415 - one format a run

    for line in deals_table(shown, session.words, session.zone, width=session.width, colour=session.colour):
        session.print(line)
    session.print()
    session.print(_first_line(session, overview).partition(" | ")[0])
    _problems(session, overview)


def _problems(session: Session, overview: Overview) -> None:
    for problem in overview.problems:
        session.say(with_hint(problem.message, problem.hint))


PRINTERS: Mapping[str, Callable[[Session, Overview, list[Reading]], None]] = {
    "text": _text,
    "table": _table,
    "json": _json,
    "jsonl": _jsonl,
    "nagios": _nagios,
    "status-line": _bar,
    "waybar": _bar,
    "i3blocks": _bar,
    "tmux": _bar,
    "prometheus": _prometheus,
}
"""What `--format` may be."""


def run_sync(session: Session) -> int:
    """Poll and print what changed."""
    if not session.assembly.settings.accounts:
        raise UsageError(session.t("check.no_account"), session.t("check.no_account_hint"))
    reports = session.desk.poll(_progress(session))
    for report in reports:
        print_report(session, report)
    return UNREACHABLE if any(report.error for report in reports) else OK


def print_report(session: Session, report: "PollReport", *, quiet: bool = False) -> None:
    """What a poll changed; how it went besides, unless nothing came and nothing failed (`quiet`)."""
    opened = set(report.opened)
    for deal, event in report.events:
        new = session.t("sync.opened") if deal in opened else ""
        opened.discard(deal)  # by its first event; what follows finds it there
        at = event.at.astimezone(session.zone).isoformat(timespec="seconds")
        session.print(f"{deal}	{event.kind}	{event.actor.value}	{at}	{new}".rstrip())
    if not quiet or report.mails:
        session.say(
            session.t(
                "sync.done", account=report.account, mails=report.mails, events=len(report.events), triage=report.triage
            )
        )
    if report.error:
        text = session.t("sync.failed", account=report.account, error=session.said(report.error))
        session.say(with_hint(text, session.said(report.hint)))
