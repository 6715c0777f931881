"""The loop of `watch`: ends when told, takes a changed configuration, survives sleep and a ledger in trouble."""

import io
import os
import queue
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from cli import watching
from cli.parser import build_parser, nothing_given
from cli.session import Session, Streams
from cli.watching import AGAIN_SECONDS, JUMP_SECONDS, Watch
from otosata.mail.imap import Ear
from otosata.store.errors import StoreError
from tests.cli.mailbox import Mailbox, comment
from tests.cli.program import ROOT, Program
from tests.listening import listening

PATIENCE = 60
"""Seconds until a test that hangs fails; nothing is measured with it."""


class Running:
    """`watch` as a process, with what it says line by line."""

    def __init__(self, program: Program) -> None:
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("OTOSATA", "COV", "PYTEST"))}
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "launch", "watch"],
            env=clean | {"PYTHONPATH": str(ROOT)} | program.own_environ(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def wait_for(self, piece: str) -> str:
        """The next line that has it."""
        while piece not in (line := self._lines.get(timeout=PATIENCE)):
            pass
        return line

    def end(self, number: int) -> int:
        """Its exit code after a signal."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@contextmanager
def running(program: Program) -> Iterator[Running]:
    watch = Running(program)
    try:
        yield watch
    finally:
        watch.process.kill()
        watch.process.wait()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_polls_and_ends_when_it_is_told(reader: Program, mailbox: Mailbox, number: int, code: int) -> None:
    mailbox.put(comment())
    with running(reader) as watch:
        assert "lancers-1\tmessage\tclient" in watch.wait_for("lancers-1")
        assert watch.end(number) == code


def test_a_changed_configuration_is_taken_and_a_broken_one_is_said(reader: Program) -> None:
    good = reader.config.read_text("utf-8")
    with running(reader) as watch:
        watch.wait_for("watching 1 mailboxes")
        reader.configure('interval = "20m"\n' + good)
        watch.process.send_signal(signal.SIGHUP)
        watch.wait_for("the configuration was read again")
        reader.configure("interval = nonsense\n" + good)
        while watch._lines.empty():  # an editor may be in the middle of writing: it is looked at twice
            watch.process.send_signal(signal.SIGHUP)
            time.sleep(0.2)
        assert "config.toml:1" in watch.wait_for("config.toml")
        reader.configure(good)
        watch.process.send_signal(signal.SIGHUP)
        watch.wait_for("the configuration was read again")
        assert watch.end(signal.SIGTERM) == 0


@pytest.fixture
def watch(reader: Program) -> Watch:
    """The loop itself, not running."""
    args = build_parser("watch").parse_args(["watch"], nothing_given())
    return Watch(Session(args, Streams(io.StringIO(), io.StringIO()), reader.own_environ()))


@contextmanager
def ears() -> Iterator[socket.socket]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        theirs.send(b"x")  # so that no sleep lasts
        yield ours


@pytest.mark.parametrize(
    ("clock", "slept", "anew"),
    [(0, 0, False), (JUMP_SECONDS + 1, 0, True), (-JUMP_SECONDS - 1, 0, True), (4000, 4000, True)],
    ids=["nothing", "slept, and the timer with it", "clock put back", "slept, and the timer ran on"],
)
def test_after_a_sleep_or_a_jump_of_the_clock_everything_is_due(
    watch: Watch, monkeypatch: pytest.MonkeyPatch, clock: float, slept: float, anew: bool
) -> None:
    watch._look()
    assert min(watch._polls.values()) > time.monotonic()
    real = [0.0, clock]
    base = time.monotonic()

    def monotonic() -> float:
        return base + (slept if not real else 0.0)

    fake = SimpleNamespace(time=lambda: real.pop(0), monotonic=monotonic)
    monkeypatch.setattr(watching, "time", fake)
    with ears() as wake:
        watch._sleep(wake)
    monkeypatch.undo()
    assert (min(watch._polls.values()) <= base + slept) is anew


def test_a_ledger_in_trouble_is_said_and_tried_again(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise StoreError("the disk is full", "free some space")

    before = time.monotonic()
    monkeypatch.setattr(watch._desk, "poll", broken)
    watch._look()
    said = watch._session.streams.err
    assert isinstance(said, io.StringIO)
    assert "the disk is full" in said.getvalue()
    assert before < min(watch._polls.values()) <= time.monotonic() + AGAIN_SECONDS
    monkeypatch.undo()
    watch._polls = dict.fromkeys(watch._polls, 0.0)
    watch._look()
    assert min(watch._polls.values()) > time.monotonic() + AGAIN_SECONDS


def test_a_refused_password_is_tried_again_once_the_user_has_set_it(otosata: Program, tmp_path: Path) -> None:
    tried: list[bytes] = []
    with imap_server(tried) as port:
        keys = f'name = "main"\nhost = "127.0.0.1"\nport = {port}\ntls = "off"\nuser = "me"\n'
        otosata.configure(f'[[accounts]]\n{keys}secret = "command"\ncommand = ["cat", "{tmp_path}/word"]\n')
        (tmp_path / "word").write_text("wrong")
        args = build_parser("watch").parse_args(["watch"], nothing_given())
        loop = Watch(Session(args, Streams(io.StringIO(), io.StringIO()), otosata.own_environ()))
        for _ in range(3):
            loop._polls = dict.fromkeys(loop._polls, 0.0)
            loop._look()
        assert len(tried) == 1  # whoever tries a wrong password again is locked out
        (tmp_path / "word").write_text("right")
        loop._desk.forgive("main")
        loop._polls = dict.fromkeys(loop._polls, 0.0)
        loop._look()
        assert len(tried) == 2


@contextmanager
def imap_server(tried: list[bytes]) -> Iterator[int]:
    """Refuses every password and keeps what it was told."""

    def talk(connection: socket.socket) -> None:
        with suppress(OSError), connection, connection.makefile("rb") as reader:
            connection.sendall(b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hello\r\n")
            waiting = b""
            while line := reader.readline().strip():
                tag, _, words = line.partition(b" ")
                if waiting:
                    tried.append(line)
                    connection.sendall(waiting + b" NO [AUTHENTICATIONFAILED] no\r\n")
                    waiting = b""
                elif words.startswith(b"AUTHENTICATE"):
                    waiting = tag
                    connection.sendall(b"+ \r\n")
                else:
                    connection.sendall(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n" + tag + b" OK done\r\n")

    with listening(talk) as port:
        yield port


class Ears:
    """Connections that write down what is asked of them."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.listening = False
        self.socket, self._other = socket.socketpair()

    def is_listening(self, _: str) -> bool:
        return self.listening

    def ear(self, _: str) -> socket.socket:
        return self.socket

    def hush(self, _: str) -> None:
        if self.listening:
            self.asked.append("hush")
        self.listening = False

    def listen(self, _: object) -> object:
        self.asked.append("listen")
        self.listening = True
        return Ear(self.socket, news=False)


def test_an_idle_is_begun_anew_within_nine_minutes(otosata: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    assert watching.IDLE_SECONDS + watching.WAKE_SECONDS < 9 * 60
    otosata.configure('[[accounts]]\nname = "main"\nhost = "h.example"\nuser = "me"\nsecret = "env"\nenv = "X"\n')
    args = build_parser("watch").parse_args(["watch"], nothing_given())
    loop = Watch(Session(args, Streams(io.StringIO(), io.StringIO()), otosata.own_environ()))
    ears = loop._connections = Ears()  # type: ignore[assignment]
    now = [1000.0]
    monkeypatch.setattr(watching, "time", SimpleNamespace(monotonic=lambda: now[0]))
    loop._polls, loop._polled = {"main": 9000.0}, {"main": 1000.0}
    (account,) = loop._accounts
    for later in (1000.0, 1000.0 + watching.IDLE_SECONDS - 1, 1000.0 + watching.IDLE_SECONDS):
        now[0] = later
        with selectors.DefaultSelector() as selector:
            loop._listen(account, selector)
            assert len(selector.get_map()) == 1
    assert ears.asked == ["listen", "hush", "listen"]
