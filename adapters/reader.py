"""Reads a platform's file into an adapter: `read_adapter(path)`."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from adapters.located import Located, load_located
from adapters.problems import LocatedError
from adapters.recognise import TomlAdapter
from adapters.rules import read_platform
from adapters.tables import Data, Document, Layer, layer_of, merge, nearest

SHARED = Path(__file__).with_name("shared.toml")
SHARED_PARTS = ("advice", "templates")
_ID = "abcdefghijklmnopqrstuvwxyz0123456789_-"


def read_adapter(path: Path) -> TomlAdapter:
    """Read one platform's file whole, with the texts that platforms share under it.

    LocatedError: everything that is wrong, with file, line and what is allowed. OSError: the file cannot be read.
    """
    adapter = adapter_of([layer_of(load_located(path))])
    adapter.recogniser  # noqa: B018 - its rules about mail are read at the first use: use them once
    return adapter


def adapter_of(layers: Sequence[Layer], kind: type[TomlAdapter] = TomlAdapter) -> TomlAdapter:
    """Build an adapter from files that lie over each other, lowest first; its rules about mail are read when needed.

    `kind`: the class that reads them, where a package brings its own. LocatedError: what is wrong with the rest.
    """
    document, misses = _with_shared(layers, shared_file())
    root = document.root
    for part in SHARED_PARTS:
        root.strings(f"shared_{part}")
    for name, place, problem, hint in misses:
        document.report((name, place), problem, hint)
    identity = root.string("id", required=True)
    if identity.strip(_ID):
        root.report("id", f"id: {identity!r} may hold only a-z, 0-9, _ and -")
    platform = read_platform(root, identity)
    adapter = kind.read(document, platform)
    root.finish()
    if document.problems:
        raise LocatedError(document.problems)
    return adapter


@cache
def shared_file() -> Located:
    """Advice and templates that several platforms take."""
    return load_located(SHARED)


def _with_shared(layers: Sequence[Layer], shared: Located) -> tuple[Document, list[tuple[str, int, str, str]]]:
    """Put what the platform takes from the shared file under its layers; and what it asks for in vain."""
    data: Data = {}
    for layer in layers:
        data = merge(data, layer.data)
    taken: Data = {}
    misses = []
    for part in SHARED_PARTS:
        wanted = data.get(f"shared_{part}")
        entries = wanted if isinstance(wanted, list) else [wanted]
        # What is no string is reported when the key itself is read.
        names = {place: name for place, name in enumerate(entries) if isinstance(name, str)}
        offered = shared.data.get(part, {})
        taken[part] = {name: entry for name, entry in offered.items() if name in names.values()}
        misses += [
            (f"shared_{part}", place, f"{name!r} is not among the shared {part}", nearest(name, offered))
            for place, name in names.items()
            if name not in offered
        ]
    return Document([Layer(shared, taken), *layers]), misses
