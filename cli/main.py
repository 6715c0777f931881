"""Where every run begins: parse, run, and turn whatever happens into an exit code and one sentence."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from cli.errors import (
    BUG,
    INTERRUPTED,
    OK,
    STOPPED,
    UNKNOWN,
    Complaint,
    OutOfTimeError,
    UsageError,
    complaints,
    in_language,
    lines,
)
from cli.parser import build_parser, command_of, nothing_given, parse_global
from cli.session import Session, Streams

if TYPE_CHECKING:
    from config.desk import Desk

OpenApp = Callable[["Desk"], int]
RunInside = Callable[[Sequence[str], Mapping[str, str]], int]


def main(open_app: OpenApp) -> int:
    """The process's run of the program; returns the exit code. `open_app`: the full-screen face."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal in another encoding shows ? instead of a traceback
    return run(sys.argv[1:], Streams.of_process(), os.environ, open_app)


def run(argv: Sequence[str], streams: Streams, environ: Mapping[str, str], open_app: OpenApp | None = None) -> int:
    """One command; never raises but for bugs in itself."""
    command, place = command_of(argv)
    if command == "demo":

        def inside(words: Sequence[str], clean: Mapping[str, str]) -> int:
            return run(words, streams, clean, open_app)

        return _guarded(
            lambda: _demo(argv[:place], argv[place + 1 :], streams, environ, inside), argv, streams, environ
        )
    return _guarded(lambda: _run(argv, streams, environ, open_app), argv, streams, environ)


def _run(argv: Sequence[str], streams: Streams, environ: Mapping[str, str], open_app: OpenApp | None) -> int:
    args = build_parser(command_of(argv)[0]).parse_args(argv, nothing_given())
    session = Session(args, streams, environ)
    if args.command is not None:
        code: int = args.run(session)
        return code
    if open_app is None or not (streams.out.isatty() and streams.err.isatty()):  # Textual draws on stderr
        raise UsageError(session.t("app.needs_terminal"), session.t("app.needs_terminal_hint"))
    return open_app(session.desk)


def _demo(
    before: Sequence[str], rest: Sequence[str], streams: Streams, environ: Mapping[str, str], inside: RunInside
) -> int:
    from cli.commands.demo import run_demo  # noqa: PLC0415 - only this run needs it

    return run_demo(before, rest, streams, environ, inside)


def _guarded(work: Callable[[], int], argv: Sequence[str], streams: Streams, environ: Mapping[str, str]) -> int:
    """Run it; a mistake, a broken source or a bug becomes a sentence on stderr and the exit code that fits."""
    said: Sequence[Complaint]
    try:
        code = work()
        streams.out.flush()
    except SystemExit as stop:  # --help and --version
        return stop.code if isinstance(stop.code, int) else OK
    except KeyboardInterrupt:
        code, said = INTERRUPTED, STOPPED
    except OutOfTimeError as late:
        code, said = UNKNOWN, (Complaint("timeout", str(late)),)
    except BrokenPipeError:
        _silence(streams.out)  # nobody reads any more (`| head`): not our failure
        return UNKNOWN if _is_check(argv) else OK
    except Exception as error:  # the last door: whatever comes through must not look like OK to a monitor
        code, said = complaints(error)
        if code == BUG and any(word.startswith("-v") for word in argv):
            import traceback  # noqa: PLC0415 - only after a bug

            streams.err.write(traceback.format_exc())
    else:
        return code
    lang = _language(argv, environ)
    said = in_language(said, lang)
    if _is_check(argv):
        code = UNKNOWN
        from cli.output.failed import failed_text, wanted_format  # noqa: PLC0415 - only on the way out

        _say(streams.out, failed_text(wanted_format(argv), said, lang))
    _say(streams.err, "\n".join(lines(said)) + "\n")
    return code


def _say(stream: TextIO, text: str) -> None:
    """The last words; a full disk behind `>` must not turn them into another exit code."""
    try:
        stream.write(text)
        stream.flush()
    except OSError:
        _silence(stream)


def _silence(stream: TextIO) -> None:
    """Nothing more goes out there, not even what is left to write at the process's end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _language(argv: Sequence[str], environ: Mapping[str, str]) -> str:
    """The language to complain in, found without help of anything that may be what is broken."""
    from config.load import early_language  # noqa: PLC0415 - only on the way out
    from config.places import Options, find_places  # noqa: PLC0415 - as above

    try:
        known = parse_global(argv)
    except UsageError:
        known = nothing_given()
    options = Options(config=Path(known.config) if known.config else None, lang=known.lang)
    return early_language(options, find_places(options, environ), environ)


def _is_check(argv: Sequence[str]) -> bool:
    """Whether a monitor reads the exit code: `check`, and `watch --once`, which is `check` with notifications."""
    command, place = command_of(argv)
    if command == "demo":
        return _is_check(argv[place + 1 :])
    return command == "check" or (command == "watch" and "--once" in argv)
