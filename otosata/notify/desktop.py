"""Notifications of the desktop, by the system's own program, without a shell; where there is none we say so."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from otosata.notify import neutral
from otosata.notify.message import Message, cut
from otosata.notify.outcome import SENT, Outcome, Result

SECONDS = 15
_SCRIPT = "on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\nend run"
_TOAST = """
$ErrorActionPreference = 'Stop'
[Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = WindowsRuntime] > $null
$kind = [Windows.UI.Notifications.ToastTemplateType]::ToastText02
$toast = [Windows.UI.Notifications.ToastNotificationManager]::GetTemplateContent($kind)
$texts = $toast.GetElementsByTagName('text')
$texts.Item(0).AppendChild($toast.CreateTextNode($env:OTOSATA_TITLE)) > $null
$texts.Item(1).AppendChild($toast.CreateTextNode($env:OTOSATA_BODY)) > $null
$id = '{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\\WindowsPowerShell\\v1.0\\powershell.exe'
[Windows.UI.Notifications.ToastNotificationManager]::CreateToastNotifier($id).Show($toast)
"""


@dataclass(frozen=True, slots=True)
class Call:
    """A program to run: the message goes in as arguments or environment, never as a part of a script."""

    command: tuple[str, ...]
    feed: str = ""
    environ: Mapping[str, str] = field(default_factory=dict)


def call_for(message: Message, platform: str = sys.platform) -> Call:
    """How this system shows a notification."""
    title, body = cut(message.title, 200), cut(message.body, 800)
    if platform == "darwin":
        return Call(("osascript", "-e", _SCRIPT, title, body))
    if platform == "win32":
        command = ("powershell", "-NoProfile", "-NonInteractive", "-Command", "-")
        return Call(command, _TOAST, {"OTOSATA_TITLE": title, "OTOSATA_BODY": body})
    urgency = "critical" if message.is_urgent else "normal"
    words = ("--app-name=otosata", f"--urgency={urgency}", "--", neutral.pango(title), neutral.pango(body))
    return Call(("notify-send", *words))


_SESSION = re.compile(
    r"PATH|HOME|USER|LANG|LC_\w+|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|DBUS_\w+|XDG_\w+"
    r"|SYSTEMROOT|WINDIR|TEMP|TMP|APPDATA|LOCALAPPDATA|USERPROFILE|PATHEXT|COMSPEC|PSMODULEPATH",
    re.IGNORECASE,
)
"""What such a program needs to find its desktop; passwords from the environment are not for its eyes."""


def send(message: Message, environ: Mapping[str, str] = os.environ) -> Outcome:
    """Show it. Refused where this system, or this session, has no desktop."""
    call = call_for(message)
    program = shutil.which(call.command[0], path=environ.get("PATH"))
    if program is None:
        return Outcome(Result.REFUSED, f"this system shows no desktop notifications: {call.command[0]} is missing")
    return _run((program, *call.command[1:]), call, environ)


def _run(command: Sequence[str], call: Call, environ: Mapping[str, str]) -> Outcome:
    try:
        done = subprocess.run(  # noqa: S603 - the system's own program, its arguments never reach a shell
            command,
            input=call.feed.encode(),
            env={**{name: value for name, value in environ.items() if _SESSION.fullmatch(name)}, **call.environ},
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Outcome(Result.LATER, f"{call.command[0]} did not end in time", unsure=True)
    except OSError as error:
        return Outcome(Result.LATER, f"{call.command[0]} cannot be run: {error.strerror}")
    if done.returncode == 0:
        return SENT
    said = " ".join(done.stderr.decode("utf-8", "replace").split())[:120]
    return Outcome(Result.LATER, f"{call.command[0]} ended with {done.returncode}: {said}".rstrip(": "))
