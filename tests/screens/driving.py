"""Runs the app without a terminal and reads what stands on its screen."""

import asyncio
from collections.abc import Awaitable, Callable

from textual.pilot import Pilot

from tests.screens import world
from tests.screens.world import FixedDesk
from tui.app import OtosataApp
from tui.screens.main import MainScreen
from tui.widgets.deal_list import DealList

Steps = Callable[["Seen"], Awaitable[None]]


class Seen:
    """The app at work, and what a user would see of it."""

    def __init__(self, app: OtosataApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        """Press keys and let the app settle."""
        await self.pilot.press(*keys)
        await self.settle()

    async def settle(self) -> None:
        """Wait until polls and messages are done with."""
        await self.app.workers.wait_for_complete()
        await self.pilot.pause()

    @property
    def deals(self) -> DealList:
        """The list."""
        return self.main.query_one("#deals", DealList)

    @property
    def main(self) -> MainScreen:
        """The main screen."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, MainScreen)
        return screen

    @property
    def selected(self) -> str:
        """The id of the deal under the cursor."""
        return self.deals.selected

    @property
    def lines(self) -> list[str]:
        """The screen's text, line by line."""
        return [strip.text for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        """The screen's text."""
        return "\n".join(self.lines)


def drive(steps: Steps, desk: FixedDesk | None = None, lang: str = "ja", size: tuple[int, int] = (120, 40)) -> None:
    """Run the app on a fixed desk, wait for its first poll, then take the steps."""

    async def run() -> None:
        app = world.app(desk, lang)
        async with app.run_test(size=size) as pilot:
            seen = Seen(app, pilot)
            await seen.settle()
            await steps(seen)

    asyncio.run(run())
