"""Tuning on the screen: what a moved threshold would change shows at once; nothing is in force until it is saved."""

import asyncio
import tomllib
from pathlib import Path

from tests.screens.driving import Seen, Steps, drive
from tests.screens.test_reload import real_desk
from tests.screens.world import FixedDesk
from tui.app import make
from tui.screens.main import MainScreen
from tui.screens.tune import TuneScreen
from tui.widgets.pick_list import PickList


def tuning(steps: Steps, folder: Path) -> None:
    """Run the app on a real desk with the tuning screen open."""

    async def run() -> None:
        app = make(real_desk(folder))
        async with app.run_test(size=(120, 50)) as pilot:
            seen = Seen(app, pilot)
            await seen.settle()
            await seen.press("W")
            assert isinstance(app.screen, TuneScreen)
            await steps(seen)

    asyncio.run(run())


def under_the_cursor(seen: Seen) -> str:
    """The line of the list that the cursor is on."""
    return next(line for line in seen.lines if line.startswith("› ")).split("│")[0]


def test_a_threshold_that_is_moved_shows_what_it_would_change(tmp_path: Path) -> None:
    async def steps(seen: Seen) -> None:
        assert "今日" in seen.text
        while (
            "critical" not in seen.app.screen.query_one("#tune").key
            or "working" not in seen.app.screen.query_one("#tune").key
        ):  # type: ignore[attr-defined]
            await seen.press("down")
        before = under_the_cursor(seen)
        await seen.press("right", "right")
        assert "→ 9d" in under_the_cursor(seen)
        assert "1件を試しています" in seen.text
        await seen.press("left", "left")
        assert under_the_cursor(seen) == before
        await seen.press("x")
        assert "→ なし" in under_the_cursor(seen)
        await seen.press("backspace")
        assert under_the_cursor(seen) == before
        assert not (tmp_path / "settings.toml").exists()

    tuning(steps, tmp_path)


def test_what_is_tried_can_be_saved(tmp_path: Path) -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("w")
        assert not (tmp_path / "settings.toml").exists(), "nothing is tried yet"
        await seen.press("right", "w")
        assert "settings.toml に保存しました" in seen.text
        written = tomllib.loads((tmp_path / "settings.toml").read_text("utf-8"))
        assert list(written) == ["platforms"]
        assert "→" not in under_the_cursor(seen)
        await seen.press("escape")
        assert isinstance(seen.app.screen, MainScreen)

    tuning(steps, tmp_path)
    assert (tmp_path / "config.toml").read_text("utf-8") == ""


def test_levels_out_of_order_are_refused_in_words(tmp_path: Path) -> None:
    async def steps(seen: Seen) -> None:
        while not seen.app.screen.query_one("#tune", PickList).key.endswith("working.notice"):
            await seen.press("down")
        await seen.press(*["right"] * 9, "down", "right")
        assert "より先に来ます" in seen.text
        await seen.press("w")
        assert "より先に来ます" in seen.text
        assert not (tmp_path / "settings.toml").exists()

    tuning(steps, tmp_path)


def test_it_speaks_the_other_language_and_fits_a_small_terminal() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("W", "l")
        assert "Tuning" in seen.lines[0]
        assert "Today" in seen.text

    drive(steps)
    drive(steps, size=(60, 16))


def test_without_deals_it_says_what_is_missing() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("W", "right", "x", "w", "enter")
        assert "まだ案件がありません" in seen.text

    drive(steps, FixedDesk(deals=()))
