"""Rules about mail in the configuration: tried first, and their mistakes told with file and line."""

from pathlib import Path

import pytest

from adapters.recognise import TomlAdapter
from config.assembly import Assembly, assemble
from config.places import Options
from config.problems import ConfigError

RULE = """\
[platforms.lancers.rules.mine]
subject = '^\\[ランサーズ\\] ?見たことのない知らせ$'
event = "message"
actor = "client"
evidence = "user"
"""


def assembled(folder: Path, config: str = "", settings: str = "") -> Assembly:
    """The parts of a configuration of two files."""
    (folder / "config.toml").write_text(config, encoding="utf-8")
    (folder / "settings.toml").write_text(settings, encoding="utf-8")
    return assemble(Options(config=folder / "config.toml", data=folder), {})


def rules_of(assembly: Assembly, platform: str) -> list[str]:
    """The names of a platform's rules, in the order in which they are tried."""
    (adapter,) = (one for one in assembly.adapters if one.id == platform)
    assert isinstance(adapter, TomlAdapter)
    return [rule.id for rule in adapter.recogniser.rules]


@pytest.mark.parametrize("where", ["config", "settings"])
def test_a_rule_in_the_configuration_is_tried_first(tmp_path: Path, where: str) -> None:
    assert rules_of(assembled(tmp_path, **{where: RULE}), "lancers")[:2] == ["mine", "comment"]


def test_settings_lie_over_the_users_file(tmp_path: Path) -> None:
    named = assembled(tmp_path, RULE, RULE.replace('"client"', '"me"'))
    (adapter,) = (one for one in named.adapters if one.id == "lancers")
    assert isinstance(adapter, TomlAdapter)
    assert adapter.recogniser.rules[0].actor == "me"


@pytest.mark.parametrize(
    ("wrong", "message", "line"),
    [
        (RULE.replace("event", "evnt"), "lacks 'event'", 1),
        (RULE.replace('"message"', '"mesage"'), "'mesage' is no event", 3),
        (RULE.replace("lancers", "lancer"), "there is no platform 'lancer'", 1),
        ("[platforms.lancers]\nrules = 3\n", "rules must be a table", 2),
    ],
)
def test_a_mistake_is_told_with_file_and_line(tmp_path: Path, wrong: str, message: str, line: int) -> None:
    with pytest.raises(ConfigError) as error:
        assembled(tmp_path, settings=wrong)
    told = [(problem.origin.line, problem.message) for problem in error.value.problems]
    assert [found for found in told if found[0] == line and message in found[1]], told
    assert {problem.file for problem in error.value.problems} == {tmp_path / "settings.toml"}


def test_rules_are_no_value_for_the_environment(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    with pytest.raises(ConfigError, match="RULES"):
        assemble(Options(config=tmp_path / "config.toml"), {"OTOSATA__PLATFORMS__LANCERS__RULES": "{}"})
