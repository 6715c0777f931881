"""Takes a picture of the real app without a terminal, for the README."""

import asyncio
import html
import re
from pathlib import Path
from typing import TYPE_CHECKING

from tui.app import OtosataApp, make
from tui.cells import width

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
        return _placed(app.export_screenshot(title="otosata"))


_RUN = re.compile(
    r'(?P<head><text class="[^"]*") x="(?P<x>[\d.]+)" (?P<y>y="[\d.]+") textLength="[\d.]+"'
    r"(?P<tail>[^>]*>)(?P<text>[^<]*)"
)
_CELL = 12.2
"""Width of a cell in Textual's pictures, in pixels of the viewBox."""
_NUDGE = 2.2
"""A wide character is 20 pixels wide and has two cells: half of what is left."""


def _placed(picture: str) -> str:
    """Every character at its own cell: Textual squeezes a run with wide characters into half its length."""
    return _RUN.sub(_run, picture)


def _run(found: re.Match[str]) -> str:
    text = html.unescape(found["text"])
    at, places = float(found["x"]), []
    for character in text:
        cells = width(character)
        places.append(f"{at + (_NUDGE if cells > 1 else 0):.1f}")
        at += cells * _CELL
    return f'{found["head"]} x="{" ".join(places)}" {found["y"]}{found["tail"]}{found["text"]}'
