"""The loop of `watch`: polls when it is time or when a server speaks up, announces, sends, and sleeps in between."""

import contextlib
import selectors
import signal
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cli.commands.check import print_report
from cli.errors import INTERRUPTED, OK, complaints, in_language, lines, with_hint
from cli.output.spoken import say_failed, say_unbeaten
from cli.session import Session
from config.connections import Connections
from config.desk import Desk
from config.herald import Herald
from config.model import Account
from config.problems import ConfigError
from otosata.store.errors import StoreError

if TYPE_CHECKING:
    from otosata.mail.source import Progress
    from otosata.sync import PollReport

IDLE_SECONDS = 8 * 60
"""An IDLE is begun anew after this: routers forget quiet connections, the worst after ten minutes."""
WAKE_SECONDS = 1
"""The longest sleep: clock and configuration are looked at so often, which takes some stats of files."""
JUMP_SECONDS = 60
"""The clock and the sleep may differ by so much; more, and the machine has slept or its clock was set."""
AGAIN_SECONDS = 60
"""After a failure, of a mailbox or of the ledger, it is tried again this soon (or at the interval, if sooner)."""
BREATH_SECONDS = 5
"""Between two polls of a mailbox whose server keeps speaking up."""


class _Stopped(BaseException):
    """A signal came while mail was being read. No Exception: nothing on the way may take it for a failure."""


class Watch:
    """Watches until a signal comes. One thread, one connection a mailbox."""

    def __init__(self, session: Session) -> None:
        self._stop = 0
        """The signal that asked us to stop; 0 before."""
        self._take(session)

    def run(self) -> int:
        """Watch. 0 after SIGTERM, 130 after Ctrl-C."""
        with self._signals() as ears:
            self._session.say(self._session.t("watch.begin", n=len(self._accounts)))
            if not self._accounts:
                hint = self._session.t("check.no_account_hint")
                self._session.say(with_hint(self._session.t("check.no_account"), hint))
            while not self._stop:
                with contextlib.suppress(_Stopped):
                    self._look()
                    self._sleep(ears)
            self._connections.close()
        return INTERRUPTED if self._stop == signal.SIGINT else OK

    # What there is to watch

    def _take(self, session: Session) -> None:
        """Begin with a configuration; every mailbox is due at once."""
        self._session = session
        self._accounts = session.assembly.settings.accounts
        self._connections = Connections(session.assembly, session.clock)
        self._desk = Desk(session.assembly, session.clock, self._connections.lend)
        self._herald = Herald(self._desk)
        now = time.monotonic()
        self._polls = {account.name: now for account in self._accounts}
        self._polled: dict[str, float] = {}
        self._idle_since: dict[str, float] = {}
        self._deaf: set[str] = set()
        """Mailboxes not to be listened to before their next poll: the last one failed, or their server cannot."""
        self._look_at = now
        self._send_at: float | None = now

    def _take_again(self) -> None:
        """Take a changed configuration; with a mistake in it the old one goes on, and the overview says so."""
        before, was_well = self._desk.assembly, not self._desk.live.trouble
        self._desk.renew()
        if self._desk.assembly is not before:
            self._connections.close()
            self._take(self._session.with_configuration(self._desk.assembly))
            self._session.say(self._session.t("watch.reloaded"))
        elif self._desk.live.trouble and was_well:
            self._complain(ConfigError(self._desk.live.trouble))

    # A look

    def _look(self) -> None:
        """Poll what is due, say what has changed, send what is due."""
        try:
            due = [account for account in self._accounts if self._polls[account.name] <= time.monotonic()]
            for account in due:
                self._poll(account)
            if due or self._look_at <= time.monotonic():
                self._speak(polled=bool(due))
            if self._send_at is not None and self._send_at <= time.monotonic():
                self._deliver()
        except StoreError as error:
            self._complain(error)
            self._look_at = time.monotonic() + AGAIN_SECONDS
            self._send_at = self._look_at

    def _poll(self, account: Account) -> None:
        self._connections.hush(account.name)
        self._polls[account.name] = time.monotonic() + AGAIN_SECONDS  # should the ledger fail in between
        (report,) = self._desk.poll(self._progress, only=account.name)
        interval = self._session.assembly.settings.interval_of(account).total_seconds()
        wait = min(interval, AGAIN_SECONDS) if report.error and not report.skipped else interval
        self._polled[account.name] = time.monotonic()
        self._polls[account.name] = self._polled[account.name] + wait
        self._deaf.discard(account.name)
        if report.error:
            self._deaf.add(account.name)
            self._connections.forget(account.name)
        self._print(report)

    def _progress(self, _: str, __: "Progress") -> None:
        if self._stop:
            raise _Stopped

    def _speak(self, *, polled: bool) -> None:
        self._look_at = time.monotonic() + self._session.assembly.settings.interval.total_seconds()
        overview = self._desk.overview()
        if self._herald.is_needed and self._herald.announce(overview):
            self._send_at = time.monotonic()
        if polled:
            say_unbeaten(self._session, self._herald.beat(overview))

    def _deliver(self) -> None:
        self._send_at = None
        if not self._herald.is_needed:
            return
        done, due = self._herald.deliver()
        say_failed(self._session, done)
        if due is not None:
            wait = (due - self._session.clock()).total_seconds()
            self._send_at = time.monotonic() + max(wait, 1)

    def _print(self, report: "PollReport") -> None:
        print_report(self._session, report, quiet=True)
        self._session.streams.out.flush()

    # Sleep

    def _sleep(self, wake: socket.socket) -> None:
        """Until something is due, a server speaks up, a signal comes, or a second is over."""
        with selectors.DefaultSelector() as selector:
            selector.register(wake, selectors.EVENT_READ)
            for account in self._accounts:
                self._listen(account, selector)
            due = min([*self._polls.values(), self._look_at, *([] if self._send_at is None else [self._send_at])])
            seconds = max(min(due - time.monotonic(), WAKE_SECONDS), 0)
            clock, slept = time.time(), time.monotonic()
            heard = [key.data for key, _ in selector.select(0 if self._stop else seconds)]
            real, slept = time.time() - clock, time.monotonic() - slept
        self._hear([name for name in heard if name is not None])
        with contextlib.suppress(BlockingIOError):
            wake.recv(64)
        if abs(real - slept) > JUMP_SECONDS or slept > seconds + JUMP_SECONDS:
            self._begin_anew()
        self._take_again()

    def _listen(self, account: Account, selector: selectors.BaseSelector) -> None:
        """Have the account's server speak up; what cannot is left to its polls."""
        name, now = account.name, time.monotonic()
        if self._connections.is_listening(name) and now - self._idle_since[name] < IDLE_SECONDS:
            selector.register(self._connections.ear(name), selectors.EVENT_READ, name)
            return
        self._connections.hush(name)
        if not account.is_imap or self._polls[name] <= now or name in self._deaf:
            return
        heard = self._connections.listen(account)
        if heard is None:
            self._deaf.add(name)
            return
        self._idle_since[name] = now
        if heard.news:
            self._polls[name] = max(now, self._polled[name] + BREATH_SECONDS)
        selector.register(heard.socket, selectors.EVENT_READ, name)

    def _hear(self, names: Sequence[str]) -> None:
        now = time.monotonic()
        for name in names:
            if self._connections.hear(name):
                soon = BREATH_SECONDS if self._connections.is_listening(name) else AGAIN_SECONDS
                self._polls[name] = min(self._polls[name], max(now, self._polled[name] + soon))

    def _begin_anew(self) -> None:
        """After a sleep no connection can be trusted and everything is due."""
        self._connections.drop()
        now = time.monotonic()
        self._polls = dict.fromkeys(self._polls, now)
        self._look_at, self._send_at = now, now

    # Signals

    @contextmanager
    def _signals(self) -> Iterator[socket.socket]:
        """SIGTERM and Ctrl-C end the watch after the step at hand, SIGHUP has the configuration read again.

        A second Ctrl-C ends it at once. The socket has something to read when a signal has come.
        """
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        theirs.setblocking(False)
        before = {number: signal.signal(number, handler) for number, handler in self._handlers().items()}
        descriptor = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        try:
            yield ours
        finally:
            signal.set_wakeup_fd(descriptor)
            for number, handler in before.items():
                signal.signal(number, handler)
            ours.close()
            theirs.close()

    def _handlers(self) -> dict[int, "signal._HANDLER"]:
        def stop(number: int, _: object) -> None:
            self._stop = number
            signal.signal(signal.SIGINT, signal.default_int_handler)
            if number == signal.SIGINT:
                with contextlib.suppress(RuntimeError):  # it came in the middle of another sentence
                    self._session.say(self._session.t("watch.ending"))

        def wake(*_: object) -> None:
            """It is enough to wake up: the configuration is looked at after every sleep."""

        handlers: dict[int, signal._HANDLER] = {signal.SIGTERM: stop, signal.SIGINT: stop}
        if hasattr(signal, "SIGHUP") and not self._session.streams.err.isatty():  # there it says the window was closed
            handlers[signal.SIGHUP] = wake
        return handlers

    def _complain(self, error: Exception) -> None:
        _, found = complaints(error)
        self._session.streams.err.write("\n".join(lines(in_language(found, self._session.lang))) + "\n")
