"""Exit codes, which stream carries what, and what a terminal-less run may do."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from config.desk import Desk
from tests.cli.mailbox import Mailbox, comment
from tests.cli.program import ROOT, Program

LATER = {
    "ok": "2026-06-01T13:00:00+09:00",
    "notice": "2026-06-04T12:00:00+09:00",
    "warn": "2026-06-06T12:00:00+09:00",
    "critical": "2026-06-08T12:00:00+09:00",
}
"""When a Lancers deal reads so whose client wrote on Monday noon, and I an hour earlier."""


def story(otosata: Program) -> str:
    """A contract with a question of mine that nobody answers."""
    deal = otosata.deal(event="contract", at="2026-06-01T10:00+09:00")
    otosata.done("log", deal, "fund", "--at", "2026-06-01T10:30+09:00")
    otosata.done("log", deal, "message", "--by", "client", "--at", "2026-06-01T11:00+09:00")
    otosata.done("log", deal, "message", "--by", "me", "--at", "2026-06-01T12:00+09:00")
    return deal


@pytest.mark.parametrize(
    ("level", "code", "word"),
    [("ok", 0, "OK"), ("notice", 0, "OK"), ("warn", 1, "WARNING"), ("critical", 2, "CRITICAL")],
)
def test_check_exits_by_the_loudest_deal(otosata: Program, level: str, code: int, word: str) -> None:
    deal = story(otosata)
    result = otosata("check", "--no-sync", now=LATER[level])
    assert otosata.levels(now=LATER[level])[deal] == level
    assert (result.code, result.out.split(":")[0]) == (code, f"OTOSATA {word}")


def test_check_without_a_mailbox_is_unknown_but_the_ledger_alone_can_be_asked(otosata: Program) -> None:
    story(otosata)
    asked = otosata("check", now=LATER["warn"])
    assert asked.code == 3
    assert asked.out.startswith("OTOSATA UNKNOWN: no mailbox is configured | deals=1;;;0 ")
    assert "no mailbox is configured" in asked.err
    assert otosata("check", "--json", now=LATER["warn"]).document["status"] == "unknown"
    assert otosata("check", "--no-sync", now=LATER["warn"]).code == 1


def test_check_without_anything_at_all(otosata: Program) -> None:
    assert otosata("check", "--no-sync").code == 0
    assert not otosata.data.exists() or not list(otosata.data.glob("*.db-journal"))


BROKEN = {
    "bad option": ("check", "--nonsense"),
    "bad choice": ("check", "--format", "yaml"),
    "bad selection": ("check", "--select", "colour=red"),
    "bad time": ("check", "--now", "tomorrow"),
    "bad global option before it": ("--lang", "fr", "check"),
    "no time to work": ("check", "-t", "0"),
    "less than no time": ("check", "-t=-5"),
    "surplus word": ("check", "everything"),
}


@pytest.mark.parametrize("words", BROKEN.values(), ids=BROKEN)
def test_check_is_unknown_on_bad_usage(otosata: Program, words: tuple[str, ...]) -> None:
    otosata.now = None
    result = otosata(*words)
    assert result.code == 3
    assert result.out.startswith("OTOSATA UNKNOWN: ")
    assert result.out.count("\n") == 1
    assert result.err.startswith("otosata: ")


def test_check_is_unknown_on_a_typo_in_the_configuration(otosata: Program) -> None:
    otosata.configure('[calendar]\ncuntry = "JP"\n')
    for words in (("check",), ("check", "--no-sync"), ("check", "--quiet")):
        result = otosata(*words)
        assert (result.code, result.out.startswith("OTOSATA UNKNOWN: ")) == (3, True), words
        assert "cuntry" in result.err
        assert "country" in result.err


def test_a_broken_configuration_is_a_document_too_for_who_asked_for_json(otosata: Program) -> None:
    sound = otosata("check", "--no-sync", "--json").document
    otosata.configure('[calendar]\ncuntry = "JP"\nuntold = 1\n')
    result = otosata("check", "--json")
    assert result.code == 3
    assert result.document.keys() == sound.keys()
    assert result.document["summary"].keys() == sound["summary"].keys()
    assert result.document["status"] == "unknown"
    assert len(result.document["problems"]) == 2
    assert all(problem.keys() == {"code", "message", "hint"} for problem in result.document["problems"])
    (line,) = otosata("check", "--format", "jsonl").out.splitlines()
    assert json.loads(line) == {key: result.document[key] for key in ("status", "problems")}


def test_check_is_unknown_when_a_mailbox_cannot_be_read(otosata: Program) -> None:
    otosata.configure(
        '[[accounts]]\nname = "main"\nhost = "127.0.0.1"\nport = 9\nuser = "me"\ntls = "off"\n'
        'secret = "env"\nenv = "PASSWORD"\n'
    )
    otosata.environ["PASSWORD"] = "x"
    result = otosata("check", "--json")
    assert result.code == 3
    (account,) = result.document["accounts"]
    assert (account["state"], account["last_complete_poll"]) == ("failed", None)
    assert account["error"]
    assert otosata("sync").code == 3


def boom(*_: object, **__: object) -> None:
    raise ZeroDivisionError("the moon | fell\ndown")


def interrupted(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_a_crash_is_unknown_for_check_and_a_bug_of_ours_elsewhere(
    otosata: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Desk, "overview", boom)
    result = otosata("check", "--no-sync")
    assert result.code == 3
    assert result.out.startswith("OTOSATA UNKNOWN: ")
    assert result.out.count("\n") == 1
    assert "|" not in result.out
    assert "Traceback" not in result.err
    listed = otosata("deals")
    assert (listed.code, listed.out) == (70, "")
    assert "ZeroDivisionError" in listed.err
    assert "Traceback" in otosata("-v", "deals").err


def test_an_interrupted_run_says_so_by_its_exit_code(otosata: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Desk, "overview", interrupted)
    result = otosata("check", "--no-sync")
    assert result.code == 3
    assert result.out.startswith("OTOSATA UNKNOWN: ")
    assert otosata("deals").code == 130


USAGE = {
    "unknown command": ("fly",),
    "unknown deal": ("show", "lancers-9"),
    "unknown deal of log": ("log", "lancers-9", "accept"),
    "unknown event": ("log", "lancers-1", "mesage"),
    "unknown platform": ("deals", "add", "--platform", "lancer", "--client", "x"),
    "event options without event": ("deals", "add", "--platform", "lancers", "--client", "x", "--finished"),
    "who did it is open": ("log", "lancers-1", "message"),
    "never done by them": ("log", "lancers-1", "accept", "--by", "me"),
    "by nobody": ("log", "lancers-1", "message", "--by", "god"),
    "a link that is none": ("deals", "add", "--platform", "lancers", "--client", "x", "--url", "javascript:alert(1)"),
    "a day where a time belongs": ("log", "lancers-1", "accept", "--at", "2026-06-01"),
    "no time at all": ("log", "lancers-1", "accept", "--at", "noon"),
    "a time before all time": ("log", "lancers-1", "accept", "--at", "0001-01-01T00:00"),
    "a time after all time": ("log", "lancers-1", "accept", "--at", "9999-12-31T23:59:59-12:00"),
    "a day after all days": ("log", "lancers-1", "set_date", "--date", "9999-12-31"),
    "a number no ledger holds": ("triage", "ignore", "99999999999999999999"),
    "a number of nothing": ("triage", "ignore", "0"),
    "snooze into the past": ("snooze", "lancers-1", "2020-01-01"),
    "snooze until nonsense": ("snooze", "lancers-1", "someday"),
    "merge with itself": ("merge", "lancers-1", "lancers-1"),
    "merge with nothing": ("merge", "lancers-1", "lancers-9"),
    "mail without a number": ("triage", "ignore", "x"),
    "mail that is not there": ("triage", "ignore", "99"),
    "assigning what is not there": ("triage", "assign", "99", "lancers-1"),
    "sync without a mailbox": ("sync",),
    "account that is not there": ("explain", "-", "--account", "nobody"),
    "unset key": ("config", "get", "calendar.moon"),
    "setting an unknown key": ("config", "set", "calendar.cuntry", "JP"),
    "the app without a terminal": (),
}


@pytest.mark.parametrize("words", USAGE.values(), ids=USAGE)
def test_bad_usage_ends_with_2_and_one_or_two_lines_on_stderr(otosata: Program, words: tuple[str, ...]) -> None:
    otosata.deal()
    result = otosata(*words)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("otosata: ")
    assert 1 <= result.err.count("\n") <= 2
    assert "Error" not in result.err


def test_a_word_that_is_nearly_right_is_suggested(otosata: Program) -> None:
    deal = otosata.deal()
    assert "'message'" in otosata("log", deal, "mesage").err
    assert "lancers" in otosata("deals", "add", "--platform", "lancer", "--client", "x").err
    assert f"{deal}T09:00" not in otosata("log", deal, "accept", "--at", "2026-06-01").err
    assert "2026-06-01T09:00" in otosata("log", deal, "accept", "--at", "2026-06-01").err


def test_a_configuration_error_ends_other_commands_with_2(otosata: Program) -> None:
    otosata.configure("language = 5\n")
    for words in (("deals",), ("show", "x"), ("triage",), ("accounts",), ("sync",), ("explain", "-")):
        assert otosata(*words).code == 2, words


def test_a_ledger_that_cannot_be_read_is_no_bug_of_ours(otosata: Program) -> None:
    otosata.deal()
    (database,) = otosata.data.glob("*.db")
    database.write_bytes(b"this is no ledger" * 1000)
    assert otosata("deals").code == 3
    assert otosata("check", "--no-sync").code == 3


# Streams


def test_stdout_carries_the_result_alone(reader: Program, mailbox: Mailbox) -> None:
    mailbox.put(comment())
    result = reader("sync")
    assert result.code == 0
    assert [line.split("\t")[:3] for line in result.out.splitlines()] == [["lancers-1", "message", "client"]]
    assert "1" in result.err
    assert reader("-q", "sync").err == ""


def test_sync_calls_a_deal_new_once(reader: Program, mailbox: Mailbox) -> None:
    mailbox.put(comment(at="2026-06-01T10:00:00+09:00"))
    mailbox.put(comment(at="2026-06-01T11:00:00+09:00"))
    assert [line.split("\t")[3:] for line in reader.done("sync").splitlines()] == [
        ["2026-06-01T10:00:00+09:00", "new deal"],
        ["2026-06-01T11:00:00+09:00"],
    ]
    assert reader("check", "--json").document["deals"][0]["id"] == "lancers-1"


def test_quiet_prints_nothing_while_all_is_well(otosata: Program) -> None:
    story(otosata)
    assert otosata("check", "--no-sync", "--quiet", now=LATER["notice"]).out == ""
    assert otosata("check", "--no-sync", "--quiet", now=LATER["warn"]).out != ""


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise there")
@pytest.mark.parametrize(("words", "code"), [(("deals",), 0), (("check", "--no-sync"), 3)], ids=["deals", "check"])
def test_a_reader_that_leaves_early_is_no_error_but_never_ok(
    otosata: Program, words: tuple[str, ...], code: int
) -> None:
    for client in range(30):
        otosata.deal(f"客{client}")
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "launch", *words],
        env={**os.environ, **otosata.own_environ(), "PYTHONPATH": str(ROOT)},
        stdout=writing,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=60,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (code, b"")


@pytest.mark.parametrize(
    "locale",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "cp932"},
    ],
    ids=str,
)
def test_any_locale_gets_its_lines(otosata: Program, locale: dict[str, str]) -> None:
    otosata.deal("田中🍵")
    for words in (("deals",), ("check", "--no-sync"), ("show", "lancers-1"), ("why", "lancers-1"), ("deals", "--help")):
        done = otosata.process(*words, env={**locale, "OTOSATA_LANG": "ja"})
        assert done.returncode in (0, 2), (words, done.stderr)
        assert b"Traceback" not in done.stderr
        assert done.stdout
    (deal,) = json.loads(otosata.process("deals", "--json", "--all", env=locale).stdout)
    assert deal["client"] == "田中🍵"


def test_nothing_prompts_without_a_terminal(otosata: Program) -> None:
    done = otosata.process("accounts", "add", "main", "--user", "me@gmail.com", "--no-test")
    assert done.returncode == 2
    assert b"terminal" in done.stderr
    assert b"main" not in otosata.process("accounts", "list").stdout
    assert otosata.process().returncode == 2


@pytest.mark.skipif(sys.platform == "win32", reason="there is no alarm there")
def test_a_time_out_ends_whatever_runs_as_unknown(otosata: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def sleep(*_: object, **__: object) -> None:
        with suppress(Exception):  # as a source might, that takes time-outs for the server's
            time.sleep(30)
        pytest.fail("slept through the time-out")

    monkeypatch.setattr(Desk, "overview", sleep)
    result = otosata("check", "--no-sync", "-t", "1")
    assert result.code == 3
    assert "(-t)" in result.out
    assert signal.alarm(0) == 0


ON_A_FULL_DISK = [
    ("check --no-sync >/dev/full", 3),
    ("check --no-sync --json >/dev/full 2>/dev/full", 3),
    ("show x 2>/dev/full", 2),
]


@pytest.mark.skipif(sys.platform == "win32", reason="written for a POSIX shell")
@pytest.mark.parametrize(
    ("shell", "code"),
    [
        *[("check --no-sync 2>&-", 0), ("check --no-sync >&-", 0), ("check --no-sync >&- 2>&-", 0), ("show x 2>&-", 2)],
        *(ON_A_FULL_DISK if Path("/dev/full").exists() else []),
    ],
)
def test_closed_streams_change_no_exit_code(otosata: Program, shell: str, code: int) -> None:
    environ = {**os.environ, **otosata.own_environ(), "PYTHONPATH": str(ROOT)}
    command = f"exec '{sys.executable}' -P -m launch {shell}"
    done = subprocess.run(["sh", "-c", command], env=environ, capture_output=True, check=False, timeout=60)
    assert done.returncode == code


def test_the_version_and_the_help_need_no_configuration(otosata: Program, capsys: pytest.CaptureFixture[str]) -> None:
    otosata.now = None
    otosata.configure("nonsense")
    for words in (("--version",), ("--help",), ("check", "--help"), ("deals", "add", "--help")):
        assert otosata(*words).code == 0
        assert "otosata" in capsys.readouterr().out
