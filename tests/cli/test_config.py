"""`config`: the files, what they say, what is wrong with them; config.toml is the user's alone."""

import os
import stat
import sys

import pytest

from tests.cli.program import Program

SETTINGS = {
    "calendar.country": ("DE", '"DE"'),
    "look_back": ("90d", "90d"),
    "interval": ("5m", '"5m"'),
    "platforms.lancers.my_names": ('["山田"]', "山田"),
    "platforms.lancers.stages.working.warn": ('["5d", "3bd"]', '"5d"'),
    "deals.lancers-1.due": ("2026-12-25", "2026-12-25"),
}


def test_path_names_every_place(otosata: Program) -> None:
    lines = [line.split("\t") for line in otosata.done("config", "path").splitlines()]
    assert [line[0] for line in lines] == ["config", "settings", "adapters", "ledger"]
    assert lines[0][1:] == [str(otosata.config)]
    assert lines[3][1] == str(otosata.data / "otosata.db")


def test_path_works_with_a_broken_configuration(otosata: Program) -> None:
    otosata.configure("][")
    assert str(otosata.config) in otosata.done("config", "path")


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_init_writes_a_file_that_is_fine_and_never_again(otosata: Program, lang: str) -> None:
    otosata.config.unlink()
    assert otosata.done("--lang", lang, "config", "init") == str(otosata.config)
    written = otosata.config.read_bytes()
    assert otosata("config", "check").code == 0
    again = otosata("config", "init")
    assert (again.code, again.out) == (2, "")
    assert str(otosata.config) in again.err
    for words in (("config", "set", "calendar.country", "DE"), ("config", "unset", "calendar.country"), ("deals",)):
        otosata.done(*words)
    assert otosata.config.read_bytes() == written


@pytest.mark.parametrize("key", SETTINGS)
def test_what_is_set_can_be_got_and_unset(otosata: Program, key: str) -> None:
    value, shown = SETTINGS[key]
    before = otosata("config", "get", key)
    otosata.done("config", "set", key, value)
    assert shown in otosata.done("config", "get", key)
    assert f"{key} = " in otosata.done("config", "show")
    assert "settings.toml" in otosata.done("config", "show")
    otosata.done("config", "unset", key)
    assert otosata("config", "get", key) == before
    assert otosata("config", "unset", key).code == 1


@pytest.mark.parametrize(
    ("key", "value", "word"),
    [
        ("calendar.country", "XX", "XX"),
        ("calendar.countri", "JP", "country"),
        ("interval", "soon", "soon"),
        ("platforms.lancer.my_names", "[]", "lancers"),
        ("look_back", "0d", "1d"),
        ("", "x", ""),
        ("..", "x", ""),
    ],
)
def test_what_does_not_fit_is_not_set(otosata: Program, key: str, value: str, word: str) -> None:
    result = otosata("config", "set", key, value)
    assert (result.code, result.out) == (2, "")
    assert word in result.err
    assert not key.strip(".") or result.err.count(key) <= 1
    assert not otosata.config.with_name("settings.toml").exists()


def test_a_place_that_cannot_be_written_is_named(otosata: Program) -> None:
    result = otosata("config", "init", "--config", "/dev/null/config.toml")
    assert (result.code, result.out) == (2, "")
    assert "/dev/null/config.toml cannot be written" in result.err


def test_check_lists_all_problems_with_file_and_line(otosata: Program) -> None:
    otosata.configure(
        '[calendar]\ncuntry = "JP"\n\n[[accounts]]\nname = "main"\nhost = "h"\nport = "x"\n\n'
        "[platforms.lancer]\nmy_names = []\n"
    )
    result = otosata("config", "check")
    assert result.code == 1
    for line, word in ((2, "country"), (7, "port"), (10, "lancers")):
        assert any(f"config.toml:{line}" in found and word in found for found in result.out.splitlines()), result.out
    assert otosata("config", "check", "--lang", "ja").out != result.out


@pytest.mark.parametrize("text", ["][", "\x00", "a = 1\na = 2\n", "x = {", '"' * 1000])
def test_check_names_what_is_no_toml(otosata: Program, text: str) -> None:
    otosata.configure(text)
    result = otosata("config", "check")
    assert result.code == 1
    assert "config.toml" in result.out


def test_check_looks_at_the_users_adapters_too(otosata: Program) -> None:
    folder = otosata.folder / "adapters"
    folder.mkdir()
    (folder / "mine.toml").write_text('id = "mine"\nsubjekt = 1\n', encoding="utf-8")
    result = otosata("config", "check")
    assert result.code == 1
    assert "mine.toml" in result.out
    assert otosata("check", "--no-sync").code == 3
    assert otosata("deals").code == 2


def test_show_names_the_origin_of_every_value(otosata: Program) -> None:
    otosata.configure('[calendar]\ncountry = "DE"\n')
    otosata.environ["OTOSATA__INTERVAL"] = "5m"
    lines = otosata.done("config", "show").splitlines()
    shown = {line.split(" = ")[0]: line for line in lines}
    assert shown["calendar.country"] == 'calendar.country = "DE"  # config.toml:2'
    assert shown["interval"] == 'interval = "5m"  # OTOSATA__INTERVAL'
    assert shown["look_back"] == 'look_back = "180d"  # default'


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_the_ledger_is_for_its_owner_alone(otosata: Program) -> None:
    before = os.umask(0)
    try:
        otosata.deal()
    finally:
        os.umask(before)
    assert stat.S_IMODE(otosata.data.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in otosata.data.iterdir()} == {0o600}
