"""The files of `install-service` are what each system reads, whatever the paths hold."""

import configparser
import plistlib
import re
import shlex
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cli.commands.service import FILES
from tests.cli.program import Program

AWKWARD = "my conf & <x> 50%$HOME 'quoted'.toml"
"""A file name that every one of these formats would read as something else."""


def lines(text: str, *comments: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith(comments)]


@pytest.fixture
def printed(otosata: Program, tmp_path: Path) -> dict[str, str]:
    """Every file by name, with an awkward configuration."""
    awkward = tmp_path / AWKWARD
    awkward.write_text("")
    found = {}
    for system in FILES:
        otosata("install-service", "--print", system, "--into", str(tmp_path / "out"), "--config", str(awkward))
        found |= {name: (tmp_path / "out" / name).read_text("utf-8") for name in FILES[system]}
    return found


def test_systemd_reads_its_units(printed: dict[str, str], tmp_path: Path) -> None:
    for name in ("otosata.service", "otosata-once.service", "otosata-once.timer"):
        unit = configparser.ConfigParser(strict=False, interpolation=None, comment_prefixes=("#",))
        unit.optionxform = str  # type: ignore[assignment, method-assign]
        unit.read_string(printed[name])
        if name.endswith(".timer"):
            assert unit["Timer"]["Persistent"] == "true"
            continue
        start = unit["Service"]["ExecStart"]
        assert start.endswith(" watch" if name == "otosata.service" else " watch --once --quiet")
        words = shlex.split(start)  # double quotes mean the same in both
        read = words[words.index("--config") + 1].replace("%%", "%").replace("$$", "$")
        assert read == str(tmp_path / AWKWARD)


def test_launchd_reads_its_list(printed: dict[str, str], tmp_path: Path) -> None:
    words = plistlib.loads(printed["otosata.plist"].encode())["ProgramArguments"]
    assert words[-3:] == ["--config", str(tmp_path / AWKWARD), "watch"]


def test_windows_reads_its_task(printed: dict[str, str]) -> None:
    task = ElementTree.fromstring(printed["otosata.xml"])  # noqa: S314 - our own
    space = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
    arguments = task.findtext(f"{space}Actions/{space}Exec/{space}Arguments") or ""
    assert arguments.endswith(f'{AWKWARD}" watch --once --quiet')
    assert task.findtext(f"{space}Settings/{space}StartWhenAvailable") == "true"


def test_cron_reads_its_line(printed: dict[str, str], tmp_path: Path) -> None:
    (line,) = lines(printed["otosata.cron"], "#")
    fields = line.split(maxsplit=5)
    assert fields[:5] == ["*/15", "*", "*", "*", "*"]
    assert not re.search(r"(?<!\\)%", fields[5])
    words = shlex.split(fields[5].replace("\\%", "%"))
    assert words[words.index("--config") + 1 :] == [str(tmp_path / AWKWARD), "watch", "--once", "--quiet"]


def test_icinga_reads_its_command(printed: dict[str, str]) -> None:
    text = printed["otosata.conf"]
    assert text.count("{") == text.count("}")
    assert '"check", "--format", "nagios" ]' in text


@pytest.mark.parametrize("system", FILES)
def test_it_can_be_printed_as_well(otosata: Program, system: str) -> None:
    shown = otosata.done("install-service", "--print", system)
    assert not re.search(r"@[A-Z]+@", shown)
    assert [name for name in FILES[system] if len(FILES[system]) > 1 and f"# ==> {name} <==" not in shown] == []


def test_nothing_is_installed_or_overwritten(otosata: Program, tmp_path: Path) -> None:
    assert otosata("install-service").code == 2
    assert otosata("install-service", "--print", "cron", "--into", str(tmp_path / "x")).code == 0
    assert otosata("install-service", "--into", str(tmp_path / "usual")).code == 0, "the files of this system"
    again = otosata("install-service", "--print", "cron", "--into", str(tmp_path / "x"))
    assert again.code == 2
    assert "not overwritten" in again.err
