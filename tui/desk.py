"""What the screen needs from the rest of the program; `config.desk.Desk` is the real one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Protocol, TypeVar

from config.adjust import Section, Setting, Shift, Step
from config.days_off import DayOff
from config.enrol import Answers, Candidate
from config.mailboxes import Mailbox
from config.model import Account, Settings
from config.teaching import Teaching
from config.tuning import Tuning
from config.write import SettingsWriter
from otosata.deals.event import Ledger
from otosata.deals.habits import Habit
from otosata.deals.platform import Platform
from otosata.mail.source import Progress
from otosata.overview import Overview
from otosata.store.store import Store
from otosata.store.values import ActRow, MailRow, MailState
from otosata.sync import PollReport
from otosata.why import Why

T = TypeVar("T")
Refs = tuple[tuple[str, str], ...]


class Desk(Protocol):
    """Answers questions about deals, and polls. Any of it may raise StoreError."""

    @property
    def now(self) -> Callable[[], datetime]:
        """The clock that everything is computed for; aware."""

    @property
    def settings(self) -> Settings:
        """What the configuration says."""

    @property
    def lang(self) -> str:
        """`ja` or `en`: the language the configuration wants."""

    @property
    def folder(self) -> Path | None:
        """Where the ledger is, and what else is kept beside it; None where nothing is to be kept."""

    def marker(self) -> object:
        """Is another value when the ledger or the configuration may have changed; quick."""

    def renew(self) -> bool:
        """Take what has changed in the configuration's files; whether anything has. Quick."""

    def overview(self) -> Overview:
        """All deals and the health of what feeds them; quick."""

    def ledger(self, deal: str, /) -> Ledger | None:
        """A deal with everything that is known of it; None where there is no such deal."""

    def why(self, deal: str, /) -> Why | None:
        """Why the deal reads as it does; None where there is no such deal."""

    def habits(self) -> tuple[Habit, ...]:
        """How the clients answer, by platform; reads every ledger, so it is called on a thread of its own."""

    def days_off(self, first: date, last: date, lang: str, /) -> Mapping[date, DayOff]:
        """Holidays and closed days between the two, both included; named in `ja` or `en`."""

    def poll(self, progress: Callable[[str, Progress], None], only: str = "", /) -> Sequence[PollReport]:
        """Read every mailbox once, or that one; blocks, so it is called on a thread of its own.

        Failures are in the reports, and show in the overview.
        """

    def mailboxes(self) -> Sequence[Mailbox]:
        """Every configured mailbox with all that is known of it."""

    def try_account(self, account: Account, /) -> str:
        """Connect and look around; says what was found. Blocks. Raises SourceError."""

    def keep_password(self, account: str, password: str, /) -> str:
        """Keep it in the keyring and let the next poll try it; names the keyring. Blocks. Raises SourceError."""

    def sections(self, actions: Iterable[str], /) -> tuple[Section, ...]:
        """Everything that can be set in the app; `actions`: what keys can be bound to."""

    def shifts(self, changes: Sequence[tuple[str, str]], /, *, of_deals: bool) -> tuple[Shift, ...]:
        """The deals whose level would be another with these values. Blocks. ConfigError: what does not fit.

        `of_deals`: whether the values are such that can move any; else they are only checked.
        """

    def change(self, setting: Setting, text: str | None, /) -> Step:
        """Let settings.toml say so; None: say nothing. ConfigError, NotWritableError: nothing is changed. Blocks."""

    def take_back(self, step: Step, /) -> None:
        """Let settings.toml say what it said before a change. Blocks. Raises as `change`."""

    def try_answers(self, answers: Answers, /) -> Candidate:
        """Connect to a mailbox that is not kept yet. Blocks. Raises AnswerError, ConfigError, SourceError."""

    def keep_mailbox(self, candidate: Candidate, /) -> str:
        """Keep a mailbox that was tried; names the keyring, if one was needed. Blocks.

        Raises SourceError where the keyring keeps nothing, ConfigError, NotWritableError.
        """

    def tuning(self, since: datetime, /) -> Tuning:
        """The stored history from `since` on, to be replayed with other thresholds; told on a thread of its own."""

    def writer(self) -> SettingsWriter:
        """Changes settings.toml."""

    def acts(self) -> Sequence[ActRow]:
        """What was done by hand, in order."""

    @property
    def platforms(self) -> Mapping[str, Platform]:
        """The rules of every platform that is known, by id."""

    def refs_of(self, platform: str, url: str | None, /) -> tuple[Refs, str | None]:
        """The references in a link to a job or room, and the link. ActError if it is no web address."""

    @property
    def teaching(self) -> Teaching:
        """Unknown mail, and the rules made of it. All that it does blocks. TeachError, StoreError."""

    def mails(self, state: MailState, /) -> tuple[MailRow, ...]:
        """Stored mails of a state, oldest first."""

    def act(self, write: Callable[[Store, datetime], T], /) -> T:
        """Let `write` change the ledger at this moment; its result. Blocks while another process writes.

        StoreError, HandError: it changed nothing.
        """
