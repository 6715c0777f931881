"""Sets up a mailbox from a few answers: what its provider needs, a try before anything is kept, then keeping it."""

import shlex
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from config.assembly import Assembly
from config.model import Account, SecretKind
from config.providers import Provider, provider_at, provider_of
from config.write import SettingsWriter
from otosata.mail.source import SourceError

FIRST_NAME = "main"


class Part(StrEnum):
    """One answer of the form."""

    ADDRESS = "address"
    LOGIN = "login"
    HOST = "host"
    PASSWORD = "password"  # noqa: S105 - the name of a field
    COMMAND = "command"
    CA_FILE = "ca_file"
    PATH = "path"


@dataclass(frozen=True, slots=True)
class Answers:
    """What the user has filled in; empty: nothing."""

    files: bool = False
    """A mailbox of files on this computer; else one on a server."""
    address: str = ""
    login: str = ""
    """Where it is not the address."""
    host: str = ""
    """`imap.example.com` or `imap.example.com:993`; empty where the provider is known."""
    password: str = field(default="", repr=False)
    """Goes into the keyring."""
    command: str = ""
    """Prints the password, or an access token; in place of `password`."""
    ca_file: str = ""
    path: str = ""
    """Of a mailbox of files."""

    @property
    def provider(self) -> Provider | None:
        """As far as it is known by the server or by the address."""
        return provider_at(self.host.partition(":")[0]) if self.host else provider_of(self.address)


class AnswerError(ValueError):
    """An answer that will not do; `part` says which, `hint` what would."""

    def __init__(self, part: Part, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.part = part
        self.hint = hint


def keys_of(answers: Answers, taken: Collection[str]) -> dict[str, object]:
    """The keys of an `[[accounts]]` entry. `taken`: names that accounts have already. Raises AnswerError."""
    if answers.files:
        return _files(answers, taken)
    if "@" not in answers.address.strip("@"):
        raise AnswerError(Part.ADDRESS, "this is no mail address", "write it as in me@example.com")
    provider = answers.provider
    if provider is None and not answers.host:
        raise AnswerError(
            Part.HOST, f"nothing is known of the provider of {answers.address}", "write the name of its IMAP server"
        )
    if provider is not None and provider.user_is_not_the_address and not answers.login:
        raise AnswerError(
            Part.LOGIN, f"the login name at {provider.name} is not the mail address", "write it as the login name"
        )
    name = _free(FIRST_NAME if FIRST_NAME not in taken else provider.id if provider else FIRST_NAME, taken)
    keys: dict[str, object] = {"name": name, "type": "imap"}
    if provider is not None:
        keys |= provider.account(name, answers.address)
    return keys | _server(answers, keys) | _secret(answers, provider)


def _files(answers: Answers, taken: Collection[str]) -> dict[str, object]:
    from otosata.mail.files import detect  # noqa: PLC0415 - only mailboxes of files

    if not answers.path:
        raise AnswerError(Part.PATH, "the path is missing", "give the folder or file that holds the mail")
    try:
        kind = detect(Path(answers.path).expanduser())
    except SourceError as error:
        raise AnswerError(Part.PATH, str(error), error.hint) from None
    return {"name": _free(FIRST_NAME if FIRST_NAME not in taken else kind, taken), "type": kind, "path": answers.path}


def _server(answers: Answers, keys: dict[str, object]) -> dict[str, object]:
    host, _, port = answers.host.partition(":")
    found: dict[str, object] = {"host": host or keys["host"], "user": answers.login or answers.address}
    if port:
        if not port.isascii() or not port.isdecimal():
            raise AnswerError(Part.HOST, f"{port} is no port", "write imap.example.com or imap.example.com:993")
        found["port"] = int(port)
        if int(port) == 143:
            found["tls"] = "starttls"
    if answers.ca_file:
        found["ca_file"] = answers.ca_file
    return found


def _secret(answers: Answers, provider: Provider | None) -> dict[str, object]:
    only_tokens = provider is not None and provider.secret == SecretKind.OAUTH2
    if answers.password and answers.command:
        raise AnswerError(Part.COMMAND, "the password can come from one place only", "leave one of the two empty")
    if answers.command:
        return {"secret": (SecretKind.OAUTH2 if only_tokens else SecretKind.COMMAND).value, "command": _words(answers)}
    if provider is not None and only_tokens:
        raise AnswerError(
            Part.COMMAND, f"{provider.name} lets no password in", "give a command that prints an access token"
        )
    if not answers.password:
        raise AnswerError(Part.PASSWORD, "the password is missing", "or give a command that prints it")
    return {"secret": SecretKind.KEYRING.value}


def _words(answers: Answers) -> list[str]:
    try:
        words = shlex.split(answers.command)
    except ValueError:
        raise AnswerError(Part.COMMAND, "a quotation mark is not closed", "write it as in a terminal") from None
    if not words:
        raise AnswerError(Part.COMMAND, "the command is empty", "write it as in a terminal")
    return words


def _free(wanted: str, taken: Collection[str]) -> str:
    """The name, with a number where another account has it."""
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mailbox that has been tried and not been kept yet."""

    account: Account
    keys: dict[str, object] = field(repr=False)
    password: str = field(default="", repr=False)
    found: tuple[tuple[str, int], ...] = ()
    """(folder, mails in it)."""


def tried(answers: Answers, assembly: Assembly, writer: SettingsWriter, clock: Callable[[], datetime]) -> Candidate:
    """Connect and look around with these answers, keeping nothing. Blocks.

    Raises AnswerError, ConfigError for what cannot stand in the configuration, SourceError where it does not work.
    """
    taken = [account.name for account in assembly.settings.accounts]
    keys = keys_of(answers, taken)
    account = writer.with_account(keys).settings.account(str(keys["name"]))
    if account is None:
        raise SourceError(f"{keys['name']} could not be added")
    return Candidate(account, keys, answers.password, _look(account, answers.password, assembly, clock))


def _look(
    account: Account, password: str, assembly: Assembly, clock: Callable[[], datetime]
) -> tuple[tuple[str, int], ...]:
    if account.path is not None:
        from otosata.mail.files import read_mails  # noqa: PLC0415 - only mailboxes of files

        return ((account.path.name, sum(1 for _ in read_mails(account.path))),)
    from otosata.mail.imap import ImapSource  # noqa: PLC0415 - only mailboxes on servers

    source = assembly.source(account, clock, (lambda: password) if password else None)
    try:
        return source.test_login().mails if isinstance(source, ImapSource) else ()
    finally:
        source.close()


def kept(candidate: Candidate, writer: SettingsWriter) -> str:
    """Keep a mailbox that was tried: its password in the keyring, the rest in settings.toml; where either fails,
    neither is kept. Blocks. Returns the keyring's name, empty where it was not needed.

    Raises SourceError where the keyring keeps nothing, ConfigError, NotWritableError.
    """
    from otosata.mail import secrets  # noqa: PLC0415 - keyring is slow to import

    name, backend = candidate.account.name, ""
    if candidate.password:
        if forgetful := secrets.keyring_that_forgets():
            raise SourceError(f"this system has no keyring that keeps a password ({forgetful})", secrets.NO_KEYRING)
        backend = secrets.save_to_keyring(name, candidate.password)
    try:
        writer.add_account(candidate.keys)
    except BaseException:
        if candidate.password:
            with suppress(Exception):  # what went wrong first is what has to be told
                secrets.delete_from_keyring(name)
        raise
    return backend
