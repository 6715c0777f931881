"""The detail shows clocks, steps and what can be done; every act can be clicked there."""

from pathlib import Path

import pytest

from tests.screens.driving import Seen
from tests.screens.driving import drive as drive_fixed
from tests.screens.ledger import LANCERS, real_desk
from tests.screens.test_acts import drive, everything, told
from tests.screens.world import troubled
from tui.actions import NAMED, Place, possible
from tui.plain import spoken
from tui.screens.main import MainScreen
from tui.widgets.act_menu import ActMenu

ON_DEAL = [action.name for action in possible([Place.MAIN]) if action.is_on_deal]


@pytest.mark.parametrize("name", ON_DEAL)
def test_every_act_on_a_deal_can_be_clicked_in_its_detail(tmp_path: Path, name: str) -> None:
    desk = real_desk(tmp_path)

    async def steps(seen: Seen) -> None:
        before = everything(desk)
        await seen.press("enter")
        menu = seen.main.query_one(ActMenu)
        menu.scroll_visible(animate=False, immediate=True)
        await seen.settle()
        spot = next(spot for spot in menu.spots(menu.content_size.width) if spot.action.name == name)
        await seen.pilot.click(ActMenu, offset=(spot.start + 1, spot.row))
        await seen.settle()
        happened = not isinstance(seen.app.screen, MainScreen) or everything(desk) != before or told(seen)
        assert happened, "the click did nothing"

    drive(desk, steps, (120, 60))


def test_the_menu_has_every_action_that_a_key_does_on_a_deal() -> None:
    assert {"remind", "answered", "elsewhere", "delivered", "filed", "date", "snooze", "ack", "close"} <= set(ON_DEAL)
    assert {"merge", "new_deal", "note", "event", "room", "link", "undo"} <= set(ON_DEAL)
    assert all(NAMED[name].palette for name in ON_DEAL)


@pytest.mark.parametrize("size", [(120, 60), (80, 60), (40, 60)], ids=str)
def test_clocks_and_checklist_stand_in_the_detail(tmp_path: Path, size: tuple[int, int]) -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("enter")
        text = seen.text
        assert "Over time" in text
        assert "▰▰▰" in text
        await seen.press("pagedown")
        assert "Steps of the platform" in text + seen.text

    drive(real_desk(tmp_path), steps, size)


def test_a_deal_whose_mail_could_not_be_read_says_so_beside_its_clocks() -> None:
    async def steps(seen: Seen) -> None:
        assert "? メールを読めていないので、いまどうなのかは分かりません" in seen.text

    drive_fixed(steps, troubled(), size=(120, 60))


def test_the_link_is_copied_where_no_browser_can_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.screens.acting.open_link", lambda _: False)
    desk = real_desk(tmp_path)

    async def steps(seen: Seen) -> None:
        await seen.press("o")
        assert seen.app.clipboard == desk.ledger(LANCERS).deal.url
        assert "no browser can be opened from here" in told(seen)

    drive(desk, steps)


def test_the_browser_is_asked_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("tui.screens.acting.open_link", lambda url: opened.append(url) is None)
    desk = real_desk(tmp_path)

    async def steps(seen: Seen) -> None:
        await seen.press("o")
        assert opened == [desk.ledger(LANCERS).deal.url]
        assert "asked the browser to open it" in told(seen)

    drive(desk, steps)


def test_a_deal_without_a_link_says_so(tmp_path: Path) -> None:
    async def steps(seen: Seen) -> None:
        seen.deals.go("coconala-1")
        await seen.settle()
        await seen.press("y")
        assert "no link of this deal is known" in told(seen)

    drive(real_desk(tmp_path), steps)


def test_without_glyphs_the_clocks_are_told_by_their_dates(tmp_path: Path) -> None:
    async def steps(seen: Seen) -> None:
        seen.app.set_plain(plain=True)
        seen.main.reload()
        await seen.press("enter")
        text = "\n".join(spoken(line) for line in seen.lines)
        assert "Over time" in text
        assert "critical Tue 17 Nov 09:00" in text
        assert "- at least 3 messages without an answer  not met" in text
        assert not set("▰▱▾⚑✓✗") & set(text)

    drive(real_desk(tmp_path), steps, (120, 60))
