"""`doctor` tells what a bug report needs, and not a word that is the user's own."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.mailbox import Mailbox, comment, mail
from tests.cli.program import Program
from tests.cli.test_exit_codes import story

PLANTED = {
    "account": "himitsu-account",
    "login": "tanaka-himitsu@himitsu-post.example",
    "host": "imap.himitsu-post.example",
    "folder": "himitsu-folder",
    "password file": "himitsu-password",
    "password": "Himitsu-P4ssw0rd",
    "authserv-id": "mx.himitsu-post.example",
    "client": "秘密商店",
    "title": "極秘案件",
    "my name": "秘密太郎",
    "number": "7654321",
    "platform of one's own": "himitsu-market",
    "channel": "himitsu-channel",
    "address of a channel": "https://hooks.himitsu.example/services/T0/B0/hImItSu",
    "sentence by hand": "秘密の伝言",
}
PIECES = re.compile("himitsu|秘密|極秘|7654321|P4ssw0rd", re.IGNORECASE)
"""None of the planted words without one of these."""
CONFIG = """
[[accounts]]
name = "{account}"
host = "{host}"
user = "{login}"
folders = ["{folder}"]
secret = "file"
file = "{password file}"
authserv_ids = ["{authserv-id}"]

[[accounts]]
name = "{account}-2"
type = "maildir"
path = "{folder}"

[platforms.lancers]
my_names = ["{my name}"]

[channels.{channel}]
type = "webhook"
secret = "env"
env = "HIMITSU_URL"
"""
OWN_PLATFORM = """
id = "himitsu-market"
name = { ja = "秘密市場", en = "himitsu market" }
last_checked = 2026-05-01

[senders]
trusted = ["noreply@himitsu-market.example"]
"""


@pytest.fixture
def planted(otosata: Program, tmp_path: Path) -> Program:
    """A program of somebody who has a lot to hide, with a mailbox that cannot be reached and a ledger with mail."""
    password = tmp_path / PLANTED["password file"]
    password.write_text(PLANTED["password"])
    password.chmod(0o600)
    box = Mailbox.at(tmp_path / PLANTED["folder"])
    box.put(comment(PLANTED["client"], PLANTED["title"], job=PLANTED["number"], verdict=""))
    box.put(mail(f"{PLANTED['client']}さんからのお知らせ", PLANTED["title"], verdict=""))
    otosata.configure(CONFIG.format(**{**PLANTED, "password file": password, "folder": box.path}))
    own = otosata.config.parent / "adapters" / "himitsu-market.toml"
    own.parent.mkdir()
    own.write_text(OWN_PLATFORM)
    otosata.environ["HIMITSU_URL"] = PLANTED["address of a channel"]
    synced = otosata("sync")
    assert synced.code == 3, "one mailbox cannot be reached"
    assert "lancers-1" in synced.out
    platform = PLANTED["platform of one's own"]
    deal = otosata.done("deals", "add", "--platform", platform, "--client", PLANTED["client"])
    otosata.done("note", deal, PLANTED["sentence by hand"])
    return otosata


@pytest.mark.parametrize("form", [(), ("--json",), ("-v",)])
def test_nothing_that_is_the_users_own_is_in_the_report(planted: Program, form: tuple[str, ...]) -> None:
    result = planted("doctor", *form)
    assert result.code == 1
    assert "mailboxes" in result.out
    assert "own platform" in result.out
    assert PIECES.findall(result.out + result.err) == []


def test_nor_what_the_environment_calls_the_terminal(planted: Program) -> None:
    planted.environ |= {"TERM": "himitsu-term", "LC_ALL": "himitsu_JP.UTF-8"}
    assert PIECES.findall(planted("doctor").out) == []
    planted.environ |= {"TERM": "xterm-256color", "LC_ALL": "ja_JP.UTF-8"}
    shown = planted("doctor", "--offline").out
    assert "TERM=xterm-256color," in shown
    assert "LC_ALL=ja_JP.UTF-8," in shown


def test_the_keyring_is_looked_at_where_a_channel_needs_it(otosata: Program) -> None:
    used = {
        "": False,
        '[channels.a]\ntype = "desktop"\n': False,
        '[channels.a]\ntype = "slack"\n': True,
        '[heartbeat]\nsecret = "keyring"\n': True,
    }
    assert used == {
        text: "keyring: not used" not in otosata.configure(text)("doctor", "--offline").out for text in used
    }


def test_nor_when_the_configuration_is_broken(planted: Program) -> None:
    planted.configure(planted.config.read_text() + f'\n[platforms.lancers.stages.{PLANTED["account"]}]\nwarn = "x"\n')
    result = planted("doctor")
    assert result.code == 1
    assert "[configuration]\n! config, line" in result.out
    assert PIECES.findall(result.out + result.err) == []


def test_nor_when_the_ledger_is_none(planted: Program) -> None:
    planted.data.joinpath("otosata.db").write_bytes(b"no database of SQLite's" * 100)
    result = planted("doctor", "--offline")
    assert result.code == 1
    assert "[ledger]\n! error: " in result.out
    assert PIECES.findall(result.out + result.err) == []


def test_an_error_comes_as_the_form_of_its_sentence(planted: Program) -> None:
    errors = [line for line in planted("doctor").out.splitlines() if line.startswith("! 1 server:")]
    assert errors
    assert all("{where}" in line for line in errors)


def test_a_healthy_program_has_nothing_to_report(reader: Program, mailbox: Mailbox) -> None:
    mailbox.put(comment())
    reader("sync")
    result = reader("doctor")
    assert (result.code, [line for line in result.out.splitlines() if line.startswith("!")]) == (0, [])
    assert "recognised 1, unrecognised 0" in result.out


def test_the_document_has_a_finding_a_line(reader: Program) -> None:
    document = json.loads(reader("doctor", "--json").out)
    assert document["schema_version"] == 1
    assert all(found.keys() == {"section", "name", "value", "trouble"} for found in document["findings"])
    assert any(found["trouble"] for found in document["findings"]), "a mailbox was never read"


def test_deals_are_counted_and_not_named(otosata: Program) -> None:
    story(otosata)
    out = otosata("doctor").out
    assert "deals: 1 ok" in out
    assert "deals by platform: 1 lancers" in out
    assert "田中" not in out
