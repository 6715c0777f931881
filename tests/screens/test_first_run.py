"""The first start: the ways to begin, a mailbox set up with the keyboard alone, and the deals that were found."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.assembly import assemble
from config.desk import Desk
from config.enrol import Part
from config.places import Options
from otosata.sync import PollReport
from tests.cli.mailbox import comment
from tests.screens.driving import Seen, drive
from tests.screens.world import DEALS, FixedDesk
from tui.app import make
from tui.screens.first_read import FirstReadScreen
from tui.screens.mailboxes import MailboxesScreen
from tui.screens.main import MainScreen
from tui.screens.setup import SetupScreen
from tui.screens.start import StartScreen
from tui.widgets.field import Field
from tui.widgets.health import Mailing, Syncing, TopLine

PASSWORD = "naisho99"


def empty(**more: object) -> FixedDesk:
    return replace(FixedDesk(deals=(), accounts=(), triage=0), **more)  # type: ignore[arg-type]


def field(seen: Seen, part: Part) -> Field:
    return seen.app.screen.query_one(f"#field-{part.value}", Field)


def test_nothing_configured_and_nothing_known_offers_the_ways_to_begin() -> None:
    async def steps(seen: Seen) -> None:
        assert isinstance(seen.app.screen, StartScreen)
        for way in ("デモを試す", "メールアドレスから始める", "メールのファイルから始める", "メールなしで始める"):
            assert way in seen.text
        await seen.press("l")
        assert "Welcome to otosata" in seen.text

    drive(steps, empty(), size=(80, 24))


@pytest.mark.parametrize("desk", [FixedDesk(), FixedDesk(accounts=())], ids=["a mailbox", "deals by hand"])
def test_whoever_has_begun_already_is_not_asked_again(desk: FixedDesk) -> None:
    async def steps(seen: Seen) -> None:
        assert isinstance(seen.app.screen, MainScreen)

    drive(steps, desk)


def test_the_demo_is_left_for() -> None:
    async def steps(seen: Seen) -> None:
        await seen.pilot.press("enter")
        await seen.pilot.pause()
        assert seen.app.wants_demo

    drive(steps, empty())


def test_without_mail_the_main_screen_says_how_to_come_back() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("end", "enter")
        assert isinstance(seen.app.screen, MainScreen)
        assert "  S    はじめの画面を開く" in seen.text
        await seen.press("S")
        assert isinstance(seen.app.screen, StartScreen)
        await seen.press("escape")
        assert isinstance(seen.app.screen, MainScreen)

    drive(steps, empty())


async def to_form(seen: Seen) -> None:
    await seen.press("down", "enter")
    assert isinstance(seen.app.screen, SetupScreen)


def test_from_an_address_to_the_deals_with_the_keyboard_alone() -> None:
    desk = empty()
    desk.reports = (PollReport("main", mails=9, opened=("lancers-1",)),)

    async def steps(seen: Seen) -> None:
        await to_form(seen)
        await seen.press(*"me@gmail.com")
        assert "Gmail" in seen.text
        assert "アプリ パスワードを" in seen.text
        await seen.press("tab", *PASSWORD)
        assert PASSWORD not in seen.text
        assert "•" * len(PASSWORD) in seen.text
        await seen.press("enter")
        assert "接続できました" in seen.text
        assert "INBOX: 1234通" in seen.text
        assert desk.kept == [], "nothing is kept before the user says so"
        desk.deals = DEALS
        await seen.press("enter")
        assert isinstance(seen.app.screen, FirstReadScreen)
        assert [(one.account.name, one.password) for one in desk.kept] == [("main", PASSWORD)]
        assert desk.polled[-1] == "main"
        assert "8件の案件が見つかりました" in seen.text
        await seen.press("enter")
        assert isinstance(seen.app.screen, MainScreen)
        await seen.press("L")
        assert "main: メールボックスを追加しました（パスワードは SecretService Keyring）" in seen.text
        assert PASSWORD not in seen.text

    drive(steps, desk)


def test_a_wrong_password_keeps_nothing_and_can_be_typed_again() -> None:
    desk = empty()

    async def steps(seen: Seen) -> None:
        await to_form(seen)
        await seen.press(*"me@gmail.com", "tab", *"wrong", "enter")
        assert "パスワードを拒否しました" in seen.text
        assert "入力し直してください" in seen.text
        assert seen.app.focused is field(seen, Part.PASSWORD)
        await seen.press("enter")
        assert desk.kept == []
        await seen.press(*"x", "enter")
        assert "接続できました" in seen.text

    drive(steps, desk)


def test_an_edit_after_the_try_must_be_tried_again() -> None:
    desk = empty()

    async def steps(seen: Seen) -> None:
        await to_form(seen)
        await seen.press(*"me@gmail.com", "tab", *PASSWORD, "enter")
        await seen.press("x")
        assert "接続できました" not in seen.text
        await seen.press("enter")
        assert desk.kept == []

    drive(steps, desk)


def test_what_is_missing_is_said_at_its_field_which_gets_the_cursor() -> None:
    async def steps(seen: Seen) -> None:
        await to_form(seen)
        await seen.press("enter")
        assert "メールアドレスではありません" in seen.text
        assert seen.app.focused is field(seen, Part.ADDRESS)
        await seen.press(*"me@nowhere.example", "enter")
        assert "me@nowhere.example の提供元は登録されていません" in seen.text
        assert seen.app.focused is field(seen, Part.HOST)
        await seen.press(*"mail.nowhere.example", "enter")
        assert "パスワードがありません" in seen.text
        assert seen.app.focused is field(seen, Part.PASSWORD)

    drive(steps, empty())


def test_without_a_keyring_it_says_what_else_there_is() -> None:
    desk = empty()

    async def steps(seen: Seen) -> None:
        await to_form(seen)
        await seen.press(*"me@gmail.com", "tab", *"lost", "enter", "enter")
        assert isinstance(seen.app.screen, SetupScreen)
        assert "キーリング（null）がパスワードを保存しませんでした" in seen.text
        assert desk.kept == []

    drive(steps, desk)


def test_what_is_pasted_steers_no_terminal() -> None:
    async def steps(seen: Seen) -> None:
        await to_form(seen)
        field(seen, Part.ADDRESS).value = "me\x1b]52;c;x\x07\u202e@gmail.com"
        await seen.settle()
        assert "\x1b" not in field(seen, Part.ADDRESS).value
        assert "\u202e" not in seen.text

    drive(steps, empty())


async def to_deals(seen: Seen, *keys: str) -> None:
    await to_form(seen)
    await seen.press(*"me@gmail.com", "tab", *PASSWORD, "enter", "enter", *keys)
    assert isinstance(seen.app.screen, FirstReadScreen)


def test_the_first_read_shows_how_far_it_has_got() -> None:
    async def steps(seen: Seen) -> None:
        seen.app.push_screen(FirstReadScreen(seen.app.desk, seen.app.words, "main"))
        await seen.settle()
        seen.main.query_one(TopLine).mailing = Mailing(syncing=Syncing("main", 0, 0))
        await seen.settle()
        assert "サービスからのメールを探しています" in seen.text
        seen.main.query_one(TopLine).mailing = Mailing(syncing=Syncing("main", 30, 120))
        await seen.settle()
        assert "30 / 120通" in seen.text
        assert "▰▰▰▰▰▰▰▰▱" in seen.text
        await seen.press("enter")
        assert isinstance(seen.app.screen, FirstReadScreen), "there is nothing to confirm yet"

    drive(steps, empty())


def test_a_first_read_that_fails_says_why_and_can_be_tried_again() -> None:
    desk = empty(
        reports=(PollReport("main", error="imap.gmail.com:993 takes no connection", hint="Check host and port."),)
    )

    async def steps(seen: Seen) -> None:
        await to_deals(seen)
        assert "imap.gmail.com:993 に接続できません → host と port を確かめてください" in seen.text
        before = len(desk.polled)
        await seen.press("r")
        assert desk.polled[before:] == ["main"]

    drive(steps, desk)


def test_a_first_read_that_finds_nothing_says_what_to_look_at() -> None:
    async def steps(seen: Seen) -> None:
        await to_deals(seen)
        assert "サービスからのメールは見つかりませんでした" in seen.text
        await seen.press("enter")
        assert isinstance(seen.app.screen, MainScreen)

    drive(steps, empty())


def test_deals_that_are_not_wanted_are_taken_away_and_a_ledger_that_refuses_is_told() -> None:
    desk = empty()

    async def steps(seen: Seen) -> None:
        desk.deals = DEALS
        await to_deals(seen, "down", "space")
        assert "[ ] " in seen.text
        await seen.press("space")
        assert "[ ] " not in seen.text
        await seen.pilot.click("#found", offset=(10, 0))
        await seen.pilot.click("#found", offset=(10, 0))
        await seen.settle()
        assert "[ ] 株式会社" in seen.text
        await seen.press("enter")
        assert isinstance(seen.app.screen, FirstReadScreen)
        assert "書き込む権限がありません" in seen.text

    drive(steps, desk)


def test_a_further_mailbox_is_added_from_the_mailboxes() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("M", "n")
        assert isinstance(seen.app.screen, SetupScreen)
        await seen.press("escape")
        assert isinstance(seen.app.screen, MailboxesScreen)

    drive(steps)


def test_mail_in_files_asks_for_its_place_alone() -> None:
    desk = empty()

    async def steps(seen: Seen) -> None:
        await seen.press("down", "down", "enter", "enter")
        assert "場所がありません" in seen.text
        await seen.press(*"/nowhere", "enter")
        assert isinstance(seen.app.screen, SetupScreen)
        assert desk.kept == []

    drive(steps, desk)


def test_mail_in_files_leads_to_its_deals_on_a_real_desk(tmp_path: Path) -> None:
    (tmp_path / "mails").mkdir()
    (tmp_path / "mails" / "a.eml").write_bytes(comment())
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    options = Options(config=tmp_path / "config.toml", data=tmp_path / "data", lang="ja")
    desk = Desk(assemble(options, {}), lambda: datetime(2026, 6, 5, tzinfo=UTC))

    async def run() -> None:
        app = make(desk)
        async with app.run_test(size=(100, 30)) as pilot:
            seen = Seen(app, pilot)
            await seen.settle()
            await seen.press("down", "down", "enter")
            seen.app.screen.query_one("#field-path", Field).value = str(tmp_path / "mails")
            await seen.press("enter")
            assert "mails: 1通" in seen.text
            await seen.press("enter")
            await seen.settle()
            assert "1件の案件が見つかりました" in seen.text
            await seen.press("space", "enter")
            await seen.settle()
            assert isinstance(seen.app.screen, MainScreen)
            assert [reading.is_over for reading in desk.overview().readings] == [True]
            await seen.press("M")
            assert "正常" in seen.text

    asyncio.run(run())
