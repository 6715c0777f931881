"""Six planted secrets, ends that repeat whatever they are told, and not one of them anywhere it does not belong."""

import base64
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from otosata.notify import http
from otosata.notify.channel import Channel
from otosata.notify.hiding import HIDDEN
from otosata.notify.http import Answer, Request
from otosata.notify.message import Message
from otosata.notify.services import Endpoint
from tests.cli.program import Program
from tests.listening import listening
from tests.notify.post_office import CERTIFICATE, post_office
from tests.notify.server import Service, answer, service

SECRETS = {
    "imap password": "imapGEHEIM-0001",
    "webhook": "webhookGEHEIM-0002",
    "LINE token": "lineGEHEIM-0003",
    "smtp password": "smtpGEHEIM-0004",
    "heartbeat": "beatGEHEIM-0005",
    "OAuth token": "oauthGEHEIM-0006",
}
"""Each in the one place that the user chose for it: files, the environment, programs that print them."""


def forms(secret: str) -> tuple[bytes, ...]:
    """As it is, and as base64 would carry it at whichever offset."""
    inner = [base64.b64encode(b"x" * pad + secret.encode())[4:-4] for pad in range(3)]
    return secret.encode(), *inner


def leaks(data: bytes) -> list[str]:
    """The names of the secrets that stand in it."""
    return [name for name, secret in SECRETS.items() if any(form in data for form in forms(secret))]


@contextmanager
def parrot() -> Iterator[int]:
    """An IMAP server that refuses every login and repeats what it was told."""

    def talk(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.sendall(b"* OK hello\r\n")
            reader, asked = connection.makefile("rb"), b""
            while line := reader.readline().strip():
                tag, _, words = line.partition(b" ")
                if asked:
                    connection.sendall(asked + b" NO [AUTHENTICATIONFAILED] I refuse " + line + b"\r\n")
                    asked = b""
                elif words.startswith(b"AUTHENTICATE") and line.count(b" ") == 2:
                    asked = tag
                    connection.sendall(b"+ \r\n")
                elif words == b"CAPABILITY":
                    connection.sendall(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2\r\n" + tag + b" OK done\r\n")
                else:
                    connection.sendall(tag + b" NO " + words + b"\r\n")

    with listening(talk) as port:
        yield port


def printing(folder: Path, name: str, secret: str) -> Path:
    """A program that prints a secret, and writes down what it sees of us: its environment and our command line."""
    script = folder / name
    spying = f"env >> {folder}/seen; tr '\\0' ' ' < /proc/$PPID/cmdline >> {folder}/seen; echo $0 $@ >> {folder}/seen"
    script.write_text(f"#!/bin/sh\n{spying}\necho {secret}\n")
    script.chmod(0o700)
    return script


def kept(folder: Path, name: str, secret: str) -> Path:
    file = folder / name
    file.write_text(f"{secret}\n")
    file.chmod(0o600)
    return file


def configuration(folder: Path, there: Service, imap: int, smtp: int) -> str:
    """Every secret in use, and each end hostile."""
    oauth = printing(folder, "token", SECRETS["OAuth token"])
    mail = printing(folder, "mail-password", SECRETS["smtp password"])
    return f"""
[[accounts]]
name = "plain"
host = "127.0.0.1"
port = {imap}
tls = "off"
user = "me"
secret = "file"
file = "{kept(folder, "imap", SECRETS["imap password"])}"
[[accounts]]
name = "oauth"
host = "127.0.0.1"
port = {imap}
tls = "off"
user = "me"
secret = "oauth2"
command = ["{oauth}"]
[channels.hook]
type = "webhook"
secret = "file"
file = "{kept(folder, "hook", f"{there.url}/{SECRETS['webhook']}")}"
private_addresses = "allow"
details = "full"
[channels.line]
type = "line"
to = ["U1"]
secret = "env"
env = "LINE_TOKEN"
[channels.mail]
type = "email"
host = "localhost"
port = {smtp}
user = "me"
from = "me@example.com"
to = ["me@example.com"]
secret = "command"
command = ["{mail}"]
private_addresses = "allow"
ca_file = "{CERTIFICATE}"
[channels.screen]
type = "desktop"
[heartbeat]
secret = "file"
file = "{kept(folder, "beat", f"{there.url}/ping/{SECRETS['heartbeat']}")}"
private_addresses = "allow"
"""


COMMANDS = (
    ("watch", "--once", "-v", "-v"),
    ("watch", "--once", "--json", "-v"),
    ("notify", "test", "-v"),
    ("notify", "list", "--json"),
    ("notify", "retry", "-v"),
    ("notify", "list"),
    ("check", "--format", "nagios", "-v", "-v", "-v"),
    ("sync", "-v"),
    ("accounts", "test", "-v"),
    ("accounts",),
    ("config", "show"),
    ("config", "show", "--json"),
    ("config", "check"),
    ("install-service", "--print", "systemd"),
    ("doctor", "-v"),
    ("export",),
    ("no-such-command", "-v"),
)


def repeat_it(handler: object) -> None:
    """Refuses and says what it was asked for, as many services do."""
    answer(handler, 404, f"no service at {handler.path}".encode())  # type: ignore[arg-type, attr-defined]


@pytest.mark.parametrize(("lang", "commands"), [("en", COMMANDS), ("ja", COMMANDS[:3])], ids=["en", "ja"])
def test_no_secret_is_seen_anywhere(
    lang: str, commands: tuple[tuple[str, ...], ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sasl = base64.b64encode(f"\0me\0{SECRETS['smtp password']}".encode()).decode()
    echo = {"AUTH": f"535 I refuse AUTH PLAIN {sasl}"}
    with service() as there, parrot() as imap, post_office(answers=echo) as office:
        there.usual = repeat_it
        printing(tmp_path, "notify-send", "")
        program = Program(tmp_path, now=None).configure(configuration(tmp_path, there, imap, office.port))
        environ = {
            "LINE_TOKEN": SECRETS["LINE token"],
            "OTOSATA_LANG": lang,
            "PATH": f"{tmp_path}:{os.environ['PATH']}",
        }
        monkeypatch.setenv("LINE_TOKEN", SECRETS["LINE token"])
        said = b""
        for words in commands:
            done = program.process(*words, env=environ)
            assert leaks(done.stdout + done.stderr) == [], (words, done.stdout, done.stderr)
            assert b"Traceback" not in done.stderr, done.stderr
            said += done.stdout + done.stderr
        assert leaks(b"".join(file.read_bytes() for file in program.data.iterdir())) == []
        assert leaks((tmp_path / "seen").read_bytes()) == []
        assert b"LINE_TOKEN" not in (tmp_path / "seen").read_bytes()
        bodies = b"".join(got.body + str(got.headers).encode() for got in there.got)
        assert bodies
        assert leaks(bodies) == []
        paths = " ".join(got.path for got in there.got)
        assert SECRETS["webhook"] in paths  # they were in use, each of them
        assert SECRETS["heartbeat"] in paths
        assert any("AUTH" in line for line in office.said)
        assert said.count(b"127.0.0.1") > 1  # both mailboxes, each time they were tried
        assert b"hold the password" in said or lang == "ja"


def test_a_key_that_a_service_repeats_is_cut_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(request: Request, _: object) -> Answer:
        return Answer(401, {}, f"bad {dict(request.headers)} for U0123456")

    monkeypatch.setattr(http, "send", refuse)
    message = Message("id", "level", "warn", "title", (), "2026-06-01T12:00:00+09:00")
    line = Channel("line", "line", lambda: SECRETS["LINE token"], Endpoint(to="U0123456"))
    error = line.send(message, datetime.now(UTC)).error
    assert leaks(error.encode()) == []
    assert "U0123456" not in error
    assert HIDDEN in error


def test_a_bug_while_sending_shows_nothing_and_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(request: Request, _: object) -> Answer:
        raise RuntimeError(f"cannot parse {request.url} {request.headers}")

    monkeypatch.setattr(http, "send", crash)
    message = Message("id", "level", "warn", "title", (), "2026-06-01T12:00:00+09:00")
    channel = Channel("line", "line", lambda: SECRETS["LINE token"], Endpoint(to="U0123456"))
    assert channel.send(message, datetime.now(UTC)).error == "a bug of ours: RuntimeError"
    assert leaks(repr(channel).encode()) == []
