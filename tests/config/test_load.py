"""The layers of the configuration, and where each value comes from."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from config.load import Loaded, load
from config.model import Account, AccountType, AuthenticationPolicy, SecretKind, Settings, Tls
from config.places import Options, find_places
from config.problems import ConfigError
from otosata.deals.duration import parse_span
from otosata.deals.vocabulary import Level

IMAP = '[[accounts]]\nname = "main"\nhost = "imap.example.com"\nuser = "me@example.com"\n'


def origin(loaded: Loaded, key: str) -> str:
    """Where a value comes from, for people."""
    return str(loaded.values[tuple(key.split("."))].origin)


def test_no_configuration_at_all_is_fine(load_text: Any) -> None:
    assert load_text().settings == Settings()


def test_an_empty_configuration_is_the_defaults(load_text: Any) -> None:
    assert load_text("").settings == Settings()


def test_an_account_that_says_the_least_has_the_defaults(load_text: Any) -> None:
    (account,) = load_text(IMAP).settings.accounts
    assert account == Account("main", host=account.host, user=account.user)


def test_each_layer_lies_over_the_one_before(load_text: Any) -> None:
    config, settings = "interval = '1m'\n", "interval = '2m'\n"
    env, overrides = {"OTOSATA__INTERVAL": "3m"}, (("interval", "4m"),)
    minutes = [
        load_text().settings.interval,
        load_text(config).settings.interval,
        load_text(config, settings).settings.interval,
        load_text(config, settings, env).settings.interval,
        load_text(config, settings, env, overrides).settings.interval,
    ]
    assert minutes == [dt.timedelta(minutes=minute) for minute in (15, 1, 2, 3, 4)]


def test_a_value_knows_its_place_and_what_it_overrode(load_text: Any, tmp_path: Path) -> None:
    loaded = load_text("\n\ninterval = '1m'\n", "interval = '2m'\n", {"OTOSATA__INTERVAL": "3m"})
    value = loaded.values[("interval",)]
    told = []
    while value is not None:
        told.append((str(value.origin), value.raw))
        value = value.overrides
    assert told == [
        ("OTOSATA__INTERVAL", "3m"),
        ("settings.toml:1", "2m"),
        ("config.toml:3", "1m"),
        ("default", "15m"),
    ]
    assert loaded.values[("interval",)].overrides.overrides.origin.file == tmp_path / "config.toml"
    assert origin(loaded, "calendar.country") == "default"


def test_an_account_as_the_contract_writes_it(load_text: Any) -> None:
    (account,) = load_text(
        IMAP
        + 'type = "imap"\nsecret = "command"\ncommand = ["pass", "show", "mail"]\nfolders = ["INBOX", "受信トレイ"]\n'
        'authentication = "require"\nauthserv_ids = ["MX.google.com"]\ntimeout = "10s"\ninterval = "5m"\n'
    ).settings.accounts
    assert (account.name, account.type, account.host, account.port) == (
        "main",
        AccountType.IMAP,
        "imap.example.com",
        993,
    )
    assert (account.secret.kind, account.secret.command) == (SecretKind.COMMAND, ("pass", "show", "mail"))
    assert account.folders == ("INBOX", "受信トレイ")
    assert account.authentication is AuthenticationPolicy.REQUIRE
    assert account.authserv_ids == {"mx.google.com"}
    assert (account.timeout.total_seconds(), account.interval) == (10, dt.timedelta(minutes=5))
    assert (account.tls, account.ca_file, account.path) == (Tls.IMPLICIT, None, None)


def test_file_accounts_know_their_place(load_text: Any) -> None:
    (account,) = load_text('[[accounts]]\nname = "old"\ntype = "maildir"\npath = "~/Mail"\n').settings.accounts
    assert account.path == Path("~/Mail").expanduser()
    assert not account.is_imap


def test_a_bridge_on_this_machine_may_do_without_encryption(load_text: Any) -> None:
    (account,) = load_text(
        '[[accounts]]\nname = "bridge"\nhost = "127.0.0.1"\nuser = "me"\nport = 1143\ntls = "off"\n'
    ).settings.accounts
    assert account.tls is Tls.OFF


def test_accounts_of_both_files_are_merged_by_name_in_order(load_text: Any) -> None:
    loaded = load_text(
        IMAP,
        '[[accounts]]\nname = "second"\nhost = "imap.example.org"\nuser = "me"\n'
        '[[accounts]]\nname = "main"\nport = 1993\n',
    )
    shown = [(account.name, account.host, account.port) for account in loaded.settings.accounts]
    assert shown == [("main", "imap.example.com", 1993), ("second", "imap.example.org", 993)]
    assert origin(loaded, "accounts.main.port") == "settings.toml:7"
    assert origin(loaded, "accounts.main.host") == "config.toml:3"


@pytest.mark.parametrize(
    ("name", "text", "read"),
    [
        ("OTOSATA__LOOK_BACK", "90d", lambda settings: settings.look_back.days == 90),
        (
            "OTOSATA__CALENDAR__TIMEZONE",
            "Europe/Berlin",
            lambda settings: settings.calendar.timezone == "Europe/Berlin",
        ),
        (
            "OTOSATA__CALENDAR__TIMEZONE",
            '"Europe/Berlin"',
            lambda settings: settings.calendar.timezone == "Europe/Berlin",
        ),
        ("OTOSATA__CALENDAR__CLOSED", "[2026-12-30]", lambda settings: settings.calendar.closed[0].end.day == 30),
        ("OTOSATA__ACCOUNTS__MAIN__HOST", "imap.example.net", lambda settings: settings.accounts[0].host[-3:] == "net"),
        ("OTOSATA__ACCOUNTS__MAIN__USER", "12345", lambda settings: settings.accounts[0].user == "12345"),
        ("OTOSATA__ACCOUNTS__MAIN__FOLDERS", '["A", "B"]', lambda settings: settings.accounts[0].folders == ("A", "B")),
        ("OTOSATA__DEALS__LANCERS_3__DUE", "2026-12-25", lambda settings: settings.deals["lancers-3"].due.day == 25),
        (
            "OTOSATA__PLATFORMS__LANCERS__STAGES__WORKING__NOTICE",
            '["3d", "2bd"]',
            lambda settings: len(settings.platforms["lancers"].stages["working"].row.elapsed[Level.NOTICE]) == 2,
        ),
        (
            "OTOSATA__PLATFORMS",
            "{lancers = {my_names = ['me']}}",
            lambda settings: settings.platforms["lancers"].my_names,
        ),
    ],
)
def test_any_key_can_come_from_the_environment(name: str, text: str, read: Any, load_text: Any) -> None:
    assert read(load_text(IMAP, env={name: text}).settings)


def test_an_account_can_come_from_the_environment_alone(load_text: Any) -> None:
    env = {"OTOSATA__ACCOUNTS__MAIN__HOST": "imap.example.com", "OTOSATA__ACCOUNTS__MAIN__USER": "me"}
    assert [account.host for account in load_text(env=env).settings.accounts] == ["imap.example.com"]


def test_an_account_with_a_hyphen_in_its_name_can_be_named_in_the_environment(load_text: Any) -> None:
    config = IMAP.replace("main", "My-Work")
    settings = load_text(config, env={"OTOSATA__ACCOUNTS__MY_WORK__PORT": "1993"}).settings
    assert [(account.name, account.port) for account in settings.accounts] == [("My-Work", 1993)]


def test_an_option_may_quote_a_name(load_text: Any) -> None:
    settings = load_text(overrides=(('deals."lancers-3".critical', '["5d"]'),)).settings
    assert settings.deals["lancers-3"].row.elapsed == {Level.CRITICAL: (parse_span("5d"),)}


def test_an_option_needs_no_quotes_for_a_japanese_name(load_text: Any) -> None:
    loaded = load_text(overrides=(("clients.青空商店.warn", '["9d"]'),))
    assert ("clients", "青空商店", "warn") in loaded.values


def test_thresholds_of_stages_their_rows_and_deals(load_text: Any) -> None:
    settings = load_text(
        """
        [platforms.lancers]
        my_names = ["yamada"]
        [platforms.lancers.stages.working]
        notice = ["3d", "2bd"]
        stale = ["30d"]
        limit = "10d@contract"
        [platforms.lancers.stages.working.asked]
        warn = ["2d"]
        [platforms.lancers.deal_limit]
        warn_before = ["20d"]
        [platforms.lancers.asked]
        critical = ["3d"]
        [deals.lancers-3]
        critical = ["5d"]
        due = 2026-12-25
        [deals.lancers-3.stages.working]
        critical = ["6d"]
        """
    ).settings
    lancers, deal = settings.platforms["lancers"], settings.deals["lancers-3"]
    working = lancers.stages["working"]
    assert lancers.my_names == {"yamada"}
    assert working.row.elapsed == {Level.NOTICE: (parse_span("3d"), parse_span("2bd"))}
    assert (working.row.stale, working.row.limit) == ((parse_span("30d"),), parse_span("10d@contract"))
    assert working.rows["asked"].elapsed == {Level.WARN: (parse_span("2d"),)}
    assert lancers.deal_limit.before == {Level.WARN: (parse_span("20d"),)}
    assert lancers.asked.elapsed == {Level.CRITICAL: (parse_span("3d"),)}
    assert deal.row.elapsed == {Level.CRITICAL: (parse_span("5d"),)}
    assert deal.stages["working"].row.elapsed == {Level.CRITICAL: (parse_span("6d"),)}
    assert deal.due == dt.date(2026, 12, 25)


def test_one_level_may_be_set_apart_from_the_adapters_others(load_text: Any) -> None:
    settings = load_text('[platforms.lancers.stages.working]\ncritical = ["1d"]\n').settings
    assert settings.platforms["lancers"].stages["working"].row.elapsed == {Level.CRITICAL: (parse_span("1d"),)}


def test_a_byte_order_mark_and_windows_lines_are_read(tmp_path: Path, load_text: Any) -> None:
    (tmp_path / "config.toml").write_bytes(b"\xef\xbb\xbfinterval = '1m'\r\nlook_back = '9d'\r\n")
    loaded = load(Options(config=tmp_path / "config.toml", data=tmp_path), {})
    assert (loaded.settings.look_back.days, origin(loaded, "look_back")) == (9, "config.toml:2")


@pytest.mark.parametrize(
    ("interval", "stale_after", "expected"),
    [("15m", None, "2:00:00"), ("3h", None, "6:00:00"), ("15m", "30m", "0:30:00")],
)
def test_an_account_is_stale_after_two_intervals_and_at_least_two_hours(
    interval: str, stale_after: str | None, expected: str, load_text: Any
) -> None:
    extra = f"stale_after = '{stale_after}'\n" if stale_after else ""
    settings = load_text(f"interval = '{interval}'\n{extra}{IMAP}").settings
    assert str(settings.stale_after_of(settings.accounts[0])) == expected


def test_an_accounts_own_interval_decides_when_it_is_stale(load_text: Any) -> None:
    settings = load_text(IMAP + "interval = '4h'\n").settings
    assert settings.stale_after_of(settings.accounts[0]) == dt.timedelta(hours=8)


# Places


def test_files_lie_where_the_options_say(tmp_path: Path) -> None:
    places = find_places(Options(config=tmp_path / "c" / "work.toml", data=tmp_path / "d"), {})
    assert places.settings_file == tmp_path / "c" / "settings.toml"
    assert places.adapters_dir == tmp_path / "c" / "adapters"
    assert places.database == tmp_path / "d" / "otosata.db"
    assert places.named == "--config"


def test_options_win_over_the_environment(tmp_path: Path) -> None:
    environ = {"OTOSATA_CONFIG": "/e/config.toml", "OTOSATA_DATA": "/e/data"}
    assert find_places(Options(), environ).config_file == Path("/e/config.toml")
    assert find_places(Options(), environ).data_dir == Path("/e/data")
    assert find_places(Options(config=tmp_path / "c.toml", data=tmp_path), environ).config_file == tmp_path / "c.toml"
    assert find_places(Options(config=tmp_path / "c.toml", data=tmp_path), environ).data_dir == tmp_path


def test_without_a_word_the_files_lie_where_the_system_keeps_such_things() -> None:
    places = find_places(Options(), {})
    assert (places.config_file.name, places.config_file.parent.name, places.data_dir.name) == (
        "config.toml",
        "otosata",
        "otosata",
    )
    assert places.named == ""


# The language of complaints


@pytest.mark.parametrize("text", ["language = 'en'\ninterval = \n", "\ufefflanguage = 'en'\ninterval = 3\n"])
def test_a_broken_file_is_complained_of_in_the_language_it_names(text: str, load_text: Any) -> None:
    with pytest.raises(ConfigError) as caught:
        load_text(text, lang=None)
    assert caught.value.problems[0].hint.isascii()


def test_a_language_below_another_table_is_none_of_ours(load_text: Any) -> None:
    with pytest.raises(ConfigError) as caught:
        load_text("[screen]\nlanguage = 'en'\ninterval = \n", lang=None)
    assert not caught.value.problems[0].hint.isascii()


# Included files, and keys of an earlier notation


def test_an_included_file_lies_under_the_one_that_names_it(load_text: Any) -> None:
    more = "language = 'en'\ninterval = '1m'\n[[accounts]]\nname = 'main'\nhost = 'h.example'\nuser = 'me'\n"
    loaded = load_text('include = ["more.toml"]\ninterval = "2m"\n', files={"more.toml": more})
    assert (loaded.settings.language, loaded.settings.interval) == ("en", dt.timedelta(minutes=2))
    assert [account.name for account in loaded.settings.accounts] == ["main"]
    assert origin(loaded, "language") == "more.toml:1"
    assert str(loaded.values[("interval",)].overrides.origin) == "more.toml:2"
    assert [file.name for file in loaded.files] == ["more.toml", "config.toml"]


def test_a_pattern_includes_whatever_is_there(load_text: Any) -> None:
    files = {"more-1.toml": "interval = '1m'\n", "more-2.toml": "interval = '2m'\n"}
    assert load_text('include = ["more-*.toml"]\n', files=files).settings.interval == dt.timedelta(minutes=2)
    assert load_text('include = ["nothing-*.toml"]\n').settings == Settings()


def test_a_pattern_leaves_the_drafts_of_editors_alone(load_text: Any) -> None:
    files = {".config-draft.toml": "interval = \n", "more.toml": "language = 'en'\n"}
    assert load_text('include = ["*.toml"]\n', files=files).settings.language == "en"


def test_an_old_key_is_read_as_the_new_one(load_text: Any) -> None:
    loaded = load_text("look_back_days = 90\n")
    assert (loaded.settings.look_back.days, origin(loaded, "look_back")) == (90, "config.toml:1")
    assert load_text("look_back_days = 90\nlook_back = '30d'\n").settings.look_back.days == 30


def test_templates_closed_dates_and_working_hours(load_text: Any) -> None:
    settings = load_text(
        """
        [calendar]
        working_hours = ["9:00-12:00", "13:00-24:00"]
        [platforms.lancers]
        closed = [{ from = 2026-12-29, to = 2027-01-03 }]
        [platforms.lancers.templates]
        A = "{client} 様\\n\\nお世話になっております。"
        """
    ).settings
    noon, midnight = dt.time(12), dt.time()
    assert settings.calendar.working_hours == ((dt.time(9), noon), (dt.time(13), midnight))
    assert [(item.start.day, item.end.day) for item in settings.platforms["lancers"].closed] == [(29, 3)]
    assert settings.platforms["lancers"].templates == {"A": "{client} 様\n\nお世話になっております。"}
