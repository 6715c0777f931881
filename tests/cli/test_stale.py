"""An adapter that meets what it does not know is a state of `check`, and marks the deals it may be about."""

from typing import Any

import pytest

from tests.cli.mailbox import Mailbox, comment, mail
from tests.cli.program import Program

LATER = "2026-06-02T12:00:00+09:00"
SPENT = "2026-06-02T11:00:00+09:00"
FUNDED = "[ランサーズ] 「{}」の仮払い手続きが完了しました"


@pytest.fixture
def two(reader: Program, mailbox: Mailbox) -> Program:
    """Two deals on Lancers."""
    mailbox.put(comment("田中", "記事作成", job="7", at="2026-06-01T11:00:00+09:00"))
    mailbox.put(comment("佐藤", "ロゴ", job="8"))
    reader.now = LATER
    assert reader("check").code == 0
    return reader


def lancers(otosata: Program) -> Any:
    """The adapter in `check --json`."""
    return next(adapter for adapter in otosata.report()["adapters"] if adapter["id"] == "lancers")


def test_the_first_unknown_mail_of_a_deal_turns_its_adapter_stale(two: Program, mailbox: Mailbox) -> None:
    mailbox.put(mail(FUNDED.format("記事作成"), at=SPENT))
    result = two("check", "--json")
    assert (result.code, result.document["status"]) == (3, "unknown")
    found = lancers(two)
    assert (found["state"], found["reason"], found["affected"]) == ("stale", "unknown_mail", ["lancers-1"])
    assert {deal["id"]: deal["affected_by_stale_adapter"] for deal in result.document["deals"]} == {
        "lancers-1": True,
        "lancers-2": False,
    }
    assert [problem["code"] for problem in result.document["problems"]] == ["adapter_stale"]
    text = two("check", "--no-sync")
    assert "a mail not understood may be about it" in two.done("deals")
    assert "otosata triage" in text.err
    assert two("check", "--no-sync", "--on-stale", "ok").code == 0


def test_a_mail_that_names_no_deal_may_be_about_any(two: Program, mailbox: Mailbox) -> None:
    mailbox.put(mail("[ランサーズ] 仮払い手続きが完了しました", at=SPENT))
    two("sync")
    assert lancers(two)["affected"] == ["lancers-1", "lancers-2"]


@pytest.mark.parametrize("answer", ["teach", "assign", "ignore"])
def test_the_users_word_ends_the_alarm(two: Program, mailbox: Mailbox, answer: str) -> None:
    mailbox.put(mail(FUNDED.format("記事作成"), at=SPENT))
    two("sync")
    words = {"teach": ("3", "--event", "fund"), "assign": ("3", "lancers-1", "--event", "fund"), "ignore": ("3",)}
    two.done("triage", answer, *words[answer])
    found = lancers(two)
    assert (found["state"], found["unrecognised"], found["affected"]) == ("ok", 0, [])
    assert two("check", "--no-sync").code == 0


@pytest.mark.parametrize(
    ("subject", "head", "verdict"),
    [
        ("[ランサーズ] システムメンテナンスのお知らせ", "", "verified"),
        ("[ランサーズ] 仮払い手続きキャンペーンのご案内", "", "verified"),
        (FUNDED.format("記事作成"), "List-Unsubscribe: <https://x.example>\r\n", "verified"),
        (FUNDED.format("記事作成"), "", "unverified"),
        (FUNDED.format("記事作成"), "", "failed"),
    ],
    ids=["news", "advertising", "bulk", "unverified", "forged"],
)
def test_other_mail_waits_without_alarm(two: Program, mailbox: Mailbox, subject: str, head: str, verdict: str) -> None:
    mailbox.put(mail(subject, at=SPENT, head=head, verdict=verdict))
    assert two("check").code == 0
    assert lancers(two)["state"] == "ok"
    assert two.report()["summary"]["triage"] == 1


def test_an_adapter_that_falls_silent_while_its_sender_goes_on_is_stale(reader: Program, mailbox: Mailbox) -> None:
    for hours in range(0, 60, 5):
        at = f"2026-06-{1 + hours // 24:02}T{hours % 24:02}:00:00+09:00"
        mailbox.put(comment("田中", "記事作成", job="7", at=at))
    reader.now = "2026-06-04T09:00:00+09:00"
    assert reader("sync").code == 0
    assert lancers(reader)["usual_gap_seconds"] == 5 * 3600
    for day in (5, 6):
        mailbox.put(mail(f"[ランサーズ] まったく別のお話 {day}", at=f"2026-06-0{day}T12:00:00+09:00"))
    reader("sync", now="2026-06-06T13:00:00+09:00")
    (found,) = [one for one in reader.report(now="2026-06-06T13:00:00+09:00")["adapters"] if one["id"] == "lancers"]
    assert (found["state"], found["reason"], found["affected"]) == ("stale", "silent", ["lancers-1"])
