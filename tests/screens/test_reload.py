"""A configuration that is saved while the app is open shows at once; a broken one shows as what it is."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from config.assembly import assemble
from config.desk import Desk
from config.places import Options
from otosata.store.store import Store
from tests.screens.driving import Seen
from tests.screens.world import DEALS, NOW
from tui.app import make


def real_desk(folder: Path) -> Desk:
    """A desk with a ledger on disk: the deals of the other tests, entered by hand."""
    (folder / "config.toml").write_text("")
    desk = Desk(assemble(Options(config=folder / "config.toml", data=folder), {}), lambda: NOW)
    with Store.open(desk.assembly.places.database) as store:
        for ledger in DEALS:
            with store.acting("deals add", None, datetime(2026, 1, 1, tzinfo=UTC), {}) as act:
                act.open_deal(ledger.deal)
                for event in ledger.events:
                    act.add_event(event)
    return desk


def test_a_saved_configuration_shows_and_a_broken_one_is_refused(tmp_path: Path) -> None:
    desk, file = real_desk(tmp_path), tmp_path / "config.toml"

    async def run() -> None:
        app = make(desk)
        async with app.run_test(size=(120, 40)) as pilot:
            seen = Seen(app, pilot)
            await seen.settle()
            assert "緊急 3" in seen.lines[0]
            off = "notice = []\nwarn = []\ncritical = []\n"
            quiet = "".join(f"[clients.'{ledger.deal.client}']\n{off}" for ledger in DEALS[:3])
            file.write_text(f"language = 'en'\n{quiet}")
            app.renew()
            await seen.settle()
            assert "critical 1" in seen.lines[0]
            file.write_text("language = 'en'\nlook_back = 90\n")
            app.renew()
            app.renew()
            await seen.settle()
            assert "config.toml:2: look_back: 90 has no unit" in " ".join(seen.text.split())
            assert "critical 1" in seen.lines[0]
            file.write_text("language = 'ja'\n[screen]\ncolumns = ['client', 'level']\n")
            app.renew()
            await seen.settle()
            assert "緊急 3" in seen.lines[0]
            assert "look_back" not in seen.text
            assert seen.lines[1].split() == ["相手", "レベル"]
            file.write_text("language = 'ja'\n")
            app.renew()
            await seen.settle()
            assert "look_back" not in seen.text

    asyncio.run(run())
