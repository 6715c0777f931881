"""Pictures of the detail, the questions and forms, the message and triage, each looked at before it was accepted."""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.screens.ledger import LANCERS, app_of, real_desk
from tui.screens.main import MainScreen
from tui.widgets.deal_list import DealList

Compare = Callable[..., bool]
DARK, LIGHT = "textual-dark", "textual-light"
WIDE, USUAL, SMALL = (120, 40), (80, 24), (40, 12)

SCREENS: dict[str, tuple[str, ...]] = {
    "snooze": ("z",),
    "snooze typed wrong": ("z", "tab", *"soon", "enter"),
    "acknowledge": ("c",),
    "date": ("t",),
    "merge": ("J",),
    "event": ("plus",),
    "event details": ("plus", "1"),
    "new deal": ("n", "2", "1"),
    "message": ("m",),
    "message that names a date": ("m", *("ctrl+t",) * 2),
    "undo": ("u",),
    "toast": ("i",),
    "triage": ("T",),
    "triage meaning": ("T", "end", "enter", "enter"),
    "triage open": ("T", "end", "n", "1"),
    "detail": ("enter",),
    "detail below": ("enter", "pagedown"),
}
LOOKS = [
    *((name, "ja", WIDE, DARK) for name in SCREENS),
    *((name, "en", USUAL, LIGHT) for name in SCREENS),
    *((name, "ja", SMALL, DARK) for name in ("snooze", "message", "event details", "triage", "detail below")),
]


@pytest.mark.parametrize(
    ("name", "lang", "size", "theme"),
    [
        pytest.param(*look, id="-".join((look[0].replace(" ", "-"), look[1], f"{look[2][0]}x{look[2][1]}")))
        for look in LOOKS
    ],
)
def test_what_is_done_by_hand(
    snap_compare: Compare, tmp_path: Path, name: str, lang: str, size: tuple[int, int], theme: str
) -> None:
    async def go(pilot: Pilot[None]) -> None:
        app = pilot.app
        app.theme = theme
        await app.workers.wait_for_complete()
        await pilot.pause()
        main = next(screen for screen in app.screen_stack if isinstance(screen, MainScreen))
        main.query_one(DealList).go(LANCERS)
        for key in SCREENS[name]:
            await pilot.press(key)
            await app.workers.wait_for_complete()
            await pilot.pause()

    assert snap_compare(app_of(real_desk(tmp_path, lang)), terminal_size=size, run_before=go)
