"""A day without any notification service, whichever it is and however it fails: afterwards everybody has everything."""

import dataclasses
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from config.assembly import assemble
from config.desk import Desk
from config.herald import Herald
from config.places import Options
from otosata.notify import http, smtp
from otosata.notify.http import Answer, Line, Request
from otosata.notify.kinds import DESKTOP, EMAIL, TYPES
from otosata.store.outbox import LetterState
from otosata.store.store import Store
from tests.cli.program import NOON, Program
from tests.notify.post_office import CERTIFICATE, post_office
from tests.notify.server import Reply, Service, answer, hang_up, service, status

BY_ADDRESS = ("slack", "discord", "teams", "ntfy", "webhook")
WITH_RECEIVER = ("chatwork", "line", "pushover")
OUTAGE: tuple[Reply, ...] = (status(503, Retry_After="1800"), status(500), status(429), status(502), hang_up)


def table(kind: str, folder: Path, there: Service, port: int) -> str:
    """A channel of that kind, named after it."""
    secret = folder / kind
    secret.write_text(f"{there.url}/{kind}" if kind in BY_ADDRESS else f"key-of-{kind}")
    secret.chmod(0o600)
    keys = [f'type = "{kind}"']
    if kind != DESKTOP:
        keys += ['secret = "file"', f'file = "{secret}"', 'private_addresses = "allow"']
    if kind in WITH_RECEIVER:
        keys.append('to = ["1"]')
    if kind == "gotify":
        keys.append(f'server = "{there.url}/gotify"')
    if kind == EMAIL:
        keys += ['host = "localhost"', f"port = {port}", 'user = "me"', 'from = "a@b.example"', 'to = ["a@b.example"]']
        keys.append(f'ca_file = "{CERTIFICATE}"')
    return f"[channels.{kind}]\n" + "\n".join(keys) + "\n"


def led_home(there: Service, send: Callable[[Request, Line], Answer]) -> Callable[[Request, Line], Answer]:
    """Services at a fixed address are at home on loopback, below their host's name."""

    def sending(request: Request, line: Line) -> Answer:
        where = urlsplit(request.url)
        if where.hostname != "127.0.0.1":
            request = dataclasses.replace(request, url=f"{there.url}/{where.hostname}{where.path}")
        return send(request, line)

    return sending


NAMES = {"api.chatwork.com": "chatwork", "api.line.me": "line", "api.pushover.net": "pushover", "": "ntfy"}


def kind_of(path: str) -> str:
    """The channel that a request belongs to; ntfy's go to the root of its server."""
    first = path.split("?", maxsplit=1)[0].strip("/").split("/")[0]
    return NAMES.get(first, first)


def test_after_a_day_without_any_service_everybody_has_everything_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop = tmp_path / "notify-send"
    desktop.write_text(f"#!/bin/sh\ntest -e {tmp_path}/up || exit 1\necho shown >> {tmp_path}/shown\n")
    desktop.chmod(0o755)
    (tmp_path / "up").touch()
    monkeypatch.setattr("otosata.notify.desktop.sys.platform", "linux")
    with service() as there, post_office() as office:
        monkeypatch.setattr(http, "send", led_home(there, http.send))
        monkeypatch.setattr(smtp, "IMPLICIT_TLS_PORT", 465)
        program = Program(tmp_path).configure("")
        for client in ("田中", "佐藤"):
            deal = program.deal(client)
            program.done("log", deal, "message", "--by", "me", "--at", NOON)
        tables = "".join(table(kind, tmp_path, there, office.port) for kind in TYPES)
        program.configure("[notify]\nreminders = 0\n" + tables)
        environ = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
        assembly = assemble(Options(config=program.config, data=program.data), environ)
        taken: list[str] = []

        def take(handler: Any) -> None:
            taken.append(kind_of(handler.path))
            answer(handler, 200)

        def look(days: float) -> None:
            now = datetime.fromisoformat(NOON) + timedelta(days=days)
            herald = Herald(opened := Desk(assembly, lambda: now))
            herald.announce(opened.overview())
            herald.deliver()

        there.usual = take
        look(4.8)
        (tmp_path / "up").unlink()
        for hour in range(24):
            there.usual = OUTAGE[hour % len(OUTAGE)]
            office.answers = {"MAIL": "451 not now"} if hour % 2 else {"EHLO": ""}
            look(5.01 + hour / 24)
        (tmp_path / "up").touch()
        there.usual, office.answers = take, {}
        for minutes in range(0, 121, 30):
            look(6.1 + minutes / 1440)
        shown = (tmp_path / "shown").read_text().count("shown")
        arrived = {kind: taken.count(kind) for kind in TYPES} | {EMAIL: len(office.mails), DESKTOP: shown}
        assert arrived == dict.fromkeys(TYPES, 3)  # the first look, and two deals at warn
        with Store.open(program.data / "otosata.db", read_only=True) as store:
            assert {letter.state for letter in store.outbox.letters()} == {LetterState.SENT}
