"""`accounts`: mailboxes, their secrets, and whether they can be read."""

import getpass
import sys
from typing import TYPE_CHECKING

from cli.errors import OK, UNREACHABLE, UsageError, with_hint
from cli.parser import Subparsers, add_command, argument
from cli.session import Session
from config.model import Account, AccountType, SecretKind

if TYPE_CHECKING:
    from config.providers import Provider

_NAME = argument("name", metavar="NAME")


def register(commands: Subparsers) -> None:
    """Add `accounts`."""
    accounts = add_command(commands, "accounts", run_list, "list the mailboxes and how they are doing")
    below = accounts.add_subparsers(dest="accounts_command", metavar="add|login|test|remove")
    add_command(below, "list", run_list, "list the mailboxes and how they are doing")
    add_command(
        below,
        "add",
        run_add,
        "add a mailbox; a known provider needs only --user",
        _NAME,
        argument("--user", metavar="ADDRESS", help="mail address"),
        argument("--login", metavar="NAME", help="login name, where it is not the mail address (docomo)"),
        argument("--host", help="IMAP server; known for common providers"),
        argument("--port", type=int, help="993 unless said otherwise"),
        argument("--tls", choices=("implicit", "starttls", "off"), help="off: only for a bridge on this machine"),
        argument("--ca-file", metavar="PEM", help="certificate authority of a server of your own"),
        argument("--folder", action="append", metavar="NAME", help="folder to read; may be repeated; INBOX"),
        argument("--command", dest="secret_command", metavar="CMD", help="prints the password: 'pass show mail'"),
        argument("--env", dest="secret_env", metavar="VAR", help="variable that holds the password"),
        argument("--file", dest="secret_file", metavar="FILE", help="file that holds the password"),
        argument("--type", choices=tuple(kind.value for kind in AccountType), default="imap", help="default imap"),
        argument("--path", help="Maildir, mbox file or folder of .eml files"),
        argument("--no-test", action="store_true", help="add it without trying it"),
        epilog="The password is asked for and kept in the keyring, unless --command, --env or --file says where it is.",
    )
    add_command(below, "login", run_login, "ask for the password and keep it in the keyring", _NAME)
    add_command(below, "test", run_test, "connect, log in, list the folders", argument("name", nargs="?"))
    add_command(below, "remove", run_remove, "remove a mailbox that was added here", _NAME)


def run_list(session: Session) -> int:
    """Name, kind, state, last complete poll."""
    from cli.output.words import stamp  # noqa: PLC0415 - only where something is listed

    for account in session.desk.overview().accounts:
        when = stamp(account.last_complete_poll, session.zone)
        error = session.said(account.error or "")
        session.print(f"{account.name}\t{account.type}\t{account.state.value}\t{when}\t{error}".rstrip())
    if not session.assembly.settings.accounts:
        session.say(with_hint(session.t("check.no_account"), session.t("check.no_account_hint")))
    return OK


def run_add(session: Session) -> int:
    """Write the account to settings.toml, keep its password, try it; what does not work is not kept."""
    from otosata.mail.secrets import delete_from_keyring  # noqa: PLC0415 - only here and in `remove`

    keys = _keys(session)
    writer = session.settings_writer()
    loaded = writer.add_account(keys)
    name = session.args.name
    account = loaded.settings.account(name)
    in_keyring = False
    try:
        if account is None:
            raise UsageError(f"{name} could not be added")
        if keys.get("secret", "keyring") == "keyring" and account.is_imap:
            _keep_password(session, name)
            in_keyring = True
        if not session.args.no_test:
            _try(session, account)
    except BaseException:
        writer.remove_account(name)
        if in_keyring:
            delete_from_keyring(name)
        raise
    session.print(session.t("accounts.added", name=name, file=str(loaded.places.settings_file)))
    return OK


def _keys(session: Session) -> dict[str, object]:
    from config.providers import provider_at, provider_of  # noqa: PLC0415 - only here

    args = session.args
    if args.type != "imap":
        if not args.path:
            raise UsageError(f"--type {args.type} needs --path")
        return {"name": args.name, "type": args.type, "path": args.path}
    if not args.user:
        raise UsageError("--user is missing", "give your mail address")
    provider = provider_at(args.host) if args.host else provider_of(args.user)
    if provider is None and not args.host:
        raise UsageError(f"nothing is known of the provider of {args.user}", "name its IMAP server with --host")
    keys: dict[str, object] = {"name": args.name, "type": "imap"}
    if provider is not None:
        keys |= provider.account(args.name, args.user)
        session.say(f"{provider.name}: {provider.note.of(session.lang)} {provider.page}")
        if provider.user_is_not_the_address and not args.login:
            raise UsageError(f"the login name at {provider.name} is not the mail address", "give it with --login")
    keys |= {"host": args.host or keys["host"], "user": args.login or args.user}
    keys |= {key: value for key, value in (("port", args.port), ("tls", args.tls), ("ca_file", args.ca_file)) if value}
    if args.folder:
        keys["folders"] = args.folder
    return keys | _secret(session, provider)


def _secret(session: Session, provider: "Provider | None") -> dict[str, object]:
    args = session.args
    only_tokens = provider is not None and provider.secret == SecretKind.OAUTH2
    given = [name for name in ("secret_command", "secret_env", "secret_file") if getattr(args, name)]
    if len(given) > 1:
        raise UsageError("the password can come from one place only", "give one of --command, --env, --file")
    if provider is not None and only_tokens and not args.secret_command:
        raise UsageError(
            f"{provider.name} lets no password in", "give --command with a program that prints an access token"
        )
    if args.secret_command:
        kind = SecretKind.OAUTH2 if only_tokens else SecretKind.COMMAND
        return {"secret": kind.value, "command": _words(args.secret_command)}
    if args.secret_env:
        return {"secret": "env", "env": args.secret_env}
    return {"secret": "file", "file": args.secret_file} if args.secret_file else {}


def _words(command: str) -> list[str]:
    import shlex  # noqa: PLC0415 - only here

    try:
        return shlex.split(command)
    except ValueError:
        raise UsageError(f"--command {command}: a quotation mark is not closed") from None


def _keep_password(session: Session, name: str) -> None:
    keep_in_keyring(session, name, session.t("accounts.password", name=name))


def keep_in_keyring(session: Session, name: str, question: str) -> None:
    """Ask for a secret without showing it, and keep it under that name."""
    from otosata.mail.secrets import keyring_that_forgets, save_to_keyring  # noqa: PLC0415 - keyring is slow to import

    if not (sys.stdin.isatty() and session.streams.err.isatty()):
        raise UsageError("the password cannot be asked for without a terminal", "use --command, --env or --file")
    if forgetful := keyring_that_forgets():
        raise UsageError(
            f"this system has no keyring that keeps a password ({forgetful})", "use --command, --env or --file"
        )
    password = getpass.getpass(question)
    backend = save_to_keyring(name, password)
    session.say(session.t("accounts.kept", backend=backend))


def run_login(session: Session) -> int:
    """Ask for the password again; the next poll may try it, whatever the server said of the last one."""
    account = _account(session, session.args.name)
    if not _uses_keyring(account):
        raise UsageError(
            f"{account.name} keeps no password in the keyring",
            f"change it where the configuration says it is, then `otosata accounts test {account.name}`",
        )
    _keep_password(session, account.name)
    session.desk.forgive(account.name)
    return OK


def run_test(session: Session) -> int:
    """Try one mailbox, or all."""
    from otosata.mail.source import SourceError  # noqa: PLC0415 - only here

    name = session.args.name
    accounts = [_account(session, name)] if name else session.assembly.settings.accounts
    code = OK
    for account in accounts:
        try:
            _try(session, account)
        except SourceError as error:
            session.print(f"{account.name}\tfailed\t{with_hint(session.said(str(error)), session.said(error.hint))}")
            code = UNREACHABLE
    return code


def _try(session: Session, account: Account) -> None:
    found = session.desk.try_account(account)
    session.desk.forgive(account.name)
    session.print(f"{account.name}\tok\t{found}")


def run_remove(session: Session) -> int:
    """Remove an account that the program added."""
    from otosata.mail.secrets import delete_from_keyring  # noqa: PLC0415 - keyring is slow to import

    name = session.args.name
    account = _account(session, name)
    if not session.settings_writer().remove_account(name):
        raise UsageError(
            f"{name} is not in {session.assembly.places.settings_file}", "accounts in config.toml are yours to edit"
        )
    session.desk.forgive(name)
    if _uses_keyring(account):
        delete_from_keyring(name)
    session.print(session.t("accounts.removed", name=name))
    return OK


def _uses_keyring(account: Account) -> bool:
    """Whether its password, or the token that its access tokens come from, is in the keyring."""
    kind = account.secret.kind
    return account.is_imap and (
        kind is SecretKind.KEYRING or (kind is SecretKind.OAUTH2 and not account.secret.command)
    )


def _account(session: Session, name: str) -> Account:
    account = session.assembly.settings.account(name)
    if account is None:
        known = ", ".join(account.name for account in session.assembly.settings.accounts)
        raise UsageError(f"there is no account {name!r}", f"accounts: {known}" if known else "add one first")
    return account
