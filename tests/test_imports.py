"""Keeps the import directions of the rooms, and keeps heavy libraries out of every headless start."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("otosata", "adapters", "config", "demo", "cli", "tui", "launch")

MAY_IMPORT = {
    "otosata.deals": set[str](),
    "otosata.mail": {"otosata.deals"},
    "otosata.store": {"otosata.deals", "otosata.mail.model", "otosata.mail.source"},
    "otosata.adapter": {"otosata.deals", "otosata.mail"},
    "otosata.judge": {"otosata.deals", "otosata.mail", "otosata.adapter"},
    "otosata.sync": {"otosata.deals", "otosata.mail", "otosata.store", "otosata.adapter", "otosata.judge"},
    "otosata.rejudge": {
        *("otosata.deals", "otosata.mail", "otosata.store", "otosata.adapter", "otosata.judge", "otosata.sync"),
    },
    "otosata.hand": {"otosata.deals", "otosata.store"},
    "otosata.ranking": {"otosata.deals", "otosata.store"},
    "otosata.why": {"otosata.deals", "otosata.store"},
    "otosata.overview": {"otosata.deals"},
    "otosata.understanding": {"otosata.overview"},
    "otosata.query": {"otosata.deals"},
    "otosata.notify": {
        "otosata.deals",
        "otosata.overview",
        "otosata.store.outbox",
        "otosata.mail.source",
    },
    "otosata": set[str](),
    "adapters": {"otosata"},
    "config": {"otosata", "adapters"},
    "demo": {"otosata", "adapters", "config"},
    "cli": {"otosata", "adapters", "config", "demo"},
    "tui": {"otosata", "adapters", "config"},
    "launch": {"cli", "tui", "config"},
}
"""A room, and what stands to its left; a name covers all inside it. `otosata` alone is its own first file."""

KNOWN_TO = {
    "textual": {"tui"},
    "rich": {"tui", "cli"},
    "httpx": {"otosata.mail", "otosata.notify"},
    "keyring": {"otosata.mail"},
    "imapclient": {"otosata.mail"},
    "tomli_w": {"config", "cli"},
    "platformdirs": {"config"},
    "holidays": {"config"},
    "icalendar": {"cli"},
    "pymap": {"demo"},
    "pysasl": {"demo"},
    "proxyprotocol": {"demo"},
}
"""Each library from outside, and the only rooms that know it."""

PARTS_OF_PYMAP = {"pysasl", "proxyprotocol"}
"""Values that pymap's own interface asks for; it brings them along in versions that fit."""

HEAVY = ("textual", "rich.console", "httpx", "keyring", "imapclient", "holidays", "icalendar", "pymap")
"""Cost 30 to 150 ms each to import; a check that runs from cron every minute pays for none it does not use."""


@dataclass(frozen=True, slots=True)
class Import:
    """One import statement: which file, on which line, which module."""

    file: str
    line: int
    module: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.module}"


def modules() -> list[Path]:
    return [ROOT / "launch.py", *sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))]


def imports_of(path: Path) -> Iterator[Import]:
    file = path.relative_to(ROOT).as_posix()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                found = [alias.name for alias in names]
            case ast.ImportFrom(level=0, module=str(module), names=names):
                # `from otosata import deals` names the room only in the second half.
                found = [f"{module}.{alias.name}" for alias in names] if module in PACKAGES else [module]
            case ast.ImportFrom():
                found = ["a relative name (write it in full)"]
            case ast.Call(func=ast.Attribute(attr="import_module"), args=[ast.Constant(value=str(module)), *_]):
                found = [module]
            case _:
                continue
        yield from (Import(file, node.lineno, module) for module in found)


def room_of(module: str) -> str:
    """The room a module or file belongs to: `otosata.mail` for `otosata.mail.imap` and for `otosata/mail/imap.py`."""
    parts = module.removesuffix(".py").replace("/", ".").split(".")
    if parts[0] != "otosata":
        return parts[0]
    room = ".".join(parts[:2]).removesuffix(".__init__")
    is_a_room = room in MAY_IMPORT or (ROOT / room.replace(".", "/")).with_suffix(".py").exists()
    return room if is_a_room or (ROOT / room.replace(".", "/")).is_dir() else "otosata"


def is_allowed(found: Import, room: str) -> bool:
    allowed = {room, *MAY_IMPORT[room]}
    return found.module in PACKAGES or any(f"{found.module}.".startswith(f"{left}.") for left in allowed)


def library(found: Import) -> str:
    return found.module.partition(".")[0]


ALL = [found for path in modules() for found in imports_of(path)]
OUTSIDE = [found for found in ALL if library(found) not in {*PACKAGES, *sys.stdlib_module_names}]


def test_every_room_has_its_rule() -> None:
    assert {room_of(path.relative_to(ROOT).as_posix()) for path in modules()} == MAY_IMPORT.keys()


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_rooms_to_its_left(room: str) -> None:
    inside = [found for found in ALL if room_of(found.file) == room and library(found) in PACKAGES]
    assert not [str(found) for found in inside if not is_allowed(found, room)]


def test_each_library_is_known_to_its_own_rooms_only() -> None:
    assert not [str(found) for found in OUTSIDE if room_of(found.file) not in KNOWN_TO.get(library(found), set())]


def test_every_library_is_declared_and_every_declared_one_is_used() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [re.split(r"[^\w-]", line, maxsplit=1)[0] for line in project["dependencies"]]
    declared = {name.lower().replace("-", "_") for name in names}
    assert {library(found) for found in OUTSIDE} - PARTS_OF_PYMAP == declared - {"tzdata"}


FOR_ANNOTATIONS = {("otosata.mail.wire", "otosata.mail.imap")}
"""Arrows back that only a type checker follows."""


def arrows() -> dict[str, set[str]]:
    """Which module imports which, at its top or inside a function."""
    names = {module_of(path.relative_to(ROOT).as_posix()) for path in modules()}
    found: dict[str, set[str]] = {name: set() for name in names}
    for one in ALL:
        mine, its = module_of(one.file), one.module
        while its and its not in names:
            its = its.rpartition(".")[0]
        if its and its != mine and (mine, its) not in FOR_ANNOTATIONS:
            found[mine].add(its)
    return found


def module_of(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def test_no_import_leads_back_to_where_it_began() -> None:
    try:
        TopologicalSorter(arrows()).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(reversed(error.args[1])))


START = """
import sys
from launch import main
try:
    if sys.argv[1:]:
        main()
except SystemExit:
    pass
finally:
    print("loaded:", *sorted(sys.modules))
"""
"""Runs a command line and tells what was loaded, whatever its exit code; a traceback still fails the test."""


def loaded_by(arguments: list[str], folder: Path) -> set[str]:
    """What is in memory after `otosata ARGUMENTS` ran in a fresh interpreter with an empty configuration."""
    config = folder / "config.toml"
    config.write_text("", encoding="utf-8")
    own = {"OTOSATA_CONFIG": str(config), "OTOSATA_DATA": str(folder / "data"), "PYTHONPATH": str(ROOT)}
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("OTOSATA", "COV", "PYTEST"))}
    command = [sys.executable, "-P", "-c", START, *arguments]
    done = subprocess.run(
        command, env=clean | own, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.rpartition("loaded: ")[2].split())


STARTS = [
    [],
    ["--version"],
    ["check", "--no-sync"],
    ["deals"],
    ["watch", "--once", "--no-sync"],
    ["notify", "list"],
    ["install-service", "--print", "cron"],
]


@pytest.mark.parametrize("arguments", STARTS, ids=" ".join)
def test_a_headless_start_loads_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    loaded = loaded_by(arguments, tmp_path)
    assert {"launch", *(["cli"] if arguments else [])} <= loaded
    assert loaded.isdisjoint(HEAVY), loaded & set(HEAVY)
