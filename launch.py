"""The `otosata` command: the headless face, and the door to the full-screen one. The only place that knows both."""

import gc
import os
import sys
from typing import TYPE_CHECKING

from cli.main import main as run_command
from cli.main import run as run_words
from cli.session import Streams

if TYPE_CHECKING:
    from config.desk import Desk

_GARBAGE = 50_000
"""New objects between two searches for garbage. Rules and ledgers are many small values that stay: with Python's 700,
a check spends a sixteenth of its time on searching in vain."""


def open_app(desk: "Desk") -> int:
    """Run the full-screen app until it is left; its exit code."""
    from tui.app import run  # noqa: PLC0415 - textual is slow to import, and headless runs never need it

    return run(desk, run_demo)


def run_demo(lang: str) -> int:
    """Run the demo from inside the program, where the first start offers it; its exit code."""
    return run_words(["--lang", lang, "demo"], Streams.of_process(), os.environ, open_app)


def main() -> int:
    """The entry point; returns the exit code."""
    gc.set_threshold(_GARBAGE)
    return run_command(open_app)


if __name__ == "__main__":
    sys.exit(main())
