"""Text is fitted into cells exactly, whatever it is made of."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.cells import fit, steady, width

HOSTILE = (
    "\x1b]52;c;aGFjaw==\x07",
    "\x1b[2J\x1b[1;1H",
    "\u202eこの案件は安全です\u202c",
    "\u2066\u2067\u2068isolates\u2069",
    "[bold red]markup[/] [@click=app.quit]x[/]",
    "👨‍👩‍👧‍👦 家族",
    "1\u200d2\u200d3",
    "👍🏽 ❤️ ☎️ 1️⃣ 🇯🇵",
    "ﾔﾏﾀﾞ ﾊﾞﾝﾄﾞ ﾊﾟﾝ ﾞﾟ",
    "か\u3099き\u3099 ハ\u309a e\u0301\u0301\u0301\u0301\u0301\u0301",
    "葛\U000e0100城 辻󠄀",
    "\u1112\u1161\u11ab ᄀ가",
    "①㈱㌔№℡ ★※■〒",
    "\ud800\udfff\ufffe\U0010ffff",
    "\u0e01\u0e47\u0e49 \u0915\u094d\u0937",
    "a\tb\nc\r\nd\u2028e",
    "\u200b\u200c\u200d\ufeff",
    "「」、。" * 40,
    "x" * 900,
    "",
)
TEXT = st.one_of(st.text(max_size=60), st.sampled_from(HOSTILE), st.text("漢ｱﾞがa\u0301\u200d👩\ufe0f🇯", max_size=30))


@given(TEXT, st.integers(0, 80), st.booleans())
@example("漢字", 3, False)
@example("漢字", 1, True)
def test_fitted_text_is_exactly_as_wide_as_asked(text: str, cells: int, right: bool) -> None:
    assert width(fit(steady(text), cells, right=right)) == cells


@given(TEXT)
def test_nothing_that_steers_a_terminal_or_joins_characters_is_left(text: str) -> None:
    shown = steady(text)
    assert not [c for c in shown if unicodedata.category(c) in {"Cc", "Cs"} or unicodedata.bidirectional(c) in BIDI]
    assert not set(shown) & {"\u200d", "\ufe0f", "\ufe0e", "\u20e3"}
    assert not [c for c in shown if 0x1F3FB <= ord(c) <= 0x1F3FF or 0x1F1E6 <= ord(c) <= 0x1F1FF]


BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@given(TEXT)
def test_the_width_of_steady_text_is_the_sum_of_its_characters(text: str) -> None:
    shown = steady(text)
    assert width(shown) == sum(map(width, shown))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("株式会社みどり", "株式会社みどり"),
        ("ﾔﾏﾀﾞ", "ﾔﾏダ"),
        ("が", "が"),
        ("👨‍👩‍👧 家族", "👨 家族"),
        ("👍🏽❤️", "👍❤"),
        ("🇯🇵", "JP"),
        ("1️⃣", "1"),
        ("葛\U000e0100城", "葛城"),
        ("a\nb", "a b"),
    ],
)
def test_what_terminals_draw_differently_is_replaced_by_what_they_draw_alike(text: str, shown: str) -> None:
    assert steady(text) == shown


@pytest.mark.parametrize(
    ("text", "cells", "shown"),
    [
        ("ロゴ制作", 8, "ロゴ制作"),
        ("ロゴ制作", 7, "ロゴ制…"),
        ("ロゴ制作", 6, "ロゴ… "),
        ("ロゴ制作", 1, "…"),
        ("ロゴ制作", 0, ""),
        ("logo", 6, "logo  "),
        ("e\u0301e\u0301e\u0301", 2, "é…"),
    ],
)
def test_what_is_cut_off_shows_as_an_ellipsis(text: str, cells: int, shown: str) -> None:
    assert fit(steady(text), cells) == shown


def test_numbers_stand_on_the_right() -> None:
    assert fit("12日", 6, right=True) == "  12日"
