"""All adapters: the built-in ones, the user's own, and what the user lays over the built-in ones."""

from collections.abc import Mapping
from pathlib import Path

from adapters.located import load_located
from adapters.problems import LocatedError, Problem
from adapters.reader import adapter_of
from adapters.recognise import TomlAdapter
from adapters.tables import Layer, layer_of

BUILT_IN = ("crowdworks", "lancers", "coconala", "upwork", "fiverr", "freelancer", "streetacademy")
"""File names; `load_adapters` keeps this order."""

_HERE = Path(__file__).parent


def built_in_path(identity: str) -> Path:
    """Where the file of a built-in platform lies."""
    return _HERE / f"{identity}.toml"


def load_adapters(
    user_dir: Path | None = None, taught: Mapping[str, tuple[Layer, ...]] | None = None
) -> tuple[TomlAdapter, ...]:
    """Built-in adapters, then the user's own by file name.

    A file of the user's whose `id` (or else file name) is that of a built-in one lies over it, key by key; rules that
    it adds are tried first, and before them those of `taught`, by platform: what the configuration says about mail.
    LocatedError: everything that is wrong in all files.
    """
    layers: dict[str, list[Layer]] = {name: [layer_of(load_located(built_in_path(name)))] for name in BUILT_IN}
    problems: list[Problem] = []
    own: set[str] = set()
    for path in sorted(user_dir.glob("*.toml")) if user_dir else ():
        try:
            located = load_located(path)
        except LocatedError as error:
            problems += error.problems
        except OSError as error:
            problems.append(Problem(str(path), 1, 1, f"cannot be read: {error.strerror}"))
        else:
            identity = str(located.data.get("id", path.stem))
            layers.setdefault(identity, []).append(layer_of(located))
            own.add(identity)
    for identity, above in (taught or {}).items():
        if identity in layers:
            layers[identity] += above
            own.add(identity)
        else:
            problems += [layer.located.problem(layer.prefix, f"there is no platform {identity!r}") for layer in above]
    adapters = []
    for identity, stack in layers.items():
        try:
            adapter = adapter_of(stack)
            if identity in own:
                adapter.recogniser  # noqa: B018 - read now, so that errors of the user's file show at the start
        except LocatedError as error:
            problems += error.problems
        else:
            adapters.append(adapter)
    if problems:
        raise LocatedError(problems)
    return tuple(adapters)
