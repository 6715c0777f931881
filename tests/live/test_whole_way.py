"""From a real IMAP server to a level and an exit code, by the public commands."""

import io
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.main import run
from cli.session import Streams
from tests.live.dovecot import Mailbox
from tests.live.recorder import recorded

NOW = datetime.now(UTC).replace(microsecond=0)
LANCERS = "ランサーズ <noreply@lancers.co.jp>"
MARK = "Authentication-Results: mx.provider.example; dmarc=pass header.from=lancers.co.jp\r\n"
SPOOFED = "Authentication-Results: mx.provider.example; dmarc=fail header.from=lancers.co.jp\r\n"

Command = Callable[..., tuple[int, Any]]


def comment(client: str, title: str, mark: str = MARK) -> bytes:
    """A client's message as Lancers announces it."""
    head = f"From: {LANCERS}\r\nSubject: [ランサーズ] {client} さんから {title} のコメントが届いています\r\n"
    return f"{mark}{head}Message-ID: <{client}{title}@x>\r\n\r\nhttps://www.lancers.jp/mypage\r\n".encode()


@pytest.fixture
def command(mailbox: Mailbox, tmp_path: Path) -> Command:
    """Runs a command on a configuration that points at the mailbox; gives exit code and JSON."""
    account = mailbox.account()
    password = tmp_path / "password"
    password.write_text(account.secret())
    password.chmod(0o600)
    config = tmp_path / "config.toml"
    config.write_text(
        f'[[accounts]]\nname = "main"\nhost = "{account.host}"\nport = {account.port}\nuser = "{account.user}"\n'
        f'ca_file = "{account.ca_file}"\nsecret = "file"\nfile = "{password}"\n'
    )

    def call(*words: str) -> tuple[int, Any]:
        out, err = io.StringIO(), io.StringIO()
        code = run([*words, "--config", str(config), "--data", str(tmp_path / "data")], Streams(out, err), {})
        return code, json.loads(out.getvalue()) if "--json" in words else out.getvalue()

    return call


def deal_of(document: Any) -> Any:
    (deal,) = document["deals"]
    return deal


def test_a_client_who_went_quiet_is_found_and_a_new_mail_quiets_the_alarm(mailbox: Mailbox, command: Command) -> None:
    mailbox.deliver(comment("青空商店", "チラシ制作"), NOW - timedelta(days=9))
    code, found = command("check", "--json")
    deal = deal_of(found)
    assert (code, deal["stage"], deal["turn"], deal["level"]) == (2, "offer_received", "me", "critical")

    mine = (NOW - timedelta(days=8)).isoformat()
    assert command("log", deal["id"], "message", "--by", "me", "--at", mine)[0] == 0
    mailbox.deliver(comment("青空商店", "チラシ制作").replace(b"@x>", b"@y>"), NOW - timedelta(hours=1))
    code, found = command("check", "--json")
    assert (code, deal_of(found)["level"], deal_of(found)["silence_days"]) == (0, "ok", 0)


def test_a_second_check_changes_nothing(mailbox: Mailbox, command: Command) -> None:
    mailbox.deliver(comment("青空商店", "チラシ制作"), NOW - timedelta(days=3))
    first = command("check", "--json", "--now", NOW.isoformat())[1]
    second = command("check", "--json", "--now", NOW.isoformat())[1]
    assert second["deals"] == first["deals"]
    assert second["summary"] == first["summary"]


@pytest.mark.parametrize("mails", [3, 9, 40])
def test_a_check_with_nothing_new_costs_less_than_4_kb(
    mailbox: Mailbox, command: Command, tmp_path: Path, mails: int
) -> None:
    hops = "".join(f"Received: from a by b{hop} ({'x' * 300}); Mon, 01 Jun 2026 10:00:00 +0900\r\n" for hop in range(8))
    for number in range(mails):
        mailbox.deliver(comment(f"客{number}", "記事", MARK + hops), NOW - timedelta(days=number))
    with recorded(mailbox.server.plain_port) as wire:
        config = tmp_path / "config.toml"
        account = mailbox.account()
        plain = config.read_text().replace(f'"{account.host}"', '"127.0.0.1"')
        plain = plain.replace(f"port = {account.port}", f'port = {wire.port}\ntls = "off"')
        config.write_text("\n".join(line for line in plain.splitlines() if "ca_file" not in line))
        assert command("check", "--json")[1]["accounts"][0]["state"] == "ok"
        before = len(wire.up) + wire.down
        command("check")
        assert len(wire.up) + wire.down - before < 4096


def test_a_mailbox_under_a_new_uidvalidity_doubles_nothing(mailbox: Mailbox, command: Command) -> None:
    mailbox.deliver(comment("青空商店", "チラシ制作"), NOW - timedelta(days=3))
    deal = deal_of(command("check", "--json")[1])["id"]
    mailbox.forget_uids()
    command("check", "--json")
    code, shown = command("show", deal, "--json")
    assert code == 0
    assert len(shown["timeline"]) == 1


def test_a_spoofed_mail_moves_no_clock_where_the_server_marks_mail(mailbox: Mailbox, command: Command) -> None:
    for week in range(12):  # enough for the mailbox to show that its server marks everything
        mailbox.deliver(comment(f"客{week}", "記事"), NOW - timedelta(weeks=week, days=1))
    mailbox.deliver(comment("青空商店", "チラシ制作"), NOW - timedelta(days=9))
    mailbox.deliver(comment("青空商店", "チラシ制作", SPOOFED).replace(b"@x>", b"@z>"), NOW - timedelta(hours=1))
    mailbox.deliver(comment("青空商店", "チラシ制作", "").replace(b"@x>", b"@w>"), NOW - timedelta(hours=2))
    code, found = command("check", "--json")
    deal = next(deal for deal in found["deals"] if deal["client"] == "青空商店")
    assert (code, deal["level"], deal["silence_days"]) == (2, "critical", 9)
    waiting = command("triage", "--json")[1]
    assert {mail["why"] for mail in waiting} == {"failed", "unverified"}


def test_a_server_that_is_gone_leaves_the_deals_unknown(mailbox: Mailbox, command: Command) -> None:
    mailbox.deliver(comment("青空商店", "チラシ制作"), NOW - timedelta(days=1))
    assert deal_of(command("check", "--json")[1])["level"] == "notice"
    code, found = command("check", "--json", "--no-sync", "--now", (NOW + timedelta(days=2)).isoformat())
    deal = deal_of(found)
    assert (code, found["status"], found["accounts"][0]["state"]) == (3, "unknown", "stale")
    assert (deal["level"], deal["last_known_level"]) == ("unknown", "warn")


def test_flags_and_files_are_the_same_before_and_after(mailbox: Mailbox, command: Command) -> None:
    mailbox.deliver(comment("青空商店", "チラシ制作"), NOW - timedelta(days=1))
    mailbox.deliver(comment("白雲堂", "ロゴ"), NOW - timedelta(days=2), into="cur")
    before = mailbox.listing()
    command("check")
    command("sync")
    assert mailbox.listing() == before


def test_a_wrong_password_is_tried_once_and_again_when_it_was_changed_or_tested(
    mailbox: Mailbox, command: Command, tmp_path: Path
) -> None:
    password = tmp_path / "password"
    right = password.read_text()

    def change(text: str) -> None:
        password.write_text(text)
        password.chmod(0o600)

    def state() -> tuple[int, str]:
        code, found = command("check", "--json")
        return code, found["accounts"][0]["state"]

    change("wrong")
    log = mailbox.server.home / "dovecot.log"
    assert state() == (3, "failed")
    tries = log.read_text().count(mailbox.user)
    assert state() == (3, "failed")
    assert log.read_text().count(mailbox.user) == tries
    change(right)
    assert state() == (0, "ok")


def test_a_test_that_succeeds_ends_the_waiting_after_a_wrong_password(
    mailbox: Mailbox, command: Command, tmp_path: Path
) -> None:
    password = tmp_path / "password"
    right, moment = password.read_text(), password.stat()
    password.write_text("wrong")
    os.utime(password, ns=(moment.st_atime_ns, moment.st_mtime_ns))
    assert command("check", "--json")[0] == 3
    password.write_text(right)
    os.utime(password, ns=(moment.st_atime_ns, moment.st_mtime_ns))  # as a keyring: nobody can see that it changed
    assert command("check", "--json")[0] == 3
    assert command("accounts", "test", "main")[0] == 0
    assert command("check", "--json")[0] == 0
