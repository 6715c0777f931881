"""`watch`: stay running without a screen, poll, and speak by itself; `--once` for timers."""

from cli.commands.check import report, report_options, within
from cli.errors import UNKNOWN, OutOfTimeError, UsageError
from cli.output.spoken import say_failed, say_unbeaten
from cli.parser import Argument, Subparsers, add_command, argument
from cli.session import Session
from otosata.store.errors import StoreError


def register(commands: Subparsers) -> None:
    """Add `watch`."""
    add_command(
        commands,
        "watch",
        run_watch,
        "stay running without a screen: read mail as it comes and notify on change",
        argument("--once", action="store_true", help="`check` with notifications: poll, report, send, end"),
        *report_options(),
        epilog="The options of `check` go with --once, and the exit code is its.",
    )


def run_watch(session: Session) -> int:
    """Watch until a signal comes, or look once."""
    if session.args.once:
        return _once(session)
    if without_effect := [one.flags[-1] for one in report_options() if _is_given(one, session)]:
        raise UsageError(f"{', '.join(without_effect)}: only with --once", "leave it out, or add --once")
    from cli.watching import Watch  # noqa: PLC0415 - --once starts as quickly as `check`

    return Watch(session).run()


def _is_given(option: Argument, session: Session) -> bool:
    name = option.settings.get("dest") or option.flags[-1].lstrip("-").replace("-", "_")
    return getattr(session.args, name) not in (None, False, option.settings.get("default"))


def _once(session: Session) -> int:
    """A report, then what there is to say; its exit code is the report's.

    The report is out by then, and a second one would contradict it: what stops the speaking is a sentence beside it,
    and what was not sent waits in the outbox.
    """
    with within(session.args.timeout):
        code = report(session)
        session.streams.out.flush()
        try:
            _speak(session)
        except (StoreError, OutOfTimeError) as error:
            session.say(session.t("outbox.stopped", error=session.said(str(error))))
        except KeyboardInterrupt:
            session.say(session.t("outbox.stopped", error=session.said("interrupted")))
            return UNKNOWN
    return code


def _speak(session: Session) -> None:
    settings = session.assembly.settings
    beats = settings.heartbeat is not None and not session.args.no_sync
    if not (settings.channels or beats):
        return
    overview = session.desk.overview()  # all of it: `--select` chooses what is printed
    if settings.channels:
        session.herald.announce(overview)
        done, _ = session.herald.deliver()
        say_failed(session, done)
    if beats:
        say_unbeaten(session, session.herald.beat(overview))
