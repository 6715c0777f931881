"""The rest of a mail is left on the server only where it would say the same again in HTML."""

import base64
from datetime import UTC, datetime

import pytest

from otosata.mail.enough import FIRST_PIECE, is_enough
from otosata.mail.model import RawMail, Trust
from otosata.mail.parse import parse

TEXT = "メッセージが届きました。\r\nhttps://platform.example/talk/1\r\n" * 30
HTML = "<p>" + "<b style='color: red'>メッセージが届きました。</b>" * 600 + "</p>"


def mail(text: str = TEXT, html: str = HTML, kind: str = "multipart/alternative", first: str = "text/plain") -> bytes:
    def part(content_type: str, body: str) -> bytes:
        head = f"--=b\r\nContent-Type: {content_type}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        return head.encode() + base64.encodebytes(body.encode()).replace(b"\n", b"\r\n")

    top = f'From: noreply@platform.example\r\nSubject: x\r\nContent-Type: {kind}; boundary="=b"\r\n\r\n'
    return top.encode() + part(first, text) + part("text/html", html) + b"--=b--\r\n"


@pytest.mark.parametrize(
    ("changes", "enough"),
    [
        ({}, True),
        ({"text": "HTML対応のメールソフトでご覧ください。https://platform.example/"}, False),
        ({"text": TEXT.replace("https://", "")}, False),
        ({"text": TEXT * 10}, False),
        ({"kind": "multipart/mixed"}, False),
        ({"first": "text/html"}, False),
        ({"first": "text/calendar"}, False),
    ],
)
def test_a_whole_text_with_its_own_link_is_enough_and_nothing_else_is(changes, enough):
    assert is_enough(mail(**changes)[:FIRST_PIECE]) is enough


@pytest.mark.parametrize(
    "piece", [b"", b"\0" * FIRST_PIECE, b"x: y\r\n" * 3000, mail(kind='multipart/alternative; x="')]
)
def test_a_piece_that_makes_no_sense_is_never_enough(piece):
    assert not is_enough(piece)


def test_what_is_read_of_the_piece_is_what_is_read_of_the_whole():
    def read(data: bytes) -> object:
        found = parse(RawMail(data), now=datetime(2026, 3, 1, tzinfo=UTC), trust=Trust())
        return found.digest, found.text, found.links, found.subject, found.sender

    whole = mail()
    assert is_enough(whole[:FIRST_PIECE])
    assert read(whole[:FIRST_PIECE]) == read(whole)
