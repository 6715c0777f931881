"""`demo`: the app, or any command, on a fictional mailbox behind a real IMAP server inside the program."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from cli.parser import Subparsers, add_command, argument, command_of, parse_global
from cli.session import Session, Streams
from cli.times import read_now


def register(commands: Subparsers) -> None:
    """Add `demo` to the help; `cli.main` runs it before the command line is parsed."""
    add_command(
        commands,
        "demo",
        None,
        "the app, or the command given (otosata demo check --json), on a fictional mailbox; "
        "nothing of yours is read or written",
        argument("words", metavar="COMMAND …", nargs="*"),
    )


def run_demo(
    before: Sequence[str],
    rest: Sequence[str],
    streams: Streams,
    environ: Mapping[str, str],
    run: Callable[[Sequence[str], Mapping[str, str]], int],
) -> int:
    """Lay out the demo, run `rest` in it, take it away. `run`: the program itself, with other words."""
    from config.texts.catalogue import language  # noqa: PLC0415 - only the demo needs it here
    from demo.run import clean_environment, demo_home, enter_by_hand  # noqa: PLC0415 - only the demo needs it

    known = parse_global([*before, *rest])
    if any(word in ("-h", "--help") for word in rest[:1]):
        return run([*before, "--help"], environ)
    fixed = known.now is not None
    now = read_now(known.now) if fixed else datetime.now(UTC)
    clean = clean_environment(environ)
    with demo_home(now, language(known.lang, environ=environ)) as home:
        quiet = ["-q"] if known.quiet_all else []
        session = Session(parse_global([*quiet, *home.options, "--now", now.isoformat()]), streams, clean)
        if known.config or known.data:
            session.say(session.t("app.demo_has_its_own"))
        for report in session.desk.poll():
            if report.error:
                raise OSError(f"the demo's own mailbox cannot be read: {report.error}")
        with session.desk.store(read_only=False) as store:
            enter_by_hand(store, now)
        clock = ("--now", now.isoformat()) if fixed or command_of(rest)[0] else ()
        return run([*clock, *before, *rest, *home.options], clean)
