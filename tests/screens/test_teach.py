"""Teaching in the app: what mail is, which words are what, what the rule would do; saved only when it is seen."""

from dataclasses import replace
from pathlib import Path

import pytest

from config.desk import Desk
from otosata.store.values import MailState
from tests.screens.driving import Seen
from tests.screens.ledger import WAITING, day, real_desk
from tests.screens.test_acts import drive, flat, told
from tests.screens.test_hostile import check
from tests.screens.test_triage import at
from tests.tui.test_cells import HOSTILE
from tui.screens.teach import TeachScreen
from tui.screens.triage import TriageScreen
from tui.widgets.field import Field

LETTER = "[ランサーズ] {} さんから {} のお便りが来ました"


def desk_with_letters(folder: Path) -> Desk:
    """A ledger with three letters in words that no rule knows; one is about a deal that is known."""
    desk = real_desk(folder)
    names = (("株式会社みどり商事", "サイトの文章"), ("喫茶ひだまり", "ロゴ"), ("喫茶ひだまり", "ロゴ"))
    with desk.store(read_only=False) as store, store.writing() as writer:
        for place, (client, title) in enumerate(names, start=11):
            row = replace(
                WAITING[0],
                uid=place,
                digest=f"{place:064}",
                subject=LETTER.format(client, title),
                text="お便りです。",
                links=(),
                received=day(0.2 - place / 1000),
                notice=replace(WAITING[0].notice, refs=()) if WAITING[0].notice else None,
            )
            writer.add_mail(row)
    return desk


def waits(desk: Desk) -> list[int]:
    return [mail.id for mail in desk.mails(MailState.TRIAGE)]


def test_one_answer_settles_all_mails_of_a_kind(tmp_path: Path) -> None:
    desk = desk_with_letters(tmp_path)

    async def steps(seen: Seen) -> None:
        await at(seen, "4")
        assert "3 mails like this wait" in seen.text
        await seen.press("t", "1")
        assert isinstance(seen.app.screen, TeachScreen)
        assert seen.app.screen.query_one("#teach-client", Field).value == "株式会社みどり商事"
        assert seen.app.screen.query_one("#teach-title", Field).value == "サイトの文章"
        assert "Mails it also catches: 2" in flat(seen)
        assert "lancers-1" in flat(seen)
        assert waits(desk) == [1, 2, 3, 4, 5, 6], "nothing is written before it is saved"
        await seen.press("ctrl+s")
        assert isinstance(seen.app.screen, TriageScreen)
        assert waits(desk) == [1, 2, 3]
        assert "lancers/taught-1 is saved, 3 mails are judged by it" in told(seen)
        assert [rule.name for rule in desk.teaching.learned()] == ["lancers/taught-1"]

    drive(desk, steps)


def test_a_field_is_corrected_and_seen_before_it_is_saved(tmp_path: Path) -> None:
    desk = desk_with_letters(tmp_path)

    async def steps(seen: Seen) -> None:
        await at(seen, "4")
        await seen.press("t", "1")
        seen.app.screen.query_one("#teach-title", Field).value = ""
        await seen.press("ctrl+s")
        assert isinstance(seen.app.screen, TeachScreen), "what was typed is tried first"
        assert "(?P<title>" not in flat(seen)
        await seen.press("ctrl+s")
        assert isinstance(seen.app.screen, TriageScreen)
        (rule,) = desk.teaching.learned()
        assert "title" not in rule.table["subject"]

    drive(desk, steps)


def test_words_that_are_not_in_the_mail_are_said_and_can_be_mended(tmp_path: Path) -> None:
    desk = desk_with_letters(tmp_path)

    async def steps(seen: Seen) -> None:
        await at(seen, "4")
        await seen.press("t", "1")
        client = seen.app.screen.query_one("#teach-client", Field)
        client.value = "だれか"
        client.focus()
        await seen.press("enter")
        assert "stands neither in the subject nor in the text" in flat(seen)
        client.value = "みどり商事"
        await seen.press("enter")
        assert "as you said" in flat(seen)
        await seen.press("escape")
        assert isinstance(seen.app.screen, TriageScreen)
        assert desk.teaching.learned() == ()

    drive(desk, steps)


def test_no_mail_breaks_the_screen_or_steers_the_terminal(tmp_path: Path) -> None:
    desk = real_desk(tmp_path)
    with desk.store(read_only=False) as store, store.writing() as writer:
        for place, hostile in enumerate(HOSTILE, start=11):
            text = hostile.encode("utf-8", "replace").decode()  # what the ledger can hold
            subject = f"[ランサーズ] {text}さんから「{text}」のお便り"
            writer.add_mail(replace(WAITING[0], uid=place, digest=f"{place:064}", subject=subject, text=text))

    async def steps(seen: Seen) -> None:
        for mail in range(4, 4 + len(HOSTILE)):
            await at(seen, str(mail))
            await seen.press("t", "1")
            assert isinstance(seen.app.screen, TeachScreen)
            check(seen)
            await seen.press("escape", "escape")

    drive(desk, steps)


def lines_of(seen: Seen) -> list[str]:
    """What stands in the list of mails."""
    return [line.partition("│")[0].strip() for line in seen.lines[1:10] if "ランサーズ" in line.partition("│")[0]]


def test_mails_of_a_kind_are_one_line_that_unfolds(tmp_path: Path) -> None:
    async def steps(seen: Seen) -> None:
        await at(seen, "4")
        folded = lines_of(seen)
        assert sum("お便り" in line for line in folded) == 1
        assert "(+2) [ランサーズ]…さんから…のお便りが来ました" in folded[0]
        await seen.press("space")
        assert sum("お便り" in line for line in lines_of(seen)) == 3
        await seen.press("space")
        assert lines_of(seen) == folded

    drive(desk_with_letters(tmp_path), steps, (200, 40))


@pytest.mark.parametrize("key", ["enter", "n", "x"])
def test_what_concerns_one_mail_unfolds_its_kind_first(tmp_path: Path, key: str) -> None:
    desk = desk_with_letters(tmp_path)

    async def steps(seen: Seen) -> None:
        await at(seen, "4")
        await seen.press(key)
        assert isinstance(seen.app.screen, TriageScreen)
        assert sum("お便り" in line for line in lines_of(seen)) == 3
        assert waits(desk) == [1, 2, 3, 4, 5, 6]
        assert "3 mails in a line each" in told(seen)
        await seen.press("x")
        assert waits(desk) == [1, 2, 3, 5, 6]

    drive(desk, steps, (200, 40))


def test_a_rule_is_forgotten_once_it_shows_what_becomes_of_its_mails(tmp_path: Path) -> None:
    desk = desk_with_letters(tmp_path)

    async def steps(seen: Seen) -> None:
        await at(seen, "4")
        await seen.press("t", "1", "ctrl+s", "r")
        assert "lancers/taught-1  client message  3 mails" in seen.text
        assert "お便りが来ました$" in seen.text
        await seen.press("x")
        assert "Press once more to forget lancers/taught-1" in seen.text
        assert "Mails judged otherwise: 3" in seen.text
        assert waits(desk) == [1, 2, 3], "looking changes nothing"
        await seen.press("x")
        assert "no rule was taught" in seen.text
        assert "lancers/taught-1 is forgotten" in told(seen)
        assert desk.teaching.learned() == ()
        await seen.press("escape")
        assert isinstance(seen.app.screen, TriageScreen)
        assert waits(desk) == [1, 2, 3, 4, 5, 6]
        assert any("(+2)" in line for line in lines_of(seen))

    drive(desk, steps, (200, 40))
