"""Notifications of the desktop: text is never a part of a script, passwords are not passed on."""

import subprocess
from pathlib import Path

import pytest

from otosata.notify import desktop
from otosata.notify.desktop import call_for, send
from otosata.notify.message import Message
from otosata.notify.outcome import SENT, Result

HOSTILE = "--hint=x <b>bold</b> \"; do shell script 'x' $(id) `id` $env:PATH"
MESSAGE = Message("id", "level", "critical", HOSTILE, (HOSTILE,), "2026-06-01T12:00:00+09:00")


def program(folder: Path, name: str, body: str) -> dict[str, str]:
    """A program of that name on a PATH of its own."""
    file = folder / name
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin", "HOOK_URL": "https://geheim.example", "DISPLAY": ":9"}


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_the_text_goes_in_as_data(platform: str) -> None:
    call = call_for(MESSAGE, platform)
    scripts = [*call.command[:3], call.feed] if platform != "linux" else list(call.command[:3])
    assert not any("do shell script" in script for script in scripts)
    given = [*call.command, *call.environ.values()]
    assert any("do shell script" in word for word in given)


def test_on_linux_options_end_before_the_text_and_markup_is_escaped() -> None:
    command = call_for(MESSAGE, "linux").command
    assert command[3] == "--"
    assert all("<b>" not in word for word in command)


def test_the_program_gets_the_message_and_no_secret_of_the_environment(tmp_path: Path) -> None:
    environ = program(
        tmp_path, call_for(MESSAGE).command[0], f'env > {tmp_path}/env; printf "%s\\n" "$@" > {tmp_path}/args'
    )
    assert send(MESSAGE, environ) == SENT
    assert "geheim" not in (tmp_path / "env").read_text()
    assert "DISPLAY=:9" in (tmp_path / "env").read_text()
    assert (tmp_path / "args").read_text().splitlines()[-1].startswith("--hint=x &lt;b&gt;")


def test_a_program_that_fails_is_tried_again_later(tmp_path: Path) -> None:
    environ = program(tmp_path, call_for(MESSAGE).command[0], "echo no session >&2; exit 1")
    outcome = send(MESSAGE, environ)
    assert (outcome.result, outcome.error) == (Result.LATER, f"{call_for(MESSAGE).command[0]} ended with 1: no session")


def test_where_there_is_no_desktop_it_is_said(tmp_path: Path) -> None:
    outcome = send(MESSAGE, {"PATH": str(tmp_path)})
    assert outcome.result is Result.REFUSED
    assert "is missing" in outcome.error


def test_a_program_that_hangs_does_not_hold_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("notify-send", 15)

    monkeypatch.setattr(desktop.subprocess, "run", hang)
    environ = program(tmp_path, call_for(MESSAGE).command[0], "sleep 60")
    outcome = send(MESSAGE, environ)
    assert (outcome.result, outcome.unsure) == (Result.LATER, True)
