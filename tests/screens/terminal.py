"""Runs a program in a pseudo-terminal: types, waits, and keeps every byte that a real terminal would have been sent."""

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

_QUESTIONS = b"\x1b[c"
_ANSWERS = b"\x1b]11;rgb:%s\x1b\\\x1b[?62;22c"
"""What a terminal says when it is asked for its colour and for what it is."""
DARK, LIGHT = b"1e1e/1e1e/2e2e", b"fdfd/f6f6/e3e3"


class Terminal:
    """A program and the terminal it runs in."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        size: tuple[int, int] = (120, 40),
        colour: bytes = DARK,
    ) -> None:
        self._answers = _ANSWERS % colour
        self.began = time.perf_counter()
        self.said = b""
        self.pid, self._fd = pty.fork()
        if self.pid == 0:  # the program
            os.chdir(folder)
            own = dict(environment) | {"TERM": "xterm-256color"}
            os.execvpe(command[0], list(command), own)  # noqa: S606 - no shell is wanted
        self.resize(size)

    def resize(self, size: tuple[int, int]) -> None:
        """Make the window another size: columns and lines."""
        columns, lines = size
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def press(self, keys: str) -> None:
        """Type; `\x1b` is Esc, `\r` Enter."""
        self.began = time.perf_counter()
        os.write(self._fd, keys.encode())

    def wait_for(self, text: str, seconds: float = 120) -> float:
        """Seconds since the start, or the last key, until the terminal has been sent the text. TimeoutError."""
        start = len(self.said)
        while text.encode() not in self.said[max(start - 200, 0) :]:
            is_late = time.perf_counter() - self.began > seconds
            if is_late or (not self._read(0.5) and self.has_ended):
                raise TimeoutError(f"{text!r} did not come; at last: {self.said[-400:]!r}")
        return time.perf_counter() - self.began

    def settle(self, quiet: float = 0.1, seconds: float = 60) -> float:
        """Wait until nothing is sent for so long; seconds from the last key to the last byte. TimeoutError."""
        last, until = self.began, time.perf_counter() + seconds
        while self._read(quiet):
            last = time.perf_counter()
            if last > until:
                raise TimeoutError(f"the screen is never at rest; at last: {self.said[-400:]!r}")
        return last - self.began

    def _read(self, patience: float) -> bool:
        """Take what there is; False if nothing comes."""
        ready, _, _ = select.select([self._fd], [], [], patience)
        if not ready:
            return False
        try:
            data = os.read(self._fd, 65536)
        except OSError:  # the program has ended
            return False
        self.said += data
        if _QUESTIONS in data:
            os.write(self._fd, self._answers)
        return bool(data)

    @property
    def state(self) -> str:
        """What the system says of the program: `S` asleep, `R` running, `T` stopped, `Z` ended; empty: gone."""
        try:
            return Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return ""

    @property
    def has_ended(self) -> bool:
        """Whether the program is gone."""
        return self.state in ("", "Z")

    @property
    def cpu_seconds(self) -> float:
        """User and system time of the threads that run, exactly."""
        tasks = Path(f"/proc/{self.pid}/task")
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()) / 1e9

    @property
    def resident(self) -> int:
        """Bytes in memory."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def hang_up(self) -> None:
        """Close the terminal, as somebody who closes its window."""
        os.close(self._fd)

    def end(self, seconds: float = 10) -> int:
        """Wait for the program to end, then make it; its exit code, negative for a signal."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            with contextlib.suppress(OSError):
                self._read(0.05)
        os.kill(self.pid, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


@contextlib.contextmanager
def terminal(
    command: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    size: tuple[int, int] = (120, 40),
    colour: bytes = DARK,
) -> Iterator[Terminal]:
    """A program in a terminal, for as long as the block lasts."""
    running = Terminal(command, environment, folder, size, colour)
    try:
        yield running
    finally:
        with contextlib.suppress(OSError):
            os.kill(running.pid, signal.SIGTERM)
        with contextlib.suppress(ChildProcessError):
            running.end(3)
        with contextlib.suppress(OSError):
            running.hang_up()
