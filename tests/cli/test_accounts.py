"""`accounts`: mailboxes on disk from the first word to the report; mailboxes on servers without a terminal."""

import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null

from tests.cli.mailbox import Mailbox, comment
from tests.cli.program import Program


def test_without_any_the_list_says_how_to_begin(otosata: Program) -> None:
    result = otosata("accounts", "list")
    assert (result.code, result.out) == (0, "")
    assert "otosata accounts add" in result.err
    assert otosata("accounts").err == result.err


@pytest.mark.parametrize("kind", ["maildir", "eml", "mbox"])
def test_a_mailbox_on_disk_from_adding_to_the_report(otosata: Program, mailbox: Mailbox, kind: str) -> None:
    mailbox.put(comment())
    folder = {"maildir": mailbox.path, "eml": otosata.folder / "eml", "mbox": otosata.folder / "box"}[kind]
    if kind == "eml":
        folder.mkdir()
        (folder / "a.eml").write_bytes(comment())
    if kind == "mbox":
        folder.write_bytes(b"From x@y Mon Jun  1 12:00:00 2026\n" + comment().replace(b"\r\n", b"\n"))
    before = otosata.config.read_bytes()
    assert "settings.toml" in otosata.done("accounts", "add", "disk", "--type", kind, "--path", str(folder))
    assert otosata.config.read_bytes() == before
    assert otosata.done("accounts", "list").split("\t") == ["disk", kind, "never", "-"]
    assert otosata.done("sync").startswith("lancers-1\tmessage\tclient\t2026-06-01T12:00:00+09:00")
    assert otosata.done("sync") == ""
    assert otosata.done("accounts").split("\t") == ["disk", kind, "ok", "2026-06-01 12:00"]
    report = otosata("check", "--json").document
    assert [deal["client"] for deal in report["deals"]] == ["田中"]
    assert report["accounts"][0]["type"] == kind
    assert "1" in otosata.done("accounts", "test", "disk")
    otosata.done("accounts", "remove", "disk")
    assert otosata("accounts").out == ""
    assert otosata.levels() == {"lancers-1": "ok"}


def test_what_cannot_be_read_is_not_added(otosata: Program) -> None:
    missing = str(otosata.folder / "nothing")
    result = otosata("accounts", "add", "disk", "--type", "maildir", "--path", missing)
    assert result.code == 3
    assert "nothing" in result.err
    assert otosata("accounts").out == ""


USAGE = {
    "no path": ("disk", "--type", "maildir"),
    "no user": ("main",),
    "an unknown provider": ("main", "--user", "me@nowhere.example"),
    "two places for the password": ("main", "--user", "me@gmail.com", "--env", "A", "--file", "b"),
    "a name that is taken": ("taken", "--type", "maildir", "--path", "."),
    "a kind that is none": ("disk", "--type", "pop3", "--path", "."),
    "encryption off abroad": ("main", "--user", "me", "--host", "imap.example.com", "--tls", "off", "--env", "A"),
}


@pytest.mark.parametrize("words", USAGE.values(), ids=USAGE)
def test_a_mailbox_that_cannot_be_is_refused(otosata: Program, mailbox: Mailbox, words: tuple[str, ...]) -> None:
    otosata.configure(mailbox.account("taken"))
    result = otosata("accounts", "add", *words, "--no-test")
    assert (result.code, result.out) == (2, "")
    assert "otosata: " in result.err
    assert not otosata.config.with_name("settings.toml").exists() or "main" not in otosata.done("accounts")


def test_a_server_that_does_not_answer_is_3_and_the_account_is_not_kept(otosata: Program) -> None:
    otosata.environ["SECRET"] = "hunter2"
    add = ("accounts", "add", "main", "--user", "me", "--host", "127.0.0.1", "--port", "9", "--tls", "off")
    result = otosata(*add, "--env", "SECRET")
    assert result.code == 3
    assert "hunter2" not in result.out + result.err
    assert otosata("accounts").out == ""
    otosata.done(*add, "--env", "SECRET", "--no-test")
    assert otosata("accounts", "test").code == 3
    assert otosata("accounts", "list").code == 0


def test_what_a_provider_asks_for_is_asked_for(otosata: Program) -> None:
    add = ("accounts", "add", "main", "--no-test", "--user")
    assert "--login" in otosata(*add, "me@docomo.ne.jp", "--env", "SECRET").err
    assert "--command" in otosata(*add, "me@outlook.jp", "--env", "SECRET").err
    assert "not closed" in otosata(*add, "me@gmail.com", "--command", "pass 'mail").err
    assert otosata("accounts").out == ""

    otosata.done(*add, "me@docomo.ne.jp", "--login", "d-account", "--env", "SECRET")
    assert otosata.done("config", "get", "accounts.main.user") == '"d-account"'
    otosata.done("accounts", "remove", "main")
    otosata.done(*add, "me@outlook.jp", "--command", "token me")
    assert otosata.done("config", "get", "accounts.main.secret") == '"oauth2"'
    assert otosata.done("config", "get", "accounts.main.command") == '["token", "me"]'
    otosata.done("accounts", "remove", "main")
    otosata.done(*add, "me@work.example", "--host", "outlook.office365.com", "--command", "token me")
    assert otosata.done("config", "get", "accounts.main.secret") == '"oauth2"'


class Safe(KeyringBackend):
    """A keyring in memory."""

    priority = 1.0

    def __init__(self) -> None:
        self.held: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[f"{service}/{username}"] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[f"{service}/{username}"]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Safe]:
    """Somebody at a terminal, who types a password when he is asked; gives his keyring."""
    before, safe = keyring.get_keyring(), Safe()
    monkeypatch.setattr(sys, "stdin", Typing())
    monkeypatch.setattr("tests.cli.program.io.StringIO", Typing)
    monkeypatch.setattr("getpass.getpass", lambda _: "hunter2")
    keyring.set_keyring(safe)
    yield safe
    keyring.set_keyring(before)


class Typing(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True


ADD = ("accounts", "add", "main", "--user", "me", "--host", "127.0.0.1", "--port", "9", "--tls", "off")


def test_the_password_of_an_account_that_is_kept_is_kept_with_it_and_no_other(otosata: Program, terminal: Safe) -> None:
    assert otosata(*ADD).code == 3
    assert terminal.held == {}
    assert otosata(*ADD, "--no-test").code == 0
    assert terminal.held == {"otosata/main": "hunter2"}
    assert otosata("accounts", "remove", "main").code == 0
    assert terminal.held == {}


@pytest.mark.parametrize("forgetful", [null.Keyring, fail.Keyring])
def test_a_keyring_that_keeps_nothing_is_not_trusted_with_a_password(
    otosata: Program, terminal: Safe, forgetful: type[KeyringBackend]
) -> None:
    keyring.set_keyring(forgetful())
    result = otosata(*ADD)
    assert (result.code, "no keyring that keeps a password" in result.err) == (2, True)
    assert otosata("accounts").out == ""


def test_a_password_that_is_elsewhere_is_not_put_into_the_keyring(otosata: Program) -> None:
    otosata.done("accounts", "add", "main", "--no-test", "--user", "me@gmail.com", "--env", "SECRET")
    result = otosata("accounts", "login", "main")
    assert (result.code, "accounts test main" in result.err) == (2, True)


def test_an_account_that_is_not_there_cannot_be_removed(reader: Program) -> None:
    assert "there is no account 'other'" in reader("accounts", "remove", "other").err


def test_an_account_of_config_toml_is_the_users_to_remove(reader: Program) -> None:
    result = reader("accounts", "remove", "main")
    assert result.code == 2
    assert "config.toml" in result.err


def test_no_password_stands_in_any_file_or_output(otosata: Program) -> None:
    secret = otosata.folder / "secret"
    secret.write_text("hunter2\n", encoding="utf-8")
    secret.chmod(0o600)
    add = ("accounts", "add", "main", "--user", "me", "--host", "127.0.0.1", "--port", "9", "--tls", "off")
    otosata.done(*add, "--file", str(secret), "--no-test")
    shown = [otosata(*words) for words in (("sync",), ("config", "show"), ("accounts", "test"), ("check", "--json"))]
    assert "hunter2" not in json.dumps([[one.out, one.err] for one in shown])
    kept = [Path(root, name) for root, _, names in os.walk(otosata.folder) for name in names if name != "secret"]
    assert kept
    assert not [file for file in kept if b"hunter2" in file.read_bytes()]
