"""Mailboxes and health on the screen: what is wrong, its cure, and the ways to try again; the log beside it."""

from dataclasses import replace
from datetime import timedelta

from otosata.deals.event import Event
from otosata.deals.vocabulary import Actor
from otosata.mail.source import SourceError, Traffic
from otosata.overview import AdapterHealth
from otosata.sync import PollReport
from tests.screens.driving import Seen, drive
from tests.screens.world import FixedDesk, ago, troubled
from tui.screens.mailboxes import MailboxesScreen
from tui.screens.main import MainScreen
from tui.screens.password import PasswordScreen

PASSWORD = "naisho99"


def test_a_mailbox_that_failed_says_why_and_what_to_do() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("M")
        assert isinstance(seen.app.screen, MailboxesScreen)
        assert "理由            パスワードが違います" in seen.text
        assert "対処            p で新しいパスワードを入れられます  otosata accounts login work" in seen.text
        assert "次の取得        設定かパスワードを変えるまで試しません" in seen.text
        assert "本物と証明されたメールだけを連絡とみなす  （新しい 60通から判断: mx.example.com）" in seen.text

    drive(steps, troubled())


def test_an_adapter_that_no_longer_understands_says_what_to_do() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("M", "down", "down")
        assert "crowdworks: 知らない形のメールが続いています" in seen.text
        assert "確認待ちで中身を見て" in seen.text
        await seen.press("down")
        assert "put its file back" in seen.text or "元に戻して" in seen.text

    drive(steps, troubled())


def test_what_a_read_costs_is_told() -> None:
    desk = FixedDesk(reports=(PollReport("main", traffic=Traffic(118, 2700), took=timedelta(seconds=0.4)),))

    async def steps(seen: Seen) -> None:
        await seen.press("M")
        assert "前回の取得      0.4秒、送信 118 B、受信 2.7 kB" in seen.text

    drive(steps, desk)


def test_one_mailbox_alone_is_read_and_the_next_read_of_all_stays() -> None:
    desk = troubled()

    async def steps(seen: Seen) -> None:
        await seen.press("M")
        desk.time += timedelta(minutes=5)
        await seen.press("down", "r")
        assert desk.polled == ["", "main"]
        assert "次 09:15" in seen.lines[0]

    drive(steps, desk)


def test_a_try_that_works_and_one_that_does_not() -> None:
    desk = troubled()

    async def steps(seen: Seen) -> None:
        await seen.press("M", "t")
        assert "work: 接続できません" in seen.text
        assert "imap.example.com が me のパスワードを拒否しました" in seen.text
        await seen.press("down", "enter")
        assert desk.tried == ["work", "main"]
        assert "main: 接続できました（INBOX：12 通）" in seen.text
        await seen.press("down", "t")
        assert "メールボックスの行を選んでください" in seen.text

    drive(steps, desk)


def test_a_new_password_is_masked_kept_tried_and_never_logged() -> None:
    desk = troubled()

    async def steps(seen: Seen) -> None:
        await seen.press("M", "p")
        assert isinstance(seen.app.screen, PasswordScreen)
        await seen.press(*PASSWORD)
        assert PASSWORD[:5] not in seen.text
        assert "•" * 8 in seen.text
        await seen.press("enter")
        assert isinstance(seen.app.screen, MailboxesScreen)
        assert desk.passwords == {"work": PASSWORD}
        assert "work: 接続できました" in seen.text
        await seen.press("escape", "L")
        assert "work: 接続できました" in seen.text
        assert PASSWORD[:6] not in seen.text

    drive(steps, desk)


class WithoutKeyring(FixedDesk):
    """The system keeps no password."""

    def keep_password(self, account: str, password: str, /) -> str:
        raise SourceError("the keyring (null) did not keep the password", "Use a file.")


def test_without_a_keyring_it_says_so_and_stays_open() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("M", "p", "x", "enter")
        assert isinstance(seen.app.screen, PasswordScreen)
        assert "キーリング（null）がパスワードを保存しませんでした" in seen.text
        await seen.press("escape")
        assert isinstance(seen.app.screen, MailboxesScreen)

    drive(steps, WithoutKeyring())


def test_the_log_tells_polls_and_leads_to_deals() -> None:
    event = Event(ago(0.2), "message", Actor.CLIENT, key="mail:1")
    desk = FixedDesk(reports=(PollReport("main", mails=1, events=(("lancers-5", event),)),))

    async def steps(seen: Seen) -> None:
        await seen.press("L")
        assert "main: 新着 1通、案件の動き 1件" in seen.text
        await seen.press("enter")
        assert "main: 新着" in seen.text, "a line about no deal opens nothing"
        await seen.press("down", "enter")
        assert isinstance(seen.app.screen, MainScreen)
        assert seen.selected == "lancers-5"

    drive(steps, desk)


def test_the_log_speaks_the_other_language() -> None:
    desk = FixedDesk(
        reports=(PollReport("main", error="imap.example.com:993 takes no connection", hint="Check host and port."),)
    )

    async def steps(seen: Seen) -> None:
        await seen.press("L")
        assert "imap.example.com:993 に接続できません" in seen.text
        await seen.press("l")
        assert "imap.example.com:993 takes no connection" in seen.text

    drive(steps, desk)


def test_adapters_without_mail_are_named_too() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("M")
        assert "メールなし" in seen.text
        await seen.press("l")
        assert "no mail" in seen.text

    drive(steps, replace(FixedDesk(), adapters=(AdapterHealth("coconala", 0, 0, None),)))
