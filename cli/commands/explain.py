"""`explain`: judge mails from files, offline, without touching anything."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cli.errors import OK, USAGE, with_hint
from cli.parser import JSON, Subparsers, add_command, argument
from cli.session import Session

if TYPE_CHECKING:
    from otosata.mail.model import RawMail


def register(commands: Subparsers) -> None:
    """Add `explain`."""
    add_command(
        commands,
        "explain",
        run_explain,
        "judge mails from files (.eml, mbox, Maildir; - for stdin): what they say and why",
        argument("file", metavar="FILE", nargs="+"),
        argument("--account", metavar="NAME", help="judge as this account would"),
        JSON,
    )


def run_explain(session: Session) -> int:
    """Each mail in the order given. A file that cannot be read is named; the others are judged all the same."""
    from cli.output.explained import explained_document, explained_lines  # noqa: PLC0415 - only here
    from otosata.mail.source import SourceError  # noqa: PLC0415 - only here

    examiner = session.desk.examiner(session.args.account)
    documents: list[dict[str, object]] = []
    code = OK
    for name in session.args.file:
        try:
            for raw in _mails(name):
                found = examiner.examine(raw)
                if session.args.json:
                    documents.append(explained_document(name, found, session.zone))
                else:
                    for line in explained_lines(name, found, session.words, session.zone):
                        session.print(line)
        except SourceError as error:
            session.streams.err.write(f"otosata: {with_hint(session.said(str(error)), session.said(error.hint))}\n")
            code = USAGE
    if session.args.json:
        session.print_json(documents)
    return code


def _mails(name: str) -> "Iterator[RawMail]":
    from otosata.mail.files import read_mails  # noqa: PLC0415 - only here

    return read_mails("-" if name == "-" else Path(name))
