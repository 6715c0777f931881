"""The first frame: the last picture of the list, while the program is loaded behind it; then the app itself."""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.screens.driving import Seen, drive
from tests.screens.world import FixedDesk, words
from tui.early import EarlyApp
from tui.remembered import FILE, NOTHING, Remembered, Row, keep, recall, written
from tui.screens.help import HelpScreen
from tui.screens.lobby import Lobby
from tui.screens.main import MainScreen
from tui.speech import Glossary
from tui.tones import Piece

ROOT = Path(__file__).parent.parent.parent
PICTURE = Remembered(
    "ja",
    "auto",
    columns=("client", "gone"),
    at="11/19(木) 18:00",
    rows=(Row("lancers-2", {"client": (Piece("前回の佐藤", "strong"),)}),),
)


class Early(EarlyApp):
    """Settles on a desk of literals."""

    def settle_in(self, desk: Any) -> None:
        self._settle(desk, words(), timedelta(minutes=15))


def early(picture: Remembered, find: Callable[[], Any], steps: Callable[[Seen], Any]) -> EarlyApp:
    """Open the app early and take the steps."""

    async def run() -> EarlyApp:
        app = Early(picture, find, light=False)
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            await steps(Seen(app, pilot))
        return app

    return asyncio.run(run())


def test_the_last_picture_stands_there_until_the_desk_is_found() -> None:
    gate = threading.Event()

    def find() -> FixedDesk:
        gate.wait()
        return FixedDesk()

    async def steps(seen: Seen) -> None:
        assert isinstance(seen.app.screen, Lobby)
        assert "11/19(木) 18:00 の表示です。読み直しています" in seen.lines[0]
        assert "前回の佐藤" in seen.text
        await seen.pilot.press("r", "question_mark", "l", "C")
        assert isinstance(seen.app.screen, Lobby), "nothing can be done yet"
        gate.set()
        await seen.settle()
        assert isinstance(seen.app.screen, MainScreen)
        assert "緊急 2" in seen.lines[0]
        assert "前回" not in seen.text
        assert seen.app.main.query_one("#deals").selected == "lancers-2", "the cursor stays with its deal"  # type: ignore[attr-defined]
        await seen.press("question_mark")
        assert isinstance(seen.app.screen, HelpScreen)

    early(PICTURE, find, steps)


def test_a_first_start_has_no_picture_and_says_that_it_is_loading() -> None:
    gate = threading.Event()

    async def steps(seen: Seen) -> None:
        assert "読み込んでいます" in seen.lines[0]
        await seen.pilot.press("q")

    early(NOTHING, gate.wait, steps)
    gate.set()


def test_a_desk_that_cannot_be_had_ends_the_app_with_the_reason() -> None:
    def find() -> FixedDesk:
        raise ValueError("config.toml is broken")

    async def steps(seen: Seen) -> None:
        await seen.pilot.pause(0.2)

    app = early(PICTURE, find, steps)
    assert str(app.failure) == "config.toml is broken"
    assert app.return_code == 1


def test_what_the_list_shows_is_kept_for_the_next_start(tmp_path: Path) -> None:
    desk = FixedDesk(folder=tmp_path)

    async def steps(seen: Seen) -> None:
        await seen.press("r")

    drive(steps, desk)
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    picture = recall(tmp_path)
    assert (picture.lang, picture.at) == ("ja", "11/20(金) 09:00")
    assert [row.key for row in picture.rows][:3] == ["", "lancers-1", "lancers-2"]
    assert picture.rows[1].cells["level"] == (Piece("◉ 緊急", "critical"),)


def test_the_texts_around_the_list_are_kept_and_need_no_looking_up(tmp_path: Path) -> None:
    drive(lambda seen: seen.settle(), FixedDesk(folder=tmp_path))
    picture = recall(tmp_path)
    glossary = Glossary("ja", picture.texts)

    async def steps(seen: Seen) -> None:
        assert "絞り込み" in seen.lines[-1]
        assert len(glossary.catalogue.texts) < 100, "every text was known"

    class Known(Early):
        def __init__(self, picture: Remembered, find: Callable[[], Any], *, light: bool) -> None:
            super().__init__(picture, find, light=light)
            self._lobby = Lobby(picture, glossary)

    async def run() -> None:
        app = Known(picture, threading.Event().wait, light=False)
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            await steps(Seen(app, pilot))

    asyncio.run(run())


@pytest.mark.parametrize("kept", [{}, {"tui.name": "{0}"}, {"tui.name": "{a.b}"}, {"tui.name": "{"}])
def test_a_text_that_is_not_known_or_spoilt_is_looked_up(kept: dict[str, str]) -> None:
    assert Glossary("ja", kept)("name") == "音沙汰"


def test_a_filtered_list_is_not_kept(tmp_path: Path) -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("slash", *"佐藤", "enter", "r")

    drive(steps, FixedDesk(folder=tmp_path))
    assert len(recall(tmp_path).rows) > 3


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "[]",
        "{}",
        '{"lang": 1}',
        '{"lang": "ja", "theme": "x", "plain": true, "at": "", "rows": [1], "columns": [], "texts": {}}',
    ],
)
def test_a_picture_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    assert recall(tmp_path) == NOTHING


def test_a_picture_somebody_has_written_does_not_steer_the_terminal(tmp_path: Path) -> None:
    hostile = Row("x", {"client": (Piece("\x1b]52;c;x\x07", "strong"), Piece("\u202e佐藤")), "title": (Piece("名刺"),)})
    keep(tmp_path, written(Remembered("ja", rows=(hostile,))))
    cells = recall(tmp_path).rows[0].cells
    assert cells == {"client": (Piece("", "strong"), Piece("")), "title": (Piece("名刺"),)}


def test_the_first_frame_loads_neither_rules_nor_configuration() -> None:
    program = "import sys, tui.early; print(*sorted(sys.modules))"
    own = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", program], env=own, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {"tui.screens.lobby", "tui.widgets.deal_list", "config.texts.catalogue"} <= loaded
    slow = [name for name in loaded if name.startswith(("otosata.", "adapters", "cli", "config."))]
    assert set(slow) <= {"config.places", "config.texts", "config.texts.catalogue"}
    assert not [name for name in loaded if name in ("tui.screens.main", "sqlite3", "tui.words", "tui.facts")]


def test_where_nothing_can_be_written_nothing_is_said(tmp_path: Path) -> None:
    keep(tmp_path / "missing", "{}")
    assert recall(tmp_path / "missing") == NOTHING
