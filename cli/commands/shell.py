"""`completion` and `man`: what shells and `man` are to know of the commands."""

from cli.errors import OK, UsageError
from cli.parser import Subparsers, add_command, argument
from cli.session import Session

_WORDS = ("deals", "platforms")


def register(commands: Subparsers) -> None:
    """Add `completion` and `man`."""
    add_command(
        commands,
        "completion",
        run_completion,
        "a completion script for a shell; or the words that such a script asks for",
        argument("what", choices=("bash", "zsh", "fish", *_WORDS), help="a shell, or: deals, platforms"),
    )
    add_command(
        commands,
        "man",
        run_man,
        "a manual page in man(7): otosata man check | man -l -",
        argument("words", metavar="COMMAND", nargs="*", help="the command; none: the program itself"),
    )


def run_completion(session: Session) -> int:
    """A script, or a word a line."""
    what: str = session.args.what
    if what == "deals":
        with session.desk.store() as store:
            for ledger in store.ledgers():
                session.print(ledger.deal.id)
    elif what == "platforms":
        for platform in session.assembly.platforms:
            session.print(platform)
    else:
        from cli.grammar import grammar  # noqa: PLC0415 - reads the grammar of all commands
        from cli.output.completion import SHELLS  # noqa: PLC0415 - only here

        session.streams.out.write(SHELLS[what](grammar()))
    return OK


def run_man(session: Session) -> int:
    """One page."""
    from cli.grammar import grammar  # noqa: PLC0415 - reads the grammar of all commands
    from cli.output.manual import page  # noqa: PLC0415 - only here

    program, path = grammar(), tuple(session.args.words)
    found = next((one for one in program.walk() if one.path == path), None)
    if found is None:
        known = ", ".join(one.path[0] for one in program.below)
        raise UsageError(f"there is no command {' '.join(path)!r}", f"commands: {known}")
    session.streams.out.write(page(program, found, session.now.astimezone(session.zone).date()))
    return OK
