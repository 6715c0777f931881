"""How fast a mailbox is read: a real Dovecot on loopback, over TLS, by the configuration a user would write."""

import os
import re
import shutil
import ssl
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.measure import Result, Sizes, Volume, compare
from benchmarks.world import NOW, letter, notifications
from config.assembly import assemble
from config.desk import Desk
from config.places import Options
from otosata.sync import PollReport
from tests.live import dovecot
from tests.live.dovecot import Mailbox

_STEP = timedelta(minutes=5)
_MIRROR = """
IMAPStore server
Host {host}
Port {port}
User {user}
PassCmd "cat {password}"
SSLType IMAPS
CertificateFile {ca_file}
AuthMechs LOGIN

MaildirStore disk
Inbox {folder}/mirror

Channel all
Far :server:
Near :disk:
Sync Pull New
SyncState *
"""
_PASSWORD = "password"  # noqa: S105 - the name of a file
_LOGIN = re.compile(r": Info: Login: ")
_ENDED = re.compile(r": Info: Disconnected: .*? in=(\d+) out=(\d+)")


def first_sync_and_quiet_poll(sizes: Sizes) -> tuple[Result | Volume, ...]:
    """A mailbox read for the first time, against a mirror of it made by mbsync; then polls with nothing new."""
    with _mailbox() as mailbox, tempfile.TemporaryDirectory(prefix="otosata-benchmark-") as name:
        folder = Path(name)
        _fill(mailbox, sizes)
        os.sync()  # or the first to write would wait until all this is on the disk
        _look_in(mailbox)  # Dovecot makes its list of UIDs: the same for whoever comes first
        desk = _desk(mailbox, folder)
        ours, moved = _measured(mailbox, lambda: _check(desk.poll()[0], sizes.matter))
        mirror, mirrored = _measured(mailbox, lambda: _mirror(mailbox, folder, sizes.mailbox))
        _, quiet_moved = _measured(mailbox, lambda: _quiet(desk))
        _, listed = _measured(mailbox, lambda: _list_uids(mailbox))
        quiet, bare = compare(sizes.polls, lambda: _quiet(desk), lambda: _look_in(mailbox), time.perf_counter)
    first = f"first sync: {sizes.mailbox:,} mails, {sizes.matter:,} of them matter"
    again = f"poll with nothing new, {sizes.mailbox:,} mails"
    return (
        Result(first, ours, "mbsync: pull the same mailbox into a new Maildir", mirror, "wall"),
        Volume(first, moved, "the same", mirrored),
        Result(again, quiet, "IMAPClient: log in, EXAMINE, log out", bare, "wall"),
        Volume(again, quiet_moved, "IMAPClient: the same, and UID SEARCH ALL", listed),
    )


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
    password = folder / _PASSWORD
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


def _measured(mailbox: Mailbox, work: Callable[[], object]) -> tuple[float, int]:
    """Seconds that the work took, and the bytes its sessions moved both ways as Dovecot counted them."""
    before = len(_sessions(mailbox))
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    return seconds, sum(_sessions(mailbox)[before:])


def _sessions(mailbox: Mailbox) -> list[int]:
    """Bytes of every session until now, once all of them have ended: Dovecot writes that after the client has gone."""
    for _ in range(100):
        log = (mailbox.server.home / "dovecot.log").read_text("utf-8")
        ended = _ENDED.findall(log)
        if len(ended) == len(_LOGIN.findall(log)):
            return [int(up) + int(down) for up, down in ended]
        time.sleep(0.05)
    raise RuntimeError("a session with Dovecot does not end")


def _mirror(mailbox: Mailbox, folder: Path, mails: int) -> None:
    """What people use who want their mail at hand: every mail, whole, on disk."""
    account = mailbox.account()
    config = folder / "mbsyncrc"
    config.write_text(
        _MIRROR.format(
            host=account.host,
            port=account.port,
            user=account.user,
            password=folder / _PASSWORD,
            ca_file=account.ca_file,
            folder=folder,
        ),
        encoding="utf-8",
    )
    subprocess.run(["mbsync", "-q", "-c", str(config), "all"], check=True, stdin=subprocess.DEVNULL)
    pulled = sum(1 for _ in (folder / "mirror").glob("*/*"))
    if pulled < mails:
        raise RuntimeError(f"mbsync pulled {pulled} mails, not {mails}")


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


def _list_uids(mailbox: Mailbox) -> None:
    with _client(mailbox) as client:
        client.search("ALL")
