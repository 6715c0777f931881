"""Opens a link in the user's browser, and says honestly where there is none."""

import os
import subprocess
import sys
import webbrowser
from collections.abc import Mapping


def open_link(url: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a browser was asked to open it. Only web addresses; blocks for a moment, so not on the screen's thread.

    In a process of its own that knows no terminal: what a browser says would be drawn over the screen, and one that
    runs in a terminal would take it.
    """
    if not url.startswith(("https://", "http://")) or not has_browser(environ):
        return False
    try:
        process = subprocess.run(  # noqa: S603 - our own interpreter; the link is an argument, not a command
            [sys.executable, "-m", "webbrowser", "-t", url],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=15,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return process.returncode == 0


def has_browser(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a window can open here: not over SSH, not without a display."""
    if sys.platform.startswith("linux") and not any(environ.get(name) for name in _DISPLAYS):
        return False
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")
