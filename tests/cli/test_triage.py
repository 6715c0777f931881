"""Mails that wait for the user's word: they move no clock until they have it."""

from typing import Any

import pytest

from tests.cli.mailbox import Mailbox, comment, mail
from tests.cli.program import Program

UNKNOWN = "[ランサーズ] 見たことのない知らせ"
LATER = "2026-06-03T12:30:00+09:00"


def waiting(otosata: Program) -> list[Any]:
    """`triage --json`"""
    found: list[Any] = otosata("triage", "--json").document
    return found


@pytest.fixture
def unknown(reader: Program, mailbox: Mailbox) -> Program:
    """A deal with a client's comment, and two days later a mail of the platform that no rule knows."""
    mailbox.put(comment())
    mailbox.put(mail(UNKNOWN, "https://www.lancers.jp/work/detail/4567890", at="2026-06-03T12:00:00+09:00"))
    reader.now = LATER
    assert reader("sync").code == 0
    return reader


def test_an_unrecognised_mail_waits_and_moves_no_clock(unknown: Program) -> None:
    (found,) = waiting(unknown)
    assert (found["subject"], found["why"], found["adapter"]) == (UNKNOWN, "unrecognised", "lancers")
    assert unknown.reading("lancers-1")["last_contact"] == "2026-06-01T12:00:00+09:00"
    assert unknown.report()["summary"]["triage"] == 1
    assert UNKNOWN in unknown.done("triage")


def test_assigned_with_an_event_it_counts_from_when_it_came(unknown: Program) -> None:
    (found,) = waiting(unknown)
    unknown.done("triage", "assign", str(found["id"]), "lancers-1", "--event", "message", "--by", "client")
    assert waiting(unknown) == []
    assert unknown.reading("lancers-1")["last_contact"] == "2026-06-03T12:00:00+09:00"
    assert unknown("triage", "assign", str(found["id"]), "lancers-1", "--event", "accept").code == 2


def test_a_mail_that_says_nothing_needs_an_event(unknown: Program) -> None:
    (found,) = waiting(unknown)
    result = unknown("triage", "assign", str(found["id"]), "lancers-1")
    assert result.code == 2
    assert "--event" in result.err
    assert len(waiting(unknown)) == 1


def test_ignored_it_is_gone(unknown: Program) -> None:
    (found,) = waiting(unknown)
    unknown.done("triage", "ignore", str(found["id"]))
    assert waiting(unknown) == []
    assert unknown("triage").out == ""
    assert unknown("triage", "ignore", str(found["id"])).code == 2


def test_a_notice_that_fits_two_deals_waits(reader: Program, mailbox: Mailbox) -> None:
    for job in ("1", "2"):
        mailbox.put(comment("田中", "記事作成", job=job))
    reader("sync")
    assert len(reader.report()["deals"]) == 2
    mailbox.put(comment("田中", "記事作成", job="", at="2026-06-01T12:30:00+09:00"))
    reader("sync", now="2026-06-01T12:40:00+09:00")
    (found,) = waiting(reader)
    assert (found["why"], sorted(found["candidates"])) == ("ambiguous", ["lancers-1", "lancers-2"])
    assert {deal["last_contact"] for deal in reader.report()["deals"]} == {"2026-06-01T12:00:00+09:00"}
    reader.done("triage", "assign", str(found["id"]), "lancers-2", now="2026-06-01T12:40:00+09:00")
    assert reader.reading("lancers-2", now="2026-06-01T12:40:00+09:00")["last_contact"] == "2026-06-01T12:30:00+09:00"


def test_a_forged_mail_waits_and_opens_no_deal(reader: Program, mailbox: Mailbox) -> None:
    mailbox.put(comment(verdict="failed"))
    result = reader("sync")
    assert (result.code, result.out) == (0, "")
    (found,) = waiting(reader)
    assert (found["why"], found["verdict"]) == ("failed", "failed")
    assert reader.report("--all")["deals"] == []


def test_unverified_mail_counts_marked_unless_proof_is_required(reader: Program, mailbox: Mailbox) -> None:
    mailbox.put(comment(verdict="unverified"))
    reader("sync")
    assert reader.reading("lancers-1")["last_contact_event"] == "message"
    strict = Program(reader.folder / "strict")
    strict.folder.mkdir()
    strict.configure(mailbox.account("main", 'authentication = "require"'))
    strict("sync")
    assert strict.report("--all")["deals"] == []
    assert [found["why"] for found in waiting(strict)] == ["unverified"]
