"""The same, read-only, on a mailbox of your own: set OTOSATA_LIVE_HOST, _USER and _PASSWORD; otherwise on the Dovecot.

Nothing is written there.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from otosata.mail.account import ImapAccount
from otosata.mail.imap import ImapSource
from otosata.mail.source import Wanted

NOW = datetime.now(UTC)


@dataclass(frozen=True)
class Place:
    """A mailbox to look at, and a sender who has written to it within the last days."""

    account: ImapAccount
    sender: str


@pytest.fixture
def place(request: pytest.FixtureRequest) -> Place:
    if host := os.environ.get("OTOSATA_LIVE_HOST"):
        password = os.environ["OTOSATA_LIVE_PASSWORD"]
        account = ImapAccount("own", host, os.environ["OTOSATA_LIVE_USER"], lambda: password)
        return Place(account, os.environ.get("OTOSATA_LIVE_SENDER", "@lancers.jp"))
    mailbox = request.getfixturevalue("mailbox")
    for n in range(15):
        header = "Authentication-Results: mx.example; spf=pass\r\n"
        mailbox.deliver(f"{header}From: a@b.example\r\nSubject: {n}\r\n\r\nx\r\n".encode(), NOW - timedelta(days=n))
    return Place(mailbox.account(), "@b.example")


def wanted(place: Place, **changes: object) -> Wanted:
    values = {"senders": (place.sender,), "since": NOW - timedelta(days=14), "known": lambda *_: frozenset()}
    return Wanted(**{**values, **changes})


def test_the_inbox_can_be_opened_and_counted(place):
    source = ImapSource(place.account)
    login = source.test_login()
    source.close()
    assert "INBOX" in login.folders
    assert login.mails[0][1] > 0


def test_polling_twice_brings_the_same_mails_once(place):
    source = ImapSource(place.account)
    batches = list(source.poll(wanted(place)))
    uids = [m.uid for b in batches for m in b.mails]
    known = frozenset(uids)
    again = list(source.poll(wanted(place, known=lambda *_: known, cursors=(batches[-1].cursor,))))
    source.close()
    assert len(uids) == len(known)
    assert batches[-1].cursor.complete
    assert not [m for b in again for m in b.mails]


def test_the_servers_marks_can_be_sampled(place):
    source = ImapSource(place.account)
    sample = source.sample_trust()
    source.close()
    assert 0 < sample.mails <= 60
