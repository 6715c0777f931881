"""Asks the terminal whether its background is light, while the program is still being loaded."""

import contextlib
import os
import re
import select
import sys
import time
from collections.abc import Iterator

_ASK = b"\x1b]11;?\x1b\\\x1b[c"
"""What colour is the background (OSC 11)? Then: what are you (DA1)? Terminals answer that one at least."""
_COLOUR = re.compile(rb"\x1b\]11;rgb:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})")
_END = re.compile(rb"\x1b\[\?[\d;]*c")
_PATIENCE = 1.0
"""Seconds to wait for a terminal that has not answered when all is loaded: what comes later would be taken for keys."""


class Background:
    """The answer, once it is there."""

    light = False
    """Whether it is light. A terminal that does not say is taken for a dark one."""


@contextlib.contextmanager
def asked() -> Iterator[Background]:
    """Ask; load meanwhile, inside the block; the answer is there behind it. What is typed meanwhile is lost."""
    found = Background()
    try:
        import termios  # noqa: PLC0415 - not on Windows
        import tty  # noqa: PLC0415 - as above

        source, target = (stream.fileno() for stream in (sys.stdin, sys.stderr))  # as Textual does
        before = termios.tcgetattr(source)
        tty.setcbreak(source)
    except (ImportError, OSError, AttributeError, ValueError):  # no terminal to ask: termios.error is an OSError
        yield found
        return
    try:
        os.write(target, _ASK)
        yield found
        found.light = is_light(_answer(source))
    finally:
        termios.tcsetattr(source, termios.TCSANOW, before)


def _answer(source: int) -> bytes:
    said, end = b"", time.monotonic() + _PATIENCE
    while not _END.search(said) and (left := end - time.monotonic()) > 0:
        ready, _, _ = select.select([source], [], [], left)
        if not ready:
            break
        said += os.read(source, 1024)
    return said


def is_light(said: bytes) -> bool:
    """Whether a terminal's answer names a light colour (by how bright people see it, ITU-R BT.601)."""
    found = _COLOUR.search(said)
    if found is None:
        return False
    red, green, blue = (int(part, 16) / (16 ** len(part) - 1) for part in found.groups())
    return bool(0.299 * red + 0.587 * green + 0.114 * blue > 0.5)
