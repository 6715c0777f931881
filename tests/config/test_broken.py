"""Every mistake in a configuration is told in one run, with its place and what was probably meant."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from config.load import load
from config.places import Options
from config.problems import ConfigError, Problem
from config.texts.catalogue import LANGUAGES

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("broken.toml").read_text("utf-8"))["case"]


def problems_of(case: dict[str, Any], load_text: Any, lang: str = "en") -> tuple[Problem, ...]:
    """What loading the case complains about, or warns of."""
    asked = (
        case.get("config", ""),
        case.get("settings"),
        case.get("env"),
        tuple((key, value) for key, value in case.get("overrides", ())),
        lang,
        case.get("files", {}),
    )
    if "problems" not in case:
        return tuple(load_text(*asked).warnings)
    with pytest.raises(ConfigError) as caught:
        load_text(*asked)
    return caught.value.problems


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_each_broken_configuration_is_explained(case: dict[str, Any], load_text: Any, tmp_path: Path) -> None:
    found = problems_of(case, load_text)
    places = [[problem.place.removeprefix(f"{tmp_path}/"), problem.key, problem.code] for problem in found]
    expected = case.get("problems") or case["warnings"]
    assert places == [each[:3] for each in expected]
    for problem, (*_, hint) in zip(found, expected, strict=True):
        assert hint in problem.hint


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_problems_read_as_whole_sentences_in_both_languages(case: dict[str, Any], lang: str, load_text: Any) -> None:
    for problem in problems_of(case, load_text, lang):
        assert problem.message
        assert problem.hint
        assert not re.search(r"\{\w*\}|\bNone\b", problem.message + problem.hint)
        if lang == "ja":
            assert re.search(r"[ぁ-ん一-龥]", problem.message)


def test_the_cases_use_every_problem_that_can_be_told() -> None:
    told = {expected[2] for case in CASES for expected in case.get("problems") or case["warnings"]}
    elsewhere = {
        "no_such_file",
        "unreadable_file",
        "secret_file_open",
        "account_exists",
    }  # tested below and in test_write
    catalogue = tomllib.loads((Path("config/texts/en.toml")).read_text("utf-8"))
    assert told | elsewhere == set(catalogue["problems"]) == set(catalogue["problem_hints"])


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(Options(config=tmp_path / "missing.toml", data=tmp_path), {})
    (problem,) = caught.value.problems
    assert (problem.code, problem.file) == ("no_such_file", tmp_path / "missing.toml")
    assert "--config" in problem.message


def test_a_named_file_that_is_there_and_cannot_be_read_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "loop.toml").symlink_to("loop.toml")
    with pytest.raises(ConfigError) as caught:
        load(Options(config=tmp_path / "loop.toml", data=tmp_path), {})
    assert [problem.code for problem in caught.value.problems] == ["unreadable_file"]


def test_a_number_of_thousands_of_digits_is_a_mistake_with_a_place(load_text: Any) -> None:
    with pytest.raises(ConfigError) as caught:
        load_text("[notify]\nreminders = " + "9" * 5000 + "\n")
    assert [(problem.code, problem.line, problem.column) for problem in caught.value.problems] == [("not_toml", 2, 13)]


def test_a_file_named_by_the_environment_must_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(Options(data=tmp_path), {"OTOSATA_CONFIG": str(tmp_path / "missing.toml")})
    assert "OTOSATA_CONFIG" in caught.value.problems[0].message


def test_a_settings_file_that_cannot_be_read_is_a_problem(tmp_path: Path, load_text: Any) -> None:
    (tmp_path / "settings.toml").mkdir()
    with pytest.raises(ConfigError) as caught:
        load_text("")
    assert [problem.code for problem in caught.value.problems] == ["unreadable_file"]


def test_a_secret_file_that_others_can_read_is_refused(tmp_path: Path, load_text: Any) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hunter2\n")
    config = f'[[accounts]]\nname = "main"\nhost = "h.example"\nuser = "me"\nsecret = "file"\nfile = "{secret}"\n'
    secret.chmod(0o640)
    with pytest.raises(ConfigError) as caught:
        load_text(config)
    (problem,) = caught.value.problems
    assert (problem.code, problem.line, problem.hint) == ("secret_file_open", 6, f"run `chmod 600 {secret}`")
    secret.chmod(0o600)
    assert load_text(config).settings.accounts[0].secret.file == secret


def test_the_error_itself_is_a_line_for_each_problem(load_text: Any, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_text('langage = "ja"\ninterval = 15\n')
    assert str(caught.value).splitlines() == [
        f"{tmp_path}/config.toml:1:1: langage: unknown key (did you mean language?)",
        f'{tmp_path}/config.toml:2:1: interval: 15 has no unit (did you mean "15s" or "15m"?)',
    ]


def test_terminal_codes_in_a_configuration_do_not_reach_the_terminal(load_text: Any) -> None:
    with pytest.raises(ConfigError) as caught:
        load_text('"\\u001b[31mred" = 1\nlanguage = "\\u001b]52;c;eA==\\u0007"\n')
    assert "\x1b" not in str(caught.value)


def test_a_problem_shows_its_line_unless_a_secret_may_stand_there(load_text: Any) -> None:
    with pytest.raises(ConfigError) as caught:
        load_text('langage = "ja"\npassword = "hunter2"\n"smtp-token" = "s3cret"\ninterval = 15  # minutes\n')
    shown = {problem.key: problem.source for problem in caught.value.problems}
    assert shown == {
        "langage": 'langage = "ja"',
        "password": "",
        "smtp-token": "",
        "interval": "interval = 15  # minutes",
    }


@pytest.mark.parametrize(
    "table", ['[[accounts]]\nname = "a"\nhost = "h"\nuser = "u"\n', '[channels.a]\ntype = "slack"\n']
)
def test_nor_is_a_secret_told_that_stands_where_its_place_should(load_text: Any, table: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_text(f'{table}secret = "https://hooks.example/T0/hunter2"\n')
    (problem,) = caught.value.problems
    assert (problem.code, problem.source) == ("not_allowed", "")
    assert "hunter2" not in problem.message + problem.hint
    assert '"keyring"' in problem.hint


def test_nor_do_marks_that_turn_the_line_round(load_text: Any) -> None:
    with pytest.raises(ConfigError) as caught:
        load_text('[[accounts]]\nname = "a"\nhost = "h"\nuser = "u"\nca_file = "~\u202emp.txt"\n')
    assert [str(problem).isprintable() for problem in caught.value.problems] == [True]
