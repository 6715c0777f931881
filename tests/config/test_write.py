"""The files the program writes: config.toml once, settings.toml whole or not at all, and never the user's."""

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest

from config import write
from config.keys import KEYS
from config.load import load
from config.model import Settings
from config.places import Options, find_places
from config.problems import ConfigError
from config.sample import sample
from config.texts.catalogue import LANGUAGES
from config.threshold_keys import ROW_KEYS
from config.write import AlreadyThereError, NotWritableError, SettingsWriter, create_config, replace_file
from otosata.deals.platform import Platform

CONFIG = """\
# mine
[[accounts]]
name   =  "main"   # odd spaces
host = "imap.example.com"
user = "me@example.com"
"""


@pytest.fixture
def writer(options: Options, platforms: Mapping[str, Platform], tmp_path: Path) -> SettingsWriter:
    """Writes beside a configuration of one account."""
    (tmp_path / "config.toml").write_text(CONFIG, "utf-8")
    return SettingsWriter(options, {}, platforms)


def settings_of(options: Options) -> Settings:
    """What the files come to now."""
    return load(options, {}).settings


# config init


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_file_is_the_defaults(lang: str, options: Options) -> None:
    create_config(find_places(options, {}), lang)
    assert settings_of(options) == Settings()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_key_stands_in_the_first_file_and_reads_when_switched_on(
    lang: str, options: Options, platforms: Mapping[str, Platform], tmp_path: Path
) -> None:
    text = re.sub(r"(?m)^#(?![ :])", "", sample(lang))
    document = tomllib.loads(text)
    written = set(document) | set(document["accounts"][0]) | set(document["calendar"])
    written |= set(document["notify"]) | set(document["channels"]["chat"]) | set(document["heartbeat"])
    written |= set(document["platforms"]["lancers"]) | set(document["deals"]["lancers-1"]) | set(ROW_KEYS)
    written |= set(document["screen"]) | set(document["views"]["Lancers"])
    assert {key.name for key in KEYS} - {"*"} <= written
    assert {"templates"} <= written
    assert set(ROW_KEYS) <= set(document["clients"]["青空商店"])
    assert set(ROW_KEYS) <= set(document["platforms"]["lancers"]["stages"]["working"])
    (tmp_path / "config.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load(options, {}, platforms)
    # all that is wrong is that an account cannot be everything at once
    assert {problem.code for problem in caught.value.problems} == {"key_without_use", "no_such_ca_file"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_line_of_the_first_file_is_off_and_explained(lang: str) -> None:
    lines = sample(lang).splitlines()
    assert all(line == "" or line.startswith("#") for line in lines)
    for before, line in pairwise(lines):
        if re.match(r"#\w+ = ", line):
            assert before.startswith("# "), line


def test_the_first_file_belongs_to_its_owner_and_its_folder_too(tmp_path: Path) -> None:
    places = find_places(Options(config=tmp_path / "new" / "config.toml", data=tmp_path), {})
    create_config(places, "ja")
    assert stat.S_IMODE(places.config_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(places.config_file.parent.stat().st_mode) == 0o700


def test_a_file_that_is_there_is_not_overwritten(options: Options, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG, "utf-8")
    with pytest.raises(AlreadyThereError):
        create_config(find_places(options, {}), "ja")
    assert (tmp_path / "config.toml").read_text("utf-8") == CONFIG


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    places = find_places(Options(config=tmp_path / "file" / "config.toml", data=tmp_path), {})
    with pytest.raises(NotWritableError, match=r"config\.toml"):
        create_config(places, "ja")


# settings.toml


def test_set_and_unset(writer: SettingsWriter, options: Options, tmp_path: Path) -> None:
    writer.set("interval", "5m")
    writer.set("platforms.lancers.stages.working.notice", '["4d", "3bd"]')
    writer.set("deals.lancers-3.due", "2026-12-25")
    written = tomllib.loads((tmp_path / "settings.toml").read_text("utf-8"))
    assert written["interval"] == "5m"
    assert written["platforms"]["lancers"]["stages"]["working"] == {"notice": ["4d", "3bd"]}
    assert settings_of(options).deals["lancers-3"].due.isoformat() == "2026-12-25"  # type: ignore[union-attr]  # was set above
    assert writer.unset("platforms.lancers.stages.working.notice")
    assert not writer.unset("platforms.lancers.stages.working.notice")
    assert set(tomllib.loads((tmp_path / "settings.toml").read_text("utf-8"))) == {"interval", "deals"}


def test_set_within_an_account_of_the_users_file(writer: SettingsWriter, options: Options, tmp_path: Path) -> None:
    writer.set("accounts.main.port", "1993")
    assert settings_of(options).accounts[0].port == 1993
    assert (tmp_path / "config.toml").read_text("utf-8") == CONFIG
    assert writer.unset("accounts.main.port")
    assert settings_of(options).accounts[0].port == 993


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("intervall", "5m", "unknown_key"),
        ("interval", "5", "period_no_unit"),
        ("platforms.lancer.my_names", '["me"]', "unknown_platform"),
        ("platforms.lancers.stages.wroking.warn", '["3d"]', "unknown_stage"),
        ("accounts.new.port", "993", "missing_key"),
        ("accounts", "5", "accounts_not_array"),
        ("", "5", "unknown_key"),
        ("a b", "5", "unknown_key"),
    ],
)
def test_what_would_break_the_configuration_is_not_written(
    key: str, value: str, code: str, writer: SettingsWriter, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError) as caught:
        writer.set(key, value)
    assert code in {problem.code for problem in caught.value.problems}
    assert not (tmp_path / "settings.toml").exists()


def test_a_broken_settings_file_is_not_written_over(writer: SettingsWriter, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("interval = \n", "utf-8")
    with pytest.raises(ConfigError):
        writer.set("interval", "5m")
    assert (tmp_path / "settings.toml").read_text("utf-8") == "interval = \n"


def test_accounts_are_added_and_removed_beside_the_users_file(
    writer: SettingsWriter, options: Options, tmp_path: Path
) -> None:
    loaded = writer.add_account({"name": "仕事", "host": "imap.example.org", "user": "me", "folders": ["受信トレイ"]})
    assert [account.name for account in loaded.settings.accounts] == ["main", "仕事"]
    assert settings_of(options) == loaded.settings
    assert (tmp_path / "config.toml").read_text("utf-8") == CONFIG
    assert stat.S_IMODE((tmp_path / "settings.toml").stat().st_mode) == 0o600
    assert writer.remove_account("仕事")
    assert not writer.remove_account("main")  # it stands in the user's own file
    assert [account.name for account in settings_of(options).accounts] == ["main"]


def test_an_account_is_not_added_twice(writer: SettingsWriter) -> None:
    with pytest.raises(ConfigError) as caught:
        writer.add_account({"name": "main", "host": "imap.example.org", "user": "me"})
    assert [problem.code for problem in caught.value.problems] == ["account_exists"]


def test_an_account_that_lacks_something_is_not_added(writer: SettingsWriter, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        writer.add_account({"name": "second", "user": "me"})
    assert [problem.key for problem in caught.value.problems] == ["accounts.second.host"]
    assert not (tmp_path / "settings.toml").exists()


def test_a_link_stays_a_link(writer: SettingsWriter, tmp_path: Path) -> None:
    kept = tmp_path / "dotfiles" / "settings.toml"
    kept.parent.mkdir()
    kept.write_text("", "utf-8")
    (tmp_path / "settings.toml").symlink_to(kept)
    writer.set("interval", "5m")
    assert (tmp_path / "settings.toml").is_symlink()
    assert "5m" in kept.read_text("utf-8")


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    writer: SettingsWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer.set("interval", "5m")
    before = (tmp_path / "settings.toml").read_bytes()

    def full_disk(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(NotWritableError, match="No space left"):
        writer.set("interval", "6m")
    assert (tmp_path / "settings.toml").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.toml", "settings.toml"]


def test_a_crash_at_any_step_leaves_the_old_or_the_new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "settings.toml"
    replace_file(file, "old")

    class PowerCut(BaseException):
        pass

    def cut(*_: object, **__: object) -> None:
        raise PowerCut

    for step, left in (("fdopen", "old"), ("fsync", "old")):
        with monkeypatch.context() as patch:
            patch.setattr(os, step, cut)
            with pytest.raises(PowerCut):
                replace_file(file, "new")
        assert file.read_text("utf-8") == left
    with monkeypatch.context() as patch:
        patch.setattr(write, "_sync_folder", cut)
        with pytest.raises(PowerCut):
            replace_file(file, "new")
    assert file.read_text("utf-8") == "new"


@pytest.mark.skipif(os.name != "posix", reason="no lock elsewhere")
def test_two_who_write_at_once_lose_nothing(writer: SettingsWriter, options: Options) -> None:
    numbers = range(12)

    def add(number: int) -> None:
        writer.add_account({"name": f"box{number}", "type": "eml", "path": "/mail"})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, numbers))
    assert {account.name for account in settings_of(options).accounts} == {"main", *(f"box{n}" for n in numbers)}
