"""How soon the full-screen app shows something, how soon it obeys a key, and what it costs while nothing happens."""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measure import Result, Sizes
from benchmarks.minimal import LINE
from benchmarks.start import environment_of
from benchmarks.world import ledgers, store_of
from tests.screens.terminal import Terminal, terminal
from tui.remembered import FILE

MINIMAL = (sys.executable, "-P", "-m", "benchmarks.minimal")
OURS = (sys.executable, "-P", "-m", "launch")
_CLIENT = "青空商店"
_ALL_READ = "メール未設定"
"""In the top line once every deal has been read: there is no mailbox."""
_EVENTS = 10


def first_frame(sizes: Sizes) -> Iterator[Result]:
    """From the start of the process to the first frame with deals in it, against one with a line of text.

    The deals stand there as they were seen last, in grey and with the time of that; the note says when all of them
    have been read anew. The app has been open once before, as on any but the very first day.
    """
    for deals in sizes.screens:
        with _home(deals) as (folder, environment):
            pairs = [
                (_until(OURS, _CLIENT, environment, folder), _until(MINIMAL, LINE, environment, folder))
                for _ in range(sizes.frames)
            ]
            read, memory = _fully(environment, folder)
        ours, reference = (statistics.median(pair[place] for pair in pairs) for place in (0, 1))
        note = f"all read after {read:.1f} s, {memory / 2**20:.0f} MiB"
        yield Result(f"first frame with {deals:,} deals", ours, "Textual: one line of text", reference, "wall", note)


def filtering(sizes: Sizes) -> Result:
    """From a key to the end of its frame: a filter typed and taken off, with many deals and with few."""
    few, many = sizes.filtered
    with _open(few) as light, _open(many) as heavy:
        pairs = [(_on_and_off(heavy), _on_and_off(light)) for _ in range(sizes.frames)]
    ours, reference = (statistics.median(pair[place] for pair in pairs) for place in (0, 1))
    return Result(f"filter on and off, {many:,} deals", ours, f"the same with {few:,}", reference, "wall", "five keys")


def idle(sizes: Sizes) -> Result:
    """What the open app costs while nobody touches it, against the smallest app, which has nothing to look after."""
    deals = sizes.filtered[0]
    with _home(deals) as (folder, environment):
        ours, reference = (
            _left_alone(command, text, environment, folder, sizes.idle)
            for command, text in ((OURS, _ALL_READ), (MINIMAL, LINE))
        )
    name = f"open for {sizes.idle:g} s, nobody there, {deals:,} deals"
    return Result(name, ours, "Textual: one line of text", reference, "cpu", f"{ours / sizes.idle:.2%} of a core")


def _left_alone(
    command: tuple[str, ...], text: str, environment: Mapping[str, str], folder: Path, seconds: float
) -> float:
    with terminal(command, environment, folder) as screen:
        screen.wait_for(text)
        screen.settle(2)
        before = screen.cpu_seconds
        time.sleep(seconds)
        return screen.cpu_seconds - before


@contextmanager
def _home(deals: int) -> Iterator[tuple[Path, Mapping[str, str]]]:
    """A configuration without mailboxes and a ledger; the app has been open on it once."""
    with tempfile.TemporaryDirectory(prefix="otosata-benchmark-") as name:
        folder = Path(name)
        (folder / "config.toml").write_text('language = "ja"\n', encoding="utf-8")
        (folder / "data").mkdir(mode=0o700)
        store_of(folder / "data" / "otosata.db", ledgers(deals, _EVENTS))
        own = {"OTOSATA_CONFIG": str(folder / "config.toml"), "OTOSATA_DATA": str(folder / "data")}
        environment = environment_of(folder) | own
        for command, text in ((OURS, _ALL_READ), (MINIMAL, LINE)):
            with terminal(command, environment, folder) as screen:
                screen.wait_for(text)
                screen.settle(1)
        if not (folder / "data" / FILE).exists():
            raise RuntimeError("the app has kept no picture of its list")
        yield folder, environment


@contextmanager
def _open(deals: int) -> Iterator[Terminal]:
    """The app with so many deals, all of them read, and at rest."""
    with _home(deals) as (folder, environment), terminal(OURS, environment, folder) as screen:
        screen.wait_for(_ALL_READ)
        screen.settle(1)
        yield screen


def _until(command: tuple[str, ...], text: str, environment: Mapping[str, str], folder: Path) -> float:
    with terminal(command, environment, folder) as screen:
        return screen.wait_for(text)


def _fully(environment: Mapping[str, str], folder: Path) -> tuple[float, int]:
    """Seconds until every deal has been read, and the memory that takes."""
    with terminal(OURS, environment, folder) as screen:
        seconds = screen.wait_for(_ALL_READ)
        screen.settle(1)
        return seconds, screen.resident


def _on_and_off(screen: Terminal) -> float:
    seconds = 0.0
    for key in ("/", "商", "店", "9", "\x1b"):
        screen.press(key)
        seconds += screen.settle()
    return seconds
