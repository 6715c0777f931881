"""Runs work and reference in turn and compares their medians, so that a busy machine troubles both alike."""

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Result:
    """A benchmark's figures."""

    name: str
    seconds: float
    """Median of one run of ours."""
    reference: str
    """What it is compared with."""
    reference_seconds: float
    """Median of one run of that."""
    clock: str
    """`cpu` (user and system) or `wall`, where two processes talk to each other."""
    note: str = ""
    """The same in the user's terms: `12,300 deals/s`."""

    @property
    def ratio(self) -> float:
        """How many times the reference's time ours takes."""
        return self.seconds / self.reference_seconds


@dataclass(frozen=True, slots=True)
class Volume:
    """What a benchmark moved between two programs."""

    name: str
    moved: int
    """Bytes of ours, both ways."""
    reference: str
    reference_moved: int
    """Bytes of that."""

    @property
    def ratio(self) -> float:
        """How many times the reference's bytes ours takes."""
        return self.moved / self.reference_moved


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much each benchmark works on."""

    runs: int = 9
    deals: int = 1_000
    events_a_deal: int = 20
    mails: int = 1_000
    events: int = 1_000
    mailbox: int = 50_000
    """Mails on the Dovecot …"""
    matter: int = 1_000
    """… and how many of them a platform sent."""
    polls: int = 9
    subjects: int = 10_000
    """Hostile ones, for each platform."""
    frames: int = 7
    """Starts of the app, and filters typed."""
    screens: tuple[int, ...] = (1_000, 10_000)
    """Deals of the app that is opened."""
    filtered: tuple[int, int] = (100, 10_000)
    """Deals of the lists that are filtered, few and many."""
    idle: float = 30.0
    """Seconds that the open app is left alone."""


FULL = Sizes()
TINY = Sizes(
    runs=1,
    deals=3,
    events_a_deal=5,
    mails=3,
    events=3,
    mailbox=12,
    matter=3,
    polls=1,
    subjects=7,
    frames=1,
    screens=(3,),
    filtered=(2, 3),
    idle=0.5,
)
"""To see that everything runs: the figures mean nothing."""


def compare(
    runs: int, ours: Callable[[], object], reference: Callable[[], object], clock: Clock = time.process_time
) -> tuple[float, float]:
    """Median seconds of both, run by turns."""
    pairs = [(_timed(ours, clock), _timed(reference, clock)) for _ in range(runs)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def compare_programs(
    runs: int, ours: Sequence[str], reference: Sequence[str], environment: Mapping[str, str], folder: Path
) -> tuple[float, float]:
    """Median CPU seconds of two programs, run by turns; each runs once before, to have its bytecode written."""
    for command in (ours, reference):
        cpu_of(command, environment, folder)
    pairs = [(cpu_of(ours, environment, folder), cpu_of(reference, environment, folder)) for _ in range(runs)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def cpu_of(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> float:
    """User and system seconds of a program from its start to its end. RuntimeError if it fails."""
    with subprocess.Popen(
        command, env=dict(environment), cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1, 2):  # the levels of `check`
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime


def _timed(work: Callable[[], object], clock: Clock) -> float:
    start = clock()
    work()
    return clock() - start
