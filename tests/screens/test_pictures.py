"""Pictures of the screen, looked at by eye before they are accepted (`pytest tests/screens --snapshot-update`)."""

import asyncio
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from tests.screens import world
from tests.screens.world import FixedDesk, troubled
from tui.picture import svg

Compare = Callable[..., bool]
SIZES = {"120x40": (120, 40), "80x24": (80, 24), "40x12": (40, 12)}


async def settled(pilot: Pilot[None]) -> None:
    """The first poll is over."""
    await pilot.app.workers.wait_for_complete()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_first_screen(snap_compare: Compare, lang: str, size: str) -> None:
    assert snap_compare(world.app(lang=lang), terminal_size=SIZES[size], run_before=settled)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_deal_in_a_short_terminal(snap_compare: Compare, lang: str) -> None:
    assert snap_compare(world.app(lang=lang), terminal_size=(40, 12), run_before=settled, press=("down", "enter"))


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
def test_mailboxes_that_could_not_be_read(snap_compare: Compare, theme: str) -> None:
    async def light(pilot: Pilot[None]) -> None:
        pilot.app.theme = theme
        await settled(pilot)

    assert snap_compare(world.app(troubled()), terminal_size=(120, 40), run_before=light)


def test_no_account(snap_compare: Compare) -> None:
    assert snap_compare(world.app(FixedDesk(deals=(), accounts=())), run_before=settled)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_help(snap_compare: Compare, lang: str) -> None:
    assert snap_compare(world.app(lang=lang), run_before=settled, press=("question_mark",))


def test_the_picture_for_the_readme_shows_the_deals() -> None:
    picture = asyncio.run(svg(world.app(), (120, 40)))
    shown = "".join(ET.fromstring(picture).itertext())  # noqa: S314 - our own picture
    assert "株式会社みど" in shown
    assert "緊急" in shown
