"""The first line follows the grammar of the Monitoring Plugins guidelines, and agrees with the JSON."""

import json
import re
from dataclasses import dataclass

import pytest

from tests.cli.mailbox import Mailbox, comment, mail
from tests.cli.program import Program
from tests.cli.test_exit_codes import LATER, story

RANGE = r"(?:@?(?:(?:-?\d+(?:\.\d+)?|~):)?(?:-?\d+(?:\.\d+)?)?)"
"""[@][start:][end]; ~ is minus infinity."""
NUMBER = r"-?\d+(?:\.\d+)?"
UNIT = r"(?:[un]?s|ms|%|[KMGT]?B|c)?"
ITEM = re.compile(
    rf"(?P<label>'[^'=]+'|[^\s'=]+)=(?P<value>U|{NUMBER})(?P<unit>{UNIT})"
    rf"(?:;(?P<warn>{RANGE})?)?(?:;(?P<crit>{RANGE})?)?(?:;(?P<min>{NUMBER})?)?(?:;(?P<max>{NUMBER})?)?"
)
"""'label'=value[UOM];[warn];[crit];[min];[max]: semicolons at the end may be dropped, U is a value nobody knows."""
FIRST = re.compile(r"OTOSATA (?P<status>OK|WARNING|CRITICAL|UNKNOWN): (?P<text>[^|\n]+) \| (?P<performance>[^|\n]+)")


@dataclass(frozen=True)
class Item:
    """One piece of performance data."""

    value: int | None
    unit: str
    warn: str
    crit: str


def parse(line: str) -> tuple[str, str, dict[str, Item]]:
    """Status, text and performance data of a first line; fails where the line breaks the grammar."""
    first = FIRST.fullmatch(line)
    assert first, line
    items = {}
    for word in first["performance"].split(" "):
        found = ITEM.fullmatch(word)
        assert found, word
        assert len(found["label"]) <= 19
        value = None if found["value"] == "U" else int(found["value"])
        items[found["label"]] = Item(value, found["unit"], found["warn"] or "", found["crit"] or "")
    return first["status"], first["text"], items


def alarms(item: Item, which: str) -> bool:
    """Whether the value lies outside a threshold's range (here all begin at 0)."""
    limit = item.warn if which == "warn" else item.crit
    return bool(limit) and item.value is not None and item.value > int(limit)


@pytest.mark.parametrize("level", LATER)
def test_the_first_line_agrees_with_the_document(otosata: Program, level: str) -> None:
    story(otosata)
    otosata.deal("佐藤", event="apply", platform="crowdworks", at="2026-05-20T12:00+09:00")
    now = LATER[level]
    status, text, data = parse(otosata("check", "--no-sync", now=now).out.splitlines()[0])
    document = otosata.report(now=now)
    summary = document["summary"]
    assert status == document["status"].upper()
    assert {name: data[name].value for name in ("deals", "critical", "warn", "triage")} == {
        name: summary[name] for name in ("deals", "critical", "warn", "triage")
    }
    silences = [deal["silence_seconds"] for deal in document["deals"] if deal["silence_seconds"] is not None]
    assert data["oldest_silence"] == Item(max(silences), "s", "", "")
    assert data["mail_age"].value is None
    for word in ("critical", "warn", "notice"):
        assert (f"{summary[word]} {word}" in text) == bool(summary[word])
    assert f"{summary['ok']} ok" in text


@pytest.mark.parametrize("level", LATER)
def test_the_thresholds_in_the_line_make_the_status(otosata: Program, level: str) -> None:
    story(otosata)
    status, _, data = parse(otosata("check", "--no-sync", now=LATER[level]).out.splitlines()[0])
    critical = any(alarms(item, "crit") for item in data.values())
    warning = any(alarms(item, "warn") for item in data.values())
    assert status == ("CRITICAL" if critical else "WARNING" if warning else "OK")


def test_the_longest_silence_is_named(otosata: Program) -> None:
    story(otosata)
    later = otosata.deal("佐藤", at="2026-06-05T12:00+09:00")
    _, text, data = parse(otosata("check", "--no-sync", now=LATER["critical"]).out.splitlines()[0])
    assert "(oldest: lancers-1 7d 1h)" in text
    assert later not in text
    assert data["oldest_silence"].value == (7 * 24 + 1) * 3600


def test_the_age_of_the_mail_is_that_of_the_last_complete_poll(reader: Program, mailbox: Mailbox) -> None:
    mailbox.put(comment())
    reader("sync")
    line = reader("check", "--no-sync", now="2026-06-01T12:40:00+09:00").out.splitlines()[0]
    assert parse(line)[2]["mail_age"] == Item(2400, "s", "1800", "7200")


def test_all_formats_start_with_the_same_line_and_nagios_stops_there(otosata: Program) -> None:
    story(otosata)
    now = LATER["critical"]
    text = otosata("check", "--no-sync", "--format", "text", now=now).out.splitlines()
    assert otosata("check", "--no-sync", now=now).out.splitlines() == text
    assert otosata("check", "--no-sync", "--format", "nagios", now=now).out.splitlines() == text[:1]
    assert text[1].startswith("critical lancers-1 · 田中 · ")
    short = otosata("check", "--no-sync", "--format", "status-line", now=now).out
    assert short == f"{parse(text[0])[0]}: {parse(text[0])[1]}\n"


def test_nagios_is_as_wordy_as_the_guidelines_want(reader: Program, mailbox: Mailbox) -> None:
    """0 a summary, 1 a single line with more, 2 lines, 3 what a diagnosis needs: their section on verbose output."""
    mailbox.put(comment())
    reader("sync")
    now, said = LATER["critical"], "mailbox main was not read lately"

    def nagios(*words: str) -> list[str]:
        return reader("check", "--no-sync", "--format", "nagios", *words, now=now).out.splitlines()

    (summary,) = nagios()
    (named,) = nagios("-v")
    assert parse(named)[1] == f"{parse(summary)[1]}; unknown lancers-1"
    first, *lines = nagios("-v", "-v")
    assert first == summary
    assert [line.partition(" · ")[0] for line in lines[:1]] == ["unknown lancers-1"]
    assert lines[1].startswith(said)
    assert nagios("-vvv")[: len(lines) + 1] == [first, *lines]
    assert any(line.startswith("mailbox main: maildir, stale, last complete poll ") for line in nagios("-vvv"))


def test_a_line_a_deal_in_jsonl(otosata: Program) -> None:
    story(otosata)
    otosata.deal("佐藤")
    lines = otosata("check", "--no-sync", "--format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == otosata.report()["deals"]


def test_no_text_from_a_mail_can_forge_performance_data(reader: Program, mailbox: Mailbox) -> None:
    mailbox.put(comment("田中 | deals=0;;;0", "x' | critical=0\nOTOSATA OK: 偽"))
    reader("sync")
    lines = reader("check", "--no-sync", "-vv", "--format", "nagios", now="2026-06-01T12:30:00+09:00").out.splitlines()
    parse(lines[0])
    assert all("|" not in line for line in lines[1:])
    assert not any(line.startswith("OTOSATA OK") for line in lines[1:])


@pytest.mark.parametrize(
    ("limits", "level", "code"),
    [
        (("-w", "1"), "warn", 0),
        (("-w", "0"), "warn", 1),
        (("-w", "1"), "critical", 2),
        (("-c", "1"), "critical", 1),
        (("-w", "1", "-c", "1"), "critical", 0),
        (("-c", "1:"), "ok", 2),
        (("-c", "@1:3"), "critical", 2),
        (("-w", "~:0"), "warn", 1),
    ],
    ids=str,
)
def test_w_and_c_say_how_many_such_deals_are_fine(
    otosata: Program, limits: tuple[str, ...], level: str, code: int
) -> None:
    story(otosata)
    result = otosata("check", "--no-sync", *limits, now=LATER[level])
    status, _, data = parse(result.out.splitlines()[0])
    assert (result.code, status) == (code, ("OK", "WARNING", "CRITICAL", "UNKNOWN")[code])
    given = dict(zip(limits[::2], limits[1::2], strict=True))
    assert (data["warn"].warn, data["critical"].crit) == (given.get("-w", "0"), given.get("-c", "0"))


@pytest.mark.parametrize("wrong", ["x", "3:1", "", "1:2:3", "@"])
def test_a_range_that_is_none_is_bad_usage(otosata: Program, wrong: str) -> None:
    assert otosata("check", "--no-sync", "-w", wrong).code == 3


def test_select_narrows_what_is_counted(otosata: Program) -> None:
    story(otosata)
    otosata.deal("佐藤", platform="crowdworks", at="2026-06-08T09:00+09:00")
    now = LATER["critical"]
    assert otosata("check", "--no-sync", "--select", "platform=crowdworks", now=now).code == 0
    assert otosata("check", "--no-sync", "--select", "client=田", now=now).code == 2
    shown = otosata.report("--select", "client=佐", now=now)
    assert ([deal["client"] for deal in shown["deals"]], shown["summary"]["deals"]) == (["佐藤"], 1)


def test_a_foreign_mail_is_nothing(reader: Program, mailbox: Mailbox) -> None:
    mailbox.put(mail("こんにちは", sender="friend@example.org"))
    reader("sync")
    assert parse(reader("check", "--no-sync").out.splitlines()[0])[2]["triage"].value == 0
