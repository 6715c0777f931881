"""Platforms that installed Python packages bring along, by the entry point group `otosata.adapters`.

An entry point's name is the platform's id, its value a module, or a module and a class:

    [project.entry-points."otosata.adapters"]
    bizseek = "otosata_adapter_bizseek"              # the file bizseek.toml beside the module; no code is run
    skima = "otosata_adapter_skima.reading:Skima"    # skima.toml beside the module, read by a class

The class is a `TomlAdapter` that overrides what its file cannot say, mostly `recognise`.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from adapters.located import Located, load_located
from adapters.problems import LocatedError
from adapters.recognise import TomlAdapter
from otosata.deals.notice import UNRECOGNISED, Notice
from otosata.deals.vocabulary import Actor, Evidence
from otosata.mail.model import Mail

GROUP = "otosata.adapters"
_METADATA = (".dist-info", ".egg-info")
_MOST = 200_000
"""Bytes of a list of entry points; a longer one is none."""


class BrokenPackageError(Exception):
    """A package's platform that cannot be used: why."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A platform that a package brings."""

    platform: str
    """The entry point's name."""
    package: str
    """The distribution, as it was installed: `otosata-adapter-bizseek 1.0`."""
    target: str
    """`module` or `module:Class`."""


def offers(paths: Iterable[str] | None = None) -> tuple[Offer, ...]:
    """What the packages on the search path offer, in its order; a name that was met before is not met again.

    `importlib.metadata` takes 40 ms to import and to look; this reads the same files in one.
    """
    found: dict[str, Offer] = {}
    for folder in sys.path if paths is None else paths:
        for offer in _in_folder(folder or os.curdir):
            found.setdefault(offer.platform, offer)
    return tuple(found.values())


def _in_folder(folder: str) -> Iterator[Offer]:
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if entry.name.endswith(_METADATA))
    except OSError:  # a zip file, or a folder that is not there
        return
    for name in names:
        try:
            with Path(folder, name, "entry_points.txt").open("rb") as file:
                data = file.read(_MOST)
        except OSError:
            continue
        if GROUP.encode() in data:
            yield from _listed(data, name.rpartition(".")[0])


def _listed(data: bytes, package: str) -> Iterator[Offer]:
    import configparser  # noqa: PLC0415 - only where a package offers something, as below

    reader = configparser.ConfigParser(delimiters=("=",), interpolation=None, strict=False)
    reader.optionxform = str  # type: ignore[assignment,method-assign]  # the documented way to keep upper case
    try:
        reader.read_string(data.decode("utf-8", "replace"))
    except configparser.Error:
        return
    if reader.has_section(GROUP):
        title = " ".join(package.rsplit("-", 1))
        yield from (Offer(name, title, value.split("[")[0].strip()) for name, value in reader.items(GROUP))


def read_offer(offer: Offer) -> tuple[Located, type[TomlAdapter]]:
    """The platform's file, and the class that reads it. BrokenPackageError."""
    module, _, name = offer.target.partition(":")
    try:
        kind = _class(module, name) if name else TomlAdapter
        located = load_located(_folder(module) / f"{offer.platform}.toml")
    except LocatedError as error:
        raise BrokenPackageError(str(error.problems[0])) from None
    except OSError as error:
        raise BrokenPackageError(f"{error.filename} cannot be read: {error.strerror}") from None
    except (Exception, SystemExit) as error:  # a stranger's code: whatever it raises must not stop the others
        raise BrokenPackageError(f"{type(error).__name__}: {error}") from None
    if (said := located.data.get("id")) != offer.platform:
        raise BrokenPackageError(f"its file says id = {said!r}, its entry point {offer.platform!r}")
    return located, kind


def _folder(module: str) -> Path:
    """Where a module's files are, found without running it."""
    from importlib.util import find_spec  # noqa: PLC0415 - as above

    spec = find_spec(module)
    if spec is None:
        raise ModuleNotFoundError(f"no module named {module!r}")
    folders = list(spec.submodule_search_locations or ())
    if folders:
        return Path(folders[0])
    if spec.origin is None:
        raise ModuleNotFoundError(f"{module!r} has no file")
    return Path(spec.origin).parent


def _class(module: str, name: str) -> type[TomlAdapter]:
    from importlib import import_module  # noqa: PLC0415 - as above

    kind = getattr(import_module(module), name)
    if not (isinstance(kind, type) and issubclass(kind, TomlAdapter)):
        raise TypeError(f"{module}:{name} is no subclass of adapters.recognise.TomlAdapter")
    return guarded(kind)


def guarded(kind: type[TomlAdapter]) -> type[TomlAdapter]:
    """The class, of which no mistake stops a poll: a mail it fails on is shown as unrecognised."""

    class Guarded(kind):  # type: ignore[misc,valid-type]  # a base that is known when it runs
        def recognise(self, mail: Mail) -> Notice | None:
            try:
                notice: Notice | None = super().recognise(mail)
            except Exception:  # as above
                if mail.sender is None or not self.owns(mail.sender):
                    return None
                return Notice(self.id, None, UNRECOGNISED, Actor.PLATFORM, Evidence.INFERRED)
            return notice

    Guarded.__name__ = Guarded.__qualname__ = kind.__name__
    return Guarded
