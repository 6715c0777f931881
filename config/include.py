"""`include`: further files that lie under the one that names them."""

from collections.abc import Iterator
from pathlib import Path

from config.layers import Layer, Value, read_file
from config.problems import Collector, is_file

INCLUDE = ("include",)
_MARKS = "*?["
_DEEPEST = 8
"""So many files may include one another in a row; more is a mistake, or nobody can follow it."""


def included(file: Path, problems: Collector, text: str | None = None) -> Iterator[Layer]:
    """The layers of `file` (or of `text` in its place): first what it includes, in the order it names them, then it."""
    yield from _read(file, problems, (), text)


def folders_of(layer: Layer) -> Iterator[Path]:
    """The folders in which a pattern of the layer may find further files."""
    value = layer.values.get(INCLUDE)
    if value is not None and layer.file is not None and isinstance(value.value, tuple):
        yield from (_path(layer.file, text).parent for text in value.value if _is_pattern(text))


def _path(file: Path, text: object) -> Path:
    return file.parent / Path(str(text)).expanduser()


def _is_pattern(text: object) -> bool:
    return any(mark in Path(str(text)).name for mark in _MARKS)


def _is_folder_pattern(text: object) -> bool:
    return any(mark in str(Path(str(text)).parent) for mark in _MARKS)


def _read(file: Path, problems: Collector, above: tuple[Path, ...], text: str | None = None) -> Iterator[Layer]:
    layer = read_file(file, "config", problems, text)
    value = layer.values.get(INCLUDE)
    if value is not None:
        for below in _named(file, value, problems):
            if below in (*above, file) or len(above) == _DEEPEST:
                problems.add("include_circle", value.origin, value.dotted, name=below.name)
            else:
                yield from _read(below, problems, (*above, file))
    yield layer


def _is_meant(found: Path, file: Path) -> bool:
    """Whether a pattern means a file: not the one it stands in, nor a hidden one (drafts of editors)."""
    return found != file and not found.name.startswith(".") and is_file(found)


def _named(file: Path, value: Value, problems: Collector) -> Iterator[Path]:
    """The files that the patterns stand for, in order; a name without a pattern must exist."""
    for place, text in enumerate(value.value if isinstance(value.value, tuple) else ()):
        named = _path(file, text)
        if _is_folder_pattern(text):
            problems.add("include_folder", value.origin, f"{value.dotted}[{place}]", path=text)
        elif _is_pattern(text):
            yield from (found for found in sorted(named.parent.glob(named.name)) if _is_meant(found, file))
        elif is_file(named):
            yield named
        else:
            problems.add("no_such_include", value.origin, f"{value.dotted}[{place}]", path=named)
