"""The front desk: what both faces ask for, answered from the store, the rules and the configuration."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar, runtime_checkable

from config.assembly import Assembly
from config.model import Account, Settings
from config.reload import live, renewed
from config.vigilance import adapters_health
from otosata.deals.event import Deal, Ledger, MarkKind
from otosata.deals.platform import Platform
from otosata.deals.reading import Reading, Rules, read
from otosata.overview import (
    BROKEN_PACKAGE,
    NO_ADAPTER,
    AccountHealth,
    Overview,
    Problem,
    account_health,
    survey,
)
from otosata.overview import AccountState as Health
from otosata.store.errors import ActError
from otosata.store.store import Store
from otosata.store.values import AccountState, MailRow, MailState

if TYPE_CHECKING:
    from config.adjust import Section, Setting, Shift, Step
    from config.days_off import DayOff
    from config.enrol import Answers, Candidate
    from config.examine import Examiner
    from config.mailboxes import Mailbox
    from config.teaching import Teaching
    from config.tuning import Tuning
    from config.write import SettingsWriter
    from otosata.deals.habits import Habit
    from otosata.judge import Policy
    from otosata.mail.imap import Login
    from otosata.mail.source import Progress, Source, Traffic
    from otosata.rejudge import Court
    from otosata.store.values import ActRow
    from otosata.sync import PollReport
    from otosata.why import Why

T = TypeVar("T")

UNREADABLE_SHOWN = timedelta(days=14)
"""So long a mail is told of that names a platform as its sender and could not be read."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which deals a question is about; empty: all."""

    platform: str = ""
    client: str = ""
    account: str = ""

    def has(self, reading: Reading, accounts: frozenset[str]) -> bool:
        """Whether the deal is meant."""
        deal = reading.deal
        return (
            (not self.platform or deal.platform == self.platform)
            and (not self.client or self.client.casefold() in deal.client.casefold())
            and (not self.account or self.account in accounts)
        )


EVERYTHING = Selection()


class Desk:
    """Opens the store for each question, so that it may be asked from any thread."""

    def __init__(
        self,
        assembly: Assembly,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        connect: "Callable[[Account], Source] | None" = None,
    ) -> None:
        """`connect`: opens a mailbox, for who keeps connections from poll to poll."""
        self.live = live(assembly)
        self.now = clock
        self._connect = connect or (lambda account: self.assembly.source(account, clock))

    @property
    def assembly(self) -> Assembly:
        """The configuration at work."""
        return self.live.assembly

    @property
    def settings(self) -> Settings:
        """What the configuration says."""
        return self.assembly.settings

    @property
    def lang(self) -> str:
        """`ja` or `en`: the language to begin in."""
        return self.assembly.catalogue.lang

    @property
    def folder(self) -> Path:
        """Where the ledger is, and what else is kept beside it."""
        return self.assembly.places.data_dir

    def marker(self) -> object:
        """Is another value when the ledger or the configuration may have changed; quick."""
        database = self.assembly.places.database
        return (
            id(self.assembly),
            self.live.trouble,
            *map(_stamp, (database, database.with_name(f"{database.name}-wal"))),
        )

    def renew(self) -> bool:
        """Take what has changed in the configuration's files; whether anything has, be it that they are broken now."""
        before, self.live = self.live, renewed(self.live)
        return before.assembly is not self.live.assembly or before.trouble != self.live.trouble

    def writer(self) -> "SettingsWriter":
        """Changes settings.toml."""
        from config.write import SettingsWriter  # noqa: PLC0415 - only where something is set

        return SettingsWriter(self.assembly.options, self.assembly.environ, self.assembly.platforms)

    def try_answers(self, answers: "Answers") -> "Candidate":
        """Connect to a mailbox that is not kept yet. Blocks. AnswerError, ConfigError, SourceError."""
        from config.enrol import tried  # noqa: PLC0415 - only where a mailbox is set up

        return tried(answers, self.assembly, self.writer(), self.now)

    def keep_mailbox(self, candidate: "Candidate") -> str:
        """Keep a mailbox that was tried; names the keyring, if one was needed. Blocks.

        SourceError where the keyring keeps nothing, ConfigError, NotWritableError.
        """
        from config.enrol import kept  # noqa: PLC0415 - as above

        backend = kept(candidate, self.writer())
        self.reload()
        return backend

    def sections(self, actions: Iterable[str]) -> "tuple[Section, ...]":
        """Everything that can be set in the app; `actions`: what keys can be bound to."""
        from config.adjust import sections  # noqa: PLC0415 - only the screen of settings asks

        return tuple(sections(self.assembly, actions))

    def shifts(self, changes: Sequence[tuple[str, str]], *, of_deals: bool) -> "tuple[Shift, ...]":
        """The deals whose level would be another with these values. Blocks. ConfigError: what does not fit.

        `of_deals`: whether the values are such that can move any; else they are only checked.
        """
        from config.adjust import shifts  # noqa: PLC0415 - as above

        ledgers: tuple[Ledger, ...] = ()
        if of_deals:
            with self.store() as store:
                ledgers = store.ledgers()
        return shifts(self.assembly, changes, ledgers, self.now())

    def change(self, setting: "Setting", text: str | None) -> "Step":
        """Let settings.toml say so; None: say nothing. ConfigError, NotWritableError: nothing is changed."""
        from config.adjust import change  # noqa: PLC0415 - as above

        return change(setting, text, self.writer())

    def take_back(self, step: "Step") -> None:
        """Let settings.toml say what it said before a change. Raises as `change`."""
        from config.adjust import apply  # noqa: PLC0415 - as above

        apply(step.key, step.before, self.writer())

    @property
    def platforms(self) -> Mapping[str, Platform]:
        """The rules of every platform that is known, by id."""
        return self.assembly.platforms

    def act(self, write: Callable[[Store, datetime], T]) -> T:
        """Let `write` change the ledger at this moment; its result. StoreError, HandError: it changed nothing."""
        with self.store(read_only=False) as store:
            return write(store, self.now())

    @contextmanager
    def store(self, *, read_only: bool = True) -> Iterator[Store]:
        """The ledger, for as long as the block lasts."""
        with self.assembly.open_store(read_only=read_only) as store:
            yield store

    def rules(self, deal: Deal) -> Rules | None:
        """What a deal is read by; None for a platform whose adapter is not installed."""
        return self.assembly.rules(deal, self.now())

    def tuning(self, since: datetime) -> "Tuning":
        """The stored history from `since` on, to be replayed with other thresholds."""
        from config.tuning import Tuning  # noqa: PLC0415 - only who tunes

        with self.store() as store:
            ledgers = store.ledgers()
        return Tuning(self.assembly, ledgers, since, self.now())

    def reading(self, ledger: Ledger) -> Reading | None:
        """A deal now; None for a platform whose adapter is not installed."""
        rules = self.rules(ledger.deal)
        return read(ledger, rules, self.now()) if rules else None

    def deal(self, deal: str) -> tuple[Ledger, Reading]:
        """A deal's ledger and reading. ActError where there is no such deal, or its adapter is missing."""
        ledger, rules = self._found(deal)
        return ledger, read(ledger, rules, self.now())

    def _found(self, deal: str) -> tuple[Ledger, Rules]:
        with self.store() as store:
            ledger = store.ledger(deal)
        if ledger is None:
            raise ActError(f"there is no deal {deal}", "`otosata deals --all` lists them")
        rules = self.rules(ledger.deal)
        if rules is None:
            raise ActError(f"no adapter for the platform of {deal} is installed", "put its adapter file back")
        return ledger, rules

    def ledger(self, deal: str) -> Ledger:
        """A deal's ledger. ActError as `deal`."""
        return self._found(deal)[0]

    def why(self, deal: str) -> "Why":
        """The explanation of a deal's reading. ActError as `deal`."""
        from otosata.why import explain  # noqa: PLC0415 - a check from cron starts without it

        ledger, rules = self._found(deal)
        reading = read(ledger, rules, self.now())
        with self.store() as store, store.snapshot():
            feeds = store.accounts_of_deals().get(ledger.deal.id, frozenset())
            states = {state.account: state for state in store.account_states()}
            return explain(reading, store.event_origin, rules, blind=bool(feeds & self._blind(states)))

    def _blind(self, states: Mapping[str, AccountState]) -> frozenset[str]:
        """The mailboxes that cannot be believed now."""
        health = self._accounts(states, self.now())
        return frozenset(account.name for account in health if account.state is not Health.OK)

    def refs_of(self, platform: str, url: str | None) -> tuple[tuple[tuple[str, str], ...], str | None]:
        """The references in a link to a job or room, and the link; ActError if it is no web address."""
        if url is None:
            return (), None
        if not url.startswith(("https://", "http://")):
            raise ActError(f"{url} is no link", "begin it with https://")
        adapter = next(adapter for adapter in self.assembly.adapters if adapter.id == platform)
        return adapter.refs_in(url), url

    def examiner(self, account: str | None) -> "Examiner":
        """Judges mails as that account would, else the first configured, else believing nobody's marks."""
        from config.examine import Examiner  # noqa: PLC0415 - a check of the ledger judges no mail
        from otosata.deals.book import DealBook  # noqa: PLC0415 - as above
        from otosata.judge import Policy  # noqa: PLC0415 - as above
        from otosata.mail.model import Trust  # noqa: PLC0415 - as above

        settings = self.assembly.settings
        chosen = settings.account(account) if account else next(iter(settings.accounts), None)
        if account and chosen is None:
            raise ActError(f"there is no account {account!r}", "`otosata accounts` lists them")
        with self.store() as store:
            state = store.account_state(chosen.name) if chosen else AccountState("")
            book = DealBook(store.ledgers(), self._platform_rules())
        trust = self.assembly.trust(chosen) if chosen else Trust()
        policy = self._policy(chosen, state) if chosen else Policy.PREFER
        return Examiner(self.assembly.adapters, book, state.trust if trust == Trust() else trust, policy, self.now())

    def try_account(self, account: Account) -> str:
        """Connect and look around; says what was found. SourceError."""
        from otosata.mail.files import read_mails  # noqa: PLC0415 - only mailboxes of files

        words = self.assembly.catalogue
        source = self.assembly.source(account, self.now)
        try:
            if isinstance(source, LoginTest):
                found = source.test_login().mails
                return ", ".join(words.t("accounts.mails", folder=folder, count=count) for folder, count in found)
            return words.t("accounts.readable", count=sum(1 for _ in read_mails(account.path or Path())))
        finally:
            source.close()

    def keep_password(self, account: str, password: str) -> str:
        """Keep it in the keyring and let the next poll try it; names the keyring. SourceError where it is lost."""
        from otosata.mail.secrets import NO_KEYRING, keyring_that_forgets, save_to_keyring  # noqa: PLC0415 - slow
        from otosata.mail.source import SourceError  # noqa: PLC0415 - a check of the ledger reads no mail

        if forgetful := keyring_that_forgets():
            raise SourceError(f"this system has no keyring that keeps a password ({forgetful})", NO_KEYRING)
        backend = save_to_keyring(account, password)
        self.forgive(account)
        return backend

    def forgive(self, account: str) -> None:
        """Let the next poll try an account again whose password was refused: it may be another by now."""
        with self.store() as store:
            if not store.account_state(account).permanent:
                return
        with self.store(read_only=False) as store, store.writing() as writer:
            writer.set_account_state(replace(store.account_state(account), permanent=False))

    def mails(self, state: MailState) -> tuple[MailRow, ...]:
        """Stored mails of a state, oldest first."""
        with self.store() as store:
            return store.mails(state=state)

    def overview(self, selection: Selection = EVERYTHING) -> Overview:
        """All deals, or the selected ones, and the health of what feeds them."""
        now = self.now()
        with self.store() as store, store.snapshot():
            ledgers = store.ledgers()
            feeds = store.accounts_of_deals()
            states = {state.account: state for state in store.account_states()}
            counts = {found.adapter: found for found in store.adapter_counts()}
            waiting = store.mails(state=MailState.TRIAGE)
            unreadable = store.mails(state=MailState.QUARANTINE)
            given_up = store.count_given_up()
        closed = {ledger.deal.id for ledger in ledgers if _is_closed(ledger)}
        read_now = [(ledger.deal, self.reading(ledger)) for ledger in ledgers]
        chosen = [
            found for _, found in read_now if found and selection.has(found, feeds.get(found.deal.id, frozenset()))
        ]
        accounts = self._accounts(states, now, selection.account)
        readings = [found for _, found in read_now if found]
        adapters = adapters_health(self.assembly.toml_adapters, counts, ledgers, readings, waiting, now)
        orphans = [
            Problem(
                NO_ADAPTER,
                f"{deal.id}: no adapter for the platform {deal.platform!r} is installed",
                "put its adapter file back, or close the deal",
            )
            for deal, found in read_now
            if found is None and deal.id not in closed
        ]
        told = [*self._configuration(), *self._broken_packages()]
        problems = [*told, *orphans, *self._unreadable(unreadable, now), *self._given_up(given_up)]
        return survey(chosen, feeds, accounts, adapters, problems, triage=len(waiting), now=now)

    def _configuration(self) -> Iterator[Problem]:
        """What is wrong with the files since they were read last, and what should be written otherwise in them."""
        words, trouble = self.assembly.catalogue, self.live.trouble
        if trouble:
            more = words.t("check.config_more", count=len(trouble) - 1) if len(trouble) > 1 else ""
            text = words.t("check.config_broken", problem=trouble[0].short, more=more)
            yield Problem("configuration", text, trouble[0].hint)
        for warning in self.assembly.loaded.warnings:
            yield Problem(warning.code, warning.short, warning.hint)

    def _accounts(self, states: Mapping[str, AccountState], now: datetime, only: str = "") -> list[AccountHealth]:
        return [
            self._account_health(account, states.get(account.name, AccountState(account.name)), now)
            for account in self.assembly.settings.accounts
            if only in ("", account.name)
        ]

    def _account_health(self, account: Account, state: AccountState, now: datetime) -> AccountHealth:
        return account_health(
            account.name,
            account.type.value,
            last=state.last_complete_poll,
            error=state.error,
            hint=state.hint,
            now=now,
            stale=self.assembly.settings.stale_after_of(account),
            present=datetime.now(UTC),
        )

    def _broken_packages(self) -> list[Problem]:
        """Platforms that installed packages should bring and do not."""
        return [
            Problem(
                BROKEN_PACKAGE,
                f"the package {one.offer.package} with the platform {one.offer.platform!r} is left out: {one.why}",
                "update or uninstall the package",
            )
            for one in self.assembly.found.broken
        ]

    def _unreadable(self, mails: tuple[MailRow, ...], now: datetime) -> list[Problem]:
        """Mail that names a platform as its sender and could not be read: somebody's word may be in it."""
        recent = [mail for mail in mails if mail.received is None or mail.received > now - UNREADABLE_SHOWN]
        if not recent:
            return []
        text = self.assembly.catalogue.t("check.unreadable", count=len(recent), why=recent[-1].why)
        return [Problem("unreadable_mail", text, self.assembly.catalogue.t("check.unreadable_hint"))]

    def mailboxes(self) -> "tuple[Mailbox, ...]":
        """Every configured mailbox with all that is known of it."""
        from config.mailboxes import mailboxes  # noqa: PLC0415 - only the screen about them asks

        now, accounts = self.now(), self.assembly.settings.accounts
        with self.store() as store, store.snapshot():
            states = {account.name: store.account_state(account.name) for account in accounts}
            stored = store.count_by_account()
        health = [self._account_health(account, states[account.name], now) for account in accounts]
        return mailboxes(accounts, health, states.values(), stored)

    def acts(self) -> "tuple[ActRow, ...]":
        """What was done by hand, in order."""
        with self.store() as store:
            return store.acts()

    def habits(self) -> "tuple[Habit, ...]":
        """How the clients answer, by platform."""
        from otosata.deals.habits import habits  # noqa: PLC0415 - only the screen about it asks

        with self.store() as store:
            return habits(store.ledgers(), self.now())

    def days_off(self, first: date, last: date, lang: str) -> "Mapping[date, DayOff]":
        """Holidays and closed days between the two, both included; named in `ja` or `en`."""
        from config.days_off import days_off  # noqa: PLC0415 - only the calendar on the screen asks

        return days_off(self.assembly.settings.calendar, first, last, lang)

    def _given_up(self, count: int) -> list[Problem]:
        """Notifications that nobody got."""
        texts = self.assembly.catalogue
        if not count:
            return []
        return [Problem("notification_given_up", texts.t("outbox.gone", n=count), texts.t("outbox.gone_hint"))]

    def poll(
        self, progress: "Callable[[str, Progress], None]" = lambda *_: None, only: str = ""
    ) -> "tuple[PollReport, ...]":
        """Read every mailbox once, one after the other. Failures are in the reports; the store knows them too.

        Before that, mail that waits is judged anew if the rules about mail have changed; what comes of it is in the
        first report.
        """
        from config.retrial import retry_waiting  # noqa: PLC0415 - a check of the ledger judges no mail

        accounts = [account for account in self.assembly.settings.accounts if only in ("", account.name)]
        with self.store(read_only=False) as store:
            retried = retry_waiting(store, self.court(), self.assembly.toml_adapters.values(), self.now())
            reports = tuple(self._poll(account, store, progress) for account in accounts)
        if not reports or not retried.events:
            return reports
        first, *others = reports
        events, opened = (*retried.events, *first.events), (*retried.opened, *first.opened)
        return (replace(first, events=events, opened=opened), *others)

    def reload(self) -> None:
        """Read the configuration and the adapters anew. ConfigError."""
        self.live = live(self.assembly.again())

    @property
    def teaching(self) -> "Teaching":
        """Unknown mail, and the rules made of it."""
        from config.teaching import Teaching  # noqa: PLC0415 - only where something is taught

        return Teaching(self)

    def court(self) -> "Court":
        """What stored mail is judged by."""
        from otosata.rejudge import Court  # noqa: PLC0415 - only where mail is judged anew

        with self.store() as store:
            states = {state.account: state for state in store.account_states()}
        policies = {name: self._policy(self.assembly.settings.account(name), state) for name, state in states.items()}
        return Court(self.assembly.adapters, self._platform_rules(), policies)

    def _policy(self, account: Account | None, state: AccountState) -> "Policy":
        from otosata.sync import policy_of  # noqa: PLC0415 - only where mail is judged

        if account is None:
            return policy_of("auto", state.policy, named=False)
        named = account.is_imap and bool(account.authserv_ids)
        return policy_of(account.authentication.value, state.policy, named=named)

    def _platform_rules(self) -> dict[str, Rules]:
        now, assembly = self.now(), self.assembly
        return {name: Rules(platform, assembly.calendar(now, name)) for name, platform in assembly.platforms.items()}

    def _poll(self, account: Account, store: Store, progress: "Callable[[str, Progress], None]") -> "PollReport":
        from otosata.sync import Mailbox, poll  # noqa: PLC0415 - a check of the ledger reads no mail

        mailbox = Mailbox(
            name=account.name,
            look_back=self.assembly.settings.look_back,
            authentication=account.authentication.value,
            trust=self.assembly.trust(account),
            learns=account.is_imap,
            forwarders=account.forwarders,
            place=f"{account.user}@{account.host}",
            fingerprint=self.assembly.fingerprint(account),
        )
        meter, began = _Meter(lambda: self._connect(account)), time.monotonic()
        report = poll(
            mailbox,
            meter.connect,
            store,
            self.assembly.adapters,
            self._platform_rules(),
            now=self.now(),
            progress=lambda step: progress(account.name, step),
        )
        return replace(report, traffic=meter.traffic, took=timedelta(seconds=time.monotonic() - began))


@runtime_checkable
class Metered(Protocol):
    """A source that knows what it costs."""

    @property
    def traffic(self) -> "Traffic":
        """What has gone over the wire so far."""


class _Meter:
    """Remembers the source that a poll opens, to ask it afterwards what it has cost."""

    def __init__(self, make: "Callable[[], Source]") -> None:
        self._make = make
        self._source: Source | None = None

    def connect(self) -> "Source":
        """The source, made new."""
        self._source = self._make()
        return self._source

    @property
    def traffic(self) -> "Traffic":
        """What it has cost; nothing where there is no connection."""
        from otosata.mail.source import NO_TRAFFIC  # noqa: PLC0415 - a check of the ledger reads no mail

        return self._source.traffic if isinstance(self._source, Metered) else NO_TRAFFIC


@runtime_checkable
class LoginTest(Protocol):
    """A source that can be tried without reading mail."""

    def test_login(self) -> "Login":
        """Connect, log in, list the folders."""


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:  # not there (yet)
        return None
    return found.st_mtime_ns, found.st_size


def _is_closed(ledger: Ledger) -> bool:
    """Whether the user's last word is that the deal is over."""
    words = [mark.kind for mark in ledger.marks if mark.kind in (MarkKind.CLOSE, MarkKind.REOPEN)]
    return words[-1:] == [MarkKind.CLOSE]
