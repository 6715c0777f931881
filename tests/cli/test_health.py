"""What a mailbox that could not be read does to the deals it feeds, and to nobody else's."""

import shutil
from pathlib import Path

import pytest

from adapters.registry import built_in_path
from tests.cli.mailbox import Mailbox, comment, mail
from tests.cli.program import Program

NEXT_DAY = "2026-06-02T12:30:00+09:00"
NEXT_WEEK = "2026-06-08T12:30:00+09:00"


@pytest.fixture
def two(otosata: Program, tmp_path: Path) -> tuple[Program, Mailbox, Mailbox]:
    """The program with two Maildirs, `good` and `poor`, each with a client of its own."""
    good, poor = Mailbox.at(tmp_path / "Good"), Mailbox.at(tmp_path / "Poor")
    otosata.configure(good.account("good") + poor.account("poor"))
    good.put(comment("田中", "記事", job="1"))
    poor.put(comment("佐藤", "翻訳", job="2"))
    assert otosata("sync").code == 0
    return otosata, good, poor


def test_a_mailbox_not_read_for_long_leaves_its_deals_unknown(reader: Program, mailbox: Mailbox) -> None:
    mailbox.put(comment())
    fresh = reader("check", "--json")
    assert (fresh.code, fresh.document["accounts"][0]["state"]) == (0, "ok")
    stale = reader("check", "--no-sync", "--json", now=NEXT_DAY)
    assert stale.code == 3
    (account,), (deal,) = stale.document["accounts"], stale.document["deals"]
    assert (account["state"], account["last_complete_poll"]) == ("stale", "2026-06-01T12:00:00+09:00")
    assert (deal["level"], deal["last_known_level"]) == ("unknown", "notice")
    assert stale.document["status"] == "unknown"
    assert stale.document["summary"]["unknown"] == 1
    assert "account_stale" in {problem["code"] for problem in stale.document["problems"]}
    again = reader("check", "--json", now=NEXT_DAY).document["deals"][0]
    assert (again["level"], again["last_known_level"]) == ("notice", None)


def test_show_and_why_say_unknown_where_check_does(reader: Program, mailbox: Mailbox) -> None:
    mailbox.put(comment())
    reader("sync")
    shown = reader("show", "lancers-1", "--json", now=NEXT_DAY).document
    assert (shown["level"], shown["last_known_level"]) == ("unknown", "notice")
    assert "Level: unknown (notice)" in reader("show", "lancers-1", now=NEXT_DAY).out
    assert reader("why", "lancers-1", now=NEXT_DAY).out.startswith("lancers-1: unknown (notice)")


def test_a_mailbox_becomes_stale_after_two_hours_or_what_is_configured(reader: Program, mailbox: Mailbox) -> None:
    mailbox.put(comment())
    reader("sync")
    assert reader("check", "--no-sync", now="2026-06-01T14:00:00+09:00").code == 0
    assert reader("check", "--no-sync", now="2026-06-01T14:00:01+09:00").code == 3
    reader.configure('stale_after = "3d"\n' + mailbox.account("main"))
    assert reader("check", "--no-sync", now="2026-06-01T14:00:01+09:00").code == 0


@pytest.mark.parametrize(("wish", "code"), [("ok", 0), ("warning", 1), ("critical", 2), ("unknown", 3)], ids=str)
def test_on_stale_chooses_the_status(reader: Program, mailbox: Mailbox, wish: str, code: int) -> None:
    mailbox.put(comment())
    reader("sync")
    result = reader("check", "--no-sync", "--json", "--on-stale", wish, now=NEXT_DAY)
    assert (result.code, result.document["status"]) == (code, wish)
    assert result.document["deals"][0]["level"] == "unknown"


def test_a_critical_deal_on_a_healthy_mailbox_is_still_critical(two: tuple[Program, Mailbox, Mailbox]) -> None:
    otosata, _, poor = two
    shutil.rmtree(poor.path)
    result = otosata("check", "--json", now=NEXT_WEEK)
    assert result.code == 2
    assert {account["name"]: account["state"] for account in result.document["accounts"]} == {
        "good": "ok",
        "poor": "failed",
    }
    assert {deal["client"]: (deal["level"], deal["last_known_level"]) for deal in result.document["deals"]} == {
        "田中": ("critical", None),
        "佐藤": ("unknown", "critical"),
    }
    assert "mailbox poor could not be read" in otosata("check", now=NEXT_WEEK).out.splitlines()[0]


def test_a_failed_mailbox_alone_is_unknown(two: tuple[Program, Mailbox, Mailbox]) -> None:
    otosata, _, poor = two
    shutil.rmtree(poor.path)
    result = otosata("check", "--json")
    assert result.code == 3
    assert [deal["level"] for deal in result.document["deals"] if deal["client"] == "田中"] == ["ok"]
    assert otosata("check", "--select", "account=good").code == 0
    assert otosata("check", "--select", "account=poor").code == 3


def test_a_mailbox_that_is_back_is_well_again(two: tuple[Program, Mailbox, Mailbox]) -> None:
    otosata, _, poor = two
    kept = poor.path.rename(poor.path.with_name("elsewhere"))
    assert otosata("sync").code == 3
    kept.rename(poor.path)
    assert otosata("check").code == 0


def test_a_mailbox_never_read_is_no_ok(reader: Program) -> None:
    result = reader("check", "--no-sync", "--json")
    assert (result.code, result.document["accounts"][0]["state"]) == (3, "never")
    assert reader("check").code == 0


def test_deals_of_a_removed_mailbox_keep_their_level(two: tuple[Program, Mailbox, Mailbox]) -> None:
    otosata, good, _ = two
    otosata.configure(good.account("good"))
    result = otosata("check", "--json", now=NEXT_DAY)
    assert result.code == 0
    assert {deal["client"]: deal["level"] for deal in result.document["deals"]} == {"田中": "notice", "佐藤": "notice"}


def test_a_deal_whose_mailbox_is_gone_is_named_in_either_language(two: tuple[Program, Mailbox, Mailbox]) -> None:
    otosata, good, _ = two
    otosata.configure(good.account("good"))
    for lang, word in (("en", "no longer configured"), ("ja", "設定からなくなっています")):
        problems = otosata.report("--lang", lang)["problems"]
        assert [(one["code"], word in one["message"]) for one in problems] == [("no_mailbox", True)]


def test_a_poll_with_the_clock_ahead_does_not_make_the_mailbox_well_for_years(reader: Program) -> None:
    assert reader("check", now="2099-01-01T12:00:00+09:00").code == 0
    result = reader("check", "--no-sync", "--json")
    assert (result.code, result.document["accounts"][0]["state"]) == (3, "stale")
    assert reader("check").code == 0


@pytest.mark.parametrize("sender", ["Lancers (ランサーズ)", "noreply@lancers.co.jp", "Lancers, Inc."])
def test_a_mail_of_a_platform_whose_sender_cannot_be_read_is_told(
    reader: Program, mailbox: Mailbox, sender: str
) -> None:
    mailbox.put(comment().replace(b"From: <", f"From: {sender} <".encode()))
    problems = reader("check", "--json").document["problems"]
    assert [problem["code"] for problem in problems] == ["unreadable_mail"]
    assert "the name in From holds characters that need quotes" in problems[0]["message"]


def test_an_adapter_that_knows_none_of_its_mail_is_stale(reader: Program, mailbox: Mailbox) -> None:
    mailbox.put(comment())
    for number in range(6):
        mailbox.put(mail(f"[ランサーズ] まったく新しい知らせ {number}", at=f"2026-06-01T12:0{number + 1}:00+09:00"))
    result = reader("check", "--json", now="2026-06-01T12:30:00+09:00")
    (lancers,) = [adapter for adapter in result.document["adapters"] if adapter["id"] == "lancers"]
    assert (lancers["state"], lancers["recognised"], lancers["unrecognised"]) == ("stale", 1, 6)
    assert result.code == 3
    assert result.document["summary"]["triage"] == 6


@pytest.mark.parametrize("limits", [(), ("-w", "5", "-c", "5")], ids=["plain", "with limits"])
def test_a_deal_whose_adapter_is_gone_is_no_ok(otosata: Program, limits: tuple[str, ...]) -> None:
    own = otosata.folder / "adapters" / "mine.toml"
    own.parent.mkdir()
    own.write_text(built_in_path("lancers").read_text("utf-8").replace('id = "lancers"', 'id = "mine"', 1), "utf-8")
    otosata.deal(platform="mine")
    assert otosata("check", "--no-sync", *limits).code == 0
    own.unlink()
    result = otosata("check", "--no-sync", "--json", *limits)
    assert (result.code, [problem["code"] for problem in result.document["problems"]]) == (
        3,
        ["no_adapter", "no_account"],
    )
