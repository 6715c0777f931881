"""What the user can do with a deal: by key, mouse and palette alike, told in a toast, and taken back by `u`."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from textual.events import Paste

from config.desk import Desk
from otosata.deals.event import Event, Ledger, MarkKind
from otosata.deals.reading import Reading
from otosata.hand import merge
from otosata.store.errors import StoreError
from tests.screens.driving import Seen
from tests.screens.driving import drive as drive_fixed
from tests.screens.ledger import COCONALA, LANCERS, OTHER, app_of, real_desk
from tests.screens.test_hostile import check
from tests.screens.world import named
from tests.tui.test_cells import HOSTILE
from tui.actions import NAMED, Place, possible
from tui.screens.ask import AskScreen
from tui.screens.form import FormScreen
from tui.screens.main import MainScreen
from tui.screens.reminder import ReminderScreen
from tui.widgets.field import Field
from tui.widgets.pick_list import PickList

Steps = Callable[[Seen], Awaitable[None]]


def drive(desk: Desk, steps: Steps, size: tuple[int, int] = (120, 40)) -> None:
    """Run the real app on a real desk."""

    async def run() -> None:
        app = app_of(desk)
        async with app.run_test(size=size) as pilot:
            seen = Seen(app, pilot)
            await seen.settle()
            seen.deals.go(LANCERS)
            await seen.settle()
            await steps(seen)

    asyncio.run(run())


def reading(desk: Desk, deal: str = LANCERS) -> Reading:
    return desk.deal(deal)[1]


def everything(desk: Desk) -> object:
    """All that anybody can see of deals and mails."""
    with desk.store() as store:
        return store.ledgers(include_merged=True), store.mails()


def last(desk: Desk, deal: str = LANCERS) -> Event:
    return desk.ledger(deal).until(desk.now()).events[-1]


def ledgers(desk: Desk) -> tuple[Ledger, ...]:
    with desk.store() as store:
        return store.ledgers()


@dataclass(frozen=True, slots=True)
class Case:
    """An act: its action, what is pressed or typed after it, what has changed then, and what the toast says."""

    action: str
    answers: tuple[str, ...]
    holds: Callable[[Desk], bool]
    told: str


CASES = (
    Case(
        "answered", (), lambda desk: (last(desk).kind, last(desk).actor) == ("message", "me"), "noted “message” (you)"
    ),
    Case("elsewhere", (), lambda desk: (last(desk).actor, last(desk).note) == ("client", "elsewhere"), "(client)"),
    Case("delivered", (), lambda desk: reading(desk).stage == "reported", "noted “delivered” (you)"),
    Case("filed", (), lambda desk: reading(desk).stage == "reminder_filed", "reminder filed"),
    Case("date", ("2",), lambda desk: str(last(desk).date) == "2026-11-26", "named a date"),
    Case("date", ("tab", *"12/1", "enter"), lambda desk: str(last(desk).date) == "2026-12-01", "named a date"),
    Case("snooze", ("enter",), lambda desk: reading(desk).snoozed_until is not None, "snoozed until Sat 21 Nov 09:00"),
    Case("snooze", ("3",), lambda desk: reading(desk).snoozed_until is not None, "snoozed until"),
    Case("snooze", ("tab", *"12h", "enter"), lambda desk: reading(desk).snoozed_until is not None, "20 Nov 21:00"),
    Case("ack", ("enter",), lambda desk: reading(desk).acknowledged, "acknowledged; quiet until"),
    Case("ack", (*"tel", "enter"), lambda desk: desk.ledger(LANCERS).marks[-1].reason == "tel", "acknowledged"),
    Case("note", (*"hm q", "enter"), lambda desk: desk.ledger(LANCERS).marks[-1].reason == "hm q", "note kept"),
    Case("close", (), lambda desk: reading(desk).closed_by_hand, "closed"),
    Case(
        "merge", ("enter",), lambda desk: [one.deal.id for one in ledgers(desk)] == [COCONALA, LANCERS], f"{OTHER} went"
    ),
    Case("event", ("2", "ctrl+s"), lambda desk: last(desk).kind == "apply", "noted “applied” (you)"),
    Case("event", ("2", *"11/19 9:30", "enter"), lambda desk: last(desk).at.minute == 30, "noted"),
    Case(
        "new_deal",
        ("2", "1", *"Sato", "tab", *"Logo", "enter"),
        lambda desk: ("Sato", "Logo") in [(one.deal.client, one.deal.title) for one in ledgers(desk)],
        "new deal Sato (lancers-3)",
    ),
    Case(
        "remind",
        ("ctrl+s",),
        lambda desk: last(desk).note == "template B",
        "you sent",
    ),
)


async def by_key(seen: Seen, action: str) -> None:
    await seen.press(NAMED[action].keys.partition(",")[0])


async def by_palette(seen: Seen, action: str) -> None:
    title = seen.app.words(f"key_{action}")
    for command in seen.app.get_system_commands(seen.app.screen):
        if command.title == title:
            command.callback()
    await seen.settle()


async def from_the_detail(seen: Seen, action: str) -> None:
    await seen.press("enter")
    await by_key(seen, action)


ALL = [(case, by_key) for case in CASES]
ONCE = [(case, way) for case in {case.action: case for case in CASES}.values() for way in (by_palette, from_the_detail)]
"""Each act once by each other way: what comes after the first key is the same."""


@pytest.mark.parametrize(
    ("case", "way"),
    [
        pytest.param(case, way, id="-".join((way.__name__, case.action, *case.answers[:2])))
        for case, way in (*ALL, *ONCE)
    ],
)
def test_an_act_is_done_told_and_taken_back(
    tmp_path: Path, case: Case, way: Callable[[Seen, str], Awaitable[None]]
) -> None:
    desk = real_desk(tmp_path)
    before = everything(desk)

    async def steps(seen: Seen) -> None:
        await way(seen, case.action)
        await seen.press(*case.answers)
        assert isinstance(seen.app.screen, MainScreen), seen.text
        assert everything(desk) != before
        assert case.holds(desk), seen.text
        assert case.told in told(seen)
        assert "u takes it back" in told(seen)
        await seen.press("u")
        assert everything(desk) == before
        assert "taken back:" in told(seen)

    drive(desk, steps)


def flat(seen: Seen) -> str:
    """What stands in the box, whatever the lines it is broken into."""
    boxed = [line.split("│")[1] for line in seen.lines if line.count("│") > 1]
    return " ".join(" ".join(boxed).split())


def told(seen: Seen) -> str:
    """What the toasts say."""
    return "\n".join(note.message for note in seen.app._notifications)


def test_the_table_of_cases_has_every_act_on_a_deal() -> None:
    acts = {action.name for action in possible([Place.MAIN]) if action.call.startswith("screen.act(")}
    assert acts | {"new_deal", "remind"} == {case.action for case in CASES}
    assert all(NAMED[name].palette for name in acts)


@pytest.mark.parametrize("action", ["remind", "answered", "snooze", "undo"])
def test_the_acts_of_the_key_bar_can_be_clicked(tmp_path: Path, action: str) -> None:
    desk = real_desk(tmp_path)

    async def steps(seen: Seen) -> None:
        word = seen.app.words(f"key_{action}")
        await seen.press("i")
        before = everything(desk)
        await seen.pilot.click("#keys", offset=(seen.lines[-1].index(f" {word}"), 0))
        await seen.settle()
        assert not isinstance(seen.app.screen, MainScreen) or everything(desk) != before

    drive(desk, steps, (200, 40))


@pytest.mark.parametrize("keys", ["z", "t", "c", "w", "plus", "J", "n", "m"])
def test_a_question_that_is_left_changes_nothing(tmp_path: Path, keys: str) -> None:
    desk = real_desk(tmp_path)
    before = everything(desk)

    async def steps(seen: Seen) -> None:
        await seen.press(keys)
        assert isinstance(seen.app.screen, AskScreen | FormScreen | ReminderScreen)
        await seen.press("escape")
        assert isinstance(seen.app.screen, MainScreen)

    drive(desk, steps)
    assert everything(desk) == before


def test_an_answer_can_be_clicked(tmp_path: Path) -> None:
    desk = real_desk(tmp_path)

    async def steps(seen: Seen) -> None:
        await seen.press("z")
        await seen.pilot.click(PickList, offset=(8, 1))
        await seen.pilot.click(PickList, offset=(8, 1))
        await seen.settle()
        assert reading(desk).snoozed_until is not None

    drive(desk, steps)


@pytest.mark.parametrize(
    ("keys", "complaint"),
    [
        (("z", "tab", *"soon", "enter"), "'soon' is no time → give 12h, 3d"),
        (("z", "tab", *"2020-01-01", "enter"), "is already past → snooze until a time to come"),
        (("t", "tab", *"13/45", "enter"), "'13/45' is no time"),
        (("w", "enter"), "the note is empty → write something"),
        (("n", "1", "1", "enter"), "the client's name is missing"),
        (("n", "1", "1", *"Sato", "tab", "tab", *"ftp", "enter"), "ftp is no link → begin it with https://"),
        (("plus", "1", *"x", "enter"), "'x' is no time"),
    ],
    ids=str,
)
def test_what_cannot_be_entered_is_said_where_it_was_typed(
    tmp_path: Path, keys: tuple[str, ...], complaint: str
) -> None:
    desk = real_desk(tmp_path)
    before = everything(desk)

    async def steps(seen: Seen) -> None:
        await seen.press(*keys)
        assert complaint in flat(seen)
        assert not isinstance(seen.app.screen, MainScreen), "what was typed is still there"

    drive(desk, steps)
    assert everything(desk) == before


def test_a_platform_without_reminders_says_so(tmp_path: Path) -> None:
    desk = real_desk(tmp_path)

    async def steps(seen: Seen) -> None:
        seen.deals.go(COCONALA)
        await seen.settle()
        await seen.press("f")
        assert "no reminder can be filed on coconala" in told(seen)

    drive(desk, steps)


def test_another_process_that_writes_is_said_with_the_cure(tmp_path: Path) -> None:
    desk = real_desk(tmp_path)

    async def steps(seen: Seen) -> None:
        await seen.press("J")
        desk.act(lambda store, now: merge(store, OTHER, LANCERS, now))  # by a command meanwhile
        await seen.press("enter")
        assert f"{OTHER} is merged into {LANCERS} already → `otosata undo` takes that back" in flat(seen)

    drive(desk, steps)


def test_what_was_done_elsewhere_is_taken_back_after_a_question_only(tmp_path: Path) -> None:
    desk = real_desk(tmp_path)
    before = everything(desk)

    async def steps(seen: Seen) -> None:
        await seen.press("u")
        assert "Take it back? recorded message (you) coconala-1" in flat(seen)
        await seen.press("2")
        assert everything(desk) == before
        await seen.press("u", "1")
        assert everything(desk) != before

    drive(desk, steps)


def test_nothing_left_to_take_back_is_said(tmp_path: Path) -> None:
    desk = real_desk(tmp_path)
    while desk.act(lambda store, now: store.undo(None, now)):
        pass

    async def steps(seen: Seen) -> None:
        await seen.press("escape", "u")  # the first leaves the greeting of an empty ledger
        assert "nothing to take back" in told(seen)
        await seen.press("i")
        assert "no deal is chosen" in told(seen)

    drive(desk, steps)


def test_a_closed_deal_can_be_reopened(tmp_path: Path) -> None:
    desk = real_desk(tmp_path)

    async def steps(seen: Seen) -> None:
        await seen.press("x", "a")
        seen.deals.go(LANCERS)
        await seen.settle()
        await seen.press("x")
        assert [mark.kind for mark in desk.ledger(LANCERS).marks] == [MarkKind.CLOSE, MarkKind.REOPEN]
        assert not reading(desk).closed_by_hand

    drive(desk, steps)


def test_looking_at_everything_changes_nothing(tmp_path: Path) -> None:
    desk = real_desk(tmp_path)
    before = everything(desk)

    async def steps(seen: Seen) -> None:
        for keys in ("m", "z", "t", "c", "w", "plus", "J", "n"):
            await seen.press("down", keys, "down", "escape")
        await seen.press("enter", "j", "pagedown", "escape")

    drive(desk, steps)
    assert everything(desk) == before


def test_what_lies_ahead_is_said_to_count_from_then(tmp_path: Path) -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("i")
        assert "counts from" not in told(seen)
        await seen.press("plus", "1", *"3d", "enter")
        assert "(counts from Mon 23 Nov 09:00)" in told(seen)

    drive(real_desk(tmp_path), steps)


def test_a_new_deal_is_shown(tmp_path: Path) -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("n", "2", "1", *"Sato", "enter")
        assert seen.selected == "lancers-3"

    drive(real_desk(tmp_path), steps)


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 12), (27, 8)], ids=str)
@pytest.mark.parametrize("key", ["m", "z", "t", "c", "w", "plus", "J", "n"])
def test_no_hostile_name_breaks_a_question(key: str, size: tuple[int, int]) -> None:
    everything = " ".join(HOSTILE)

    async def steps(seen: Seen) -> None:
        await seen.press(key)
        check(seen)
        await seen.press("1" if key in ("plus", "n") else "down")
        check(seen)

    drive_fixed(steps, named([(everything, everything[::-1]), (everything[::-1], everything)]), size=size)


def test_what_is_pasted_steers_no_terminal(tmp_path: Path) -> None:
    desk = real_desk(tmp_path)

    async def steps(seen: Seen) -> None:
        await seen.press("w")
        seen.app.screen.query_one(Field).post_message(Paste("a\x1b]52;c;eA==\x07\u202eb"))
        await seen.settle()
        await seen.press("enter")
        assert desk.ledger(LANCERS).marks[-1].reason == "a]52;c;eA==b"

    drive(desk, steps)


@pytest.mark.parametrize("keys", [("i",), ("u",), ("c", "enter"), ("plus", "1", "enter")], ids="-".join)
def test_a_ledger_that_another_process_holds_is_said_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...]
) -> None:
    desk = real_desk(tmp_path)
    before = everything(desk)

    def held(_: object) -> None:
        raise StoreError("otosata.db is in use by another process", "wait until it is done, or end a hanging otosata")

    async def steps(seen: Seen) -> None:
        monkeypatch.setattr(desk, "act", held)
        await seen.press(*keys)
        said = flat(seen) + told(seen)
        assert "otosata.db is in use by another process → wait until it is done, or end a hanging otosata" in said
        assert everything(desk) == before

    drive(desk, steps)
