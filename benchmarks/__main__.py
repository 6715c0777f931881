"""`python -m benchmarks [NAME …]`: runs all benchmarks or those named; prints a table for docs/benchmarks.md."""

import argparse
import gc
import os
import platform
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from benchmarks import mail, mailbox, patterns, reading, screen, start, store, tune
from benchmarks.measure import FULL, TINY, Result, Sizes, Volume
from launch import GARBAGE

Figure = Result | Volume

BENCHMARKS: Mapping[str, Callable[[Sizes], Figure | Iterable[Figure]]] = {
    "start": start.start,
    "start-many": start.start_with_many,
    "readings": reading.readings,
    "tune": tune.tune,
    "parsing": mail.parsing,
    "recognising": mail.recognising,
    "patterns": patterns.patterns,
    "writing": store.writing,
    "frame": screen.first_frame,
    "filter": screen.filtering,
    "idle": screen.idle,
    "mailbox": mailbox.first_sync_and_quiet_poll,
}


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--tiny", action="store_true", help="only see that everything runs: the figures mean nothing")
    asked = parser.parse_args()
    unknown = set(asked.names) - BENCHMARKS.keys()
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    sizes = TINY if asked.tiny else FULL
    gc.set_threshold(GARBAGE)  # as the program runs
    print(_machine())
    print("\n| benchmark | ours | reference | its time | ratio | clock |\n| --- | --- | --- | --- | --- | --- |")
    for name in asked.names or BENCHMARKS:
        for result in results_of(name, sizes):
            print(row(result), flush=True)
    return 0


def results_of(name: str, sizes: Sizes) -> tuple[Figure, ...]:
    """What one benchmark found."""
    found = BENCHMARKS[name](sizes)
    return (found,) if isinstance(found, Figure) else tuple(found)


def row(figure: Figure) -> str:
    """A line of the table."""
    if isinstance(figure, Volume):
        cells = (_size(figure.moved), figure.reference, _size(figure.reference_moved), _ratio(figure.ratio), "bytes")
    else:
        ours = f"{_time(figure.seconds)} ({figure.note})" if figure.note else _time(figure.seconds)
        reference = _time(figure.reference_seconds)
        cells = (ours, figure.reference, reference, _ratio(figure.ratio), figure.clock)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in (figure.name, *cells))} |"


def _ratio(ratio: float) -> str:
    """With two digits that say something; below a tenth as a fraction, which is how one thinks of it."""
    return f"{ratio:.2f}" if ratio >= 0.1 else f"1/{1 / ratio:.0f}"


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count >= 1e6 else f"{count / 1e3:.1f} KB"


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"


def _machine() -> str:
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores{load}, "
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    )


if __name__ == "__main__":
    sys.exit(main())
