"""Every key does what the help says; the mouse and the palette do the same."""

from dataclasses import replace

import pytest

from otosata.overview import Overview
from tests.screens.driving import Seen, drive
from tests.screens.world import FixedDesk
from tui.actions import Place, places_of, possible, said
from tui.cells import width
from tui.screens.help import HelpScreen
from tui.screens.main import MainScreen
from tui.widgets.deal_list import DealList
from tui.widgets.detail import Detail
from tui.widgets.filter_line import Field


@pytest.mark.parametrize(
    ("keys", "deal"),
    [
        ((), "lancers-1"),
        (("down",), "lancers-2"),
        (("j", "j"), "lancers-3"),
        (("down", "down", "up"), "lancers-2"),
        (("j", "k"), "lancers-1"),
        (("up",), "lancers-1"),
        (("end",), "lancers-8"),
        (("end", "down"), "lancers-8"),
        (("end", "home"), "lancers-1"),
        (("pagedown",), "lancers-8"),
        (("pagedown", "pageup"), "lancers-1"),
    ],
    ids="-".join,
)
def test_the_cursor_moves(keys: tuple[str, ...], deal: str) -> None:
    async def steps(seen: Seen) -> None:
        await seen.press(*keys)
        assert seen.selected == deal
        assert f"{deal}\n" in "\n".join(line.rstrip() for line in seen.lines), "the detail shows another deal"

    drive(steps)


def test_enter_goes_into_the_detail_and_escape_back() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("enter")
        assert isinstance(seen.app.focused, Detail)
        await seen.press("j")
        assert seen.selected == "lancers-1", "in the detail the keys scroll"
        await seen.press("escape")
        assert isinstance(seen.app.focused, DealList)

    drive(steps, size=(80, 24))


def test_the_detail_scrolls_with_j_and_k_and_another_deal_begins_at_its_top() -> None:
    async def steps(seen: Seen) -> None:
        detail = seen.app.query_one(Detail)
        await seen.press("enter", "j", "j", "down")
        assert detail.scroll_offset.y == 3
        await seen.press("k")
        assert detail.scroll_offset.y == 2
        await seen.press("escape", "down")
        assert detail.scroll_offset.y == 0

    drive(steps, size=(80, 24))


def test_in_a_short_terminal_the_detail_takes_the_place_of_the_list() -> None:
    async def steps(seen: Seen) -> None:
        assert "すること" not in seen.text
        await seen.press("enter")
        assert "すること" in seen.text
        assert not seen.deals.region
        await seen.press("escape")
        assert "すること" not in seen.text
        assert seen.deals.region

    drive(steps, size=(40, 12))


def test_tab_and_mouse_lead_into_the_detail_too() -> None:
    async def steps(seen: Seen) -> None:
        assert "Enter 詳細" in seen.lines[-1]
        await seen.press("tab")
        assert "Esc 戻る" in seen.lines[-1]
        await seen.press("tab")
        assert "Enter 詳細" in seen.lines[-1]
        await seen.pilot.click("#detail")
        await seen.settle()
        assert "Esc 戻る" in seen.lines[-1]

    drive(steps)


def test_the_cursor_stays_in_view_when_the_terminal_gets_smaller() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("end")
        await seen.pilot.resize_terminal(40, 9)
        await seen.settle()
        assert "› ◉ 緊急" in seen.text

    drive(steps)


def test_r_polls_now() -> None:
    desk = FixedDesk()

    async def steps(seen: Seen) -> None:
        assert desk.polls == 1, "the app polls when it starts"
        await seen.press("r")
        assert desk.polls == 2

    drive(steps, desk)


def test_l_speaks_the_other_language_and_back() -> None:
    async def steps(seen: Seen) -> None:
        assert "緊急" in seen.text
        await seen.press("down", "l")
        assert "critical" in seen.text
        assert "What to do" in seen.text
        assert "緊急" not in seen.text
        assert seen.selected == "lancers-2"
        await seen.press("l")
        assert "緊急" in seen.text

    drive(steps)


def test_a_shows_what_is_over_and_hides_it_again() -> None:
    async def steps(seen: Seen) -> None:
        assert "名刺" not in seen.text
        await seen.press("a")
        assert "名刺" in seen.text
        await seen.press("end")
        assert seen.selected == "lancers-9"
        await seen.press("a")
        assert "名刺" not in seen.text
        assert seen.selected == "lancers-8"

    drive(steps)


@pytest.mark.parametrize("closing", ["escape", "question_mark", "q"])
def test_the_help_names_every_key_of_the_place_and_a_key_closes_it(closing: str) -> None:
    async def steps(seen: Seen) -> None:
        here = possible(places_of(seen.app.screen))
        assert {action.place for action in here} == {Place.LIST, Place.MAIN, Place.APP}
        await seen.press("question_mark")
        assert isinstance(seen.app.screen, HelpScreen)
        for action in here:
            assert f"{action.shown or said(action.keys)} " in seen.text
            assert seen.app.words(f"help_{action.name}") in seen.text
        await seen.press(closing)
        assert isinstance(seen.app.screen, MainScreen)

    drive(steps, size=(120, 90))


def test_what_the_help_names_is_done_from_there() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("question_mark", "down", "down", "down", "enter")
        assert isinstance(seen.app.focused, Field), "the filter"
        await seen.press("escape", "question_mark")
        line = next(y for y, text in enumerate(seen.lines) if "終わった案件や" in text)
        for _ in range(2):  # the first click puts the cursor there
            await seen.pilot.click(offset=(40, line))
            await seen.settle()
        assert isinstance(seen.app.screen, MainScreen)
        assert "名刺" in seen.text

    drive(steps)


def test_the_help_is_about_the_place_with_the_focus() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("enter", "question_mark")
        assert "上下に動かす" in seen.text
        assert "案件を選ぶ" not in seen.text

    drive(steps)


def test_the_key_bar_promises_q_only_where_it_quits() -> None:
    async def steps(seen: Seen) -> None:
        assert "q 終了" in seen.lines[-1]
        await seen.press("T")
        assert "q 終了" not in seen.lines[-1]
        await seen.press("q")
        assert isinstance(seen.app.screen, MainScreen)

    drive(steps)


def test_the_next_read_is_said_before_the_levels_words_are() -> None:
    async def steps(seen: Seen) -> None:
        assert "◉ critical" not in seen.lines[0]
        assert "to sort" in seen.lines[0]
        assert "next " in seen.lines[0]

    drive(steps, lang="en", size=(80, 24))


def test_q_quits() -> None:
    async def steps(seen: Seen) -> None:
        await seen.pilot.press("q")
        await seen.pilot.pause()
        assert seen.app._exit

    drive(steps)


def test_a_click_selects_a_deal() -> None:
    async def steps(seen: Seen) -> None:
        await seen.pilot.click("#deals", offset=(20, 4))
        await seen.settle()
        assert seen.selected == "lancers-3"
        for heading in (0, 1):
            await seen.pilot.click("#deals", offset=(5, heading))
            await seen.settle()
            assert seen.selected == "lancers-3", "a heading is no deal"
        assert isinstance(seen.app.focused, DealList)
        await seen.pilot.click("#deals", offset=(20, 4))
        await seen.settle()
        assert isinstance(seen.app.focused, Detail), "a second click opens"

    drive(steps)


def test_a_click_on_the_key_bar_does_what_the_key_does() -> None:
    desk = FixedDesk()

    async def steps(seen: Seen) -> None:
        before = seen.lines[-1].partition("r 取得")[0]
        await seen.pilot.click("#keys", offset=(width(before), 0))
        await seen.settle()
        assert desk.polls == 2
        await seen.pilot.click("#keys", offset=(width(seen.lines[-1].partition("English")[0]), 0))
        await seen.settle()
        assert "critical" in seen.text

    drive(steps, desk)


def test_the_palette_offers_every_action() -> None:
    async def steps(seen: Seen) -> None:
        offered = {command.title for command in seen.app.get_system_commands(seen.app.screen)}
        here = possible(places_of(seen.app.screen))
        assert {seen.app.words(f"key_{action.name}") for action in here if action.palette} <= offered
        for command in seen.app.get_system_commands(seen.app.screen):
            if command.title == seen.app.words("key_all"):
                command.callback()
        await seen.settle()
        assert "名刺" in seen.text

    drive(steps)


class Reordering(FixedDesk):
    """Another deal comes first at the second look."""

    looks = 0

    def overview(self) -> Overview:
        self.looks += 1
        found = super().overview()
        return replace(found, readings=found.readings[::-1]) if self.looks > 2 else found


def test_the_cursor_stays_with_its_deal_when_the_order_changes() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("down", "down")
        assert seen.selected == "lancers-3"
        await seen.press("r")
        assert seen.selected == "lancers-3"
        assert seen.deals.selected is not None
        assert "› ▴ 警告" in seen.text

    drive(steps, Reordering())


def test_in_a_long_list_the_cursor_is_always_in_view() -> None:
    ledgers = FixedDesk().deals[:6]
    many = tuple(
        replace(ledger, deal=replace(ledger.deal, id=f"{ledger.deal.id}-{copy}"))
        for copy in range(20)
        for ledger in ledgers
    )

    async def steps(seen: Seen) -> None:
        for keys in (("end",), ("home",), ("pagedown",), ("pagedown",), ("up",) * 9, ("down",) * 15):
            await seen.press(*keys)
            assert sum(line.startswith("› ") for line in seen.lines) == 1
            assert "沈黙" in seen.lines[1], "the heading stays"

    drive(steps, FixedDesk(deals=many), size=(80, 24))
