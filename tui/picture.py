"""Takes a picture of the real app without a terminal, for the README.

from tui.picture import save_svg
save_svg(desk, Path("docs/screen.svg"))
"""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from tui.app import OtosataApp, make

if TYPE_CHECKING:
    from config.desk import Desk as RealDesk


def save_svg(desk: "RealDesk", path: Path, size: tuple[int, int] = (120, 40)) -> None:
    """Poll once, then write the screen as SVG. `size`: columns and lines."""
    path.write_text(asyncio.run(svg(make(desk), size)), encoding="utf-8")


async def svg(app: OtosataApp, size: tuple[int, int]) -> str:
    """The first screen after its first poll."""
    async with app.run_test(size=size) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        return app.export_screenshot(title="otosata")
