"""Filter, order and views: by key, by mouse and by the palette; the cursor stays with its deal."""

import re

import pytest

from config.model import ScreenSettings, Settings, View
from tests.screens.driving import Seen, drive
from tests.screens.world import FixedDesk
from tui.cells import width
from tui.widgets.deal_list import DealList
from tui.widgets.filter_line import Field


def shown(seen: Seen) -> str:
    """The numbers of the deals in the list, in order."""
    return " ".join(row.key.removeprefix("lancers-") for row in seen.deals._rows if row.key)


def headings(seen: Seen) -> list[str]:
    """The headings of the sections."""
    found = [line.strip() for line in seen.lines]
    return [line for line in found if re.fullmatch("(要対応|自分の番|待ち|静観|終了) [0-9]+", line)]


def test_deals_stand_in_their_sections() -> None:
    async def steps(seen: Seen) -> None:
        assert headings(seen) == ["要対応 3", "自分の番 1", "待ち 3", "静観 1"]
        assert shown(seen) == "1 2 3 5 4 6 7 8"
        await seen.press("a")
        assert headings(seen)[-1] == "終了 1"

    drive(steps)


def test_slash_filters_while_typing_and_enter_keeps_it() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("slash", *"佐藤")
        assert shown(seen) == "2"
        assert "1/9件" in seen.lines[1]
        assert isinstance(seen.app.focused, Field)
        await seen.press("enter")
        assert isinstance(seen.app.focused, DealList)
        assert shown(seen) == "2"
        await seen.press("escape")
        assert shown(seen) == "1 2 3 5 4 6 7 8"
        assert "9件" not in seen.text

    drive(steps)


def test_escape_while_typing_shows_everything_again() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("slash", *"turn:me", "escape")
        assert shown(seen) == "1 2 3 5 4 6 7 8"
        assert isinstance(seen.app.focused, DealList)

    drive(steps)


def test_keys_are_letters_while_typing_and_arrows_choose() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("slash", "l", "q", "1")
        assert seen.app.query_one(Field).value == "lq1"
        assert shown(seen) == ""
        assert "この条件に合う案件はありません" in seen.text
        await seen.press("backspace", "backspace", "backspace", "down")
        assert seen.selected == "lancers-2"
        assert isinstance(seen.app.focused, Field)

    drive(steps)


def test_a_word_that_means_nothing_is_said_and_the_others_filter() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("slash", *"turn:me", *" lvel:ok")
        assert "'lvel' という項目はありません → 'level' のことですか" in seen.lines[1]
        assert shown(seen) == "3 5"

    drive(steps)


def test_what_is_pasted_into_the_filter_does_not_reach_the_terminal_raw() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("slash")
        seen.app.query_one(Field).insert_text_at_cursor("\x1b]52;c;x\x07\u202e佐藤")
        await seen.settle()
        assert "\x1b" not in seen.text
        assert "\u202e" not in seen.text

    drive(steps)


@pytest.mark.parametrize(
    ("presses", "order", "name"),
    [
        (1, "6 1 8 2 4 3 5 7", "沈黙の長さ順"),
        (2, "3 6 1 8 2 4 7 5", "期限の近さ順"),
        (3, "5 3 4 2 8 1 6 7", "最近の連絡順"),
        (4, "3 7 4 2 5 8 1 6", "相手の名前順"),
    ],
)
def test_s_sorts_by_the_next_order(presses: int, order: str, name: str) -> None:
    async def steps(seen: Seen) -> None:
        await seen.press(*["s"] * presses)
        assert shown(seen) == order
        assert name in seen.lines[1]
        assert not headings(seen), "only urgency has sections"
        await seen.press("escape")
        assert shown(seen) == "1 2 3 5 4 6 7 8"

    drive(steps)


def test_a_click_on_a_column_sorts_by_it() -> None:
    async def steps(seen: Seen) -> None:
        await seen.pilot.click("#deals", offset=(width(seen.lines[1].partition("沈黙")[0]), 0))
        await seen.settle()
        assert "沈黙の長さ順" in seen.text

    drive(steps)


VIEWS = (View("期限", "limit:<7d", "limit"), View("佐藤さん", "佐藤"))
MINE = FixedDesk(settings=Settings(screen=ScreenSettings(views=VIEWS)))


@pytest.mark.parametrize(
    ("key", "deals"), [("1", "3 6"), ("2", "2"), ("0", "1 2 3 5 4 6 7 8"), ("3", "1 2 3 5 4 6 7 8")]
)
def test_a_digit_shows_a_view(key: str, deals: str) -> None:
    async def steps(seen: Seen) -> None:
        await seen.press(key)
        assert shown(seen) == deals

    drive(steps, MINE)


def test_v_names_the_views_and_one_is_chosen() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("v")
        for text in ("すべて", "期限", "limit:<7d", "佐藤さん"):
            assert text in seen.text
        await seen.press("down", "down", "enter")
        assert shown(seen) == "2"
        assert "佐藤さん" in seen.lines[1]
        await seen.press("v", "1")
        assert shown(seen) == "3 6"

    drive(steps, MINE)


def test_without_views_of_ones_own_there_are_some_to_begin_with() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("1")
        assert shown(seen) == "1 2 3"
        await seen.press("2")
        assert shown(seen) == "3 5"

    drive(steps)


def test_the_palette_offers_every_order_and_every_view() -> None:
    async def steps(seen: Seen) -> None:
        commands = {command.title: command for command in seen.app.get_system_commands(seen.app.screen)}
        assert {"並べ替え: 沈黙の長さ", "ビュー: 期限", "ビュー: すべて"} <= set(commands)
        commands["ビュー: 佐藤さん"].callback()
        await seen.settle()
        assert shown(seen) == "2"
        commands["並べ替え: 相手の名前"].callback()
        await seen.settle()
        assert "相手の名前順" in seen.text

    drive(steps, MINE)


def test_cursor_filter_and_order_stay_when_everything_is_read_anew() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("slash", *"-turn:me", "enter", "s", "down", "down")
        assert seen.selected == "lancers-2"
        await seen.press("r")
        assert seen.selected == "lancers-2"
        assert shown(seen) == "6 1 8 2 4 7"

    drive(steps)


def test_the_cursor_is_on_a_deal_wherever_it_is_sent() -> None:
    async def steps(seen: Seen) -> None:
        for keys in (("end",), ("home",), ("up",), ("pagedown",), ("pageup",), ("down",) * 12, ("up",) * 12):
            await seen.press(*keys)
            assert seen.selected, keys

    drive(steps, size=(80, 24))
