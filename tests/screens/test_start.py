"""The app starts on the real desk: with an empty configuration, and without a ledger."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from config.assembly import assemble
from config.desk import Desk
from config.places import Options
from tests.screens.driving import Seen
from tui.app import make


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
            assert "otosata accounts add" in seen.text
            assert app.words.clock(desk.now()) == "01:00"

    asyncio.run(run())
