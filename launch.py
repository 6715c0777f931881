"""The `otosata` command: the headless face, and the door to the full-screen one. The only place that knows both."""

import gc
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config.desk import Desk

GARBAGE = 50_000
"""New objects between two searches for garbage. Rules and ledgers are many small values that stay: with Python's 700,
a check spends a sixteenth of its time on searching in vain."""


_PLAIN = "--plain"


class _RefusedError(Exception):
    """The command line has no desk to give; `code` and `text` say why."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


def open_app(desk: "Desk") -> int:
    """Run the full-screen app until it is left; its exit code."""
    from tui.terminal import asked  # noqa: PLC0415 - headless runs never need it

    with asked() as background:
        from tui.app import run  # noqa: PLC0415 - textual is slow to import, and headless runs never need it
    return run(desk, run_demo, light=background.light)


def run_demo(lang: str) -> int:
    """Run the demo from inside the program, where the first start offers it; its exit code."""
    from cli.main import run  # noqa: PLC0415 - the app shows its first frame without it
    from cli.session import Streams  # noqa: PLC0415 - as above

    return run(["--lang", lang, "demo"], Streams.of_process(), os.environ, open_app)


def _open_at_once() -> int:
    """The same for the bare command: the last picture of the list stands there while everything is loaded."""
    from config.places import NO_OPTIONS, find_places  # noqa: PLC0415 - as above
    from tui.terminal import asked  # noqa: PLC0415 - as above

    with asked() as background:
        from tui.early import open_early  # noqa: PLC0415 - as above
    try:
        folder, plain = find_places(NO_OPTIONS).data_dir, _PLAIN in sys.argv
        return open_early(folder, _desk, run_demo, light=background.light, plain=plain)
    except _RefusedError as refused:
        sys.stderr.write(refused.text)
        return refused.code


def _desk() -> "Desk":
    """The desk as the command line makes it, with nothing written to the terminal on the way."""
    from io import StringIO  # noqa: PLC0415 - as above

    from cli.main import run  # noqa: PLC0415 - as above
    from cli.session import Streams  # noqa: PLC0415 - as above

    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    found: list[Desk] = []

    def take(desk: "Desk") -> int:
        found.append(desk)
        return 0

    streams = Streams(Terminal(), Terminal())
    code = run(sys.argv[1:], streams, os.environ, take)
    if not found:
        raise _RefusedError(code, streams.err.getvalue())  # type: ignore[attr-defined]
    return found[0]


def main() -> int:
    """The entry point; returns the exit code."""
    gc.set_threshold(GARBAGE)
    streams = (sys.stdin, sys.stdout, sys.stderr)
    if sys.argv[1:] in ([], [_PLAIN]) and all(stream and stream.isatty() for stream in streams):
        return _open_at_once()
    from cli.main import main as run_command  # noqa: PLC0415 - the app shows its first frame without it

    return run_command(open_app)


if __name__ == "__main__":
    sys.exit(main())
