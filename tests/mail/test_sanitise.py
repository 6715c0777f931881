"""Nothing that could fool a terminal or a reader passes the border, and what carries meaning does."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otosata.mail.sanitise import block, one_line

TRICKS = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "\x1b\x9b\x00\r\n\t\x85\u200b\u200d\u202e\u2066\ufeff\ufe0f👩💻葛a1\u0301\U000e0100\U000e0041\u2028"
        ),
        st.integers(0xD800, 0xDFFF).map(chr),
    )
)
FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200c\u2028\u2029\ufeff\ud800-\udfff\U000e0000-\U000e007f]")


@given(TRICKS)
def test_no_control_no_bidi_no_surrogate_is_left(text: str) -> None:
    for clean in (block(text), one_line(text)):
        assert not FORBIDDEN.search(clean)
        assert {unicodedata.bidirectional(character) for character in clean}.isdisjoint(
            {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "BN"}
            - ({"BN"} if "\u200d" in clean else set())
        )
        clean.encode("utf-8")
    assert "\n" not in one_line(text)


@given(TRICKS)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert block(block(text)) == block(text)
    assert one_line(one_line(text)) == one_line(text)


@given(st.text(st.characters(min_codepoint=0x3000, max_codepoint=0x9FFF, exclude_characters="\u3164")))
def test_japanese_text_passes_untouched(text: str) -> None:
    assert block(text) == text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("\x1b]52;c;QUJD\x07雨", "]52;c;QUJD雨"),
        ("a\r\nb\rc\nd\u2028e\x85f\x0bg", "a\nb\nc\nd\ne\nf\ng"),
        ("a\tb", "a b"),
        ("\u202egpj.exe\u202c", "gpj.exe"),
        ("pass\u200bword\u2060\ufeff\u00ad", "password"),
        ("🏴\U000e0067\U000e0062\U000e007f", "🏴"),
        ("👩\u200d💻 ❤\ufe0f 1\ufe0f\u20e3", "👩\u200d💻 ❤\ufe0f 1\ufe0f\u20e3"),
        ("a\u200db \u200d\u200d c\ufe0f\ufe0f", "ab  c"),
        ("葛\U000e0100葛\U000e0100\U000e0101 a\U000e0100", "葛\U000e0100葛\U000e0100 a"),
        ("z" + "\u0301" * 30, "z" + "\u0301" * 4),
        ("〜～−－①㈱ｶ　全角の空白", "〜～−－①㈱ｶ　全角の空白"),
    ],
)
def test_a_block_keeps_meaning_and_drops_tricks(text: str, clean: str) -> None:
    assert block(text) == clean


def test_one_line_joins_lines_and_ends_at_its_limit() -> None:
    assert one_line("  a \r\n b\n\nc ") == "a b c"
    assert one_line("あ" * 900) == "あ" * 500
    assert len(block("x" * 300_000)) == 200_000
