"""Live reload: notices that a file of the configuration has changed, takes it if it is fine, else keeps the last one.

Nothing runs by itself here: whoever stays running asks `renewed` now and then. It costs a stat a file while nothing
changes; no watcher of the system is needed, and none can miss an editor that replaces files.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from config.assembly import Assembly
from config.problems import ConfigError, Problem

Stamp = Mapping[Path, tuple[int, int, int] | None]
"""File → when it was written, its size, which file it is; None: not there."""


@dataclass(frozen=True, slots=True)
class Live:
    """The configuration in use, and what is wrong with the files if they say something else by now."""

    assembly: Assembly
    """The last one that could be used."""
    stamp: Stamp
    """The files as they were when they were read last."""
    trouble: tuple[Problem, ...] = ()
    """Why the newest files are not in use."""
    doubt: tuple[Problem, ...] = ()
    """The same, read just now: an editor may be in the middle of writing."""


def live(assembly: Assembly) -> Live:
    """Begin with what was read at the start."""
    return Live(assembly, _stamp(_files(assembly)))


def renewed(now: Live) -> Live:
    """The same value where no file has changed; else with the new configuration, or with what is wrong with it.

    A file that is broken is believed to be so when it is still the same at the next question.
    """
    stamp = _stamp({*now.stamp, *_files(now.assembly)})
    if stamp == now.stamp:
        return replace(now, trouble=now.doubt, doubt=()) if now.doubt else now
    try:
        assembly = now.assembly.again()
    except ConfigError as error:
        # Nothing is known of files that a broken one may include: they are looked at again when it changes.
        return replace(now, stamp=stamp, doubt=error.problems)
    return Live(assembly, {**_stamp(_files(assembly)), **stamp})


def _files(assembly: Assembly) -> Iterable[Path]:
    """Every file that the configuration consists of, or would if it were there."""
    places = assembly.places
    yield from (places.config_file, places.settings_file, places.adapters_dir)
    yield from assembly.loaded.files
    yield from sorted(places.adapters_dir.glob("*.toml"))
    yield from assembly.loaded.folders


def _stamp(files: Iterable[Path]) -> Stamp:
    return {file: _of(file) for file in files}


def _of(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
