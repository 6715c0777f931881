"""On a real terminal: the first start offers the demo, the demo runs and leads back, and the terminal is left clean."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PATIENCE_SECONDS = 30
"""Long enough for the slowest machine; what comes late fails as missing, not as slow."""


class Terminal:
    """A program on a pseudo terminal, and everything it has written."""

    def __init__(self, process: "subprocess.Popen[bytes]", master: int) -> None:
        self.process, self._master = process, master
        self.written = b""

    def until(self, text: str) -> None:
        """Read on until the text has been written since the last call."""
        begin = len(self.written)
        while text.encode() not in self.written[begin:]:
            assert self._more(), f"{text} was not written; the end: {self.written[-2000:]!r}"

    def _more(self) -> bool:
        """Read a piece; False where nothing comes any more."""
        ready, _, _ = select.select([self._master], [], [], PATIENCE_SECONDS)
        try:
            piece = os.read(self._master, 1 << 16) if ready else b""
        except OSError:  # the other side is closed
            return False
        self.written += piece
        return bool(piece)

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._master, keys.encode())

    def end(self) -> int:
        """Read what is left, and the exit code."""
        while self._more():
            pass
        return self.process.wait(PATIENCE_SECONDS)


@contextmanager
def opened(folder: Path) -> Iterator[Terminal]:
    """The program without any configuration, 100 columns by 30 lines, in Japanese."""
    config = folder / "config.toml"
    config.write_text("", encoding="utf-8")
    own = {"OTOSATA_CONFIG": str(config), "OTOSATA_DATA": str(folder / "data"), "LANG": "ja_JP.UTF-8"}
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("OTOSATA", "LC_", "COV"))}
    environ = {**clean, **own, "TERM": "xterm-256color", "PYTHONPATH": str(ROOT)}
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "launch"], stdin=slave, stdout=slave, stderr=slave, env=environ, cwd=folder
    )
    os.close(slave)
    try:
        yield Terminal(process, master)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(PATIENCE_SECONDS)
        os.close(master)


def test_from_the_first_start_into_the_demo_and_back(tmp_path: Path) -> None:
    with opened(tmp_path) as terminal:
        terminal.until("音沙汰へようこそ")
        terminal.press("\r")
        terminal.until("みつばち農園")
        terminal.press("q")
        terminal.until("音沙汰へようこそ")
        terminal.press("\x1b")
        terminal.until("はじめの画面を開く")
        terminal.press("q")
        assert terminal.end() == 0
    assert terminal.written.rstrip().endswith(b"\x1b[?1049l") or b"\x1b[?1049l" in terminal.written[-400:]
    assert not (tmp_path / "settings.toml").exists(), "the demo writes nothing of the user's"
