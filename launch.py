"""The `otosata` command: the headless face, and the door to the full-screen one. The only place that knows both."""

import gc
import sys
from typing import TYPE_CHECKING

from cli.main import main as run_command

if TYPE_CHECKING:
    from config.desk import Desk

_GARBAGE = 50_000
"""New objects between two searches for garbage. Rules and ledgers are many small values that stay: with Python's 700,
a check spends a sixteenth of its time on searching in vain."""


def open_app(desk: "Desk") -> int:
    """Run the full-screen app until it is left; its exit code."""
    from tui.app import run  # noqa: PLC0415 - textual is slow to import, and headless runs never need it

    return run(desk)


def main() -> int:
    """The entry point; returns the exit code."""
    gc.set_threshold(_GARBAGE)
    return run_command(open_app)


if __name__ == "__main__":
    sys.exit(main())
