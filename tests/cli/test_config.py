"""`config`: the files, what they say, what is wrong with them; config.toml is the user's alone."""

import json
import os
import stat
import sys
import tomllib
from pathlib import Path

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


@pytest.mark.parametrize("command", ["get", "show"])
def test_a_key_that_nobody_knows_is_told_with_the_nearest(otosata: Program, command: str) -> None:
    result = otosata("--lang", "en", "config", command, "calendar.contry")
    assert result.code == 2
    assert "unknown key" in result.err
    assert "country" in result.err


def test_an_old_name_takes_back_what_it_has_set(otosata: Program) -> None:
    otosata.done("config", "set", "look_back_days", "90")
    otosata.done("config", "unset", "look_back_days")
    assert "180d" in otosata.done("config", "get", "look_back")


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
    for line, word in ((2, "country"), (7, "port"), (9, "lancers")):
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
    assert shown["calendar.country"] == 'calendar.country = "DE"  # config.toml:2; over "JP" (default)'
    assert shown["interval"] == 'interval = "5m"  # OTOSATA__INTERVAL; over "15m" (default)'
    assert shown["look_back"] == 'look_back = "180d"  # default'


def test_show_is_toml_and_reaches_down_to_the_platforms_files(otosata: Program) -> None:
    otosata.configure('[platforms.lancers.stages.working]\nwarn = ["9d"]\ncritical = ["10d"]\n')
    otosata.done("config", "set", "platforms.lancers.stages.working.warn", '["8d"]')
    (warn,) = [line for line in otosata.done("config", "show").splitlines() if line.startswith("platforms.")][:1]
    assert warn.startswith(
        'platforms.lancers.stages.working.warn = ["8d"]  # settings.toml:3; over ["9d"] (config.toml:2); '
        'over ["5d", "3bd"] (lancers.toml:'
    )
    below = otosata.done("config", "show", "platforms.lancers.stages.working")
    document = tomllib.loads(below)["platforms"]["lancers"]["stages"]["working"]
    assert (document["notice"], document["warn"], document["limit"]) == (["3d", "2bd"], ["8d"], "0d@due")
    assert len(otosata.done("config", "show", "--all").splitlines()) > 150
    assert otosata("config", "show", "nothing").code == 2


def test_show_as_json(otosata: Program) -> None:
    otosata.configure("[calendar]\nclosed = [2026-12-30, { from = 2026-12-31, to = 2027-01-04 }]\n")
    (value,) = otosata("config", "show", "calendar.closed", "--json").document["values"]
    assert value["value"] == ["2026-12-30", {"from": "2026-12-31", "to": "2027-01-04"}]
    assert (value["origin"]["layer"], value["origin"]["line"]) == ("config", 2)
    assert value["overrides"] == [
        {"value": [], "origin": {"layer": "default", "file": None, "line": None, "column": None, "name": None}}
    ]


def test_get_knows_what_the_platforms_say_and_keys_of_old(otosata: Program) -> None:
    assert otosata.done("config", "get", "platforms.lancers.stages.working.warn") == '["5d", "3bd"]'
    assert otosata.done("config", "get", "look_back_days") == '"180d"'
    otosata.done("config", "set", "look_back_days", "90")
    assert otosata.config.with_name("settings.toml").read_text("utf-8").endswith('\nlook_back = "90d"\n')


def test_a_mistake_is_shown_with_its_line_and_a_caret(otosata: Program) -> None:
    otosata.configure('language = "ja"\n\n[platforms.lancers.stages."作業"]\nwarn = [ "3d", 5 ]\n')
    out = otosata("config", "check").out.splitlines()
    assert out[1:3] == ['  4 | warn = [ "3d", 5 ]', "    |                ^"]
    err = otosata("check", "--no-sync").err.splitlines()
    assert out[1:3] == err[1:3]
    assert "5 has no unit" in out[0]
    assert "5 has no unit" in err[0]


def test_a_warning_is_told_and_everything_works(otosata: Program) -> None:
    otosata.configure("look_back_days = 90\n")
    result = otosata("config", "check")
    assert result.code == 1
    assert result.out.startswith("warning: ")
    assert 'look_back = "90d"' in result.out
    (problem,) = otosata("config", "check", "--json").document["problems"]
    assert (problem["severity"], problem["line"], problem["column"], problem["key"]) == (
        "warning",
        1,
        1,
        "look_back_days",
    )
    assert otosata("deals").code == 0
    assert "old_key" in [found["code"] for found in otosata.report()["problems"]]


# edit


def editor(folder: Path, *texts: str) -> str:
    """A program that writes one text after the other into the file it is given."""
    script = folder / "editor.py"
    (folder / "texts").mkdir()
    for number, text in enumerate(texts):
        (folder / "texts" / str(number)).write_text(text, encoding="utf-8")
    script.write_text(
        "import pathlib, sys\n"
        f"texts = sorted(pathlib.Path({str(folder / 'texts')!r}).iterdir())\n"
        "if texts:\n"
        "    pathlib.Path(sys.argv[1]).write_bytes(texts[0].read_bytes())\n"
        "    texts[0].unlink()\n",
        encoding="utf-8",
    )
    return f"{sys.executable} {script}"


def test_edit_takes_what_is_fine_to_the_byte(otosata: Program, tmp_path: Path) -> None:
    text = "# mine\r\ninterval  =  '5m'\r\n"
    otosata.config.chmod(0o640)
    result = otosata("config", "edit", env={"EDITOR": editor(tmp_path, text)})
    assert result.code == 0
    assert otosata.config.read_bytes() == text.encode()
    assert stat.S_IMODE(otosata.config.stat().st_mode) == 0o640
    assert not list(tmp_path.glob(".config-*"))


def test_edit_refuses_a_mistake_and_loses_nothing(otosata: Program, tmp_path: Path) -> None:
    otosata.configure("interval = '5m'\n")
    result = otosata("config", "edit", env={"EDITOR": editor(tmp_path, "interval = 5\n")})
    assert result.code == 2
    assert otosata.config.read_text("utf-8") == "interval = '5m'\n"
    assert "interval = 5\n" in result.err
    (draft,) = tmp_path.glob(".config-*.toml")
    assert draft.read_text("utf-8") == "interval = 5\n"
    assert str(draft) in result.err


def test_edit_mends_a_broken_file_and_begins_one_that_is_not_there(otosata: Program, tmp_path: Path) -> None:
    otosata.configure("][")
    assert otosata("config", "edit", env={"EDITOR": editor(tmp_path, "interval = '6m'\n")}).code == 0
    otosata.config.unlink()
    unchanged = otosata("config", "edit", env={"EDITOR": "true"})
    assert (unchanged.code, otosata.config.exists()) == (0, False)
    assert "Nothing was changed" in unchanged.err


@pytest.mark.parametrize("command", ["false", "no-such-editor", "'"])
def test_an_editor_that_fails_changes_nothing(command: str, otosata: Program, tmp_path: Path) -> None:
    otosata.configure("interval = '5m'\n")
    result = otosata("config", "edit", env={"EDITOR": command})
    assert (result.code, result.out) == (2, "")
    assert "EDITOR" in result.err
    assert otosata.config.read_text("utf-8") == "interval = '5m'\n"
    assert not list(tmp_path.glob(".config-*"))


# schema


def test_init_writes_the_schema_beside_the_file_that_names_it(otosata: Program) -> None:
    otosata.config.unlink()
    otosata.done("config", "init")
    assert otosata.config.read_text("utf-8").startswith("#:schema ./config.schema.json\n")
    beside = otosata.config.with_name("config.schema.json")
    written = json.loads(beside.read_text("utf-8"))
    assert written == otosata("config", "schema").document
    beside.unlink()
    assert otosata.done("config", "schema", "--write") == str(beside)
    assert json.loads(beside.read_text("utf-8")) == written


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_the_ledger_is_for_its_owner_alone(otosata: Program) -> None:
    before = os.umask(0)
    try:
        otosata.deal()
    finally:
        os.umask(before)
    assert stat.S_IMODE(otosata.data.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in otosata.data.iterdir()} == {0o600}
