"""Each screen over the main one is reached by key, by mouse and by palette, and follows time and language."""

import pytest
from textual.screen import Screen

from tests.screens.driving import Seen, drive
from tests.screens.world import FixedDesk
from tui.actions import NAMED
from tui.cells import width
from tui.screens.answers import AnswersScreen
from tui.screens.calendar import CalendarScreen
from tui.screens.log import LogScreen
from tui.screens.mailboxes import MailboxesScreen
from tui.screens.main import MainScreen
from tui.screens.settings import SettingsScreen
from tui.screens.start import StartScreen

PAGES = {
    "calendar": CalendarScreen,
    "answers": AnswersScreen,
    "mailboxes": MailboxesScreen,
    "log": LogScreen,
    "settings": SettingsScreen,
    "start": StartScreen,
}
pages = pytest.mark.parametrize(("action", "page"), PAGES.items(), ids=PAGES)


@pages
def test_a_key_opens_it_and_escape_or_q_leads_back(action: str, page: type[Screen[None]]) -> None:
    async def steps(seen: Seen) -> None:
        for back in ("escape", "q"):
            await seen.press(NAMED[action].keys)
            assert isinstance(seen.app.screen, page)
            await seen.press(back)
            assert isinstance(seen.app.screen, MainScreen)

    drive(steps)


@pages
def test_the_palette_opens_it(action: str, page: type[Screen[None]]) -> None:
    async def steps(seen: Seen) -> None:
        title = seen.app.words(f"key_{action}")
        commands = [one for one in seen.app.get_system_commands(seen.app.screen) if one.title == title]
        assert len(commands) == 1
        commands[0].callback()
        await seen.settle()
        assert isinstance(seen.app.screen, page)

    drive(steps)


@pytest.mark.parametrize("action", ["calendar", "answers", "mailboxes", "log", "settings"])
def test_a_click_on_the_key_bar_opens_it(action: str) -> None:
    async def steps(seen: Seen) -> None:
        before, found, _ = seen.lines[-1].partition(f" {seen.app.words(f'key_{action}')}")
        assert found, "a wide terminal has room for it"
        await seen.pilot.click("#keys", offset=(width(before), 0))
        await seen.settle()
        assert isinstance(seen.app.screen, PAGES[action])

    drive(steps, size=(240, 40))


@pages
def test_it_is_titled_in_the_language_of_the_moment(action: str, page: type[Screen[None]]) -> None:
    async def steps(seen: Seen) -> None:
        await seen.press(NAMED[action].keys)
        first = seen.lines[0]
        await seen.press("l")
        assert seen.lines[0] != first
        assert isinstance(seen.app.screen, page)
        await seen.press("l")
        assert seen.lines[0] == first

    drive(steps)


@pytest.mark.parametrize("action", PAGES)
def test_viewing_changes_nothing(action: str) -> None:
    desk = FixedDesk()

    async def steps(seen: Seen) -> None:
        await seen.press(NAMED[action].keys, "down", "up", "end", "home", "pagedown", "pageup")
        assert not desk.assembly.places.settings_file.exists()
        assert (desk.kept, desk.passwords, desk.tried) == ([], {}, [])

    drive(steps, desk)
