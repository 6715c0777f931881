"""Whatever a client, an account, an error or a problem is called: no screen breaks, nothing steers the terminal."""

import unicodedata
from dataclasses import replace

import pytest

from otosata.overview import AccountHealth, AdapterHealth, Problem
from otosata.overview import AccountState as Health
from otosata.sync import PollReport
from tests.screens.driving import Seen, drive
from tests.screens.world import FixedDesk, ago, named
from tests.tui.test_cells import BIDI, HOSTILE
from tui.widgets.pick_list import PickList

PAGES = {
    "calendar": ("C",),
    "answers": ("O",),
    "mailboxes": ("M",),
    "a try": ("M", "t"),
    "log": ("L",),
    "settings": ("comma",),
    "edit": ("comma", "down", "enter"),
    "setup": ("M", "n"),
    "password": ("M", "p"),
}


def hostile() -> FixedDesk:
    """A desk on which everything has the worst of names."""
    events = tuple(
        (f"lancers-{place}", replace(FixedDesk().deals[0].events[2], note=text)) for place, text in enumerate(HOSTILE)
    )
    return replace(
        named([(text, text) for text in HOSTILE]),
        accounts=tuple(
            AccountHealth(text or "main", "imap", Health.FAILED, ago(1), text, text) for text in HOSTILE[:6]
        ),
        adapters=tuple(AdapterHealth(text or "x", 1, 9, ago(1), stale=True) for text in HOSTILE[:6]),
        problems=tuple(Problem("x", text, text) for text in HOSTILE),
        reports=(*(PollReport(text, error=text or "x", hint=text) for text in HOSTILE), PollReport("m", events=events)),
    )


def check(seen: Seen) -> None:
    columns, _ = seen.app.size
    for strip in seen.app.screen._compositor.render_strips():
        assert strip.cell_length == columns
    for character in set(seen.text) - {"\n"}:
        assert unicodedata.category(character) not in {"Cc", "Cs"}
        assert unicodedata.bidirectional(character) not in BIDI


@pytest.mark.parametrize("size", [(120, 40), (40, 12), (27, 8)], ids=str)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_stays_whole_and_steers_no_terminal(page: str, size: tuple[int, int]) -> None:
    async def steps(seen: Seen) -> None:
        await seen.press(*PAGES[page])
        check(seen)
        for pick_list in seen.app.screen.query(PickList):
            if pick_list.has_focus:
                for _ in HOSTILE:
                    await seen.pilot.press("down")
                    check(seen)
        seen.app.action_language()
        await seen.settle()
        check(seen)

    drive(steps, hostile(), size=size)
