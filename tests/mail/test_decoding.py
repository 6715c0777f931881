"""Japanese mail comes out as it was meant: the samples of tests/mails/decoding, and properties of the ladder."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otosata.mail import decode, jis
from otosata.mail.model import RawMail, Trust
from otosata.mail.parse import parse

SAMPLES = Path(__file__).parents[1] / "mails" / "decoding"
EXPECTED: dict[str, dict[str, str]] = tomllib.loads((SAMPLES / "expected.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_reads_as_its_expectation(name: str) -> None:
    raw = RawMail((SAMPLES / f"{name}.eml").read_bytes())
    mail = parse(raw, now=datetime(2025, 10, 20, tzinfo=UTC), trust=Trust())
    assert (mail.subject, mail.text, mail.problem) == (EXPECTED[name]["subject"], EXPECTED[name]["text"], None)
    assert (mail.sender, mail.sender_name) == ("info@engawa.example", "えんがわマート")


def test_every_sample_has_an_expectation() -> None:
    assert {path.stem for path in SAMPLES.glob("*.eml")} == set(EXPECTED)


def shift_jis_pair(row: int, cell: int) -> bytes:
    return bytes(((row + 1) // 2 + (0x80 if row < 63 else 0xC0), cell + (0x3F + (cell > 63) if row % 2 else 0x9E)))


# A cp50221 encoder, which Python lacks, from the table that cp932 decodes: rows 1 to 94 as Shift_JIS pairs.
POSITIONS = {
    character: bytes((0x20 + row, 0x20 + cell))
    for row in range(1, 95)
    for cell in range(1, 95)
    if not (character := shift_jis_pair(row, cell).decode("cp932", "replace")).startswith("\ufffd")
}
HALF_WIDTH = [chr(code) for code in range(0xFF61, 0xFFA0)]
ASCII = [chr(code) for code in range(0x20, 0x7F)] + ["\n"]


def cp50221(text: str) -> bytes:
    encoded, mode = b"", b"\x1b(B"
    for character in text:
        if character in POSITIONS:
            wanted, code = b"\x1b$B", POSITIONS[character]
        elif character in HALF_WIDTH:
            wanted, code = b"\x1b(I", bytes((ord(character) - 0xFF61 + 0x21,))
        else:
            wanted, code = b"\x1b(B", character.encode("ascii")
        encoded += (wanted if wanted != mode else b"") + code
        mode = wanted
    return encoded + (b"\x1b(B" if mode != b"\x1b(B" else b"")


japanese = st.text(st.sampled_from([*POSITIONS, *HALF_WIDTH, *ASCII]))
words = st.text(st.sampled_from("今日は雨が降っているので縁側で猫と本を読む。カタカナも①少しABC 123\n"))
sentences = words.map(lambda text: "きょうの知らせ。" + text)


@given(japanese)
def test_what_cp50221_encodes_is_read_back(text: str) -> None:
    assert decode.text(cp50221(text), "ISO-2022-JP") == text
    assert decode.text(cp50221(text)) == text


@given(japanese)
def test_what_windows_31j_encodes_is_read_back(text: str) -> None:
    assert decode.text(text.encode("cp932"), "Windows-31J") in (text, text.encode("cp932").decode("cp932"))


@given(sentences, st.sampled_from(["utf-8", "shift_jis", "euc-jp", "iso-2022-jp", "us-ascii", "", "x-nobody-knows"]))
def test_utf_8_sentences_are_read_under_any_label(text: str, label: str) -> None:
    assert decode.text(text.encode(), label) == text


@given(sentences, st.sampled_from(["utf-8", "shift_jis", "iso-2022-jp", "us-ascii", "", "x-nobody-knows"]))
def test_shift_jis_sentences_are_read_under_any_japanese_label(text: str, label: str) -> None:
    assert decode.text(text.encode("cp932"), label) == text


@given(st.binary(), st.text())
def test_no_bytes_and_no_label_raise(data: bytes, label: str) -> None:
    assert isinstance(decode.text(data, label), str)
    assert isinstance(decode.header(data), str)


@given(st.binary(), st.sampled_from(["base64", "quoted-printable", "8bit", "x-uuencode", ""]))
def test_no_bytes_break_a_transfer_encoding(data: bytes, encoding: str) -> None:
    assert isinstance(decode.transfer(data, encoding), bytes)


@given(st.sampled_from(sorted(jis._TWO_BYTES)), st.binary())
def test_every_character_set_survives_any_bytes(final: bytes, data: bytes) -> None:
    intermediate = b"\x1b$" if final in b"@AB" else b"\x1b$("
    assert isinstance(jis.decode(intermediate + final + data, lambda rest: rest.decode("latin-1")), str)


@pytest.mark.parametrize(
    "label", ["zip", "base64", "punycode", "idna", "unicode_escape", "raw_unicode_escape", "rot13", "mbcs"]
)
def test_codecs_that_are_no_charsets_are_not_run(label: str) -> None:
    assert decode.codec(label) is None


def test_every_codec_of_the_table_exists() -> None:
    assert all("a".encode(name) for name in decode._CODECS.values() if name)


def test_a_character_cut_off_by_a_partial_fetch_does_not_spoil_the_rest() -> None:
    text = "縁側に雨が降る。"
    assert decode.text(text.encode()[:-1], "utf-8") == text[:-1]
    assert decode.text((text * 2).encode("cp932")[:-1], "shift_jis") == (text * 2)[:-1]


def test_one_broken_byte_does_not_change_the_encoding() -> None:
    damaged = "縁側に雨が".encode() + b"\xff" + "降る。".encode()
    assert decode.text(damaged, "utf-8") == "縁側に雨が\ufffd降る。"
