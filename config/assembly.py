"""Turns a configuration into the running parts that both faces use: adapters, rules, calendar, store, sources."""

import contextlib
import datetime as dt
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from config.calendar import business_calendar
from config.load import Loaded, load
from config.mail_rules import rule_layers
from config.model import Account, AccountType, SecretKind, Settings
from config.overrides import apply, for_deal
from config.places import NO_OPTIONS, Options, Places, find_places
from config.problems import ConfigError, Origin, Problem
from config.texts.catalogue import Catalogue
from otosata.adapter import Adapter
from otosata.deals.calendar import BusinessCalendar
from otosata.deals.event import Deal
from otosata.deals.platform import Platform
from otosata.deals.reading import Rules

if TYPE_CHECKING:
    from adapters.problems import Problem as AdapterProblem
    from adapters.recognise import TomlAdapter
    from adapters.registry import Found
    from otosata.mail.model import Trust
    from otosata.mail.source import Source
    from otosata.store.store import Store

WITHOUT_ID = "(none)"
"""How the configuration writes a provider whose Authentication-Results carry no id (Outlook)."""
_FILE_KINDS: Mapping[AccountType, Literal["maildir", "mbox", "eml"]] = {
    AccountType.MAILDIR: "maildir",
    AccountType.MBOX: "mbox",
    AccountType.EML: "eml",
}


@dataclass(frozen=True, slots=True)
class Assembly:
    """A configuration at work. Nothing is opened before it is asked for."""

    loaded: Loaded
    adapters: tuple[Adapter, ...]
    """With the user's names and thresholds laid over them."""
    platforms: Mapping[str, Platform]
    """Their rules, by id."""
    environ: Mapping[str, str]
    found: "Found"
    """The adapters as their files have them: where each comes from, and the packages that are left out."""
    options: Options = NO_OPTIONS
    """What it was put together with."""

    def again(self) -> "Assembly":
        """The same from the files as they are now. ConfigError as `assemble`."""
        return assemble(self.options, self.environ)

    @property
    def toml_adapters(self) -> "dict[str, TomlAdapter]":
        """The adapters that are files, by id: those whose rules can be added to."""
        from adapters.recognise import TomlAdapter  # noqa: PLC0415 - as in `assemble`

        return {adapter.id: adapter for adapter in self.adapters if isinstance(adapter, TomlAdapter)}

    @property
    def settings(self) -> Settings:
        """The configuration."""
        return self.loaded.settings

    @property
    def places(self) -> Places:
        """Its files."""
        return self.loaded.places

    @property
    def catalogue(self) -> Catalogue:
        """The texts in the user's language."""
        return self.loaded.catalogue

    def calendar(self, now: dt.datetime, platform: str = "") -> BusinessCalendar:
        """Business dates for everything computed at `now`, on a platform whose office may have closed dates too."""
        override = self.settings.platforms.get(platform)
        return business_calendar(self.settings.calendar, now, override.closed if override else ())

    def platform_for(self, deal: Deal) -> Platform | None:
        """The rules for a deal, with what the user says about its client and about it; None: no adapter knows them."""
        platform = self.platforms.get(deal.platform)
        return for_deal(platform, self.settings, deal) if platform else None

    def rules(self, deal: Deal, now: dt.datetime) -> Rules | None:
        """What a deal is read by; None for a platform whose adapter is not installed."""
        found, override = self.platform_for(deal), self.settings.deals.get(deal.id)
        return Rules(found, self.calendar(now, deal.platform), override.due if override else None) if found else None

    def trying(self, overrides: Iterable[tuple[str, str]]) -> "Assembly":
        """The same with (dotted key, value) pairs laid over everything. ConfigError: what does not fit."""
        options = replace(self.options, overrides=(*self.options.overrides, *overrides))
        return _assembled(options, self.environ, self.found)

    def open_store(self, *, read_only: bool = False) -> "Store":
        """The ledger on disk. StoreError says what is wrong with it."""
        from otosata.store.store import Store  # noqa: PLC0415 - `config` and `explain` work without a ledger

        return Store.open(self.places.database, read_only=read_only)

    def source(
        self, account: Account, clock: Callable[[], dt.datetime], secret: Callable[[], str] | None = None
    ) -> "Source":
        """A mailbox, not yet connected. SourceError where the configuration cannot work. `clock`: the present.

        `secret`: the password or token, where it is not (yet) kept where the configuration says.
        """
        if account.type is not AccountType.IMAP:
            from otosata.mail.files import FileSource  # noqa: PLC0415 - only polls read mail

            if account.path is None:
                raise ValueError(f"account {account.name} has no path")  # the configuration was checked for it
            return FileSource(_FILE_KINDS[account.type], account.path)
        from otosata.mail.account import ImapAccount  # noqa: PLC0415 - only polls read mail
        from otosata.mail.imap import ImapSource  # noqa: PLC0415 - only polls read mail

        return ImapSource(
            ImapAccount(
                name=account.name,
                host=account.host,
                user=account.user,
                secret=secret or self.secret(account),
                port=account.port,
                folders=account.folders,
                tls=account.tls.value,
                ca_file=str(account.ca_file) if account.ca_file else None,
                timeout_seconds=account.timeout.total_seconds(),
                auth="xoauth2" if account.secret.kind is SecretKind.OAUTH2 else "password",
            ),
            clock,
        )

    def secret(self, account: Account) -> Callable[[], str]:
        """How to get at the password or token when a connection needs it; the call may raise SourceError."""
        from config.secrets import secret_of  # noqa: PLC0415 - only polls need passwords

        return secret_of(account, self.environ, self.secret_variables)

    @property
    def secret_variables(self) -> frozenset[str]:
        """Environment variables that hold secrets: no program that we start gets to see them."""
        settings = self.settings
        secrets = [account.secret for account in settings.accounts]
        secrets += [channel.secret for channel in settings.channels]
        secrets += [settings.heartbeat.secret] if settings.heartbeat else []
        return frozenset(secret.env for secret in secrets if secret.kind is SecretKind.ENV)

    def trust(self, account: Account) -> "Trust":
        """Whose Authentication-Results count, as far as the configuration names them."""
        from otosata.mail.model import Trust  # noqa: PLC0415 - only polls judge mail

        ids = account.authserv_ids
        return Trust(authserv_ids=ids - {WITHOUT_ID}, anonymous=WITHOUT_ID in ids)

    def fingerprint(self, account: Account) -> str:
        """Changes when the account is configured differently: a password that was refused is not tried twice.

        A file with the password that was written again counts; keyring and commands cannot tell.
        """
        import hashlib  # noqa: PLC0415 - only polls ask, and it costs 3 ms

        written = None
        if account.secret.kind is SecretKind.FILE and account.secret.file is not None:
            with contextlib.suppress(OSError):  # the poll will say so
                written = account.secret.file.stat().st_mtime_ns
        return hashlib.sha256(repr((account, written)).encode()).hexdigest()[:16]


def assemble(options: Options = NO_OPTIONS, environ: Mapping[str, str] = os.environ) -> Assembly:
    """Read adapters and configuration. ConfigError: everything that is wrong with them, with places."""
    from adapters.packages import offers  # noqa: PLC0415 - as above
    from adapters.problems import LocatedError  # noqa: PLC0415 - `config path|init` work with a broken adapter file
    from adapters.registry import find_adapters  # noqa: PLC0415 - as above

    places = find_places(options, environ)
    try:
        found = find_adapters(places.adapters_dir, rule_layers(places), offers())
    except LocatedError as error:
        raise ConfigError((*_of_configuration(options, environ), *map(_of_adapter, error.problems))) from None
    return _assembled(options, environ, found)


def _assembled(options: Options, environ: Mapping[str, str], found: "Found") -> Assembly:
    loaded = load(options, environ, {adapter.id: adapter.platform for adapter in found.adapters})
    overrides = loaded.settings.platforms
    adapters = tuple(
        replace(adapter, platform=apply(adapter.platform, overrides[adapter.id]))
        if adapter.id in overrides
        else adapter
        for adapter in found.adapters
    )
    platforms = {adapter.id: adapter.platform for adapter in adapters}
    return Assembly(loaded, adapters, platforms, environ, found, options)


def _of_configuration(options: Options, environ: Mapping[str, str]) -> tuple[Problem, ...]:
    """What is wrong with the configuration besides the adapters, as far as it can be told without them."""
    try:
        load(options, environ)
    except ConfigError as error:
        return error.problems
    return ()


def _of_adapter(problem: "AdapterProblem") -> Problem:
    """A problem in a platform's file, in the words of the configuration."""
    place = Origin("adapter", Path(problem.file), problem.line, problem.column)
    return Problem("adapter", place, "", problem.message, problem.hint, _line(place))


def _line(place: Origin) -> str:
    """The line of a platform's file that is meant; no secrets stand there."""
    try:
        lines = place.file.read_text("utf-8", errors="replace").splitlines() if place.file else []
    except OSError:
        return ""
    return lines[place.line - 1] if 0 < place.line <= len(lines) else ""
