"""The configuration as immutable values: what the running program asks for."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from otosata.deals.calendar import OFFICE_HOURS, WorkingHours
from otosata.deals.duration import Span
from otosata.deals.vocabulary import Level
from otosata.notify.kinds import DESKTOP, EMAIL


class AccountType(StrEnum):
    """What a mailbox is."""

    IMAP = "imap"
    MAILDIR = "maildir"
    MBOX = "mbox"
    EML = "eml"


class SecretKind(StrEnum):
    """Where a password comes from. It never stands in a configuration file."""

    KEYRING = "keyring"
    COMMAND = "command"
    ENV = "env"
    FILE = "file"
    OAUTH2 = "oauth2"


class Tls(StrEnum):
    """How the connection to an IMAP server is encrypted."""

    IMPLICIT = "implicit"
    STARTTLS = "starttls"
    OFF = "off"
    """For a bridge on this machine only."""


class AuthenticationPolicy(StrEnum):
    """What a mail must prove before it counts as contact."""

    AUTO = "auto"
    REQUIRE = "require"
    PREFER = "prefer"
    OFF = "off"


CHANNEL_SECRETS = tuple(kind for kind in SecretKind if kind is not SecretKind.OAUTH2)
"""Where the address or key of a channel may be kept."""


class Details(StrEnum):
    """How much of a deal leaves this machine in a message."""

    NONE = "none"
    """Its id, its platform, and what is computed: nothing that stood in a mail."""
    CLIENT = "client"
    """The client's name and the link as well."""
    FULL = "full"
    """The title, and why a mailbox cannot be read, as well."""


class Private(StrEnum):
    """Whether messages may go to addresses of this machine and of local networks."""

    REFUSE = "refuse"
    ALLOW = "allow"


class QuietLets(StrEnum):
    """What the quiet hours do not hold back."""

    NOTHING = "nothing"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Secret:
    """How to get at a password or an access token."""

    kind: SecretKind = SecretKind.KEYRING
    command: tuple[str, ...] = ()
    """`command`: prints the password on its first line; `oauth2`: prints an access token, in place of `token_url`."""
    env: str = ""
    """`env`: the variable that holds it."""
    file: Path | None = None
    """`file`: its first line; nobody else may read it."""
    token_url: str = ""
    """`oauth2`: where a refresh token (from the keyring) becomes an access token."""
    client_id: str = ""
    """`oauth2`: the program's registration with the provider."""
    scope: str = ""
    """`oauth2`: what the access token is for."""


@dataclass(frozen=True, slots=True)
class Account:
    """A mailbox we read."""

    name: str
    """What it is called on the screen and in commands; unique."""
    type: AccountType = AccountType.IMAP
    """Server or files."""
    host: str = ""
    """IMAP server."""
    port: int = 993
    """TCP port of the server."""
    user: str = ""
    """Login name."""
    secret: Secret = Secret()
    """Where the password comes from."""
    folders: tuple[str, ...] = ("INBOX",)
    """Folders to read, by the names people see."""
    tls: Tls = Tls.IMPLICIT
    """Encryption of the connection."""
    ca_file: Path | None = None
    """PEM file with the certificate authority of a server of one's own."""
    authentication: AuthenticationPolicy = AuthenticationPolicy.AUTO
    """What a mail must prove."""
    authserv_ids: frozenset[str] = frozenset()
    """Whose Authentication-Results count (lower case); empty: learned from the mailbox."""
    forwarders: tuple[str, ...] = ()
    """Addresses that forward notifications by hand; read, never a contact."""
    path: Path | None = None
    """Maildir folder, mbox file or folder of .eml files."""
    timeout: dt.timedelta = dt.timedelta(seconds=30)
    """How long to wait for the server's next word."""
    interval: dt.timedelta | None = None
    """Time between two polls; None: as for all accounts."""

    @property
    def is_imap(self) -> bool:
        """Whether a server stands behind it."""
        return self.type is AccountType.IMAP


@dataclass(frozen=True, slots=True)
class Closed:
    """Dates on which I do not work, both ends included."""

    start: dt.date
    end: dt.date


@dataclass(frozen=True, slots=True)
class CalendarSettings:
    """Which dates count as business dates, and in which zone times are shown."""

    timezone: str = "Asia/Tokyo"
    """Zone of the times on the screen; business dates stay in Asia/Tokyo."""
    country: str = "JP"
    """Whose public holidays are no business dates; empty: nobody's."""
    closed: tuple[Closed, ...] = ()
    """My own days off."""
    working_hours: WorkingHours = OFFICE_HOURS
    """When business dates are worked on."""


SORTS = ("urgency", "silence", "limit", "recent", "client", "platform")
"""The orders that the list of deals can have."""


COLUMNS = ("level", "silence", "bar", "turn", "platform", "client", "title", "stage", "limit", "advice")
"""What a deal's line in the list can show, in the order in which it does unless told otherwise."""


@dataclass(frozen=True, slots=True)
class View:
    """A filter of the list of deals under a name."""

    name: str
    """What the user calls it."""
    query: str = ""
    """As typed into the filter (`otosata.query`); empty: everything."""
    sort: str = SORTS[0]
    """One of `SORTS`."""


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """How the full-screen app looks and what its keys are."""

    theme: str = "auto"
    """`auto`, `light`, `dark`, or a theme's name."""
    plain: bool = False
    """For screen readers: no lines and glyphs, states in words."""
    columns: tuple[str, ...] = COLUMNS
    """Those of the list, in their order."""
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Name of an action → its keys, in place of ours."""
    views: tuple[View, ...] = ()
    """In the order they are written."""


@dataclass(frozen=True, slots=True)
class RowOverride:
    """Thresholds laid over those of a row; what is not named stays as the adapter has it."""

    elapsed: Mapping[Level, tuple[Span, ...]] = field(default_factory=dict)
    """`notice`, `warn`, `critical`; an empty list takes the level away."""
    before: Mapping[Level, tuple[Span, ...]] = field(default_factory=dict)
    """`notice_before`, `warn_before`, `critical_before`."""
    stale: tuple[Span, ...] | None = None
    """When the deal leaves the main list."""
    limit: Span | None = None
    """The platform's hard date."""

    def __bool__(self) -> bool:
        """Whether anything is named at all."""
        return bool(self.elapsed or self.before or self.stale is not None or self.limit is not None)


@dataclass(frozen=True, slots=True)
class StageOverride:
    """What is laid over one stage."""

    row: RowOverride = RowOverride()
    """The stage's own levels."""
    rows: Mapping[str, RowOverride] = field(default_factory=dict)
    """Its further rows: `client`, `me`, `asked`."""


@dataclass(frozen=True, slots=True)
class PlatformOverride:
    """What the user says about a platform."""

    my_names: frozenset[str] = frozenset()
    """How I am called there."""
    stages: Mapping[str, StageOverride] = field(default_factory=dict)
    """Thresholds stage by stage."""
    asked: RowOverride = RowOverride()
    """My turn because the client asked, in every stage without a row of its own for it."""
    deal_limit: RowOverride = RowOverride()
    """The limit of the deal as a whole."""
    closed: tuple[Closed, ...] = ()
    """Days on which the platform's office is closed."""
    templates: Mapping[str, str] = field(default_factory=dict)
    """Reminder messages in place of the adapter's, and further ones."""


@dataclass(frozen=True, slots=True)
class ClientOverride:
    """What the user says about a client, on whatever platform."""

    row: RowOverride = RowOverride()
    """Thresholds in every open stage."""
    stages: Mapping[str, StageOverride] = field(default_factory=dict)
    """Thresholds in one stage, over `row`; stages that a platform does not have are left aside."""


@dataclass(frozen=True, slots=True)
class DealOverride:
    """What the user says about one deal."""

    row: RowOverride = RowOverride()
    """Thresholds in every open stage."""
    stages: Mapping[str, StageOverride] = field(default_factory=dict)
    """Thresholds in one stage, over `row`."""
    due: dt.date | None = None
    """The agreed 納期."""


@dataclass(frozen=True, slots=True)
class NotifySettings:
    """When the program speaks by itself."""

    limit_before: dt.timedelta = dt.timedelta(days=1)
    """A platform's hard date is near from here on."""
    remind_every: dt.timedelta = dt.timedelta(days=1)
    """Time between two reminders."""
    reminders: int = 3
    """How many at most."""
    blind_after: dt.timedelta = dt.timedelta(minutes=30)
    """How long a mailbox may fail before it is worth a word."""
    digest: dt.time | None = None
    """When the daily digest is sent, in the calendar's zone; None: there is none."""
    quiet_hours: tuple[dt.time, dt.time] | None = None
    """From and to, over midnight or not; None: never quiet."""
    quiet_lets: QuietLets = QuietLets.NOTHING
    """What goes out all the same."""


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """One way to the user."""

    name: str
    """The table's name; unique."""
    type: str
    """`slack`, `email`, …: `otosata.notify.kinds.TYPES`."""
    secret: Secret = Secret()
    """Where its address, key or password is kept."""
    to: tuple[str, ...] = ()
    """Receivers."""
    server: str = ""
    """Of a service that people run themselves."""
    template: str = ""
    """Of a webhook's body."""
    host: str = ""
    """SMTP server."""
    port: int = 465
    """Of the SMTP server."""
    user: str = ""
    """Login name there; empty: no login."""
    sender: str = ""
    """`from`: the sender of mails."""
    level: Level = Level.WARN
    """Changes of level and reminders from here on."""
    on: frozenset[str] = frozenset()
    """Kinds of messages it gets."""
    platforms: frozenset[str] = frozenset()
    """Platforms it hears of; empty: all."""
    details: Details = Details.NONE
    """How much of a deal it tells."""
    private: bool = False
    """Whether it may go to private addresses."""
    ca_file: Path | None = None
    """Certificate authority of a server of one's own."""

    @property
    def has_secret(self) -> bool:
        """Whether there is one: not for the desktop, nor for mail without a login."""
        return bool(self.user) if self.type == EMAIL else self.type != DESKTOP


@dataclass(frozen=True, slots=True)
class HeartbeatSettings:
    """The dead man's switch."""

    secret: Secret
    """Where its address is kept."""
    private: bool = False
    """Whether it may be at a private address."""
    ca_file: Path | None = None
    """Certificate authority of a server of one's own."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole configuration."""

    accounts: tuple[Account, ...] = ()
    """Mailboxes in the order they are written."""
    platforms: Mapping[str, PlatformOverride] = field(default_factory=dict)
    """By platform id."""
    clients: Mapping[str, ClientOverride] = field(default_factory=dict)
    """By the client's name, folded (`matching.fold_name`)."""
    deals: Mapping[str, DealOverride] = field(default_factory=dict)
    """By deal id."""
    calendar: CalendarSettings = CalendarSettings()
    """Business dates and the zone of the screen."""
    screen: ScreenSettings = ScreenSettings()
    """The full-screen app."""
    language: str = "auto"
    """`ja`, `en`, or `auto`: the language of the environment."""
    interval: dt.timedelta = dt.timedelta(minutes=15)
    """Time between two polls."""
    stale_after: dt.timedelta | None = None
    """Age of the last complete poll from which an account is stale; None: by the interval."""
    look_back: dt.timedelta = dt.timedelta(days=180)
    """How far the first sync looks back."""
    notify: NotifySettings = NotifySettings()
    """When the program speaks by itself."""
    channels: tuple[ChannelSettings, ...] = ()
    """Ways to the user, in the order they are written."""
    heartbeat: HeartbeatSettings | None = None
    """The dead man's switch, where there is one."""

    def interval_of(self, account: Account) -> dt.timedelta:
        """Time between two polls of that account."""
        return account.interval or self.interval

    def stale_after_of(self, account: Account) -> dt.timedelta:
        """When that account is stale: as configured, else two intervals, at least two hours."""
        return self.stale_after or max(2 * self.interval_of(account), dt.timedelta(hours=2))

    def account(self, name: str) -> Account | None:
        """The account of that name."""
        return next((account for account in self.accounts if account.name == name), None)
