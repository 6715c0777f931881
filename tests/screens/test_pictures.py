"""Pictures of the screen, looked at by eye before they are accepted (`pytest tests/screens --snapshot-update`)."""

import asyncio
import threading
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from config.model import ScreenSettings, Settings
from tests.screens import world
from tests.screens.world import FixedDesk, troubled
from tui.early import EarlyApp
from tui.picture import svg
from tui.remembered import Remembered
from tui.shelf import Choice, Shelf

Compare = Callable[..., bool]
SIZES = {"120x40": (120, 40), "80x24": (80, 24), "40x12": (40, 12)}


async def settled(pilot: Pilot[None]) -> None:
    """The first poll is over."""
    await pilot.app.workers.wait_for_complete()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_first_screen(snap_compare: Compare, lang: str, size: str) -> None:
    assert snap_compare(world.app(lang=lang), terminal_size=SIZES[size], run_before=settled)


async def lit(pilot: Pilot[None]) -> None:
    """On a light background."""
    pilot.app.theme = "textual-light"
    await settled(pilot)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_first_screen_on_a_light_background(snap_compare: Compare, lang: str, size: str) -> None:
    assert snap_compare(world.app(lang=lang), terminal_size=SIZES[size], run_before=lit)


FILTERS = {"good": "turn:me level:>=warn", "unfinished": "turn:me level:", "wrong": "turn:me lvel:ok"}


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("name", FILTERS)
def test_a_filter(snap_compare: Compare, lang: str, name: str) -> None:
    keys = ("slash", *FILTERS[name], "home")
    assert snap_compare(world.app(lang=lang), terminal_size=(80, 24), run_before=settled, press=keys)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_views(snap_compare: Compare, lang: str) -> None:
    assert snap_compare(world.app(lang=lang), terminal_size=(80, 24), run_before=settled, press=("v", "down"))


def test_the_plain_screen(snap_compare: Compare) -> None:
    desk = FixedDesk(settings=Settings(screen=ScreenSettings(plain=True)))
    assert snap_compare(world.app(desk), terminal_size=(80, 24), run_before=settled)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_last_picture_while_the_program_is_loaded(snap_compare: Compare, lang: str) -> None:
    shelf, said = Shelf(FixedDesk().overview()), world.words(lang)
    rows = tuple(row.remembered(said) for row in shelf.rows(Choice()))
    picture = Remembered(lang, at=said.full(world.NOW, world.NOW), rows=rows)
    app = EarlyApp(picture, threading.Event().wait, light=False)  # type: ignore[arg-type]
    assert snap_compare(app, terminal_size=(120, 40))


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
