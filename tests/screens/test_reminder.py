"""The reminder message: filled in, edited, copied, in every template and both languages, noted as sent."""

from pathlib import Path

from textual.widgets import TextArea

from tests.screens.driving import Seen
from tests.screens.ledger import COCONALA, LANCERS, real_desk
from tests.screens.test_acts import drive, flat


def letter(seen: Seen) -> str:
    return seen.app.screen.query_one(TextArea).text


def test_the_message_is_filled_in_edited_and_copied(tmp_path: Path) -> None:
    desk = real_desk(tmp_path, "ja")

    async def steps(seen: Seen) -> None:
        await seen.press("m")
        assert letter(seen).startswith("株式会社みどり商事 様\n\nお世話になっております。鈴木 花です。")
        await seen.press(*"hm", "ctrl+g")
        assert seen.app.clipboard.startswith("hm株式会社みどり商事 様")

    drive(desk, steps)


def test_every_template_can_be_had_in_both_languages(tmp_path: Path) -> None:
    desk = real_desk(tmp_path)

    async def steps(seen: Seen) -> None:
        await seen.press("m")
        first, found = letter(seen), set()
        for _ in desk.platforms["lancers"].templates:
            found.add(letter(seen))
            await seen.press("ctrl+t")
        assert len(found) == len(desk.platforms["lancers"].templates)
        assert letter(seen) == first
        await seen.press("ctrl+l")
        assert "お世話になっております" in letter(seen)

    drive(desk, steps)


def test_a_message_that_names_a_date_keeps_it_with_the_deal(tmp_path: Path) -> None:
    desk = real_desk(tmp_path)

    async def steps(seen: Seen) -> None:
        await seen.press("m", "ctrl+t", "ctrl+t", "ctrl+t", "ctrl+t", "ctrl+t", "ctrl+t")
        for _ in desk.platforms["lancers"].templates:
            if "[C1]" in seen.text:
                break
            await seen.press("ctrl+t")
        await seen.press("tab", "end", *("backspace",) * 10, *"12/4", "enter")
        events = desk.ledger(LANCERS).until(desk.now()).events[-2:]
        assert [(event.kind, str(event.date)) for event in events] == [("message", "None"), ("set_date", "2026-12-04")]

    drive(desk, steps)


def test_placeholders_without_a_value_are_named(tmp_path: Path) -> None:
    desk = real_desk(tmp_path)

    async def steps(seen: Seen) -> None:
        seen.deals.go(COCONALA)
        await seen.settle()
        await seen.press("m")
        assert "still open: {ask} {due} {me}" in flat(seen)

    drive(desk, steps)
