"""Keys that have got another name: understood for a while, with a warning that names the new one."""

from collections.abc import Callable
from dataclasses import dataclass

KeyPath = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A key of an earlier notation."""

    old: KeyPath
    new: KeyPath
    convert: Callable[[object], object]
    """From the value as it was written to the one that is written today."""
    since: int
    """The `config_version` that brought the new name."""


def _days(raw: object) -> object:
    """A number of days was a bare number once."""
    return f"{raw}d" if isinstance(raw, int) and not isinstance(raw, bool) else raw


MOVED: tuple[Moved, ...] = (Moved(("look_back_days",), ("look_back",), _days, since=2),)
"""In the order of time."""


def moved(path: KeyPath) -> Moved | None:
    """What has become of a key that is no longer known."""
    return next((entry for entry in MOVED if entry.old == path), None)
