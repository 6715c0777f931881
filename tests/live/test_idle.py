"""A real server speaks up when mail comes: it is heard, the connection stays good, and only reading words go out."""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from otosata.mail.imap import ImapSource
from otosata.mail.source import SourceError
from tests.cli.mailbox import comment
from tests.cli.program import ROOT
from tests.live.dovecot import PASSWORD, Mailbox
from tests.live.recorder import recorded
from tests.live.test_dovecot import Memory, fill, mail, open_source  # noqa: F401 - the fixture
from tests.notify.server import Service, service

NOW = datetime.now(UTC).replace(microsecond=0)
PATIENCE = 60
"""Seconds until a test that hangs fails; nothing is measured with it."""


@pytest.mark.parametrize("encryption", ["off", "starttls", "implicit"])
def test_new_mail_is_heard_and_then_polled_on_the_same_connection(
    mailbox: Mailbox,
    open_source: Callable[..., ImapSource],  # noqa: F811 - the fixture
    encryption: str,
) -> None:
    fill(mailbox, 4)
    port = mailbox.server.port if encryption == "implicit" else mailbox.server.plain_port
    with recorded(port) as wire:
        host = "127.0.0.1" if encryption == "off" else "localhost"
        source, memory = open_source(host=host, port=wire.port, tls=encryption), Memory()
        memory.poll(source)
        for number in range(3):
            ear = source.start_idle()
            assert ear is not None
            assert not ear.news
            mailbox.deliver(mail("x@mail.lancers.example", f"new{number}"), NOW)
            heard = False
            while not heard:
                assert select.select([ear.socket], [], [], PATIENCE)[0]
                heard = source.hear()
            source.stop_idle()
            assert memory.poll(source) == [f"new{number}"]
        assert wire.connections == 1
        if encryption == "off":
            assert {line.partition(" ")[2] for line in wire.up.decode().splitlines() if "IDLE" in line} == {"IDLE"}
            assert wire.up.count(b"DONE\r\n") == 3


def test_mail_that_came_between_poll_and_idle_is_not_waited_for(
    mailbox: Mailbox,
    open_source: Callable[..., ImapSource],  # noqa: F811 - the fixture
) -> None:
    source, memory = open_source(), Memory()
    memory.poll(source)
    mailbox.deliver(mail("x@mail.lancers.example", "between"), NOW)
    ear = source.start_idle()
    assert ear is not None
    assert ear.news
    source.stop_idle()
    assert memory.poll(source) == ["between"]


def test_a_server_that_goes_away_is_noticed_and_the_next_poll_connects_anew(
    mailbox: Mailbox,
    open_source: Callable[..., ImapSource],  # noqa: F811 - the fixture
) -> None:
    with recorded(mailbox.server.plain_port) as wire:
        source, memory = open_source(host="127.0.0.1", port=wire.port, tls="off"), Memory()
        memory.poll(source)
        ear = source.start_idle()
        assert ear is not None
        wire.cut()
        assert select.select([ear.socket], [], [], PATIENCE)[0]
        with pytest.raises(SourceError):
            source.hear()
        mailbox.deliver(mail("x@mail.lancers.example", "later"), NOW)
        assert memory.poll(source) == ["later"]
        assert wire.connections == 2


def test_watch_notifies_as_mail_comes_and_ends_when_it_is_told(mailbox: Mailbox, tmp_path: Path) -> None:
    """The whole program as a process, with polls far apart: only IDLE can be that quick."""
    with service() as there:
        watch = _watch(mailbox, there, tmp_path)
        try:
            _wait_for(there, 1)  # the first look's message
            assert watch.stderr is not None
            at = datetime.now(UTC) - timedelta(seconds=2)
            mailbox.deliver(comment(at=at.isoformat(), verdict=""), at)
            _wait_for(there, 2)
        finally:
            watch.send_signal(signal.SIGTERM)
            out, err = watch.communicate(timeout=PATIENCE)
        said = json.loads(there.got[-1].body)
        assert (said["kind"], said["deal"], said["title"]) == ("turn", "lancers-1", "your turn: lancers-1")
        assert watch.returncode == 0, err
        assert "lancers-1\tmessage\tclient" in out.decode()


def _watch(mailbox: Mailbox, there: Service, folder: Path) -> "subprocess.Popen[bytes]":
    account = mailbox.account()
    secrets = {"hook": f"{there.url}/in", "mail": PASSWORD}
    for name, secret in secrets.items():
        (folder / name).write_text(secret, "utf-8")
        (folder / name).chmod(0o600)
    (folder / "config.toml").write_text(
        f"""
interval = "6h"
[[accounts]]
name = "main"
host = "localhost"
port = {account.port}
user = "{account.user}"
secret = "file"
file = "{folder}/mail"
ca_file = "{account.ca_file}"
authentication = "off"
[channels.hook]
type = "webhook"
secret = "file"
file = "{folder}/hook"
private_addresses = "allow"
""",
        "utf-8",
    )
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("OTOSATA", "COV", "PYTEST"))}
    words = ["watch", "--config", str(folder / "config.toml"), "--data", str(folder / "data"), "--lang", "en"]
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "launch", *words],
        env=clean | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _wait_for(there: Service, count: int) -> None:
    arrived = there.arrived(count, PATIENCE)
    assert arrived, [got.body for got in there.got]
