"""Pictures of the screens over the main one, looked at by eye before they are accepted (`--snapshot-update`)."""

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from tests.screens import world

Compare = Callable[..., bool]
SIZES = {"120x40": (120, 40), "80x24": (80, 24), "40x12": (40, 12)}
PAGES = {"calendar": ("C", "down"), "answers": ("O",), "mailboxes": ("M",), "log": ("L",)}
"""Screen → the keys that lead to what the picture shows."""


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("lang", "theme"), [("ja", "textual-dark"), ("en", "textual-light")])
@pytest.mark.parametrize("page", PAGES)
def test_a_page(snap_compare: Compare, page: str, lang: str, theme: str, size: str) -> None:
    async def settled(pilot: Pilot[None]) -> None:
        pilot.app.theme = theme
        await pilot.app.workers.wait_for_complete()
        for key in PAGES[page]:
            await pilot.press(key)
            await pilot.app.workers.wait_for_complete()
            await pilot.pause()

    assert snap_compare(world.app(lang=lang), terminal_size=SIZES[size], run_before=settled)
