"""Puts text on the clipboard, by the system's own program and by the terminal, and knows which of them is sure."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

TIMEOUT_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that takes the clipboard's text on its standard input."""

    command: tuple[str, ...]
    needs: str = ""
    """The variable of the environment without which it cannot work."""
    platform: str = "linux"
    """The beginning of `sys.platform`."""
    encoding: str = "utf-8"


TOOLS = (
    Tool(("pbcopy",), platform="darwin"),
    Tool(("clip.exe",), platform="win", encoding="utf-16-le"),
    Tool(("clip.exe",), needs="WSL_DISTRO_NAME", encoding="utf-16-le"),
    Tool(("wl-copy",), needs="WAYLAND_DISPLAY"),
    Tool(("xclip", "-selection", "clipboard"), needs="DISPLAY"),
    Tool(("xsel", "--clipboard", "--input"), needs="DISPLAY"),
)
"""In the order in which they are tried."""


def usable(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> tuple[Tool, ...]:
    """The programs that are here and have what they need. Over SSH without a display: none, and rightly so."""
    return tuple(
        tool
        for tool in TOOLS
        if platform.startswith(tool.platform)
        and (not tool.needs or environ.get(tool.needs))
        and shutil.which(tool.command[0], path=environ.get("PATH"))
    )


def copy_natively(text: str, environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> str:
    """The name of the program that took the text; empty where none did. Blocks, so not on the screen's thread.

    Some of them stay to serve the clipboard: they get no pipe of ours that would be waited for.
    """
    for tool in usable(environ, platform):
        try:
            done = subprocess.run(  # noqa: S603 - a fixed command; the text goes to its standard input
                tool.command,
                input=text.encode(tool.encoding),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=TIMEOUT_SECONDS,
                check=False,
                env=dict(environ),
            )
        except (OSError, subprocess.TimeoutExpired):
            continue
        if done.returncode == 0:
            return tool.command[0]
    return ""
