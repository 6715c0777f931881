"""How fast a mailbox is read: a real Dovecot on loopback, over TLS, by the configuration a user would write."""

import shutil
import ssl
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.measure import Result, Sizes, compare
from benchmarks.world import NOW, letter, notifications
from config.assembly import assemble
from config.desk import Desk
from config.places import Options
from otosata.sync import PollReport
from tests.live import dovecot
from tests.live.dovecot import Mailbox

_AT_A_TIME = 500
_STEP = timedelta(minutes=10)


def first_sync_and_quiet_poll(sizes: Sizes) -> tuple[Result, Result]:
    """A mailbox read for the first time, against fetching all of it as a mirror must; then polls with nothing new."""
    with _mailbox() as mailbox, tempfile.TemporaryDirectory(prefix="otosata-benchmark-") as name:
        _fill(mailbox, sizes)
        _look_in(mailbox)  # Dovecot makes its list of UIDs: the same for whoever comes first
        desk = _desk(mailbox, Path(name))
        start = time.perf_counter()
        (report,) = desk.poll()
        ours = time.perf_counter() - start
        _check(report, sizes.matter)
        start = time.perf_counter()
        fetched = _fetch_all(mailbox)
        mirror = time.perf_counter() - start
        quiet, bare = compare(sizes.polls, lambda: _quiet(desk), lambda: _look_in(mailbox), time.perf_counter)
    first = Result(
        f"first sync: {sizes.mailbox:,} mails, {sizes.matter:,} of them matter",
        ours,
        f"IMAPClient: fetch all {fetched:,} mails, keep none",
        mirror,
        "wall",
    )
    second = Result(
        f"poll with nothing new, {sizes.mailbox:,} mails",
        quiet,
        "IMAPClient: log in, EXAMINE, log out",
        bare,
        "wall",
    )
    return first, second


@contextmanager
def _mailbox() -> Iterator[Mailbox]:
    home = Path(tempfile.mkdtemp(prefix="otosata-benchmark-"))
    home.chmod(0o755)  # the mail user must get in
    process = None
    try:
        server, process = dovecot.start(home)
        yield server.new_mailbox()
    finally:
        if process is not None:
            dovecot.stop(process)
        shutil.rmtree(home, ignore_errors=True)


def _fill(mailbox: Mailbox, sizes: Sizes) -> None:
    """The mails that matter lie evenly among the others, the newest first."""
    matter = iter(notifications(sizes.matter))
    every = sizes.mailbox // sizes.matter
    for number in range(sizes.mailbox):
        data = next(matter, None) if number % every == 0 else None
        mailbox.deliver(data or letter(number), NOW - _STEP * number, into="cur")


def _desk(mailbox: Mailbox, folder: Path) -> Desk:
    account = mailbox.account()
    password = folder / "password"
    password.write_text(account.secret(), encoding="utf-8")
    password.chmod(0o600)
    config = folder / "config.toml"
    config.write_text(
        f'[[accounts]]\nname = "main"\nhost = "{account.host}"\nport = {account.port}\nuser = "{account.user}"\n'
        f'ca_file = "{account.ca_file}"\nsecret = "file"\nfile = "{password}"\n'
        'authserv_ids = ["mx.provider.example"]\n',
        encoding="utf-8",
    )
    return Desk(assemble(Options(config=config, data=folder / "data"), {}), lambda: NOW)


def _check(report: PollReport, mails: int) -> None:
    """A benchmark of something that failed would be very fast."""
    if report.error is not None or report.mails != mails:
        raise RuntimeError(f"expected {mails} mails, not {report.mails}; {report.error}")


def _quiet(desk: Desk) -> None:
    (report,) = desk.poll()
    _check(report, 0)


@contextmanager
def _client(mailbox: Mailbox) -> Iterator[Any]:
    import imapclient  # noqa: PLC0415 - heavy

    account = mailbox.account()
    context = ssl.create_default_context(cafile=account.ca_file)
    client = imapclient.IMAPClient(account.host, account.port, ssl=True, ssl_context=context)
    client.plain_login(account.user, account.secret())
    client.select_folder("INBOX", readonly=True)
    yield client
    client.logout()


def _look_in(mailbox: Mailbox) -> None:
    with _client(mailbox):
        pass


def _fetch_all(mailbox: Mailbox) -> int:
    """What any program has to move that keeps a copy of the mailbox; without the work of keeping it."""
    with _client(mailbox) as client:
        uids = client.search("ALL")
        for place in range(0, len(uids), _AT_A_TIME):
            client.fetch(uids[place : place + _AT_A_TIME], ["BODY.PEEK[]"])
    return len(uids)
