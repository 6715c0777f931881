"""What a bug report needs, without a word that is the user's own: kinds, counts, ages, and forms of sentences.

Nothing is cut out of a text afterwards: only what cannot be private gets in. A sentence of an error comes as its form
(`{host} does not open the folder {name}`), a server by the provider it belongs to, a file by what it is.
"""

import contextlib
import importlib.metadata
import os
import platform
import re
import shutil
import sqlite3
import stat
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.desk import Desk, LoginTest
from config.mailboxes import Mailbox
from config.model import Account, SecretKind, Settings
from config.places import Places
from config.problems import Problem
from config.providers import provider_at
from config.texts.complaints import form_of
from otosata import __version__
from otosata.mail.source import SourceError
from otosata.overview import AccountState, AdapterHealth
from otosata.store.outbox import LetterState
from otosata.store.values import MailState

LIBRARIES = (
    "textual",
    "rich",
    "httpx",
    "keyring",
    "tomli-w",
    "IMAPClient",
    "platformdirs",
    "holidays",
    "icalendar",
    "pymap",
)
_UNKNOWN_FORM = "an error in words of its own (left out: they may name something private)"
_LOCALE = ("LC_ALL", "LC_CTYPE", "LANG")
_PUBLIC = re.compile(
    r"(C|POSIX|[a-z]{2,3}_[A-Z]{2})(\.(UTF-?8|utf-?8|eucJP|EUC-JP|SJIS|ISO-?8859-\d{1,2}))?"
    r"|(xterm|screen|tmux|rxvt|linux|dumb|vt\d{2,3}|alacritty|foot|st|konsole|wezterm)"
    r"(-(kitty|ghostty|unicode|direct|color|16color|256color))*"
)
"""Names of locales and terminals that the world shares."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A line of the report."""

    section: str
    name: str
    value: str
    is_trouble: bool = False


def about_the_machine(environ: Mapping[str, str], encoding: str, now: datetime) -> Iterator[Finding]:
    """Versions, system, clock, terminal. `encoding`: of the output; `now`: aware."""

    def fact(name: str, value: str) -> Finding:
        return Finding("system", name, value)

    yield fact("otosata", __version__)
    yield fact(
        "python", f"{platform.python_implementation()} {platform.python_version()}, {sys.maxsize.bit_length() + 1} bit"
    )
    yield fact("system", f"{platform.system()} {platform.release()} {platform.machine()}")
    yield fact("sqlite", sqlite3.sqlite_version)
    yield fact("libraries", ", ".join(f"{name} {_version(name)}" for name in LIBRARIES))
    yield fact("clock", f"{now:%Y-%m-%dT%H:%M}Z, {_offset(now)} here")
    locale = next((f"{name}={_public(environ[name])}" for name in _LOCALE if environ.get(name)), "none set")
    yield fact("locale", f"{locale}, output in {encoding}")
    size = shutil.get_terminal_size(fallback=(0, 0))
    yield fact("terminal", f"TERM={_public(environ.get('TERM', ''))}, {size.columns}x{size.lines}")
    settings = sorted(name for name in environ if name.startswith("OTOSATA"))
    yield fact("environment", f"{len(settings)} settings of otosata's" if settings else "no settings of otosata's")


def about_the_files(places: Places, default: Places) -> Iterator[Finding]:
    """Whether they are there, how large, who may read them, and whether they lie where they usually do."""
    files = (
        ("config.toml", places.config_file, default.config_file),
        ("settings.toml", places.settings_file, default.settings_file),
        ("adapters", places.adapters_dir, default.adapters_dir),
        ("otosata.db", places.database, default.database),
    )
    for name, path, usual in files:
        where = "in its usual place" if path == usual else "in another place"
        yield _file(name, path, where)
    with contextlib.suppress(OSError, StopIteration):
        free = shutil.disk_usage(next(folder for folder in places.database.parents if folder.exists())).free
        yield Finding("files", "disk", f"{free >> 20} MiB free for the ledger", is_trouble=free < 100 << 20)


def about_the_configuration(problems: tuple[Problem, ...]) -> Iterator[Finding]:
    """Which mistakes there are, and on which line; not what stands there."""
    if not problems:
        yield Finding("configuration", "state", "fine")
    for problem in problems:
        place = f"{problem.origin.layer}, line {problem.origin.line}" if problem.origin.line else problem.origin.layer
        yield Finding("configuration", place, problem.code, is_trouble=True)


def about_the_ledger(desk: Desk) -> Iterator[Finding]:
    """Its health, and how much is in it. StoreError: it cannot be read."""
    overview = desk.overview()
    with desk.store() as store:
        mails = {state: store.count_mails(state) for state in MailState}
        waiting = Counter(mail.why or "-" for mail in store.mails(state=MailState.TRIAGE))
        letters = {state: store.outbox.count(state) for state in LetterState}
        sound = store.quick_check()
    yield Finding("ledger", "integrity", sound, is_trouble=sound != "ok")
    yield Finding("ledger", "deals", _counted(Counter(reading.level_word for reading in overview.readings)))
    yield Finding(
        "ledger", "deals by platform", _counted(Counter(_known(one.deal.platform, desk) for one in overview.readings))
    )
    yield Finding("ledger", "mails", _counted({state.value: count for state, count in mails.items()}))
    yield Finding("ledger", "triage", _counted(waiting))
    gone = letters[LetterState.DEAD]
    yield Finding(
        "ledger", "notifications", _counted({one.value: n for one, n in letters.items()}), is_trouble=gone > 0
    )
    for code, count in Counter(problem.code for problem in overview.problems).items():
        yield Finding("problems", code, str(count), is_trouble=True)
    for adapter in overview.adapters:
        yield _adapter(adapter, desk)


def about_the_mailboxes(desk: Desk, *, connect: bool) -> Iterator[Finding]:
    """How each is read and how that went; with `connect`, what its server can do."""
    accounts = desk.mailboxes()
    if not accounts:
        yield Finding("mailboxes", "-", "none is configured", is_trouble=True)
    now = desk.now()
    for number, mailbox in enumerate(accounts, start=1):
        yield Finding("mailboxes", str(number), _mailbox(mailbox))
        health = mailbox.health
        age = (
            "never"
            if health.last_complete_poll is None
            else f"{(now - health.last_complete_poll).total_seconds():.0f} s ago"
        )
        ahead = ", by a clock that ran ahead" if health.is_ahead else ""
        state = f"{health.state.value}, last complete poll {age}{ahead}"
        yield Finding("mailboxes", f"{number} state", state, is_trouble=health.state is not AccountState.OK)
        if health.error:
            yield Finding("mailboxes", f"{number} error", form_of(health.error) or _UNKNOWN_FORM, is_trouble=True)
        if connect and mailbox.account.is_imap:
            yield _server(number, mailbox.account, desk)


def about_the_keyring(settings: Settings) -> Iterator[Finding]:
    """Which one there is, where a mailbox, a channel or the dead man's switch keeps its secret in it."""
    secrets = [account.secret for account in settings.accounts if account.is_imap]
    secrets += [channel.secret for channel in settings.channels if channel.has_secret]
    secrets += [settings.heartbeat.secret] if settings.heartbeat else []
    if not any(secret.kind is SecretKind.KEYRING for secret in secrets):
        yield Finding("passwords", "keyring", "not used")
        return
    from otosata.mail.secrets import keyring_backend, keyring_that_forgets  # noqa: PLC0415 - loads keyring

    forgets = keyring_that_forgets()
    text = f"{keyring_backend()}{', which keeps nothing' if forgets else ''}"
    yield Finding("passwords", "keyring", text, is_trouble=bool(forgets))


def about_an_error(section: str, error: Exception) -> Finding:
    """What went wrong, as the form of its sentence."""
    return Finding(section, "error", form_of(str(error)) or _UNKNOWN_FORM, is_trouble=True)


def _mailbox(mailbox: Mailbox) -> str:
    account = mailbox.account
    if not account.is_imap:
        return f"{account.type.value}, {_counted({one.value: n for one, n in mailbox.stored.items()})}"
    provider = provider_at(account.host)
    parts = (
        f"imap at {provider.name if provider else 'another provider'}",
        f"port {account.port}, tls {account.tls.value}, password from {account.secret.kind.value}",
        f"folders read: {len(account.folders)}",
        f"authentication {account.authentication.value} (now {mailbox.policy.value})",
        f"trusted servers: {len(account.authserv_ids)} named, {len(mailbox.state.trust.authserv_ids)} learned",
        _counted({one.value: n for one, n in mailbox.stored.items()}),
    )
    return "; ".join(parts)


def _server(number: int, account: Account, desk: Desk) -> Finding:
    source = desk.assembly.source(account, desk.now)
    try:
        if not isinstance(source, LoginTest):
            raise TypeError(f"{type(source).__name__} cannot be tried")
        login = source.test_login()
    except SourceError as error:
        return Finding("mailboxes", f"{number} server", form_of(str(error)) or _UNKNOWN_FORM, is_trouble=True)
    finally:
        source.close()
    words = " ".join(word for word in login.abilities if word.isprintable() and word.isascii())
    return Finding("mailboxes", f"{number} server", f"logs in; folders there: {len(login.folders)}; {words}")


def _adapter(adapter: AdapterHealth, desk: Desk) -> Finding:
    last = "never" if adapter.last_recognised is None else f"{(desk.now() - adapter.last_recognised).days} d ago"
    text = f"recognised {adapter.recognised}, unrecognised {adapter.unrecognised}, last recognised {last}"
    return Finding(
        "adapters", _known(adapter.id, desk), f"{'stale' if adapter.stale else 'ok'}; {text}", is_trouble=adapter.stale
    )


def _known(platform_id: str, desk: Desk) -> str:
    """The id of a platform everybody has; one of the user's own may say too much."""
    from adapters.registry import BUILT_IN  # noqa: PLC0415 - only here

    return platform_id if platform_id in BUILT_IN else f"own platform {_place(platform_id, desk)}"


def _place(platform_id: str, desk: Desk) -> str:
    ids = [adapter.id for adapter in desk.assembly.adapters]
    return str(ids.index(platform_id) + 1) if platform_id in ids else "(not installed)"


def _file(name: str, path: Path, where: str) -> Finding:
    try:
        found = path.stat()
    except OSError as error:
        return Finding(
            "files", name, f"{where}; {'not there' if isinstance(error, FileNotFoundError) else error.strerror}"
        )
    mode = stat.S_IMODE(found.st_mode)
    kind = f"a folder with {sum(1 for _ in path.iterdir())} files" if path.is_dir() else f"{found.st_size} bytes"
    open_to_others = name == "otosata.db" and os.name == "posix" and bool(mode & 0o077)
    return Finding("files", name, f"{where}; {kind}, mode {mode:04o}", is_trouble=open_to_others)


def _public(value: str) -> str:
    return value if _PUBLIC.fullmatch(value) else "another" if value else "-"


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "missing"


def _offset(now: datetime) -> str:
    return now.astimezone().strftime("UTC%z")


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count) or "none"
