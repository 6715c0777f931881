"""How clients answer, on the screen: by key, mouse and palette; Enter leads to the deal that waits longest."""

from otosata.deals.habits import Habit
from otosata.store.errors import StoreError
from tests.screens.driving import Seen, drive
from tests.screens.world import FixedDesk
from tui.screens.answers import AnswersScreen
from tui.screens.main import MainScreen


def test_the_line_under_the_cursor_is_told_below() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("O")
        assert isinstance(seen.app.screen, AnswersScreen)
        assert "こちらの連絡 7回のうち、返事があったのは 2回" in seen.text
        await seen.press("end")
        assert "最長 2日（返事あり）" in seen.text
        assert "案件 1件" in seen.text

    drive(steps)


def test_enter_leads_to_the_deal_that_waits_longest() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("O", "enter")
        assert isinstance(seen.app.screen, MainScreen)
        assert seen.selected == "lancers-6"

    drive(steps)


def test_a_click_chooses_and_a_second_one_opens() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("O")
        await seen.pilot.click("#answers", offset=(6, 3))
        await seen.settle()
        assert "まだ返事待ち" in seen.text
        await seen.pilot.click("#answers", offset=(6, 0))
        await seen.settle()
        assert isinstance(seen.app.screen, AnswersScreen), "the heading is no client"
        await seen.pilot.click("#answers", offset=(6, 3))
        await seen.settle()
        assert seen.selected == "lancers-4"

    drive(steps)


def test_a_deal_that_is_over_is_led_to_as_well() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("O", "end", "enter")
        assert seen.selected == "lancers-9"

    drive(steps)


def test_it_speaks_the_other_language() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("O", "l")
        assert "How clients answer" in seen.lines[0]
        assert "2 of 7 words of yours were answered." in seen.text

    drive(steps)


def test_without_deals_it_says_what_is_missing() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("O", "enter")
        assert "まだ比べられるものがありません" in seen.text
        await seen.press("escape")
        assert isinstance(seen.app.screen, MainScreen)

    drive(steps, FixedDesk(deals=()))


class Broken(FixedDesk):
    """The ledger cannot be read."""

    def habits(self) -> tuple[Habit, ...]:
        raise StoreError("otosata.db is damaged", "restore it from a backup")


def test_a_ledger_that_cannot_be_read_is_told() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("O")
        assert "otosata.db が壊れています" in seen.text

    drive(steps, Broken())
