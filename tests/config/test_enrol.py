"""A mailbox is set up from a few answers, tried before anything is kept, and kept whole or not at all."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import keyring
import pytest
from keyring.backends import fail, null

from config.assembly import assemble
from config.desk import Desk
from config.enrol import AnswerError, Answers, Part, keys_of
from config.places import Options
from config.problems import ConfigError
from otosata.mail.source import SourceError
from tests.cli.test_accounts import Safe

PASSWORD = "naisho99"
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def imap(address: str = "me@work.example", **more: str) -> Answers:
    return Answers(**{"address": address, "password": PASSWORD, **more})  # type: ignore[arg-type]


FINE = {
    "a known provider needs only address and password": (
        imap("me@gmail.com"),
        {"host": "imap.gmail.com", "user": "me@gmail.com", "secret": "keyring", "authserv_ids": ["mx.google.com"]},
    ),
    "any other needs its server": (
        imap(host="imap.work.example"),
        {"host": "imap.work.example", "user": "me@work.example", "secret": "keyring"},
    ),
    "a port may stand behind it": (imap(host="mail.example:9993"), {"host": "mail.example", "port": 9993}),
    "port 143 is only used with STARTTLS": (imap(host="mail.example:143"), {"port": 143, "tls": "starttls"}),
    "a certificate authority of one's own": (imap(host="mail.example", ca_file="~/ca.pem"), {"ca_file": "~/ca.pem"}),
    "a login name that is not the address": (imap("me@docomo.ne.jp", login="d-me"), {"user": "d-me"}),
    "a command in place of the password": (
        imap(host="m.example", password="", command="pass show 'my mail'"),
        {"secret": "command", "command": ["pass", "show", "my mail"]},
    ),
    "a command that prints an access token": (
        imap("me@outlook.jp", password="", command="token me"),
        {"secret": "oauth2", "command": ["token", "me"]},
    ),
    "a provider known by its server": (
        imap("me@work.example", host="imap.gmail.com"),
        {"host": "imap.gmail.com", "authserv_ids": ["mx.google.com"]},
    ),
}


@pytest.mark.parametrize(("answers", "keys"), FINE.values(), ids=FINE)
def test_answers_become_the_keys_of_an_account(answers: Answers, keys: dict[str, object]) -> None:
    found = keys_of(answers, ())
    assert {name: found.get(name) for name in keys} == keys
    assert found["name"] == "main"
    assert PASSWORD not in repr((found, answers)), "the password belongs into the keyring alone"


WRONG = {
    "no address": (imap(""), Part.ADDRESS),
    "half an address": (imap("me@"), Part.ADDRESS),
    "an unknown provider": (imap("me@nowhere.example"), Part.HOST),
    "a port that is none": (imap(host="mail.example:imap"), Part.HOST),
    "a login name that has to be asked for": (imap("me@docomo.ne.jp"), Part.LOGIN),
    "no password": (imap(host="m.example", password=""), Part.PASSWORD),
    "two places for it": (imap(host="m.example", command="pass"), Part.COMMAND),
    "a provider that takes only tokens": (imap("me@outlook.jp"), Part.COMMAND),
    "a quotation mark left open": (imap(host="m.example", password="", command="pass 'mail"), Part.COMMAND),
    "a command of nothing": (imap(host="m.example", password="", command=" "), Part.COMMAND),
    "no path": (Answers(files=True), Part.PATH),
    "a path to nothing": (Answers(files=True, path="/nowhere/at/all"), Part.PATH),
}


@pytest.mark.parametrize(("answers", "part"), WRONG.values(), ids=WRONG)
def test_an_answer_that_will_not_do_is_told_where_it_stands(answers: Answers, part: Part) -> None:
    with pytest.raises(AnswerError) as told:
        keys_of(answers, ())
    assert told.value.part is part
    assert told.value.hint


def test_every_account_gets_a_name_of_its_own() -> None:
    taken: list[str] = []
    for address in ("a@gmail.com", "b@gmail.com", "c@gmail.com", "d@icloud.com"):
        taken.append(str(keys_of(imap(address), taken)["name"]))
    taken.append(str(keys_of(imap(host="m.example"), taken)["name"]))
    assert taken == ["main", "gmail", "gmail-2", "icloud", "main-2"]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk without any configuration, as at the first start."""
    environ = {"OTOSATA_DATA": str(tmp_path / "data"), "HOME": str(tmp_path)}
    (tmp_path / "config.toml").write_text('language = "en"\n', encoding="utf-8")
    return Desk(assemble(Options(config=tmp_path / "config.toml"), environ), lambda: NOW)


@pytest.fixture
def safe() -> Iterator[Safe]:
    """A keyring in memory."""
    before, held = keyring.get_keyring(), Safe()
    keyring.set_keyring(held)
    yield held
    keyring.set_keyring(before)


def mails(folder: Path) -> Path:
    folder.mkdir()
    (folder / "a.eml").write_bytes(b"From: noreply@lancers.co.jp\r\nSubject: hello\r\n\r\nhello\r\n")
    return folder


def test_a_mailbox_of_files_is_tried_kept_and_read(desk: Desk, tmp_path: Path) -> None:
    candidate = desk.try_answers(Answers(files=True, path=str(mails(tmp_path / "mails"))))
    assert candidate.found == (("mails", 1),)
    assert not desk.assembly.places.settings_file.exists(), "nothing is kept before it is wanted"
    assert desk.keep_mailbox(candidate) == ""
    assert [account.name for account in desk.settings.accounts] == ["main"]
    (report,) = desk.poll()
    assert (report.error, report.mails) == (None, 1)


def test_a_server_that_does_not_answer_leaves_nothing_behind(desk: Desk, safe: Safe) -> None:
    with pytest.raises(SourceError):
        desk.try_answers(imap(host="127.0.0.1:9"))
    assert safe.held == {}
    assert not desk.assembly.places.settings_file.exists()


def test_what_cannot_stand_in_the_configuration_is_told_with_its_key(desk: Desk) -> None:
    with pytest.raises(ConfigError) as told:
        desk.try_answers(imap(host="m.example", ca_file="/nowhere/ca.pem"))
    assert [problem.key for problem in told.value.problems] == ["accounts.main.ca_file"]


@pytest.mark.parametrize("forgetful", [null.Keyring, fail.Keyring])
def test_without_a_keyring_that_keeps_passwords_nothing_is_kept(
    desk: Desk, safe: Safe, forgetful: type[null.Keyring | fail.Keyring], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("otosata.mail.imap.ImapSource.test_login", lambda _: Login)
    candidate = desk.try_answers(imap(host="m.example"))
    keyring.set_keyring(forgetful())
    with pytest.raises(SourceError, match="no keyring that keeps a password"):
        desk.keep_mailbox(candidate)
    assert not desk.assembly.places.settings_file.exists()
    keyring.set_keyring(safe)
    assert desk.keep_mailbox(candidate) == safe.name
    assert safe.held == {"otosata/main": PASSWORD}
    assert PASSWORD not in desk.assembly.places.settings_file.read_text("utf-8")
    assert PASSWORD not in repr(candidate)


class Login:
    """What a server would have said."""

    mails = (("INBOX", 12),)


def test_a_password_whose_account_could_not_be_written_is_forgotten_again(
    desk: Desk, safe: Safe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("otosata.mail.imap.ImapSource.test_login", lambda _: Login)
    candidate = desk.try_answers(imap(host="m.example"))
    desk.assembly.places.settings_file.write_text("[calendar]\nzone = 1\n", encoding="utf-8")
    with pytest.raises(ConfigError):
        desk.keep_mailbox(candidate)
    assert safe.held == {}
