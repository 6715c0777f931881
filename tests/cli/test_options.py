"""Global options on either side of the command, the environment, the files, and which of them wins."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import NOON, Program
from tests.cli.test_exit_codes import story

SIDES = [("before", True), ("after", False)]


@pytest.fixture
def other(tmp_path: Path) -> Program:
    """A second home with a deal of its own."""
    folder = tmp_path / "other"
    folder.mkdir()
    program = Program(folder).configure("[calendar]\ntimezone = 'UTC'\n")
    program.deal("別人", platform="crowdworks")
    return program


def placed(options: tuple[str, ...], command: tuple[str, ...], before: bool) -> tuple[str, ...]:
    """The options on one side of the command."""
    return (*options, *command) if before else (*command, *options)


@pytest.mark.parametrize(("side", "before"), SIDES)
def test_config_and_data_may_stand_on_either_side(otosata: Program, other: Program, side: str, before: bool) -> None:
    del side
    places = ("--config", str(other.config), "--data", str(other.data))
    assert "別人" in otosata.done(*placed(places, ("deals", "--all"), before))
    report = otosata(*placed(places, ("check", "--no-sync", "--json"), before)).document
    assert report["now"] == "2026-06-01T03:00:00+00:00"


@pytest.mark.parametrize(("side", "before"), SIDES)
def test_now_moves_the_clock(otosata: Program, side: str, before: bool) -> None:
    del side
    story(otosata)
    otosata.now = None
    clock = ("--now", "2026-06-08T12:00:00+09:00")
    assert otosata(*placed(clock, ("check", "--no-sync"), before)).code == 2
    assert otosata("check", "--no-sync", "--now=2026-06-01T12:00:00Z").code == 0


@pytest.mark.parametrize(("side", "before"), SIDES)
def test_lang_chooses_the_language(otosata: Program, side: str, before: bool) -> None:
    del side
    otosata.deal()
    assert "音沙汰" in otosata.done(*placed(("--lang", "ja"), ("deals",), before))
    assert "Silence" in otosata.done(*placed(("--lang", "en"), ("deals",), before))


def test_the_language_by_option_environment_file_and_locale(otosata: Program) -> None:
    otosata.deal()

    def spoken(*options: str, **environ: str) -> str:
        head = otosata("deals", *options, env=environ).out.splitlines()[0]
        return "ja" if "音沙汰" in head else "en"

    otosata.configure('language = "ja"\n')
    assert spoken("--lang", "en", OTOSATA_LANG="ja") == "en"
    assert spoken(OTOSATA_LANG="en") == "en"
    assert spoken(OTOSATA_LANG="") == "ja"
    assert spoken(OTOSATA_LANG="", OTOSATA__LANGUAGE="en") == "en"
    otosata.configure("")
    assert spoken(OTOSATA_LANG="", LANG="en_US.UTF-8") == "en"
    assert spoken(OTOSATA_LANG="", LANG="ja_JP.UTF-8") == "ja"


def test_any_key_of_the_configuration_as_a_variable(otosata: Program) -> None:
    deal = story(otosata)
    otosata.configure('[calendar]\ntimezone = "Europe/Berlin"\n')
    assert otosata.reading(deal)["last_contact"].endswith("+02:00")
    otosata.environ["OTOSATA__CALENDAR__TIMEZONE"] = "Asia/Kathmandu"
    assert otosata.reading(deal)["last_contact"].endswith("+05:45")
    otosata.environ["OTOSATA__PLATFORMS__LANCERS__STAGES__WORKING__NOTICE"] = '["1h"]'
    otosata.environ["OTOSATA__PLATFORMS__LANCERS__STAGES__WORKING__WARN"] = '["2h"]'
    assert otosata.reading(deal, now="2026-06-01T14:30:00+09:00")["level"] == "warn"
    otosata.environ["OTOSATA__CALENDAR__TIMEZON"] = "UTC"
    assert otosata("deals").code == 2


def test_thresholds_by_file_lie_under_those_of_the_environment(otosata: Program) -> None:
    deal = story(otosata)
    later = "2026-06-01T15:30:00+09:00"
    otosata.configure('[platforms.lancers.stages.working]\nnotice = ["1h"]\nwarn = ["2h"]\n')
    assert otosata.levels(now=later) == {deal: "warn"}
    otosata.configure(f'[deals.{deal}.stages.working]\nnotice = ["1h"]\nwarn = ["2h"]\ncritical = ["3h"]\n')
    assert otosata.levels(now=later) == {deal: "critical"}


def test_a_named_configuration_must_exist(otosata: Program, tmp_path: Path) -> None:
    missing = str(tmp_path / "nowhere.toml")
    assert otosata("deals", "--config", missing).code == 2
    assert missing in otosata("deals", "--config", missing).err
    assert otosata("check", "--config", missing).code == 3


def test_colour_only_where_it_is_wished(otosata: Program) -> None:
    otosata.deal()
    assert "\x1b[" not in otosata.done("deals")
    assert "\x1b[" in otosata.done("deals", "--color", "always")
    assert "\x1b[" in otosata.done("--color=always", "deals")
    assert "\x1b[" not in otosata.done("deals", "--color", "never")


def test_short_forms_of_options_are_no_options(otosata: Program) -> None:
    assert otosata("deals", "--plat", "lancers").code == 2


# Times


@pytest.mark.parametrize(
    ("zone", "written", "meant"),
    [
        ("Asia/Tokyo", "2026-05-31T10:00", "2026-05-31T10:00:00+09:00"),
        ("Asia/Tokyo", "2026-05-31 10:00", "2026-05-31T10:00:00+09:00"),
        ("Europe/Berlin", "2026-05-31T10:00", "2026-05-31T10:00:00+02:00"),
        ("Europe/Berlin", "2026-01-31T10:00", "2026-01-31T10:00:00+01:00"),
        ("Asia/Tokyo", "2026-05-31T10:00Z", "2026-05-31T19:00:00+09:00"),
        ("Asia/Tokyo", "2026-05-31T10:00:00-03:00", "2026-05-31T22:00:00+09:00"),
    ],
)
def test_a_time_without_offset_is_one_of_the_calendars_zone(
    otosata: Program, zone: str, written: str, meant: str
) -> None:
    otosata.configure(f'[calendar]\ntimezone = "{zone}"\n')
    deal = otosata.deal(event="offer", at=written)
    (event,) = otosata("show", deal, "--json").document["timeline"]
    assert event["at"] == meant


def test_now_needs_a_time_of_day(otosata: Program) -> None:
    otosata.now = None
    assert otosata("deals", "--now", "2026-06-01").code == 2
    assert otosata("deals", "--now", "noon").code == 2
    assert (
        otosata("check", "--no-sync", "--json", "--now", "2026-06-01T12:00:00")
        .document["now"]
        .endswith("21:00:00+09:00")
    )


def test_nothing_of_this_process_environment_is_read(otosata: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTOSATA__NONSENSE", "1")
    monkeypatch.setenv("OTOSATA_CONFIG", "/nowhere/at/all.toml")
    assert otosata("deals").code == 0


def documents(program: Program) -> Any:
    """The list as JSON."""
    return json.loads(program.process("deals", "--json", "--now", NOON).stdout)


def test_a_process_of_its_own_says_the_same(otosata: Program) -> None:
    story(otosata)
    assert documents(otosata) == otosata("deals", "--json").document
    done = otosata.process("check", "--no-sync", "--now", "2026-06-08T12:00:00+09:00")
    assert done.returncode == 2
    assert done.stdout.decode().startswith("OTOSATA CRITICAL: 1 critical")
