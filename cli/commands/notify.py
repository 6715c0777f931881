"""`notify`: try the channels, look into the outbox, send again what was given up, keep a channel's secret."""

from datetime import tzinfo

from cli.errors import FOUND, OK, UNREACHABLE, UsageError, with_hint
from cli.parser import JSON, Subparsers, add_command, argument, counted, plain
from cli.session import Session
from otosata.store.outbox import Letter, LetterState

MOST_SENT = 20
"""Sent letters in the list; the open ones are all there."""


def register(commands: Subparsers) -> None:
    """Add `notify` and what stands below it."""
    parser = add_command(
        commands,
        "notify",
        run_list,
        "try the channels, and see what was sent, waits, or was given up",
        JSON,
        epilog="Without a word: list.",
    )
    below = parser.add_subparsers(dest="what", metavar="WHAT")
    channel = argument("channel", metavar="CHANNEL", nargs="?", type=plain, help="default: all")
    add_command(below, "test", run_test, "send a message now, past the outbox; 3 if one did not arrive", channel)
    add_command(below, "list", run_list, "what waits, was given up, or was sent lately; 1 if one was given up", JSON)
    add_command(
        below,
        "retry",
        run_retry,
        "send again now what was given up or waits",
        argument("letters", metavar="NUMBER", nargs="*", type=counted, help="of the list; default: all"),
    )
    add_command(
        below,
        "login",
        run_login,
        "ask for a channel's address, key or password and keep it in the keyring",
        argument("channel", metavar="CHANNEL", type=plain, help="a channel, or heartbeat"),
    )


def run_test(session: Session) -> int:
    """Send a message to one channel, or to all."""
    from otosata.notify.outcome import Result  # noqa: PLC0415 - only here

    names = [channel.name for channel in session.assembly.settings.channels]
    chosen = session.args.channel
    if not names:
        raise UsageError("no channel is configured", "add one below [channels.NAME]; see docs/notifications.md")
    if chosen is not None and chosen not in names:
        raise UsageError(f"there is no channel {chosen!r}", f"there are: {', '.join(names)}")
    code = OK
    for name in [chosen] if chosen else names:
        outcome = session.herald.test(name)
        if outcome.result is Result.SENT:
            session.print(f"{name}\tok")
        else:
            why = with_hint(session.said(outcome.error), session.said(outcome.hint))
            session.print(f"{name}\tfailed\t{why}")
            code = UNREACHABLE
    return code


def run_list(session: Session) -> int:
    """The outbox, oldest first."""
    with session.desk.store() as store:
        letters = store.outbox.letters(LetterState.WAITING, LetterState.DEAD)
        letters += store.outbox.letters(LetterState.SENT)[-MOST_SENT:]
    letters = tuple(sorted(letters, key=lambda letter: letter.id))
    if session.args.json:
        session.print_json({"schema_version": 1, "letters": [_document(letter, session.zone) for letter in letters]})
    else:
        for letter in letters:
            session.print(_row(session, letter))
        if not letters:
            session.say(session.t("outbox.empty"))
    return FOUND if any(letter.state is LetterState.DEAD for letter in letters) else OK


def _row(session: Session, letter: Letter) -> str:
    from otosata.notify.message import Message  # noqa: PLC0415 - only here

    title = Message.from_json(letter.message).title
    state = session.t(f"outbox.{letter.state.value}")
    at = letter.ended or letter.due
    cells = [str(letter.id), state, letter.channel, f"{at.astimezone(session.zone):%Y-%m-%d %H:%M}", title]
    return "\t".join([*cells, *([session.said(letter.error)] if letter.error else [])])


def _document(letter: Letter, zone: tzinfo) -> dict[str, object]:
    from otosata.notify.message import Message  # noqa: PLC0415 - only here

    message = Message.from_json(letter.message)
    return {
        "number": letter.id,
        "id": letter.key,
        "channel": letter.channel,
        "state": letter.state.value,
        "kind": message.kind,
        "level": message.level,
        "deal": message.deal or None,
        "title": message.title,
        "made": letter.made.astimezone(zone).isoformat(),
        "due": letter.due.astimezone(zone).isoformat() if letter.state is LetterState.WAITING else None,
        "ended": letter.ended.astimezone(zone).isoformat() if letter.ended else None,
        "attempts": letter.attempts,
        "repeat": letter.unsure,
        "error": letter.error or None,
    }


def run_retry(session: Session) -> int:
    """Put letters back and send what is due."""
    with session.desk.store(read_only=False) as store:
        count = store.outbox.revive(session.args.letters, session.now)
    if not count:
        session.say(session.t("outbox.nothing"))
        return OK
    done, _ = session.herald.deliver()
    failed = [one for one in done if one.outcome.error]
    for one in done:
        session.print(f"{one.letter.id}\t{one.letter.channel}\t{session.said(one.outcome.error) or 'ok'}")
    return UNREACHABLE if failed else OK


def run_login(session: Session) -> int:
    """Keep a channel's secret in the keyring."""
    from cli.commands.accounts import keep_in_keyring  # noqa: PLC0415 - keyring is slow to import
    from config.channels import HEARTBEAT, keyring_name  # noqa: PLC0415 - as above
    from config.model import SecretKind  # noqa: PLC0415 - as above

    name = session.args.channel
    settings = session.assembly.settings
    known = {channel.name: channel.secret for channel in settings.channels}
    if settings.heartbeat is not None:
        known[HEARTBEAT] = settings.heartbeat.secret
    if name not in known:
        raise UsageError(f"there is no channel {name!r}", f"there are: {', '.join(known) or '-'}")
    if known[name].kind is not SecretKind.KEYRING:
        raise UsageError(f"{name} keeps no secret in the keyring", "change it where the configuration says it is")
    keep_in_keyring(session, keyring_name(name), session.t("outbox.secret", name=name))
    return OK
