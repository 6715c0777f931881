"""The calendar on the screen: by key, by mouse and by palette, and Enter leads to the deal."""

from dataclasses import replace
from datetime import timedelta

from otosata.overview import Overview
from tests.screens.driving import Seen, drive
from tests.screens.world import DEALS, FixedDesk
from tui.cells import width
from tui.screens.calendar import CalendarScreen
from tui.screens.main import MainScreen
from tui.widgets.pick_list import PickList


def agenda(seen: Seen) -> PickList:
    return seen.app.screen.query_one("#agenda", PickList)


def test_enter_leads_to_the_deal_of_the_date() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("C")
        assert isinstance(seen.app.screen, CalendarScreen)
        assert agenda(seen).key == "lancers-2 due"
        await seen.press("down", "down", "enter")
        assert isinstance(seen.app.screen, MainScreen)
        assert seen.selected == "lancers-4"

    drive(steps)


def test_a_second_click_on_a_date_leads_to_its_deal() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("C")
        await seen.pilot.click("#agenda", offset=(4, 3))
        await seen.settle()
        assert agenda(seen).key == "lancers-5 level"
        await seen.pilot.click("#agenda", offset=(4, 2))
        await seen.settle()
        assert agenda(seen).key == "lancers-5 level", "a heading cannot be picked"
        await seen.pilot.click("#agenda", offset=(4, 3))
        await seen.settle()
        assert seen.selected == "lancers-5"

    drive(steps)


def test_a_click_in_the_weeks_goes_to_the_first_date_from_there_on() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("C")
        line = next(place for place, text in enumerate(seen.lines) if " 24 " in text)
        await seen.pilot.click(offset=(width(seen.lines[line].partition("24")[0]), line))
        await seen.settle()
        assert agenda(seen).key == "lancers-6 limit"
        assert "›24" in seen.text

    drive(steps)


def test_the_weeks_follow_the_cursor() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("C")
        assert "11/16" in seen.text
        await seen.press("end")
        assert "2027/11/11(木)" in seen.text
        assert "›11" in seen.text
        await seen.press("home")
        assert "›17" in seen.text

    drive(steps)


def test_it_speaks_the_other_language_and_names_the_holidays_in_it() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("C", "end")
        assert "スポーツの日" in seen.text
        await seen.press("l")
        assert "Sports Day" in seen.text
        assert "end of deal" in seen.text
        assert "Calendar" in seen.lines[0]

    drive(steps)


def test_mail_stays_in_view_and_a_poll_below_shows() -> None:
    desk = FixedDesk()

    async def steps(seen: Seen) -> None:
        await seen.press("C")
        assert "次 09:15" in seen.lines[0]
        desk.time += timedelta(hours=12)
        seen.main.tick()
        await seen.settle()
        assert "次 21:15" in seen.lines[0]
        assert "20 今日" in seen.text

    drive(steps, desk)


def test_without_dates_it_says_so() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("C", "enter")
        assert "期日はありません" in seen.text
        await seen.press("escape")
        assert isinstance(seen.app.screen, MainScreen)

    drive(steps, FixedDesk(deals=()))


class Lost(FixedDesk):
    """All its deals are lost."""

    def overview(self) -> Overview:
        found = super().overview()
        return replace(found, readings=tuple(replace(reading, stale=True) for reading in found.readings))


def test_a_deal_that_is_lost_has_no_dates_here() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("C")
        assert "期日はありません" in seen.text

    drive(steps, Lost(deals=DEALS[:1]))
