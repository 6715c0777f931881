"""Triage: a mail is put into a deal, begins one, or is ignored, by key, mouse or palette; `u` takes it back."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from config.desk import Desk
from otosata.store.values import MailState
from tests.screens.driving import Seen
from tests.screens.driving import drive as drive_fixed
from tests.screens.ledger import COCONALA, LANCERS, OTHER, WAITING, real_desk
from tests.screens.test_acts import drive, everything, flat, told
from tests.screens.test_hostile import check
from tests.screens.world import FixedDesk
from tests.tui.test_cells import HOSTILE
from tui.screens.main import MainScreen
from tui.screens.triage import TriageScreen
from tui.widgets.pick_list import PickList

Way = Callable[[Seen, str], Awaitable[None]]
UNKNOWN, UNCLEAR, STRANGE = "1", "2", "3"
"""The mails of the ledger: one that no rule knew, one that fits two deals, one of which only the platform is known."""


async def at(seen: Seen, mail: str) -> None:
    """Open the screen with the cursor on a mail."""
    await seen.press("T")
    seen.app.screen.query_one("#triage-mails", PickList).go(mail)
    await seen.settle()


def waits(desk: Desk) -> list[int]:
    return [mail.id for mail in desk.mails(MailState.TRIAGE)]


def kinds(desk: Desk, deal: str) -> list[str]:
    return [event.kind for event in desk.ledger(deal).events]


@pytest.mark.parametrize(
    ("mail", "keys", "holds", "said"),
    [
        (UNCLEAR, ("enter", "enter"), lambda desk: kinds(desk, OTHER)[-1] == "message", "mail 2 went into lancers-2"),
        (UNKNOWN, ("enter", "enter", "1"), lambda desk: kinds(desk, LANCERS)[-1] == "message", "mail 1 went into"),
        (
            UNCLEAR,
            ("n", "enter"),
            lambda desk: kinds(desk, "lancers-3") == ["message"],
            "mail 2 began the deal lancers-3",
        ),
        (UNKNOWN, ("n", "1", *"Sato", "enter"), lambda desk: desk.deal("lancers-3")[1].deal.client == "Sato", "began"),
        (STRANGE, ("n", "1", *"Sato", "enter"), lambda desk: kinds(desk, "coconala-2") == ["message"], "coconala-2"),
        (STRANGE, ("x",), lambda desk: waits(desk) == [1, 2], "mail 3 concerns no deal"),
    ],
    ids=["assign", "assign with a meaning", "open", "open with a meaning and a name", "open what is strange", "ignore"],
)
def test_a_mail_is_settled_and_the_settling_taken_back(
    tmp_path: Path, mail: str, keys: tuple[str, ...], holds: Callable[[Desk], bool], said: str
) -> None:
    desk = real_desk(tmp_path)

    async def steps(seen: Seen) -> None:
        before = everything(desk)
        await at(seen, mail)
        await seen.press(*keys)
        assert isinstance(seen.app.screen, TriageScreen), seen.text
        assert int(mail) not in waits(desk)
        assert holds(desk)
        assert said in told(seen)
        await seen.press("u")
        assert everything(desk) == before
        assert f"{mail} " in seen.lines[1] + seen.lines[2] + seen.lines[3], "the mail is back in the list"

    drive(desk, steps)


def test_the_deals_are_ranked_and_say_what_speaks_for_them(tmp_path: Path) -> None:
    async def steps(seen: Seen) -> None:
        await at(seen, UNKNOWN)
        right = [line.partition("│")[2] for line in seen.lines]
        assert "Deals that may fit" in right[1]
        assert "株式会社みどり商事  same number / names the job / names the client" in right[2]
        assert "Other deals" not in right[2]
        assert COCONALA not in seen.text, "a deal on another platform"

    drive(real_desk(tmp_path), steps, (200, 40))


def test_the_mail_is_shown_with_its_sender_verdict_and_text(tmp_path: Path) -> None:
    async def steps(seen: Seen) -> None:
        await at(seen, UNKNOWN)
        for part in (
            "[ランサーズ] サイトの文章 について大切なお知らせ",
            "no rule knows this mail",
            "noreply@lancers.co.jp  sender verified",
            "株式会社みどり商事 さんの件でお知らせがあります。",
        ):
            assert part in seen.text
        await seen.press("home")
        assert "(its text is not kept)" in seen.text

    drive(real_desk(tmp_path), steps)


def test_a_click_on_a_deal_assigns_at_the_second_time(tmp_path: Path) -> None:
    desk = real_desk(tmp_path)

    async def steps(seen: Seen) -> None:
        await at(seen, UNCLEAR)
        await seen.pilot.click("#triage-deals", offset=(10, 2))
        await seen.settle()
        assert 2 in waits(desk), "the first click only chooses"
        await seen.pilot.click("#triage-deals", offset=(10, 2))
        await seen.settle()
        assert 2 not in waits(desk)

    drive(desk, steps)


def test_the_palette_offers_what_can_be_done_with_a_mail(tmp_path: Path) -> None:
    desk = real_desk(tmp_path)

    async def steps(seen: Seen) -> None:
        await at(seen, STRANGE)
        offered = {command.title: command.callback for command in seen.app.get_system_commands(seen.app.screen)}
        assert {"new deal", "ignore", "undo"} <= set(offered)
        offered["ignore"]()
        await seen.settle()
        assert waits(desk) == [1, 2]

    drive(desk, steps)


def test_a_mail_that_a_command_settled_meanwhile_is_said(tmp_path: Path) -> None:
    desk = real_desk(tmp_path)

    async def steps(seen: Seen) -> None:
        await at(seen, STRANGE)
        with desk.store(read_only=False) as store, store.acting("triage ignore", None, desk.now()) as act:
            act.ignore(3)
        await seen.press("x")
        assert "mail 3 does not wait in triage: it is ignored" in told(seen)

    drive(desk, steps)


def test_a_client_s_name_is_asked_for(tmp_path: Path) -> None:
    async def steps(seen: Seen) -> None:
        await at(seen, UNKNOWN)
        await seen.press("n", "1", "enter")
        assert "the client's name is missing" in flat(seen)

    drive(real_desk(tmp_path), steps)


def test_the_question_names_the_deal_that_the_mail_would_go_into(tmp_path: Path) -> None:
    async def steps(seen: Seen) -> None:
        await at(seen, UNKNOWN)
        await seen.press("enter", "enter")
        assert "→ 株式会社みどり商事 サイトの文章 Working lancers-1" in flat(seen)

    drive(real_desk(tmp_path), steps)


def test_looking_settles_nothing(tmp_path: Path) -> None:
    desk = real_desk(tmp_path)

    async def steps(seen: Seen) -> None:
        before = everything(desk)
        await seen.press("T", "down", "enter", "down", "tab", "pagedown", "n", "escape", "escape")
        assert isinstance(seen.app.screen, MainScreen)
        assert everything(desk) == before

    drive(desk, steps)


def test_nothing_waits() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("T")
        assert "確認を待っているメールはありません" in seen.text

    drive_fixed(steps)


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 12), (27, 8)], ids=str)
def test_no_hostile_mail_breaks_the_screen(size: tuple[int, int]) -> None:
    rows = tuple(
        replace(
            WAITING[1],
            id=number,
            subject=text,
            text=f"{text}\n{text[::-1]}",
            sender=text,
            reason=text,
            notice=replace(WAITING[1].notice, client=text, title=text) if WAITING[1].notice else None,
        )
        for number, text in enumerate((*HOSTILE, " ".join(HOSTILE)), start=1)
    )

    async def steps(seen: Seen) -> None:
        await seen.press("T")
        for _ in rows:
            check(seen)
            await seen.pilot.press("down")

    drive_fixed(steps, FixedDesk(waiting=rows), size=size)
