"""Mail forwarded by hand is recognised by a mark, and who wrote it first is estimated."""

from datetime import UTC, datetime

import pytest

from otosata.mail.model import Forwarded, Mail, RawMail, Trust
from otosata.mail.parse import parse

GMAIL = """見てください

---------- Forwarded message ---------
差出人: えんがわマート <news@engawa.example>
Date: 2025年10月14日(火) 9:30
Subject: 椅子の修理の件
To: <fumi@home.example>


椅子が届きました。
"""
THUNDERBIRD = """-------- 転送されたメッセージ --------
件名: \t椅子の修理の件
日付: \tTue, 14 Oct 2025 09:30:00 +0900
差出人: \tえんがわマート <news@engawa.example>
宛先: \tfumi@home.example

椅子が届きました。
"""
OUTLOOK = """________________________________
差出人: えんがわマート <news@engawa.example>
送信日時: 2025年10月14日 9:30
宛先: fumi@home.example
件名: 椅子の修理の件

椅子が届きました。
"""
APPLE = """Begin forwarded message:

> From: Engawa <news@engawa.example>
> Subject: 椅子の修理の件
> Date: October 14, 2025 at 9:30:00 JST

> 椅子が届きました。
"""


def read(text: str, subject: str = "Fwd: 椅子の修理の件", extra: str = "") -> Mail:
    header = f"From: me@work.example\nTo: fumi@home.example\nSubject: {subject}\n{extra}"
    data = f"{header}Content-Type: text/plain; charset=utf-8\n\n{text}".encode()
    return parse(RawMail(data), now=datetime(2025, 10, 20, tzinfo=UTC), trust=Trust())


@pytest.mark.parametrize("text", [GMAIL, THUNDERBIRD, OUTLOOK, APPLE], ids=["gmail", "thunderbird", "outlook", "apple"])
@pytest.mark.parametrize(
    "subject", ["Fwd: 椅子の修理の件", "FW: 椅子の修理の件", "転送：椅子の修理の件", "Fw: Fwd: 椅子の修理の件"]
)
def test_a_quoted_block_names_the_first_sender(text: str, subject: str) -> None:
    mail = read(text, subject)
    assert mail.forwarded == Forwarded("news@engawa.example", "椅子の修理の件", "quoted block")
    assert mail.sender == "me@work.example"
    assert "椅子が届きました。" in mail.text


@pytest.mark.parametrize("text", [GMAIL, THUNDERBIRD, APPLE], ids=["gmail", "thunderbird", "apple"])
def test_the_mark_in_the_body_is_enough(text: str) -> None:
    assert read(text, "お知らせ").forwarded == Forwarded("news@engawa.example", "椅子の修理の件", "quoted block")


def test_a_block_without_a_mark_is_a_reply() -> None:
    assert read(OUTLOOK, "Re: 椅子の修理の件").forwarded is None


def test_headers_come_before_the_block() -> None:
    reply_to = "Reply-To: Engawa <desk@engawa.example>\n"
    assert read(GMAIL, extra=reply_to).forwarded == Forwarded("desk@engawa.example", "椅子の修理の件", "reply-to")
    both = reply_to + "X-Forwarded-For: box@engawa.example fumi@home.example\n"
    assert read(GMAIL, extra=both).forwarded == Forwarded("box@engawa.example", "椅子の修理の件", "x-forwarded-for")


def test_the_own_mailboxes_are_not_the_first_sender() -> None:
    own = "X-Forwarded-For: me@work.example fumi@home.example\nReply-To: me@work.example\n"
    assert read(GMAIL, extra=own).forwarded == Forwarded("news@engawa.example", "椅子の修理の件", "quoted block")


@pytest.mark.parametrize("extra", ["X-Original-From: news@engawa.example\n", "X-Forwarded-For: news@engawa.example\n",
                                   "Reply-To: news@engawa.example\n"])  # fmt: skip
def test_a_header_without_a_mark_is_nothing(extra: str) -> None:
    assert read("こんにちは", "椅子の修理の件", extra).forwarded is None


def test_a_mark_without_a_sender_is_nothing() -> None:
    assert read("差出人: えんがわマート\n", "Fwd: x").forwarded is None


def test_the_subject_is_whole_where_the_block_breaks_it_over_two_lines() -> None:
    folded = GMAIL.replace("椅子の修理の件", "椅子の\n修理の件")
    assert read(folded).forwarded == Forwarded("news@engawa.example", "椅子の修理の件", "quoted block")


INNER = """From: =?utf-8?b?44GI44KT44GM44KP?= <news@engawa.example>
Subject: =?utf-8?b?5qSF5a2Q44Gu5L+u55CG44Gu5Lu2?=
Content-Type: text/plain; charset=utf-8

椅子が届きました。 https://engawa.example/1
"""


def attach(inner: str, subject: str = "見てください", kind: str = "mixed") -> Mail:
    """A mail of two parts: a line, and a whole mail."""
    head = f"From: me@work.example\nTo: fumi@home.example\nSubject: {subject}\n"
    parts = (
        f"--x\nContent-Type: text/plain; charset=utf-8\n\n見て\n--x\nContent-Type: message/rfc822\n\n{inner}\n--x--\n"
    )
    data = f"{head}Content-Type: multipart/{kind}; boundary=x\n\n{parts}".encode()
    return parse(RawMail(data), now=datetime(2025, 10, 20, tzinfo=UTC), trust=Trust())


@pytest.mark.parametrize("subject", ["見てください", "Fwd: 椅子"])
def test_an_attached_mail_is_forwarded(subject: str) -> None:
    mail = attach(INNER, subject)
    assert mail.forwarded == Forwarded("news@engawa.example", "椅子の修理の件", "attached")
    assert mail.sender == "me@work.example"
    assert mail.links == ("https://engawa.example/1",)
    assert mail.text == "見て\n椅子が届きました。 https://engawa.example/1"


@pytest.mark.parametrize(
    "inner",
    [
        "From: a@b.example\n" + INNER,
        INNER.replace("From:", "X-From:"),
        "X: " + "x" * 300_000 + "\n" + INNER,
        "\n",
    ],
    ids=["two From", "no From", "too long", "empty"],
)
def test_an_attached_mail_of_doubtful_origin_is_none(inner: str) -> None:
    mail = attach(inner)
    assert (mail.forwarded, mail.text, mail.problem) == (None, "見て", None)


def test_a_bounce_is_not_forwarded_by_anybody() -> None:
    mail = attach(INNER, kind="report")
    assert (mail.forwarded, mail.text) == (None, "見て")
