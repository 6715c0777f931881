"""Settings on the screen: found, changed after a look at what would move, taken back; mistakes at the field."""

import pytest

from tests.screens.driving import Seen, drive
from tests.screens.world import FixedDesk
from tui.screens.edit import EditScreen
from tui.screens.settings import SettingsScreen
from tui.widgets.field import Field
from tui.widgets.pick_list import PickList


async def find(seen: Seen, *words: str) -> None:
    """Open the settings and filter them."""
    await seen.press("comma", "slash", *" ".join(words), "enter")
    assert isinstance(seen.app.screen, SettingsScreen)


async def typed(seen: Seen, text: str) -> None:
    """Replace what stands in the field, and wait until it has been tried."""
    assert isinstance(seen.app.screen, EditScreen)
    seen.app.screen.query_one("#edit-field", Field).value = text
    await seen.pilot.pause(0.4)
    await seen.settle()


def key(seen: Seen) -> str:
    return seen.app.screen.query_one("#settings", PickList).key


def test_a_threshold_is_changed_after_a_look_at_what_would_move() -> None:
    desk = FixedDesk()

    async def steps(seen: Seen) -> None:
        await find(seen, "lancers", "working.warn")
        assert key(seen) == "platforms.lancers.stages.working.warn"
        assert "5d, 3bd" in seen.text
        await seen.press("enter")
        await typed(seen, "3d")
        assert "今日レベルが変わる案件 1件" in seen.text
        assert "▸ 注意 → ▴ 警告  Hanako" in seen.text
        await seen.press("enter")
        assert isinstance(seen.app.screen, SettingsScreen)
        assert 'platforms.lancers.stages.working.warn を ["3d"] に変えました' in seen.text
        assert "settings.toml" in seen.text
        await seen.press("u")
        assert "取り消しました" in seen.text
        assert "5d, 3bd" in seen.text
        await seen.press("u")
        assert "この起動中に変えた設定はありません" in seen.text
        await seen.press("escape", "L")
        assert "を変えました" in seen.text or "に変えました" in seen.text

    drive(steps, desk)


@pytest.mark.parametrize(
    ("text", "said"),
    [("8", '"8d" か "8h" のことですか'), ("8 weeks", '"56d"'), ("8d@moon", "@moon という時計はありません")],
)
def test_a_mistake_is_said_at_the_field_and_nothing_is_kept(text: str, said: str) -> None:
    desk = FixedDesk()

    async def steps(seen: Seen) -> None:
        await find(seen, "lancers", "working.warn")
        await seen.press("enter")
        await typed(seen, text)
        assert said in seen.text
        await seen.press("enter")
        assert isinstance(seen.app.screen, EditScreen)
        assert said in seen.text
        assert not desk.assembly.places.settings_file.exists()

    drive(steps, desk)


def test_a_choice_is_picked() -> None:
    desk = FixedDesk()

    async def steps(seen: Seen) -> None:
        await find(seen, "language")
        await seen.press("enter")
        assert "[x] auto" in seen.text
        await seen.press("down", "down", "enter")
        assert desk.assembly.settings.language == "en"
        assert "en" in seen.text

    drive(steps, desk)


def test_esc_leaves_everything_as_it_is() -> None:
    desk = FixedDesk()

    async def steps(seen: Seen) -> None:
        await find(seen, "interval")
        await seen.press("enter")
        await typed(seen, "9m")
        await seen.press("escape")
        assert isinstance(seen.app.screen, SettingsScreen)
        assert not desk.assembly.places.settings_file.exists()

    drive(steps, desk)


def test_a_setting_goes_back_to_what_lies_beneath() -> None:
    desk = FixedDesk()

    async def steps(seen: Seen) -> None:
        await find(seen, "interval")
        await seen.press("d")
        assert "この値は、ここで設定したものではありません" in seen.text
        await seen.press("enter")
        await typed(seen, "9m")
        await seen.press("enter", "d")
        assert "を元の値に戻しました" in seen.text
        assert "15m" in seen.text
        await seen.press("u")
        assert "9m" in seen.text

    drive(steps, desk)


def test_days_off_show_which_deals_they_calm() -> None:
    async def steps(seen: Seen) -> None:
        await find(seen, "calendar.closed")
        await seen.press("enter")
        await typed(seen, "[{ from = 2026-11-13, to = 2026-11-30 }]")
        assert "今日レベルが変わる案件 1件" in seen.text
        await typed(seen, "[2026-11-99]")
        assert "2026-11-99" in seen.text or "読めません" in seen.text

    drive(steps)


def test_a_click_chooses_and_a_second_one_opens() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("comma")
        await seen.pilot.click("#settings", offset=(6, 4))
        await seen.settle()
        assert key(seen) == "interval"
        await seen.pilot.click("#settings", offset=(6, 4))
        await seen.settle()
        assert isinstance(seen.app.screen, EditScreen)

    drive(steps)


def test_a_filter_that_fits_nothing_leaves_an_empty_list() -> None:
    async def steps(seen: Seen) -> None:
        await find(seen, "there is none")
        await seen.press("enter", "d", "u")
        assert isinstance(seen.app.screen, SettingsScreen)

    drive(steps)


def test_it_speaks_the_other_language() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("comma", "l")
        assert "time between two reads" in seen.text
        assert "the platform's rules" in seen.text

    drive(steps)


def test_without_room_on_the_disk_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = FixedDesk()

    async def steps(seen: Seen) -> None:
        await find(seen, "interval")
        await seen.press("enter")
        await typed(seen, "9m")
        monkeypatch.setattr("config.write.os.fsync", full)
        await seen.press("enter")
        assert isinstance(seen.app.screen, EditScreen)
        assert "に書けません" in seen.text
        assert not desk.assembly.places.settings_file.exists()

    drive(steps, desk)


def test_a_mistake_elsewhere_is_told_with_its_place() -> None:
    """What has been typed is fine; settings.toml was broken by hand, and is not written over."""
    desk = FixedDesk()
    file = desk.assembly.places.settings_file

    async def steps(seen: Seen) -> None:
        file.write_text("languag = \n", "utf-8")
        await find(seen, "interval")
        await seen.press("enter")
        await typed(seen, "9m")
        await seen.press("enter")
        assert "settings.toml:1" in seen.text
        assert file.read_text("utf-8") == "languag = \n"

    drive(steps, desk)


def full(_: int) -> None:
    raise OSError(28, "No space left on device")
