"""A mailbox's own server is known by its mark on nearly all mail, whoever sent it; nothing less is believed."""

import pytest

from otosata.mail.model import Trust
from otosata.mail.trust import judge_trust

NOBODY = Trust()
GMAIL = (
    b"Received: by 2002:a05:6a10:1 with SMTP id a1; Sun, 1 Mar 2026 01:00:00 -0800\r\n"
    b"Received: from mail.sender.example (mail.sender.example. [192.0.2.1])\r\n"
    b"        by mx.google.com with ESMTPS id b2; Sun, 01 Mar 2026 01:00:00 -0800\r\n"
    b"Authentication-Results: mx.google.com;\r\n       dkim=pass header.i=@sender.example;\r\n"
    b"       dmarc=pass header.from=sender.example\r\n\r\n"
)
OUTLOOK = (
    b"Authentication-Results: spf=pass (sender IP is 192.0.2.1)\r\n smtp.mailfrom=sender.example; dkim=pass\r\n"
    b" header.d=sender.example;dmarc=pass action=none header.from=sender.example;\r\n"
    b"Received: from mail.sender.example (192.0.2.1) by\r\n"
    b" TY1.mail.protection.outlook.com (10.0.0.1) with Microsoft SMTP Server\r\n\r\n"
)
HOSTER = (
    b"Authentication-Results: mx.hoster.example; spf=pass smtp.mailfrom=a@sender.example\r\n"
    b"Received: from mail.sender.example by mx.hoster.example with ESMTP; Sun, 1 Mar 2026 01:00:00 +0900\r\n\r\n"
)
UNMARKED = b"Received: from mail.sender.example by mx.hoster.example with ESMTP; Sun, 1 Mar 2026 01:00:00 +0900\r\n\r\n"
SENDERS_OWN = UNMARKED[:-2] + b"Authentication-Results: mx.hoster.example; dmarc=pass header.from=bank.example\r\n\r\n"


@pytest.mark.parametrize(
    ("samples", "trust"),
    [
        ([GMAIL] * 60, Trust(frozenset({"mx.google.com"}))),
        ([OUTLOOK] * 60, Trust(anonymous=True)),
        ([HOSTER] * 60, Trust(frozenset({"mx.hoster.example"}))),
        ([HOSTER] * 54 + [UNMARKED] * 6, Trust(frozenset({"mx.hoster.example"}))),
        ([HOSTER] * 53 + [UNMARKED] * 7, NOBODY),
        ([HOSTER] * 30 + [GMAIL] * 30, NOBODY),
        ([UNMARKED] * 60, NOBODY),
        ([HOSTER] * 9, NOBODY),
        ([], NOBODY),
        ([b"Authentication-Results: ((broken\r\n\r\n"] * 60, NOBODY),
        ([b"\0\xff" * 1000] * 60, NOBODY),
    ],
)
def test_the_mark_on_nine_of_ten_mails_is_the_servers_own(samples, trust):
    sample = judge_trust(samples)
    assert (sample.mails, sample.trust) == (len(samples), trust)


def test_a_mark_below_a_foreign_hop_was_there_before_and_is_not_believed():
    forged = SENDERS_OWN.replace(b"by mx.hoster.example", b"by relay.elsewhere.example")
    assert judge_trust([forged] * 60).trust == NOBODY
