"""The screen tells what can be believed: polls and their failures, unknown deals, empty lists."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from otosata.mail.source import Progress
from otosata.overview import Overview
from otosata.store.errors import StoreError
from tests.screens import world
from tests.screens.driving import Seen, drive
from tests.screens.world import FixedDesk, troubled
from tui.widgets.health import TopLine


def test_the_top_line_counts_levels_and_names_the_polls() -> None:
    async def steps(seen: Seen) -> None:
        for part in (
            "◉ 緊急 2",
            "▴ 警告 1",
            "▸ 注意 1",
            "◦ 良好 3",
            "確認待ち 2",
            "休止 1",
            "メール 6分前",
            "次 09:15",
        ):
            assert part in seen.lines[0]

    drive(steps)


def test_a_mailbox_that_fails_cannot_be_overlooked() -> None:
    async def steps(seen: Seen) -> None:
        assert "work: メールを読めません — パスワードが違います → otosata accounts login work" in seen.text
        assert "main: しばらくメールを読めていません" in seen.text
        assert "crowdworks: 知らない形のメール" in seen.text
        assert "x-1: プラットフォーム 'x' 用のアダプターがありません" in seen.text
        assert "? 不明 6" in seen.lines[0]
        assert "良好" not in seen.lines[0]

    drive(steps, troubled())


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 12)], ids=str)
def test_alerts_never_push_the_deals_out_of_view(size: tuple[int, int]) -> None:
    async def steps(seen: Seen) -> None:
        assert "work: メールを読めません" in seen.text
        assert "› ? 不明" in seen.text

    drive(steps, troubled(), size=size)


@pytest.mark.parametrize(
    ("desk", "said"),
    [
        (FixedDesk(deals=(), accounts=()), "メールアドレスから始める"),
        (FixedDesk(deals=()), "今すぐメールを取得する"),
        (FixedDesk(deals=FixedDesk().deals[-1:]), "終わった案件も表示する"),
    ],
    ids=["no account", "no deals", "nothing open"],
)
def test_an_empty_list_says_what_to_do_next(desk: FixedDesk, said: str) -> None:
    async def steps(seen: Seen) -> None:
        assert said in seen.text
        await seen.press("enter", "down", "a", "r", "l")

    drive(steps, desk)


class Gate:
    """A poll that reports progress, then waits for the test."""

    def __init__(self) -> None:
        self.reported = threading.Event()
        self.open = threading.Event()

    def __call__(self, progress: Callable[[str, Progress], None]) -> None:
        progress("main", Progress("INBOX", 120, 480))
        self.reported.set()
        self.open.wait()


def test_progress_shows_while_a_poll_runs_and_keys_still_work() -> None:
    gate = Gate()

    async def run() -> None:
        async with world.app(FixedDesk(polling=gate)).run_test(size=(120, 40)) as pilot:
            app = pilot.app
            await asyncio.to_thread(gate.reported.wait)
            await pilot.pause()
            top = app.query_one(TopLine)
            assert "取得中 main" in str(top.render())
            assert "▰▰▱▱▱▱▱▱ 120/480" in str(top.render())
            await pilot.press("r", "down")
            gate.open.set()
            await app.workers.wait_for_complete()
            await pilot.pause()
            assert "次 09:15" in str(top.render())

    desk_polls = FixedDesk(polling=gate)
    asyncio.run(run())
    assert desk_polls.polls == 0


def test_quitting_does_not_wait_for_a_poll() -> None:
    gate = Gate()

    async def run() -> None:
        async with world.app(FixedDesk(polling=gate)).run_test() as pilot:
            await asyncio.to_thread(gate.reported.wait)
            await pilot.press("q")

    asyncio.run(run())  # would hang here
    assert not gate.open.is_set()
    gate.open.set()


class Breaking(FixedDesk):
    """A store that fails from the second look on."""

    looks = 0

    def overview(self) -> Overview:
        self.looks += 1
        if self.looks > 1:
            raise StoreError("otosata.db is damaged", "restore it from a backup")
        return super().overview()


def test_a_store_that_fails_is_said_and_what_was_known_stays() -> None:
    async def steps(seen: Seen) -> None:
        assert "otosata.db が壊れています → restore it from a backup" in seen.text
        assert "株式会社みど" in seen.text
        await seen.press("down", "l", "a")

    drive(steps, Breaking())


def test_a_store_that_fails_at_once_is_said_too() -> None:
    class Broken(FixedDesk):
        def overview(self) -> Overview:
            raise StoreError("otosata.db is damaged")

    async def steps(seen: Seen) -> None:
        assert "otosata.db が壊れています" in seen.text
        await seen.press("down", "enter", "l", "a", "r")

    drive(steps, Broken())


def test_a_poll_that_cannot_write_is_said() -> None:
    def full(_: object) -> None:
        raise StoreError("otosata.db could not grow: the disk is full", "free some space and run the command again")

    async def steps(seen: Seen) -> None:
        assert "ディスクがいっぱいです → 空きを作ってから" in seen.text
        assert "次 09:15" in seen.lines[0], "it is tried again"

    drive(steps, FixedDesk(polling=full))


def test_time_passes_on_the_screen_while_nothing_happens() -> None:
    desk = FixedDesk()

    async def steps(seen: Seen) -> None:
        assert "11日 ▰" in seen.text
        desk.time = desk.time.replace(day=22)
        seen.main.tick()
        await seen.settle()
        assert "13日 ▰" in seen.text

    drive(steps, desk)


@pytest.mark.parametrize(("minute", "polls"), [(14, 1), (15, 2), (59, 2)])
def test_the_next_poll_comes_by_the_clock(minute: int, polls: int) -> None:
    desk = FixedDesk()

    async def steps(seen: Seen) -> None:
        desk.time = desk.time.replace(minute=minute)
        seen.main.tick()
        await seen.settle()
        assert desk.polls == polls

    drive(steps, desk)


def test_a_clock_that_was_set_back_does_not_put_off_the_next_poll() -> None:
    desk = FixedDesk()

    async def steps(seen: Seen) -> None:
        desk.time = desk.time.replace(hour=3)
        seen.main.tick()
        await seen.settle()
        assert desk.polls == 2
        assert "次 03:15" in seen.lines[0]

    drive(steps, desk)


def test_a_deal_that_vanishes_leaves_the_cursor_near() -> None:
    desk = FixedDesk()

    async def steps(seen: Seen) -> None:
        await seen.press("down")
        assert seen.selected == "lancers-2"
        desk.deals = tuple(ledger for ledger in desk.deals if ledger.deal.id != "lancers-2")
        await seen.press("r")
        assert seen.selected == "lancers-3"

    drive(steps, desk)


def test_looking_changes_nothing() -> None:
    desk = FixedDesk()
    before = replace(desk)

    async def steps(seen: Seen) -> None:
        await seen.press("down", "enter", "j", "escape", "a", "l", "question_mark", "escape")

    drive(steps, desk)
    assert (desk.deals, desk.accounts) == (before.deals, before.accounts)
