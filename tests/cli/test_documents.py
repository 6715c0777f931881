"""The JSON documents have exactly the keys they promise, whatever a mail contains."""

import re
from datetime import date, datetime
from typing import Any

import pytest

from tests.cli.mailbox import Mailbox, comment, mail
from tests.cli.program import Program
from tests.cli.test_exit_codes import LATER, story

LEVELS = {"ok", "notice", "warn", "critical", "unknown"}
KEYS = {
    "": "schema_version generated_at now status summary deals accounts adapters problems",
    "summary": "deals ok notice warn critical unknown snoozed acknowledged triage",
    "deals": "id platform client title url stage turn level last_known_level stale last_contact last_contact_event"
    " silence_days silence_seconds waiting_since waiting_days unanswered ratio next_level next_level_at limit"
    " deal_limit advice snoozed_until acknowledged inferred affected_by_stale_adapter",
    "accounts": "name type state last_complete_poll error",
    "adapters": "id state recognised unrecognised last_recognised reason usual_gap_seconds affected",
    "problems": "code message hint",
}
TIMES = ("last_contact", "waiting_since", "next_level_at", "snoozed_until")
EXPLAINED = (
    "file message_id subject from received text_excerpt authentication recognised adapter rule evidence event actor"
    " client title refs url contact deal problem"
)
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control and bidi characters; a line break may stand in the excerpt of a text."""
HOSTILE = "田\x1b]52;c;eA==\x07中\u202eevil\u2066\x9b31m\u200f\ud83d"


def is_time(text: str | None) -> bool:
    """RFC 3339 with offset."""
    return text is None or (datetime.fromisoformat(text).tzinfo is not None and "T" in text)


def is_limit(text: str | None) -> bool:
    """A time, or a bare date."""
    return is_time(text) if text is None or "T" in text else bool(date.fromisoformat(text))


def strings(value: Any) -> list[str]:
    """Every string of a document, keys too."""
    if isinstance(value, dict):
        return [text for item in value.items() for part in item for text in strings(part)]
    if isinstance(value, list):
        return [text for part in value for text in strings(part)]
    return [value] if isinstance(value, str) else []


def test_check_has_exactly_its_keys(reader: Program, mailbox: Mailbox) -> None:
    story(reader)
    mailbox.put(comment("佐藤"))
    mailbox.put(mail("[ランサーズ] 見たことのない知らせ", at="2026-06-01T12:05:00+09:00"))
    reader("sync")
    document = reader.report(now=LATER["critical"])
    assert document.keys() == set(KEYS[""].split())
    assert document["summary"].keys() == set(KEYS["summary"].split())
    for part in ("deals", "accounts", "adapters", "problems"):
        assert document[part], part
        for shown in document[part]:
            assert shown.keys() == set(KEYS[part].split()), part
    assert document["schema_version"] == 1
    assert all(advice.keys() == {"id", "text"} for deal in document["deals"] for advice in deal["advice"])


def test_times_have_their_offset_and_limits_may_be_dates(otosata: Program) -> None:
    story(otosata)
    filed = otosata.deal("佐藤", event="contract", at="2026-05-20T12:00+09:00")
    otosata.done("log", filed, "file_reminder", "--at", "2026-05-31T12:00+09:00")
    otosata.deal("鈴木", platform="crowdworks", event="submit_task", at="2026-05-31T12:00+09:00")
    otosata.done("log", "crowdworks-1", "submit_task", "--application-deadline", "2026-06-05")
    document = otosata.report()
    assert is_time(document["generated_at"])
    assert document["now"] == "2026-06-01T12:00:00+09:00"
    assert all(is_time(deal[key]) for deal in document["deals"] for key in TIMES)
    limits = {deal["id"]: deal["limit"] for deal in document["deals"]}
    assert limits["lancers-2"] == "2026-06-07T12:00:00+09:00"
    assert limits["crowdworks-1"] == "2026-06-19"
    assert all(is_limit(deal[key]) for deal in document["deals"] for key in ("limit", "deal_limit"))


def test_times_are_shown_in_the_zone_of_the_calendar(otosata: Program) -> None:
    deal = story(otosata)
    otosata.configure('[calendar]\ntimezone = "America/New_York"\n')
    shown = otosata.reading(deal)
    assert shown["last_contact"] == "2026-05-31T22:00:00-04:00"
    assert otosata.report()["now"] == "2026-05-31T23:00:00-04:00"


def test_a_deal_without_an_event_has_no_stage(otosata: Program) -> None:
    deal = otosata.done("deals", "add", "--platform", "coconala", "--client", "田中")
    shown = otosata.reading(deal)
    assert (shown["stage"], shown["turn"], shown["level"]) == (None, "none", "ok")
    assert (shown["last_contact"], shown["last_contact_event"], shown["silence_days"]) == (None, None, None)


def test_done_and_closed_deals_are_counted_nowhere(otosata: Program) -> None:
    done, closed = story(otosata), otosata.deal("佐藤", at="2026-05-20T12:00+09:00")
    otosata.done("log", done, "accept", "--at", "2026-06-01T12:30+09:00", now=LATER["ok"])
    otosata.done("close", closed, now=LATER["ok"])
    document = otosata.report(now=LATER["critical"])
    assert document["deals"] == []
    assert set(document["summary"].values()) == {0}
    shown = {deal["id"]: deal["stage"] for deal in otosata.report("--all", now=LATER["critical"])["deals"]}
    assert shown == {done: "done", closed: "closed"}


def test_the_summary_counts_the_deals(otosata: Program) -> None:
    story(otosata)
    otosata.deal("佐藤", at="2026-06-08T10:00+09:00")
    otosata.done("snooze", otosata.deal("鈴木"), "2026-12-01")
    otosata.done("ack", otosata.deal("高橋"))
    document = otosata.report(now=LATER["critical"])
    summary = document["summary"]
    assert summary["deals"] == sum(summary[level] for level in LEVELS) == 2
    assert (summary["snoozed"], summary["acknowledged"]) == (1, 1)
    assert len(document["deals"]) == 4


def test_no_mail_brings_a_control_character_into_any_document(reader: Program, mailbox: Mailbox) -> None:
    mailbox.put(comment(HOSTILE.encode("utf-8", "ignore").decode(), "作\x1b[2J成\u202e"))
    raw = "[ランサーズ] 謎 \x1b]0;owned\x07 \u202e".encode()
    mailbox.put(mail("X").replace(b"Subject: X", b"Subject: " + raw))
    reader("sync")
    mails = [str(path) for path in sorted(mailbox.path.joinpath("new").iterdir())]
    for words in (
        ("check", "--json", "--all", "--no-sync"),
        ("deals", "--json"),
        ("show", "lancers-1", "--json"),
        ("why", "lancers-1", "--json"),
        ("triage", "--json"),
        ("explain", *mails, "--json"),
    ):
        document = reader(*words).document
        assert strings(document)
        assert not [text for text in strings(document) if UNSEEN.search(text)], words
        plain = reader(*(word for word in words if word != "--json"))
        assert not UNSEEN.search(plain.out.replace("\n", "")), words


@pytest.mark.parametrize("option", ["--client", "--title", "--note"])
def test_what_is_typed_is_cleaned_too(otosata: Program, option: str) -> None:
    words = {"--client": "x", "--event": "contract"} | {option: HOSTILE}
    deal = otosata.done("deals", "add", "--platform", "lancers", *(word for pair in words.items() for word in pair))
    for command in ("show", "why"):
        result = otosata(command, deal, "--json")
        assert not [text for text in strings(result.document) if UNSEEN.search(text)]
        assert not UNSEEN.search(otosata(command, deal).out.replace("\n", ""))


def test_show_and_why_carry_the_deal_of_check(otosata: Program) -> None:
    deal = story(otosata)
    reading = otosata.reading(deal)
    shown = otosata("show", deal, "--json").document
    timeline = shown.pop("timeline")
    assert shown == reading
    assert [event["event"] for event in timeline] == ["contract", "fund", "message", "message"]
    assert otosata("why", deal, "--json").document["deal"] == reading


def test_show_and_why_carry_the_checklist_of_the_platform_s_step(otosata: Program) -> None:
    deal, later = story(otosata), LATER["critical"]
    (step,) = otosata("why", deal, "--json", now=later).document["steps"]
    assert (step["id"], step["name"], step["advised"]) == ("LAN_FILE", "Filing a reminder (連絡催促申請)", False)
    assert {key for item in step["items"] for key in item} == {"state", "text", "conditions", "rule"}
    missing = next(item for item in step["items"] if item["state"] == "unmet")
    assert missing["text"] == "at least 3 messages without an answer"
    assert missing["conditions"] == [
        {"name": "unanswered_at_least", "wanted": "3", "actual": "1", "met": False, "since": None}
    ]
    for command in ("show", "why"):
        plain = otosata(command, deal, now=later).out
        assert "Filing a reminder (連絡催促申請): not yet" in plain
        assert "✗ at least 3 messages without an answer (not met, now 1 message, LA-03)" in plain
        assert "✓ client quiet for at least 7 days (now 7 days, LA-01)" in plain


def test_explain_has_exactly_its_keys(reader: Program, mailbox: Mailbox) -> None:
    mailbox.put(comment())
    (file,) = mailbox.path.joinpath("new").iterdir()
    (shown,) = reader("explain", str(file), "--json").document
    assert shown.keys() == set(EXPLAINED.split())
    assert shown["authentication"].keys() == {"verdict", "reason"}
    assert is_time(shown["received"])
