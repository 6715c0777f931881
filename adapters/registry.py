"""All adapters: the built-in ones, those of packages, the user's own, and what lies over what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from adapters.located import load_located
from adapters.packages import BrokenPackageError, Offer, read_offer
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


class Origin(StrEnum):
    """Where what is known of a platform comes from."""

    BUILT_IN = "built-in"
    PACKAGE = "package"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Broken:
    """A package whose platform is left out."""

    offer: Offer
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """All adapters there are."""

    adapters: tuple[TomlAdapter, ...]
    origins: Mapping[str, tuple[Origin, ...]]
    """By platform: whose files lie over each other, lowest first."""
    packages: Mapping[str, Offer]
    """By platform: the package that brings it."""
    broken: tuple[Broken, ...] = ()


@dataclass(slots=True)
class _Stack:
    """The files of one platform, lowest first."""

    layers: list[Layer] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    kind: type[TomlAdapter] = TomlAdapter

    def add(self, layer: Layer, origin: Origin) -> None:
        self.layers.append(layer)
        self.origins += [origin] if origin not in self.origins else []

    def adapter(self) -> TomlAdapter:
        """LocatedError. What is not ours is read whole, rules about mail too, so that its errors show at the start."""
        adapter = adapter_of(self.layers, self.kind)
        if self.origins != [Origin.BUILT_IN]:
            adapter.recogniser  # noqa: B018 - reads it
        return adapter


def load_adapters(
    user_dir: Path | None = None, taught: Mapping[str, tuple[Layer, ...]] | None = None
) -> tuple[TomlAdapter, ...]:
    """`find_adapters` without packages."""
    return find_adapters(user_dir, taught).adapters


def find_adapters(
    user_dir: Path | None = None,
    taught: Mapping[str, tuple[Layer, ...]] | None = None,
    packages: Iterable[Offer] = (),
) -> Found:
    """Built-in adapters, then those of packages, then the user's own by file name.

    A file whose `id` (or else, for a user's, file name) is that of another one lies over it, key by key: a user's file
    over a package's, that over a built-in one. Rules that it adds are tried first, and before them those of `taught`,
    by platform: what the configuration says about mail. A package that is wrong is left out and named.
    LocatedError: everything that is wrong in all files of the user's.
    """
    stacks: dict[str, _Stack] = {}
    for name in BUILT_IN:
        stacks.setdefault(name, _Stack()).add(layer_of(load_located(built_in_path(name))), Origin.BUILT_IN)
    broken, brought = _add_packages(stacks, packages)
    problems = _add_users_files(stacks, user_dir)
    for identity, above in (taught or {}).items():
        if identity in stacks:
            for layer in above:
                stacks[identity].add(layer, Origin.USER)
        else:
            problems += [layer.located.problem(layer.prefix, f"there is no platform {identity!r}") for layer in above]
    adapters = []
    for stack in stacks.values():
        try:
            adapters.append(stack.adapter())
        except LocatedError as error:
            problems += error.problems
    if problems:
        raise LocatedError(problems)
    origins = {identity: tuple(stack.origins) for identity, stack in stacks.items()}
    return Found(tuple(adapters), origins, brought, tuple(broken))


def _add_packages(stacks: dict[str, _Stack], packages: Iterable[Offer]) -> tuple[list[Broken], dict[str, Offer]]:
    """Each is tried before it counts: what is wrong with it must not be put down to the user."""
    broken, brought = [], {}
    for offer in packages:
        below = stacks.get(offer.platform, _Stack())
        try:
            located, kind = read_offer(offer)
            stack = _Stack([*below.layers], [*below.origins], kind)
            stack.add(layer_of(located), Origin.PACKAGE)
            stack.adapter()
        except BrokenPackageError as error:
            broken.append(Broken(offer, str(error)))
        except LocatedError as error:
            broken.append(Broken(offer, str(error.problems[0])))
        else:
            stacks[offer.platform] = stack
            brought[offer.platform] = offer
    return broken, brought


def _add_users_files(stacks: dict[str, _Stack], user_dir: Path | None) -> list[Problem]:
    problems: list[Problem] = []
    for path in sorted(user_dir.glob("*.toml")) if user_dir else ():
        try:
            located = load_located(path)
        except LocatedError as error:
            problems += error.problems
        except OSError as error:
            problems.append(Problem(str(path), 1, 1, f"cannot be read: {error.strerror}"))
        else:
            identity = str(located.data.get("id", path.stem))
            stacks.setdefault(identity, _Stack()).add(layer_of(located), Origin.USER)
    return problems


def read_over(path: Path) -> TomlAdapter:
    """A file alone, over the built-in one of its id if there is one. LocatedError, OSError."""
    located = load_located(path)
    stack = _Stack()
    if (identity := str(located.data.get("id", path.stem))) in BUILT_IN:
        stack.add(layer_of(load_located(built_in_path(identity))), Origin.BUILT_IN)
    stack.add(layer_of(located), Origin.USER)
    return stack.adapter()
