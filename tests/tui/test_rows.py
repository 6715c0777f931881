"""A row says the level in glyph, word and colour, never calls unknown fine, and is as wide as its columns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otosata.deals.reading import Reading
from tests.screens.world import DEALS, FixedDesk, named, troubled, words
from tests.tui.test_cells import HOSTILE, TEXT
from tui.cells import width
from tui.columns import GAP, columns, share
from tui.rows import row
from tui.tones import GLYPHS, Piece


def readings(desk: FixedDesk | None = None) -> dict[str, Reading]:
    return {reading.deal.id: reading for reading in (desk or FixedDesk()).overview().readings}


def pieces(reading: Reading, cells: int = 160, lang: str = "ja") -> tuple[Piece, ...]:
    return row(reading, share(columns(words(lang)), cells), words(lang))


def text(reading: Reading, cells: int = 160, lang: str = "ja") -> str:
    return "".join(piece.text for piece in pieces(reading, cells, lang))


def test_every_level_has_its_own_glyph() -> None:
    assert len(set(GLYPHS.values())) == len(GLYPHS)


@pytest.mark.parametrize(
    ("deal", "said", "tone"),
    [("lancers-1", "◉ 緊急", "critical"), ("lancers-4", "▸ 注意", "notice"), ("lancers-7", "◦ 良好", "ok")],
)
def test_the_level_is_said_in_glyph_word_and_tone(deal: str, said: str, tone: str) -> None:
    assert pieces(readings()[deal])[0] == Piece(said, tone)


def test_unknown_is_never_shown_as_fine() -> None:
    for reading in readings(troubled()).values():
        if reading.unknown and not reading.is_quiet:
            shown = pieces(reading)
            assert shown[0] == Piece("? 不明", "unknown")
            assert not {"ok", "notice"} & {piece.tone for piece in shown}


@pytest.mark.parametrize(
    ("deal", "said"),
    [
        ("lancers-1", "11日 ▰▰▰▰▰▰▰▰▰▰ 相手"),
        ("lancers-2", "仮払い未確認 ロゴ制作"),
        ("lancers-3", "(推定) ★バナー10点【急募】"),
        ("lancers-3", "11/22 残2日"),
        ("lancers-4", "返信が3日ありません"),
        ("lancers-7", "     - ▱▱▸▱▱▱▱▱▱▱ 相手"),
        ("lancers-8", "11/24まで休止"),
        ("lancers-9", "完了"),
    ],
)
def test_a_row_says_what_matters(deal: str, said: str) -> None:
    assert said in text(readings()[deal])


def test_a_limit_that_has_passed_is_shown_as_passed() -> None:
    late = FixedDesk()
    late.time = late.time.replace(day=28)
    assert "11/22 期限切れ" in text(readings(late)["lancers-3"])
    assert Piece("11/22 期限切れ", "critical") in pieces(readings(late)["lancers-3"])


def test_snoozed_and_finished_deals_are_dim_all_over() -> None:
    assert {piece.tone for deal in ("lancers-8", "lancers-9") for piece in pieces(readings()[deal])} == {"dim"}


@given(TEXT, TEXT, st.integers(12, 200), st.sampled_from(["ja", "en"]))
def test_a_row_is_exactly_as_wide_as_its_columns(client: str, title: str, cells: int, lang: str) -> None:
    places = share(columns(words(lang)), cells)
    wanted = sum(place.cells for place in places) + GAP * (len(places) - 1)
    for reading in named([(client, title)] * len(DEALS)).overview().readings:
        assert width("".join(piece.text for piece in row(reading, places, words(lang)))) == wanted


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_width_holds_every_nasty_name(lang: str) -> None:
    shown = named([(text, text[::-1]) for text in HOSTILE]).overview().readings
    for cells in range(40, 201):
        slots = share(columns(words(lang)), cells)
        for reading in shown:
            for slot in slots:
                cell = row(reading, (slot,), words(lang))
                assert width("".join(piece.text for piece in cell)) == slot.cells, (cells, slot.column.name)
