"""Text goes to the clipboard by the system's own program, and only what is sure is said to have worked."""

import os
from pathlib import Path

import pytest

from tui.clipboard import TOOLS, copy_natively, usable

TEXT = "木漏れ日工房 様\n①㈱ 🐳\n"


def program(folder: Path, name: str, script: str) -> None:
    """A program of that name that does what the script says."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def environment(folder: Path, **more: str) -> dict[str, str]:
    return {"PATH": f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin", **more}


@pytest.mark.parametrize(
    ("name", "needs", "platform"),
    [
        ("wl-copy", "WAYLAND_DISPLAY", "linux"),
        ("xclip", "DISPLAY", "linux"),
        ("xsel", "DISPLAY", "linux"),
        ("pbcopy", "", "darwin"),
    ],
)
def test_the_program_gets_the_text_as_it_is(tmp_path: Path, name: str, needs: str, platform: str) -> None:
    program(tmp_path, name, f'cat > "{tmp_path}/got"')
    environ = environment(tmp_path, **({needs: ":0"} if needs else {}))
    assert copy_natively(TEXT, environ, platform) == name
    assert (tmp_path / "got").read_text(encoding="utf-8") == TEXT


@pytest.mark.parametrize(("platform", "needs"), [("win32", ""), ("linux", "WSL_DISTRO_NAME")])
def test_windows_takes_utf_16(tmp_path: Path, platform: str, needs: str) -> None:
    program(tmp_path, "clip.exe", f'cat > "{tmp_path}/got"')
    environ = environment(tmp_path, **({needs: "Ubuntu"} if needs else {}))
    assert copy_natively(TEXT, environ, platform) == "clip.exe"
    assert (tmp_path / "got").read_bytes().decode("utf-16-le") == TEXT


def test_without_a_display_no_program_is_asked(tmp_path: Path) -> None:
    for tool in TOOLS:
        program(tmp_path, tool.command[0], f'echo {tool.command[0]} >> "{tmp_path}/asked"')
    assert usable(environment(tmp_path), "linux") == ()
    assert copy_natively(TEXT, environment(tmp_path), "linux") == ""
    assert not (tmp_path / "asked").exists()


def test_a_program_that_fails_hands_over_to_the_next(tmp_path: Path) -> None:
    program(tmp_path, "xclip", "exit 1")
    program(tmp_path, "xsel", "cat > /dev/null")
    assert copy_natively(TEXT, environment(tmp_path, DISPLAY=":0"), "linux") == "xsel"
    program(tmp_path, "xsel", "exit 1")
    assert copy_natively(TEXT, environment(tmp_path, DISPLAY=":0"), "linux") == ""


def test_a_program_that_stays_to_serve_the_clipboard_is_not_waited_for(tmp_path: Path) -> None:
    program(tmp_path, "xclip", "cat > /dev/null; sleep 30 &")
    assert copy_natively(TEXT, environment(tmp_path, DISPLAY=":0"), "linux") == "xclip"
