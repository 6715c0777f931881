"""`watch`: stay running without a screen, poll, and speak by itself; `--once` for timers."""

from cli.commands.check import report_options, run_check
from cli.parser import Subparsers, add_command, argument
from cli.session import Session


def register(commands: Subparsers) -> None:
    """Add `watch`."""
    add_command(
        commands,
        "watch",
        run_watch,
        "stay running without a screen: read mail as it comes and notify on change",
        argument("--once", action="store_true", help="`check` with notifications: poll, report, send, end"),
        *report_options(),
        epilog="With --once all options of `check` count, and the exit code is its.",
    )


def run_watch(session: Session) -> int:
    """Watch until a signal comes, or look once."""
    if session.args.once:
        return _once(session)
    from cli.watching import Watch  # noqa: PLC0415 - --once starts as quickly as `check`

    return Watch(session).run()


def _once(session: Session) -> int:
    """A report, then what there is to say; its exit code is the report's."""
    code = run_check(session)
    settings = session.assembly.settings
    if settings.channels:
        session.herald.announce(session.desk.overview())
        done, _ = session.herald.deliver()
        for one in done:
            if one.outcome.error:
                error = session.said(one.outcome.error)
                session.say(session.t("outbox.failed", channel=one.letter.channel, error=error))
    if settings.heartbeat is not None and not session.args.no_sync:
        trouble = session.herald.beat(session.desk.overview())
        if trouble:
            session.say(session.t("outbox.heartbeat", error=session.said(trouble)))
    return code
