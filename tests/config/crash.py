"""Kills a writer of settings.toml at each of its steps, one after the other; run as a program of its own."""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from config.places import Options
from config.write import SettingsWriter

STEPS_OF = ("write.py", "tempfile.py")
"""A step is a line of one of these."""


def write(folder: Path) -> None:
    """What is killed: three keys, one of them in a table that is there already."""
    options = Options(config=folder / "config.toml", data=folder, lang="en")
    SettingsWriter(options, {}).set_all(
        (("interval", "20m"), ("calendar.country", "DE"), ("deals.lancers-1.due", "2026-12-25"))
    )


def killed_at(step: int, work: Callable[[], None]) -> bool:
    """Do the work in a process that ends at once, by SIGKILL, when it comes to that step; False: it came to the end."""
    child = os.fork()
    if not child:
        left = step

        def count(frame: FrameType, event: str, _: Any) -> Any:
            nonlocal left
            if event == "line" and frame.f_code.co_filename.endswith(STEPS_OF):
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            return count

        sys.settrace(count)
        work()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def main() -> None:
    """Print a line for each step: what settings.toml says after the kill, and after it was written once more."""
    folder = Path(sys.argv[1])
    file = folder / "settings.toml"
    before = file.read_text("utf-8")
    step = 0
    killed = True
    while killed:
        file.write_text(before, "utf-8")
        killed = killed_at(step, lambda: write(folder))
        after = file.read_text("utf-8")
        write(folder)
        left = sorted(path.name for path in folder.iterdir())
        again = file.read_text("utf-8")
        found = {"step": step, "killed": killed, "after": after, "again": again, "left": left}
        sys.stdout.write(json.dumps(found) + "\n")
        step += 1


if __name__ == "__main__":
    main()
