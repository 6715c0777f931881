"""Pictures of the screens over the main one, looked at by eye before they are accepted (`--snapshot-update`)."""

from collections.abc import Awaitable, Callable, Sequence

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from config.enrol import Candidate
from tests.screens import world
from tests.screens.world import FixedDesk

Compare = Callable[..., bool]
SIZES = {"120x40": (120, 40), "80x24": (80, 24), "40x12": (40, 12)}
PAGES = {
    "calendar": ("C", "down"),
    "answers": ("O",),
    "mailboxes": ("M",),
    "log": ("L",),
    "tune": ("W", "down", "down", "down", "right", "right"),
    "settings": ("comma",),
    "edit": ("comma", "down", "enter"),
}
"""Screen → the keys that lead to what the picture shows."""


def led(keys: Sequence[str], theme: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Press the keys, one after the other has come to rest; no cursor blinks in the picture."""

    async def lead(pilot: Pilot[None]) -> None:
        pilot.app.theme = theme
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
            await pilot.app.workers.wait_for_complete()
            await pilot.pause()
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False

    return lead


FIRST = {
    "start": (),
    "setup": ("down", "enter", *"me@gmail.com", "tab", *"naisho99"),
    "setup-wrong": ("down", "enter", *"me@gmail.com", "tab", *"wrong", "enter"),
    "first-read": ("down", "enter", *"me@gmail.com", "tab", *"naisho99", "enter", "enter", "down", "space"),
}
"""The same for the first start."""


class AtFirst(FixedDesk):
    """Nothing is configured; the first read finds deals."""

    def keep_mailbox(self, candidate: Candidate, /) -> str:
        self.deals = world.DEALS
        return super().keep_mailbox(candidate)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("lang", "theme"), [("ja", "textual-dark"), ("en", "textual-light")])
@pytest.mark.parametrize("page", FIRST)
def test_the_first_start(snap_compare: Compare, page: str, lang: str, theme: str, size: str) -> None:
    desk = AtFirst(deals=(), accounts=(), triage=0)
    assert snap_compare(world.app(desk, lang), terminal_size=SIZES[size], run_before=led(FIRST[page], theme))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("lang", "theme"), [("ja", "textual-dark"), ("en", "textual-light")])
@pytest.mark.parametrize("page", PAGES)
def test_a_page(snap_compare: Compare, page: str, lang: str, theme: str, size: str) -> None:
    assert snap_compare(world.app(lang=lang), terminal_size=SIZES[size], run_before=led(PAGES[page], theme))
