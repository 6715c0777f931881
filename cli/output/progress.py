"""A progress bar on stderr for the first sync; silent where nobody watches."""

from typing import TextIO

from otosata.mail.source import Progress

_WIDTH = 24


class ProgressLine:
    """One line that is written over itself."""

    def __init__(self, stream: TextIO, *, enabled: bool) -> None:
        self._stream = stream
        self._enabled = enabled

    def show(self, account: str, step: Progress) -> None:
        """Draw how far a folder has been read; clears the line at its end."""
        if not self._enabled or not step.total:
            return
        done = min(step.done, step.total)
        filled = _WIDTH * done // step.total
        bar = "█" * filled + "·" * (_WIDTH - filled)
        line = " ".join(part for part in (account, step.folder, bar, f"{done}/{step.total}") if part)
        self._stream.write(f"\r\x1b[K{'' if done == step.total else line}")
        self._stream.flush()
