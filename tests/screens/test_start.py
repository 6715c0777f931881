"""The app starts on the real desk: with an empty configuration, and without a ledger."""

import asyncio
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from pathlib import Path

from config.assembly import assemble
from config.desk import Desk
from config.places import Options
from tests.screens.driving import Seen, drive
from tui.app import make
from tui.picture import save_svg


def test_the_first_start_on_an_empty_folder_says_what_to_do(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('language = "en"\n[calendar]\ntimezone = "Europe/Berlin"\n', encoding="utf-8")
    desk = Desk(
        assemble(Options(config=config, data=tmp_path / "data"), {}), lambda: datetime(2026, 11, 20, tzinfo=UTC)
    )

    async def run() -> None:
        app = make(desk)
        async with app.run_test() as pilot:
            seen = Seen(app, pilot)
            await seen.settle()
            assert "Begin with a mail address" in seen.text
            assert app.words.clock(desk.now()) == "01:00"

    asyncio.run(run())


def test_a_picture_of_the_real_app_is_written(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('language = "ja"\n', encoding="utf-8")
    save_svg(Desk(assemble(Options(config=config, data=tmp_path / "data"), {})), tmp_path / "screen.svg", (80, 24))
    assert "メール未設定" in "".join(ET.parse(tmp_path / "screen.svg").getroot().itertext())  # noqa: S314 - our own


def test_every_theme_can_be_chosen() -> None:
    async def steps(seen: Seen) -> None:
        for theme in seen.app.available_themes:
            seen.app.theme = theme
            await seen.settle()
            assert "緊急" in seen.text

    drive(steps)
