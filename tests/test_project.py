"""Checks the house itself: first lines, pinned packages, the commands the documents show, what the wheel carries."""

import ast
import functools
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import otosata
from adapters.registry import load_adapters
from config.load import load
from config.places import Options
from tools import configuration_page, platforms_page

ROOT = Path(__file__).parent.parent
SHIPPED = ("otosata", "adapters", "config", "cli", "tui", "demo", "launch.py")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MADE_BY_TOOLS = {"__pycache__", "dist", "build"}


def files() -> Iterator[Path]:
    """Every file of the project, caches and environments left out."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name == ".ci" or (name[0] != "." and name not in MADE_BY_TOOLS)]
        yield from (Path(folder, name) for name in names)


def texts() -> Iterator[tuple[str, str]]:
    """Name and text of every file that is UTF-8; sample mails in other encodings are no documents."""
    for path in files():
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def test_every_module_opens_with_a_sentence_that_says_what_it_is_for() -> None:
    def first_line(path: Path) -> str:
        return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n")[0]

    modules = [path for path in files() if path.suffix == ".py"]
    wrong = [path.relative_to(ROOT).as_posix() for path in modules if not first_line(path).endswith((".", "?"))]
    assert not wrong


def test_no_file_mentions_the_folder_it_was_written_in() -> None:
    here = re.compile(rf"(?<![\w.:/-])(?:{re.escape(str(ROOT))}|{re.escape(str(Path.home()))})(?![\w-])")
    assert not [name for name, text in texts() if here.search(text)]


def test_the_version_is_the_same_everywhere() -> None:
    assert PROJECT["project"]["version"] == otosata.__version__


def locked(name: str) -> dict[str, Requirement]:
    """Package name → its line in a lock file, hashes left out."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line.rstrip("\\ ")) for line in lines if re.match(r"[a-z0-9]", line)]
    return {canonicalize_name(pin.name): pin for pin in pins}


DECLARED = {
    "requirements.lock": PROJECT["project"]["dependencies"],
    "requirements-dev.lock": PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"],
}


@pytest.mark.parametrize("name", DECLARED)
def test_a_lock_file_pins_every_declared_package_within_its_bounds(name: str) -> None:
    pins = locked(name)
    for wanted in map(Requirement, DECLARED[name]):
        pin = pins.get(canonicalize_name(wanted.name))
        assert pin is not None, f"{wanted.name} is not in {name}: run tools/lock"
        (version,) = (exact.version for exact in pin.specifier)
        assert wanted.specifier.contains(version), f"{pin} is outside {wanted}: run tools/lock"


@pytest.mark.parametrize("name", DECLARED)
def test_a_lock_file_names_no_place_to_fetch_from_and_hashes_everything(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"://|--(extra-)?index-url|--find-links|^/| @ ", text, re.MULTILINE)
    unhashed = [line for line in text.splitlines() if re.match(r"[a-z0-9]", line) and not line.endswith("\\")]
    assert not unhashed


def test_both_lock_files_agree_on_what_the_program_runs_with() -> None:
    assert locked("requirements.lock").items() <= locked("requirements-dev.lock").items()


@pytest.mark.parametrize("script", ["try", "test", ".ci/run", "tools/lock"])
def test_a_script_can_be_run_as_it_is(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    assert (ROOT / script).read_text(encoding="utf-8").startswith(("#!/bin/sh\n", "#!/usr/bin/env bash\n"))


@pytest.mark.parametrize("readme", ["README.md", "README.ja.md"])
def test_a_readme_shows_the_two_commands(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    assert re.search(r"^\s*(\$ )?\./try\b", text, re.MULTILINE)
    assert re.search(r"^\s*(\$ )?\./test\b", text, re.MULTILINE)


COMMAND_LINE = re.compile(r"^\s*(?:\$ )?(?:otosata(?: demo)?|\./try) ([a-z]+)(?: ([a-z]+)\b(?!-))?", re.MULTILINE)
"""A command in a code block, its first two words: `otosata deals add`, `./try check`."""

CODE_BLOCK = re.compile(r"^```(?:sh|console|shell)?\n(.*?)^```", re.DOTALL | re.MULTILINE)

GROUPS = {"deals", "triage", "accounts", "adapters", "config"}
"""Commands whose second word is a command too."""


def commands_shown() -> set[tuple[str, str]]:
    """First and second word (or "") of the commands that the documents for users show in code blocks."""
    documents = [ROOT / "README.md", ROOT / "README.ja.md", *(ROOT / "docs").rglob("*.md")]
    blocks = [block for path in documents for block in CODE_BLOCK.findall(path.read_text(encoding="utf-8"))]
    return {words for block in blocks for words in COMMAND_LINE.findall(block)}


@functools.cache
def help_of(command: str) -> tuple[int, str]:
    """Exit code and text of `otosata COMMAND --help`."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "launch", command, "--help"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout


def test_the_documents_show_only_commands_that_exist() -> None:
    shown = commands_shown()
    assert shown, "no document shows a command"
    assert not sorted({first for first, _ in shown if help_of(first)[0] != 0})
    in_groups = {(first, second) for first, second in shown if first in GROUPS and second}
    assert not sorted({words for words in in_groups if words[1] not in help_of(words[0])[1].split(words[0], 1)[-1]})


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without network by the builder that is pinned for development."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, check=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_carries_every_file_of_the_program(wheel: Path) -> None:
    ours = {path.relative_to(ROOT).as_posix() for path in files() if path.relative_to(ROOT).parts[0] in SHIPPED}
    with zipfile.ZipFile(wheel) as archive:
        carried = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert carried == ours


def test_the_installed_program_runs_its_demo_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "place"
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", str(place)]
    subprocess.run([*install, str(wheel)], check=True, cwd=tmp_path)
    done = subprocess.run(
        [sys.executable, "-P", str(place / "bin" / "otosata"), "demo", "check", "--json"],
        env=os.environ | {"PYTHONPATH": str(place)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stdout.startswith("{"), done.stderr
    assert '"lancers' in done.stdout


def test_the_page_on_platforms_is_made_from_their_files() -> None:
    assert platforms_page.PAGE.read_text(encoding="utf-8") == platforms_page.page(), "python tools/platforms_page.py"


def test_the_page_on_the_configuration_is_what_the_table_of_keys_says() -> None:
    assert configuration_page.PAGE.read_text(encoding="utf-8") == configuration_page.page(), (
        "python -m tools.configuration_page"
    )


def test_the_examples_of_the_page_on_the_configuration_are_read(tmp_path: Path) -> None:
    page = configuration_page.PAGE.read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert len(examples) > 4
    platforms = {adapter.id: adapter.platform for adapter in load_adapters()}
    for number, example in enumerate(examples):
        file = tmp_path / f"{number}.toml"
        file.write_text(example, encoding="utf-8")
        load(Options(config=file, data=tmp_path, lang="en"), {}, platforms)
