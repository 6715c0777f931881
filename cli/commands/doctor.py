"""`doctor`: what a bug report needs, with nothing private in it."""

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from cli.errors import FOUND, OK
from cli.parser import JSON, Subparsers, add_command, argument
from cli.session import Session

if TYPE_CHECKING:
    from config.doctor import Finding


def register(commands: Subparsers) -> None:
    """Add `doctor`."""
    add_command(
        commands,
        "doctor",
        run_doctor,
        "versions, files, mailboxes, platforms and what is wrong with them, for a bug report: no names, no addresses, "
        "no secrets; in English, so that anybody can read it; 1 if anything is wrong",
        argument("--offline", action="store_true", help="connect to no mailbox"),
        JSON,
    )


def run_doctor(session: Session) -> int:
    """Everything that can be found out, whatever else is broken."""
    findings = list(_findings(session))
    if session.args.json:
        session.print_json(_document(findings))
    else:
        for section, found in groupby(findings, lambda finding: finding.section):
            session.print(f"[{section}]")
            for finding in found:
                session.print(f"{'!' if finding.is_trouble else ' '} {finding.name}: {finding.value}")
    return FOUND if any(finding.is_trouble for finding in findings) else OK


def _findings(session: Session) -> Iterator["Finding"]:
    from config import doctor  # noqa: PLC0415 - only here
    from config.places import NO_OPTIONS, find_places  # noqa: PLC0415 - only here
    from config.problems import ConfigError  # noqa: PLC0415 - only here
    from otosata.store.errors import StoreError  # noqa: PLC0415 - only here

    encoding = str(getattr(session.streams.out, "encoding", None) or "?")
    yield from doctor.about_the_machine(session.environ, encoding, session.now)
    yield from doctor.about_the_files(session.places, find_places(NO_OPTIONS, {}))
    try:
        desk = session.desk
    except ConfigError as error:
        yield from doctor.about_the_configuration(error.problems)
        return
    yield from doctor.about_the_configuration(desk.assembly.loaded.warnings)
    yield from doctor.about_the_keyring(desk.settings)
    try:
        yield from doctor.about_the_mailboxes(desk, connect=not session.args.offline)
        yield from doctor.about_the_ledger(desk)
    except StoreError as error:
        yield doctor.about_an_error("ledger", error)


def _document(findings: list["Finding"]) -> dict[str, object]:
    return {
        "schema_version": 1,
        "findings": [
            {"section": one.section, "name": one.name, "value": one.value, "trouble": one.is_trouble}
            for one in findings
        ],
    }
