"""E-mail: encrypted or not at all, one mail for one message, and no doubt about where it is that is not told."""

import email
import email.policy
from datetime import UTC, datetime

import pytest

from otosata.notify import smtp
from otosata.notify.channel import Channel
from otosata.notify.hiding import HIDDEN
from otosata.notify.http import Line
from otosata.notify.message import Message
from otosata.notify.outcome import SENT, Outcome, Result
from otosata.notify.smtp import Postbox
from tests.notify.post_office import CERTIFICATE, Office, post_office

MESSAGE = Message(
    "7b9d0e1c-0000-5000-8000-000000000001",
    "level",
    "critical",
    "critical: lancers-1 連絡なし 7日",
    (".hidden by a dot", "行" * 600),
    "2026-06-01T12:00:00+09:00",
)
NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)
TRUSTING = Line(private=True, ca_file=str(CERTIFICATE), seconds=5, deadline=5)


def send(office: Office, line: Line = TRUSTING, user: str = "me") -> Outcome:
    box = Postbox("localhost", office.port, user, "geheim", "me@example.com", ("you@example.com", "me@example.com"))
    return smtp.send(MESSAGE, box, line)


@pytest.fixture(params=[False, True], ids=["starttls", "implicit"])
def implicit(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Both ways to encrypt; the port decides, so the test's own port plays 465."""
    return bool(request.param)


def test_a_message_becomes_one_mail_over_tls(implicit: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    with post_office(implicit=implicit) as office:
        if implicit:
            monkeypatch.setattr(smtp, "IMPLICIT_TLS_PORT", office.port)
        assert send(office) == SENT
        assert office.encrypted
        (data,) = office.mails
        mail = email.message_from_bytes(data, policy=email.policy.default)
        assert (mail["Subject"], mail["To"]) == (MESSAGE.title, "you@example.com, me@example.com")
        assert mail["Message-ID"] == f"<{MESSAGE.id}@otosata.invalid>"
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail.get_content().splitlines() == list(MESSAGE.lines)  # type: ignore[attr-defined]
        assert office.said[0] == "ehlo [127.0.0.1]"


def test_without_starttls_no_password_and_no_mail_leave() -> None:
    with post_office(offers=("AUTH PLAIN",)) as office:
        assert send(office) == Outcome(Result.REFUSED, "localhost: STARTTLS is not offered")
        assert office.said == ["ehlo [127.0.0.1]"]
        assert not office.mails


def test_a_certificate_that_nobody_vouches_for_is_not_trusted() -> None:
    with post_office() as office:
        outcome = send(office, Line(private=True, seconds=5, deadline=5))
        assert outcome == Outcome(Result.LATER, "localhost: its certificate is not trusted")
        assert not any("AUTH" in line for line in office.said)


def test_a_private_address_is_refused_unless_allowed() -> None:
    with post_office() as office:
        assert send(office, Line()).error == "localhost: its address is a private one (see private_addresses)"
        assert office.said == []


@pytest.mark.parametrize(
    ("answers", "result", "unsure"),
    [
        ({"AUTH": "535 wrong"}, Result.REFUSED, False),
        ({"AUTH": "535 AUTH PLAIN AG1lAGdlaGVpbQ== is wrong"}, Result.REFUSED, False),
        ({"AUTH": "454 later"}, Result.LATER, False),
        ({"MAIL": "451 later"}, Result.LATER, False),
        ({"RCPT": "550 nobody of that name"}, Result.REFUSED, False),
        ({"DATA": "421 going down"}, Result.LATER, False),
        ({"DATA": ""}, Result.LATER, False),
        ({"MAIL TEXT": "552 too large"}, Result.REFUSED, False),
        ({"MAIL TEXT": "450 greylisted"}, Result.LATER, False),
        ({"MAIL TEXT": ""}, Result.LATER, True),
        ({"MAIL TEXT": "this is no SMTP"}, Result.LATER, False),
        ({"EHLO": "250-x\r\n" * 500 + "250 x"}, Result.LATER, False),
        ({"QUIT": ""}, Result.SENT, False),
    ],
    ids=str,
)
def test_what_the_server_says_decides(answers: dict[str, str], result: Result, unsure: bool) -> None:
    with post_office(answers=answers) as office:
        outcome = send(office)
        assert (outcome.result, outcome.unsure) == (result, unsure), outcome
        assert "geheim" not in outcome.error


def test_a_server_that_repeats_the_password_is_not_quoted() -> None:
    with post_office(answers={"AUTH": "535 AUTH PLAIN AG1lAGdlaGVpbQ== (geheim) is wrong"}) as office:
        box = Postbox("localhost", office.port, "me", "", "me@example.com", ("you@example.com",))
        error = Channel("mail", "email", lambda: "geheim", postbox=box, line=TRUSTING).send(MESSAGE, NOW).error
        assert error == f"SMTP 535: AUTH PLAIN {HIDDEN} ({HIDDEN}) is wrong"
