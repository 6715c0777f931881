"""The front desk: what both faces ask for, answered from the store, the rules and the configuration."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar, runtime_checkable

from config.assembly import Assembly
from config.lookout import EVERYTHING, Selection, look_out, mailboxes_health, reading_of
from config.model import Account, Settings
from config.reload import live, renewed
from otosata.deals.event import Deal, Ledger
from otosata.deals.platform import Platform
from otosata.deals.reading import Reading, Rules, read
from otosata.overview import AccountState as Health
from otosata.overview import (
    Overview,
)
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
    from otosata.mail.imap import Login
    from otosata.mail.source import Progress, Source
    from otosata.rejudge import Court
    from otosata.store.values import ActRow
    from otosata.sync import PollReport
    from otosata.why import Why

T = TypeVar("T")


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
        return reading_of(self.assembly, ledger, self.now())

    def deal(self, deal: str) -> tuple[Ledger, Reading]:
        """A deal's ledger and reading. ActError where there is no such deal, or its adapter is missing."""
        ledger, reading, _ = self._seen(deal)
        return ledger, reading

    def _seen(self, deal: str) -> tuple[Ledger, Reading, Rules]:
        with self.store() as store, store.snapshot():
            ledger = store.ledger(deal)
            feeds = store.accounts_of_deals()
            states = {state.account: state for state in store.account_states()}
        if ledger is None:
            raise ActError(f"there is no deal {deal}", "`otosata deals --all` lists them")
        rules = self.rules(ledger.deal)
        if rules is None:
            raise ActError(f"no adapter for the platform of {deal} is installed", "put its adapter file back")
        health = mailboxes_health(self.assembly, states, self.now())
        blind = {account.name for account in health if account.state is not Health.OK}
        reading = read(ledger, rules, self.now())
        seen = not feeds.get(ledger.deal.id, frozenset()) & blind
        return ledger, reading if seen else reading.blinded(), rules

    def ledger(self, deal: str) -> Ledger:
        """A deal's ledger. ActError as `deal`."""
        return self._seen(deal)[0]

    def why(self, deal: str) -> "Why":
        """The explanation of a deal's reading. ActError as `deal`."""
        from otosata.why import explain  # noqa: PLC0415 - a check from cron starts without it

        _, reading, rules = self._seen(deal)
        with self.store() as store:
            return explain(reading, store.event_origin, rules)

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
        from config.rounds import policy, rules_of  # noqa: PLC0415 - as above
        from otosata.deals.book import DealBook  # noqa: PLC0415 - as above
        from otosata.judge import Policy  # noqa: PLC0415 - as above
        from otosata.mail.model import Trust  # noqa: PLC0415 - as above

        settings = self.assembly.settings
        chosen = settings.account(account) if account else next(iter(settings.accounts), None)
        if account and chosen is None:
            raise ActError(f"there is no account {account!r}", "`otosata accounts` lists them")
        with self.store() as store:
            state = store.account_state(chosen.name) if chosen else AccountState("")
            book = DealBook(store.ledgers(), rules_of(self.assembly, self.now()))
        trust = self.assembly.trust(chosen) if chosen else Trust()
        asked = policy(chosen, state) if chosen else Policy.PREFER
        return Examiner(self.assembly.adapters, book, state.trust if trust == Trust() else trust, asked, self.now())

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
        with self.store() as store:
            return look_out(self.assembly, self.live.trouble, store, selection, self.now())

    def mailboxes(self) -> "tuple[Mailbox, ...]":
        """Every configured mailbox with all that is known of it."""
        from config.mailboxes import mailboxes  # noqa: PLC0415 - only the screen about them asks

        now, accounts = self.now(), self.assembly.settings.accounts
        with self.store() as store, store.snapshot():
            states = {account.name: store.account_state(account.name) for account in accounts}
            stored = store.count_by_account()
        return mailboxes(accounts, mailboxes_health(self.assembly, states, now), states.values(), stored)

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

    def poll(
        self, progress: "Callable[[str, Progress], None]" = lambda *_: None, only: str = ""
    ) -> "tuple[PollReport, ...]":
        """Read every mailbox once, one after the other. Failures are in the reports; the store knows them too."""
        from config.rounds import Round  # noqa: PLC0415 - a check of the ledger reads no mail

        with self.store(read_only=False) as store:
            return Round(self.assembly, self._connect, self.now, progress).go(store, only)

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
        from config.rounds import court  # noqa: PLC0415 - only where mail is judged anew

        with self.store() as store:
            return court(self.assembly, store, self.now())


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
