"""`triage`: mails that wait for the user's word."""

from typing import TYPE_CHECKING

from cli.commands.entries import EVENT_OPTIONS, entry, report
from cli.commands.teach import register_below
from cli.errors import OK, UsageError
from cli.parser import DEAL, JSON, Subparsers, add_command, argument, counted, plain
from cli.session import Session
from otosata.deals.notice import UNRECOGNISED
from otosata.store.values import MailRow, MailState

if TYPE_CHECKING:
    from config.groups import Group

_MAIL = argument("mail", metavar="MAIL", type=counted, help="its number in `otosata triage`")


def register(commands: Subparsers) -> None:
    """Add `triage`."""
    triage = add_command(
        commands,
        "triage",
        run_list,
        "mails that no rule knew, fit several deals or cannot be believed",
        argument("--all", action="store_true", help="each mail for itself, also those of one template"),
        JSON,
    )
    below = triage.add_subparsers(dest="triage_command", metavar="assign|teach|ignore|rules|rejudge")
    add_command(
        below,
        "assign",
        run_assign,
        "the mail belongs to that deal; --event says what it means where the mail does not",
        _MAIL,
        DEAL,
        argument("--event", metavar="EVENT", type=plain),
        *EVENT_OPTIONS,
    )
    add_command(below, "ignore", run_ignore, "the mail concerns no deal", _MAIL)
    register_below(below)


def run_list(session: Session) -> int:
    """What waits, oldest first; mails of one template that no rule knew as one entry, under the first of them."""
    mails = session.desk.mails(MailState.TRIAGE)
    groups = session.desk.teaching.groups() if any(mail.why == UNRECOGNISED for mail in mails) else ()
    if session.args.json:
        from cli.output.document import waiting_document  # noqa: PLC0415 - one format a run
        from cli.output.taught import group_document  # noqa: PLC0415 - as above

        found = {mail: group_document(group) for group in groups for mail in group.cluster.mails}
        session.print_json([{**waiting_document(mail, session.zone), "group": found.get(mail.id)} for mail in mails])
        return OK
    own = {} if session.args.all else {mail: group for group in groups for mail in group.cluster.mails}
    for mail in mails:
        _print_waiting(session, mail, own.get(mail.id))
    if not mails:
        session.say(session.t("triage.empty"))
    return OK


def _print_waiting(session: Session, mail: MailRow, group: "Group | None") -> None:
    """A mail, or the group whose first it is."""
    if group is not None:
        from cli.output.taught import group_lines  # noqa: PLC0415 - one format a run

        for line in group_lines(group, session.words, session.zone) if mail.id == group.mails[0].id else ():
            session.print(line)
        return
    from cli.output.words import stamp  # noqa: PLC0415 - one format a run

    reason = session.t(f"triage.{mail.why}")
    fits = f" ({', '.join(mail.candidates)})" if mail.candidates else ""
    at = stamp(mail.received, session.zone)
    session.print(f"{mail.id}  {at}  {mail.adapter or '-'}  {mail.subject}\n    {reason}{fits}")


def run_assign(session: Session) -> int:
    """The user's word on where a mail belongs."""
    from otosata.hand import assign  # noqa: PLC0415 - only when something is written

    args = session.args
    if args.event is None and (args.by or args.date or args.finished):
        raise UsageError("--by, --date and --finished describe an event", "name it with --event")
    with session.desk.store(read_only=False) as store:
        mail = store.mail(args.mail)
        if mail is None:
            raise UsageError(f"there is no mail {args.mail}", "`otosata triage` lists what waits")
        given = entry(session, args.event) if args.event else None
        assign(store, mail, args.deal, given, session.now)
    report(session, args.deal)
    return OK


def run_ignore(session: Session) -> int:
    """Out of triage."""
    from otosata.hand import ignore  # noqa: PLC0415 - only when something is written

    with session.desk.store(read_only=False) as store:
        ignore(store, session.args.mail, session.now)
    return OK
