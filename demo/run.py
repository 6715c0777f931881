"""A home for one run of the demo: the server, and a temporary folder whose configuration reads from it."""

import json
import os
import signal
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from demo.server import DemoServer
from demo.world import deal_of, hand_entries, mails, my_name
from otosata.store.store import Store

ACCOUNT = "demo"
_OURS = "OTOSATA"


@dataclass(frozen=True, slots=True)
class DemoHome:
    """Where a run of the demo reads and writes, in place of what is the user's."""

    config_file: Path
    data_dir: Path
    now: datetime
    """What the mails' times relate to."""

    @property
    def options(self) -> tuple[str, ...]:
        """Global options that send any command here."""
        return ("--config", str(self.config_file), "--data", str(self.data_dir))


@contextmanager
def demo_home(now: datetime, lang: str) -> Iterator[DemoHome]:
    """Start the server and lay out the folder; both are gone when the block ends. `lang`: `ja` or `en`.

    A closed terminal or a `kill` ends the block too (SystemExit, 128 and the signal's number).
    Raises OSError where no port or no temporary folder can be had.
    """
    with (
        _tidy_when_told_to_end(),
        tempfile.TemporaryDirectory(prefix="otosata-demo-") as name,
        DemoServer(mails(now)) as server,
    ):
        folder = Path(name)
        password = folder / "password"
        _write_private(password, server.password + "\n")
        config = folder / "config.toml"
        _write_private(config, _config(server, password, lang))
        yield DemoHome(config, folder / "data", now)


def enter_by_hand(store: Store, now: datetime) -> None:
    """Enter what leaves no mail (own messages, deliveries, contracts), once, after the first sync has made the deals.

    An entry whose deal is not there is left out: its mail could not be read, and that shows elsewhere.
    """
    deals = [ledger.deal for ledger in store.ledgers()]
    for entry in hand_entries(now):
        deal = deal_of(entry.deal, deals)
        if deal is not None:
            about = {"event": entry.event.kind, "by": entry.event.actor.value}
            with store.acting("log", deal.id, now, about) as act:
                act.add_event(entry.event)


def clean_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without the user's settings for otosata, which must not reach into the demo."""
    return {name: value for name, value in environ.items() if not name.upper().startswith(_OURS)}


@contextmanager
def _tidy_when_told_to_end() -> Iterator[None]:
    """Turn the signals that would end the process on the spot into SystemExit; leave those somebody else handles."""
    words = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    here = threading.current_thread() is threading.main_thread()  # Python lets only this one set handlers
    ours = [word for word in words if here and signal.getsignal(word) is signal.SIG_DFL]

    def leave(word: int, _: object) -> None:
        raise SystemExit(128 + word)

    for word in ours:
        signal.signal(word, leave)
    try:
        yield
    finally:
        for word in ours:
            signal.signal(word, signal.SIG_DFL)


def _config(server: DemoServer, password: Path, lang: str) -> str:
    values: dict[str, str | int] = {
        "name": ACCOUNT,
        "type": "imap",
        "host": server.host,
        "port": server.port,
        "tls": "off",
        "user": server.user,
        "secret": "file",
        "file": str(password),
    }
    account = "".join(f"{key} = {_toml(value)}\n" for key, value in values.items())
    names = "".join(
        f"\n[platforms.{platform}]\nmy_names = [{_toml(my_name())}]\n"
        for platform in ("coconala", "crowdworks", "lancers")
    )
    return f"# The demo's own; it goes when the demo ends.\nlanguage = {_toml(lang)}\n\n[[accounts]]\n{account}{names}"


def _toml(value: str | int) -> str:
    """A basic string or a number; TOML and JSON write both alike."""
    return json.dumps(value, ensure_ascii=False)


def _write_private(path: Path, text: str) -> None:
    """Create a file that nobody else can read: the program refuses a password file that others can."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
