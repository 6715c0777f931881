"""What is done by hand, what it changes, and that `undo` takes each of it back."""

from typing import Any

import pytest

from tests.cli.mailbox import Mailbox, comment, mail
from tests.cli.program import Program
from tests.cli.test_exit_codes import LATER, story

CRITICAL = LATER["critical"]


def ledger(otosata: Program) -> Any:
    """Everything that can be seen of the deals and of triage, a week later."""
    now = "2026-06-08T13:00:00+09:00"
    deals = otosata.report("--all", now=now)["deals"]
    timelines = {
        deal["id"]: (otosata("show", deal["id"], "--json", now=now).document, otosata("show", deal["id"], now=now).out)
        for deal in deals
    }
    return deals, timelines, otosata("triage", "--json", now=now).document


ACTS = {
    "log": ("log", "lancers-1", "accept", "--note", "終わり"),
    "snooze": ("snooze", "lancers-1", "30d"),
    "ack": ("ack", "lancers-1", "--reason", "電話した"),
    "note": ("note", "lancers-1", "電話は月曜に"),
    "close": ("close", "lancers-1"),
    "merge": ("merge", "lancers-1", "lancers-2"),
    "deals add": ("deals", "add", "--platform", "lancers", "--client", "高橋", "--event", "contract"),
    "deals add without an event": ("deals", "add", "--platform", "lancers", "--client", "高橋"),
    "triage assign": ("triage", "assign", "MAIL", "lancers-1", "--event", "message", "--by", "client"),
    "triage ignore": ("triage", "ignore", "MAIL"),
}


@pytest.mark.parametrize("words", ACTS.values(), ids=ACTS)
def test_undo_leaves_everything_as_it_was(reader: Program, mailbox: Mailbox, words: tuple[str, ...]) -> None:
    story(reader)
    reader.deal("佐藤", at="2026-05-31T12:00+09:00")
    mailbox.put(mail("[ランサーズ] 見たことのない知らせ"))
    reader("sync")
    (waiting,) = reader("triage", "--json").document
    before = ledger(reader)
    reader.done(*(word.replace("MAIL", str(waiting["id"])) for word in words))
    assert ledger(reader) != before
    assert words[0] in reader.done("undo")
    assert ledger(reader) == before


def test_undo_of_reopen_closes_again(otosata: Program) -> None:
    deal = story(otosata)
    otosata.done("close", deal)
    otosata.done("reopen", deal)
    assert otosata.levels(now=CRITICAL) == {deal: "critical"}
    otosata.done("undo")
    assert otosata.reading(deal, now=CRITICAL)["stage"] == "closed"
    otosata.done("undo")
    assert otosata.reading(deal, now=CRITICAL)["stage"] == "working"


def test_undo_of_one_deal_leaves_the_others(otosata: Program) -> None:
    first, second = otosata.deal("田中"), otosata.deal("佐藤")
    otosata.done("snooze", first, "3d")
    otosata.done("snooze", second, "3d")
    otosata.done("undo", first)
    assert otosata.reading(first)["snoozed_until"] is None
    assert otosata.reading(second)["snoozed_until"] == "2026-06-04T12:00:00+09:00"


def test_undo_with_nothing_to_take_back_is_1(otosata: Program) -> None:
    result = otosata("undo")
    assert (result.code, result.out) == (1, "")
    assert result.err
    otosata.deal()
    assert [otosata("undo").code for _ in range(3)] == [0, 1, 1]
    assert otosata("undo", "lancers-9").code == 2


def test_what_is_logged_is_said_in_one_line(otosata: Program) -> None:
    deal = otosata.deal()
    assert otosata.done("log", deal, "fund").startswith(f"ok {deal} · 田中 · ")


def test_an_event_to_come_counts_from_then_on(otosata: Program) -> None:
    deal = story(otosata)
    result = otosata("log", deal, "accept", "--at", "2026-06-20T12:00+09:00")
    assert result.code == 0
    assert "2026-06-20" in result.err
    assert otosata.reading(deal, now="2026-06-19T12:00:00+09:00")["stage"] == "working"
    assert otosata.reading(deal, now="2026-06-20T12:00:00+09:00")["stage"] == "done"


# Quiet


def test_a_snoozed_deal_is_quiet_until_then(otosata: Program) -> None:
    deal = story(otosata)
    otosata.done("snooze", deal, "2026-06-10T12:00+09:00")
    quiet = otosata("check", "--no-sync", "--json", now=CRITICAL)
    assert (quiet.code, quiet.document["status"]) == (0, "ok")
    assert quiet.document["deals"][0]["level"] == "critical"
    assert quiet.document["deals"][0]["snoozed_until"] == "2026-06-10T12:00:00+09:00"
    assert otosata("check", "--no-sync", now="2026-06-10T11:59:59+09:00").code == 0
    assert otosata("check", "--no-sync", now="2026-06-10T12:00:00+09:00").code == 2


@pytest.mark.parametrize(
    ("until", "end"),
    [
        ("12h", "2026-06-02T00:00:00+09:00"),
        ("3d", "2026-06-04T12:00:00+09:00"),
        ("2026-06-05", "2026-06-05T00:00:00+09:00"),
        ("2026-06-05T09:00", "2026-06-05T09:00:00+09:00"),
        ("2026-06-05T09:00:00Z", "2026-06-05T18:00:00+09:00"),
    ],
)
def test_the_end_of_a_snooze_can_be_written_so(otosata: Program, until: str, end: str) -> None:
    deal = otosata.deal()
    otosata.done("snooze", deal, until)
    assert otosata.reading(deal)["snoozed_until"] == end


def test_an_acknowledged_deal_is_quiet_until_the_client_writes(otosata: Program) -> None:
    deal = story(otosata)
    otosata.done("ack", deal, now=CRITICAL)
    shown = otosata("check", "--no-sync", "--json", now=CRITICAL)
    assert (shown.code, shown.document["deals"][0]["acknowledged"]) == (0, True)
    otosata.done("log", deal, "message", "--by", "me", now="2026-06-08T13:00:00+09:00")
    assert otosata.reading(deal, now="2026-06-08T13:00:00+09:00")["acknowledged"]
    otosata.done("log", deal, "message", "--by", "client", now="2026-06-08T14:00:00+09:00")
    assert not otosata.reading(deal, now="2026-06-08T14:00:00+09:00")["acknowledged"]
    assert otosata("check", "--no-sync", now="2026-06-13T14:00:00+09:00").code == 2


def test_a_mail_of_the_client_ends_an_acknowledgement(reader: Program, mailbox: Mailbox) -> None:
    mailbox.put(comment())
    reader("sync")
    reader.done("ack", "lancers-1", now="2026-06-02T12:00:00+09:00")
    assert reader.reading("lancers-1", now="2026-06-02T12:00:00+09:00")["acknowledged"]
    mailbox.put(comment(at="2026-06-03T12:00:00+09:00"))
    reader("sync", now="2026-06-03T12:10:00+09:00")
    shown = reader.reading("lancers-1", now="2026-06-03T12:10:00+09:00")
    assert (shown["acknowledged"], shown["last_contact"]) == (False, "2026-06-03T12:00:00+09:00")


# Close and merge


def test_a_closed_deal_comes_back_by_reopen(otosata: Program) -> None:
    deal = story(otosata)
    otosata.done("close", deal)
    assert otosata("check", "--no-sync", now=CRITICAL).code == 0
    assert deal not in otosata.done("deals", now=CRITICAL)
    shown = otosata.reading(deal, now=CRITICAL)
    assert (shown["stage"], shown["turn"], shown["waiting_since"], shown["limit"]) == ("closed", "none", None, None)
    assert deal in otosata.done("deals", "--all", now=CRITICAL)
    otosata.done("reopen", deal)
    assert otosata("check", "--no-sync", now=CRITICAL).code == 2


def test_merged_deals_are_one(otosata: Program) -> None:
    first, second = story(otosata), otosata.deal("佐藤", at="2026-05-31T12:00+09:00")
    otosata.done("merge", first, second)
    assert [deal["id"] for deal in otosata.report("--all")["deals"]] == [second]
    merged = otosata("show", first, "--json").document
    assert merged["id"] == second
    assert len(merged["timeline"]) == 5
    assert otosata("merge", first, second).code == 2
    other = otosata.deal(platform="crowdworks")
    assert otosata("merge", second, other).code == 2


# The list


def test_the_list_is_filtered(otosata: Program) -> None:
    story(otosata)
    otosata.deal("佐藤", platform="crowdworks", event="apply", at="2026-06-07T12:00+09:00")
    now = CRITICAL

    def listed(*words: str) -> list[str]:
        return [deal["id"] for deal in otosata("deals", "--json", *words, now=now).document]

    assert listed() == ["lancers-1", "crowdworks-1"]
    assert listed("--platform", "crowdworks") == ["crowdworks-1"]
    assert listed("--level", "critical") == ["lancers-1"]
    assert listed("--turn", "client") == ["lancers-1", "crowdworks-1"]
    assert listed("--stage", "applied") == ["crowdworks-1"]
    assert listed("--stage", "nowhere") == []
    nothing = otosata("deals", "--stage", "nowhere", now=now)
    assert (nothing.code, nothing.out, nothing.err) == (0, "", "No deal fits.\n")
    assert otosata("deals", "--platform", "nowhere", now=now).code == 2


def test_why_names_the_mail_the_rule_and_the_page(reader: Program, mailbox: Mailbox) -> None:
    mailbox.put(comment())
    reader("sync")
    why = reader("why", "lancers-1", "--json", now="2026-06-04T12:00:00+09:00").document
    (cause,) = [cause for cause in why["causes"] if cause["of"] == "last_contact"]
    found = cause["origin"]["mail"]
    assert (found["adapter"], found["rule"], found["evidence"]) == ("lancers", "lancers/comment", "verbatim")
    assert found["authentication"]["verdict"] == "verified"
    assert "lancers/comment" in reader.done("why", "lancers-1")
    assert why["threshold"]["level"] == reader.reading("lancers-1", now="2026-06-04T12:00:00+09:00")["last_known_level"]


def test_why_names_the_entry_by_hand(otosata: Program) -> None:
    deal = story(otosata)
    why = otosata("why", deal, "--json", now=CRITICAL).document
    assert {cause["origin"]["hand"]["what"] for cause in why["causes"]} <= {"log", "deals add"}
    assert all(ground["rule"]["page"] for ground in why["advice"])
    assert all(ground["rule"]["last_checked"] for ground in why["advice"])


def test_a_note_stands_in_the_timeline_and_changes_nothing_else(otosata: Program) -> None:
    deal = story(otosata)
    before = otosata.reading(deal, now=CRITICAL)
    otosata.done("note", deal, " 電話は月曜に ")
    assert otosata.reading(deal, now=CRITICAL) == before
    assert "2026-06-01 12:00  you  note  (電話は月曜に)" in otosata("show", deal).out
    assert "the note is empty" in otosata("note", deal, "  ").err


def test_a_note_goes_along_when_its_deal_is_merged(otosata: Program) -> None:
    first, second = otosata.deal("佐藤"), otosata.deal("佐藤")
    otosata.done("note", second, "同じ人")
    otosata.done("merge", second, first)
    assert "同じ人" in otosata("show", first).out


def test_a_date_that_was_named_to_the_client_has_to_be_one(otosata: Program) -> None:
    deal = otosata.deal()
    refused = otosata("log", deal, "set_date")
    assert refused.code == 2
    assert "--date" in refused.err
    assert otosata("log", deal, "set_date", "--date", "2026-06-10").code == 0
