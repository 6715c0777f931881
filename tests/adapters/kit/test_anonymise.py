"""A mail that can be published: no private word is left in any encoding, and it is still the same notice."""

import re
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.kit.anonymise.mail import Anonymised, UnreadableError, anonymise
from adapters.registry import load_adapters
from tests.adapters.kit.planted import Planted, found, mails
from tests.cli.mailbox import mail

ADAPTERS = load_adapters()
GOLDEN = sorted((Path(__file__).parents[2] / "mails" / "golden").rglob("*.eml"))
PLANTED = list(mails(200))


def made(data: bytes, **options: list[str]) -> Anonymised:
    return anonymise(data, ADAPTERS, **options)


@pytest.mark.parametrize("part", range(8))
def test_of_two_hundred_mails_with_planted_words_none_is_left(part: int) -> None:
    for planted in PLANTED[part::8]:
        result = made(planted.data)
        assert found(result.data, planted.words) == set()
        assert result.leftovers == ()
        assert result.rule == result.rule_after
        assert (result.rule is not None) == bool(planted.platform)


def test_the_search_finds_every_word_that_was_planted() -> None:
    for planted in PLANTED[::10]:
        assert found(planted.data, planted.words) == set(planted.words)


@pytest.mark.parametrize("part", range(4))
def test_parts_charsets_and_encodings_stay(part: int) -> None:
    for planted in PLANTED[part::20]:
        assert structure(made(planted.data).data) == structure(planted.data)


def structure(data: bytes) -> list[tuple[object, ...]]:
    """What a mail is made of, without what it says."""
    return [_form(part) for part in message_from_bytes(data).walk()]


def _form(part: Message) -> tuple[object, ...]:
    return (
        list(part.keys()),
        part.get_content_type(),
        part.get_content_charset(),
        part.get("content-transfer-encoding"),
        part.is_multipart(),
        bool(part.get_filename()),
        re.findall(r"=\?([^?]+)\?([bq])\?", str(part.get("subject", "")), re.IGNORECASE)[:1],
    )


@pytest.mark.parametrize("file", GOLDEN, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_golden_mail_stays_the_notice_that_it_is(file: Path) -> None:
    result = made(file.read_bytes())
    assert result.rule == f"{file.parent.name}/{file.stem}"
    assert result.is_safe, result.leftovers


def test_the_same_word_gets_the_same_name_everywhere() -> None:
    result = made(mail("[ランサーズ] 山田 さんから 記事作成 のコメントが届いています", "山田です。山田より"))
    text = message_from_bytes(result.data).get_payload(decode=True)
    assert isinstance(text, bytes)
    name = text.decode().split("です")[0]
    assert text.decode() == f"{name}です。{name}より"


def test_dates_and_the_platforms_own_words_stay() -> None:
    result = made(
        mail("[ランサーズ] 山田 さんから 記事作成 のコメントが届いています", "2026年6月3日 12:30 までに ¥50000")
    )
    assert body(result).startswith("2026年6月3日 12:30 までに ¥")
    assert "50000" not in body(result)


def test_what_is_to_stay_can_be_named_and_what_is_to_go() -> None:
    data = mail("お知らせ", "シラサギ通信 第4号 メッセージ", sender="no-reply@shirasagi.example")
    assert "シラサギ通信" not in body(made(data))
    assert "シラサギ通信" in body(made(data, keep=["シラサギ通信"]))
    assert "メッセージ" in body(made(data))
    assert "通信" not in body(made(data, keep=["シラサギ"]))


def body(result: Anonymised) -> str:
    payload = message_from_bytes(result.data).get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


def test_a_word_that_is_private_in_any_case_goes_even_where_it_could_stay() -> None:
    data = mail("お知らせ", "担当はメール職人です", sender="no-reply@shirasagi.example")
    assert "メール職人" not in body(made(data, private=["メール職人"]))


@pytest.mark.parametrize("name", ["Will May", "May", "Bill Due", "クライアント"])
def test_a_name_made_of_common_words_goes_too(name: str) -> None:
    sender = "x@upwork.com"
    data = mail(f"{name} sent you a message", f"Unread message from {name} about x", sender=sender)
    result = made(
        data.replace(b"To: me@", f"To: {name} <me@".encode()).replace(b"example.net\r\nDate", b"example.net>\r\nDate")
    )
    assert result.rule == result.rule_after == "upwork/sent_message"
    shown = message_from_bytes(result.data)
    assert name not in str(shown["subject"]) + str(shown["to"])
    assert " " not in name or name not in body(result)


def test_an_address_of_numbers_goes_from_links_too() -> None:
    data = mail("お知らせ", "http://203.0.113.77:8080/x と 203.0.113.77", sender="no-reply@shirasagi.example")
    assert "203.0.113.77" not in body(made(data))


def test_what_is_said_to_be_private_goes_even_if_it_is_a_common_word() -> None:
    data = mail("お知らせ", "メッセージ", sender="no-reply@shirasagi.example")
    assert "メッセージ" not in body(made(data, private=["メッセージ"]))


@pytest.mark.parametrize("hidden", ["小鳥遊", "%E5%B0%8F%E9%B3%A5%E9%81%8A", "5bCP6bOl6YGK"])
def test_a_word_that_is_left_where_nothing_is_replaced_is_found(hidden: str) -> None:
    page = f'<p style="font-family: {hidden}">小鳥遊</p>'
    data = mail("お知らせ", page).replace(b"text/plain", b"text/html")
    result = made(data)
    assert [left.word for left in result.leftovers] == ["小鳥遊"]
    assert not result.is_safe


@pytest.mark.parametrize("charset", ["utf-8", "cp932", "iso-2022-jp"])
def test_a_subject_that_nobody_encoded_stays_the_notice_that_it_is(charset: str) -> None:
    data = mail("SUBJECT", "小鳥遊です").replace(b"To: me@", "To: 小鳥遊 <me@".encode(charset), 1)
    data = data.replace(b"SUBJECT", "[ランサーズ] 小鳥遊 さんから ロゴ のコメントが届いています".encode(charset))
    result = made(data)
    assert result.is_safe
    assert result.rule == "lancers/comment"
    assert found(result.data, ("小鳥遊",)) == set()


def test_the_words_of_a_link_to_write_a_mail_stay() -> None:
    link = "mailto:no-reply@lancers.co.jp?subject=%E5%B0%8F%E9%B3%A5&body=x"
    result = made(mail("[ランサーズ] 小鳥 さんから ロゴ のコメントが届いています", link))
    assert result.is_safe
    assert "?subject=%" in body(result)


def test_a_file_name_that_nobody_encoded_goes() -> None:
    data = mail("お知らせ", "x").replace(b"text/plain", 'text/plain; name="小鳥遊.txt"'.encode())
    result = made(data)
    assert result.is_safe
    assert found(result.data, ("小鳥遊",)) == set()


@given(st.sampled_from(GOLDEN[::9]), st.lists(st.tuples(st.integers(0), st.binary(max_size=4)), max_size=12))
@settings(max_examples=40, deadline=None)
def test_a_mail_that_is_damaged_is_made_public_or_refused_but_never_a_crash(
    file: Path, damage: list[tuple[int, bytes]]
) -> None:
    data = bytearray(file.read_bytes())
    for place, letters in damage:
        data[place % len(data) : place % len(data) + 2] = letters
    try:
        result = made(bytes(data))
    except UnreadableError:
        return
    assert result.is_safe or result.leftovers or result.rule != result.rule_after


def test_more_short_names_than_there_are_invented_ones_are_still_replaced() -> None:
    names = [chr(code) for code in range(0x7000, 0x7000 + 300)]
    result = made(mail("お知らせ", "、".join(names), sender="no-reply@shirasagi.example"))
    assert result.is_safe
    assert not set(names) & set(body(result))


@pytest.mark.parametrize("planted", PLANTED[:3], ids=lambda planted: planted.platform or "none")
def test_it_is_made_the_same_way_every_time(planted: Planted) -> None:
    assert made(planted.data).data == made(planted.data).data
