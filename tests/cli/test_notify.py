"""`notify` and `watch --once`: try a channel, look into the outbox, send again, and what a monitor sees of it all."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.errors import OutOfTimeError
from config.herald import Herald
from otosata.store.errors import StoreError
from tests.cli.mailbox import Mailbox, comment
from tests.cli.program import NOON, Program
from tests.notify.server import Service, drip, hang_up, service, status

LATER = "2026-06-06T12:00:00+09:00"
"""Five days after NOON: a client who was asked at NOON is at warn."""


@pytest.fixture
def chat() -> Iterator[Service]:
    with service() as there:
        yield there


@pytest.fixture
def channel(otosata: Program, chat: Service) -> Program:
    """The program with one channel, `hook`."""
    return otosata.configure(hook(otosata.folder, chat))


def hook(folder: Path, chat: Service, more: str = "") -> str:
    file = folder / "hook"
    file.write_text(f"{chat.url}/in")
    file.chmod(0o600)
    where = f'secret = "file"\nfile = "{file}"\nprivate_addresses = "allow"\n'
    return f'[channels.hook]\ntype = "webhook"\n{where}{more}\n'


def asked(program: Program, client: str = "田中") -> str:
    deal = program.deal(client)
    program.done("log", deal, "message", "--by", "me", "--at", NOON)
    return deal


def titles(chat: Service) -> list[str]:
    return [json.loads(got.body)["title"] for got in chat.got]


def test_a_test_message_says_whether_a_channel_works(channel: Program, chat: Service) -> None:
    assert channel.done("notify", "test") == "hook\tok"
    assert titles(chat) == ["otosata: a test"]
    chat.replies.append(status(403, b"go away"))
    failed = channel("notify", "test", "hook")
    assert (failed.code, failed.out) == (3, "hook\tfailed\tHTTP 403: go away\n")


def test_there_must_be_a_channel_to_try(otosata: Program, channel: Program) -> None:
    assert channel("notify", "test", "nobody").code == 2
    assert otosata.configure("")("notify", "test").code == 2


def test_watch_once_is_check_with_notifications(channel: Program, chat: Service) -> None:
    asked(channel)
    quiet = channel("watch", "--once", "--no-sync")
    assert quiet.code == channel("check", "--no-sync").code
    assert quiet.out == channel("check", "--no-sync").out
    assert titles(chat) == ["otosata will keep you posted: no alarm (1 deals)"]
    loud = channel("watch", "--once", "--no-sync", now=LATER)
    assert loud.code == 1
    assert titles(chat)[1:] == ["warn: lancers-1 waiting, 5d"]
    channel("watch", "--once", "--no-sync", now=LATER)
    assert len(chat.got) == 2
    assert channel("notify", "list", now=LATER).code == 0


def test_the_first_look_is_one_message_and_many_changes_are_one(channel: Program, chat: Service) -> None:
    for number in range(8):
        asked(channel, f"client {number}")
    channel("watch", "--once", "--no-sync")
    channel("watch", "--once", "--no-sync", now=LATER)
    assert len(chat.got) == 2
    assert titles(chat)[1] == "8 deals have moved"
    assert len(json.loads(chat.got[1].body)["lines"]) == 8


def test_nothing_of_a_mail_leaves_unless_it_is_wanted(reader: Program, mailbox: Mailbox, chat: Service) -> None:
    base = reader.config.read_text("utf-8")
    for job, details, seen in (("4567890", "none", False), ("5678901", "full", True)):
        chat.got.clear()
        reader.configure(base + hook(reader.folder, chat, f'details = "{details}"'))
        reader("watch", "--once")
        mailbox.put(comment(f"秘密商店{details}", "極秘の件", job=job))
        reader("watch", "--once", now="2026-06-01T12:20:00+09:00")
        said = " ".join(got.body.decode("unicode_escape") for got in chat.got)
        assert ("極秘の件" in said) is seen
        assert (f"秘密商店{details}" in said) is seen
        assert ("https://www.lancers.jp" in said) is seen


def test_what_was_given_up_is_shown_everywhere_and_can_be_sent_again(channel: Program, chat: Service) -> None:
    asked(channel)
    chat.replies.append(status(404, b"gone"))
    failed = channel("watch", "--once", "--no-sync")
    assert "hook: could not be sent: HTTP 404: gone" in failed.err
    listed = channel("notify", "list")
    assert listed.code == 1
    assert listed.out.split("\t")[1:3] == ["given up", "hook"]
    (letter,) = channel("notify", "list", "--json").document["letters"]
    assert (letter["state"], letter["error"], letter["attempts"]) == ("dead", "HTTP 404: gone", 1)
    (problem,) = channel.report()["problems"][:1]
    assert problem["code"] == "notification_given_up"
    assert channel("check", "--no-sync").code == 0  # shown, but no alarm of a client's
    assert channel("notify", "retry").out == "1\thook\tok\n"
    assert channel("notify", "list").code == 0
    assert len(chat.got) == 2


def test_retry_sends_what_waits_at_once_and_marks_what_may_have_arrived(channel: Program, chat: Service) -> None:
    asked(channel)
    chat.replies.append(hang_up)
    channel("watch", "--once", "--no-sync")
    assert channel("notify", "retry", "1").code == 0
    assert [title.startswith("[repeat] ") for title in titles(chat)] == [False, True]
    nothing = channel("notify", "retry")
    assert (nothing.code, nothing.out) == (0, "")


def test_quiet_hours_hold_back_what_is_not_critical(otosata: Program, chat: Service) -> None:
    quiet = '[notify]\nquiet_hours = "22:00-07:00"\nquiet_lets = "critical"\n'
    otosata.configure(quiet + hook(otosata.folder, chat))
    asked(otosata)
    otosata("watch", "--once", "--no-sync")
    night, morning = "2026-06-06T23:00:00+09:00", "2026-06-07T07:01:00+09:00"
    otosata("watch", "--once", "--no-sync", now=night)
    assert len(chat.got) == 1
    otosata("watch", "--once", "--no-sync", now=morning)
    late = json.loads(chat.got[1].body)
    assert late["level"] == "warn"
    assert late["lines"][-1] == "as of 2026-06-06 23:00 (sent late)"


def test_a_mailbox_that_cannot_be_read_is_said_and_the_switch_hears_it(otosata: Program, chat: Service) -> None:
    beat = otosata.folder / "beat"
    beat.write_text(f"{chat.url}/ping")
    beat.chmod(0o600)
    otosata.configure(
        f'[[accounts]]\nname = "main"\ntype = "mbox"\npath = "{otosata.folder}/none"\n[notify]\nblind_after = "0s"\n'
        + hook(otosata.folder, chat)
        + f'[heartbeat]\nsecret = "file"\nfile = "{beat}"\nprivate_addresses = "allow"\n'
    )
    assert otosata("watch", "--once").code == 3
    assert [got.path for got in chat.got] == ["/in", "/in", "/ping/fail"]
    assert json.loads(chat.got[1].body)["kind"] == "blind"
    (otosata.folder / "none").write_text("")
    otosata("watch", "--once", now="2026-06-01T12:15:00+09:00")
    assert [got.path for got in chat.got[3:]] == ["/in", "/ping"]
    assert json.loads(chat.got[3].body)["title"] == "mail can be read again: main"


def test_without_a_channel_nothing_is_remembered_and_the_first_one_is_greeted(otosata: Program, chat: Service) -> None:
    asked(otosata)
    otosata("watch", "--once", "--no-sync")
    otosata.configure(hook(otosata.folder, chat))
    otosata("watch", "--once", "--no-sync", now=LATER)
    assert [json.loads(got.body)["kind"] for got in chat.got] == ["start"]


@pytest.mark.parametrize(
    ("stop", "code"),
    [(StoreError("the ledger is locked"), 1), (OutOfTimeError("not done"), 1), (KeyboardInterrupt(), 3)],
)
def test_what_stops_the_sending_adds_no_second_report(
    channel: Program, monkeypatch: pytest.MonkeyPatch, stop: BaseException, code: int
) -> None:
    asked(channel)

    def stopped(*_: object) -> None:
        raise stop

    monkeypatch.setattr(Herald, "deliver", stopped)
    result = channel("watch", "--once", "--no-sync", "--json", now=LATER)
    assert (result.code, result.document["status"]) == (code, "warning")
    assert "not everything could be sent" in result.err


@pytest.mark.skipif(sys.platform == "win32", reason="there is no alarm there")
def test_a_time_out_holds_for_the_sending_too(channel: Program, chat: Service) -> None:
    asked(channel)
    chat.replies.append(drip)
    result = channel("watch", "--once", "--no-sync", "-t", "1", now=LATER)
    assert (result.code, result.out.count("OTOSATA")) == (1, 1)
    assert "(-t)" in result.err
    assert "waiting" in channel("notify", "list", now=LATER).out


@pytest.mark.parametrize("words", [("--json",), ("-t", "9"), ("--no-sync",), ("--on-stale", "ok"), ("-w", "3")])
def test_a_watch_that_stays_refuses_what_only_a_report_can_heed(otosata: Program, words: tuple[str, ...]) -> None:
    refused = otosata("watch", *words)
    assert refused.code == 2
    assert "only with --once" in refused.err


def test_a_failing_watch_once_is_unknown_to_a_monitor(otosata: Program) -> None:
    for words in (("watch", "--once", "--no-such"), ("watch", "--once", "--select", "platform=none")):
        failed = otosata(*words)
        assert failed.code == 3
        assert failed.out.startswith("OTOSATA UNKNOWN: ")


def test_a_channels_secret_is_not_asked_for_without_a_terminal(otosata: Program) -> None:
    otosata.configure('[channels.chat]\ntype = "slack"\n')
    assert otosata("notify", "login", "chat").code == 2
    assert otosata("notify", "login", "other").code == 2
    missing = otosata("notify", "test")
    assert "keyring" in missing.out
    assert "secret = " in missing.out or "notify login chat" in missing.out
