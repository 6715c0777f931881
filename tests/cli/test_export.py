"""The ledger for other programs: JSON, CSV, a calendar to subscribe to, a badge."""

import csv
import io
import json
from datetime import UTC, date, datetime

import icalendar
import pytest

from tests.cli.program import Program
from tests.cli.test_exit_codes import LATER, story

FILED = "2026-06-03T12:00:00+09:00"


def rows(otosata: Program, table: str, *more: str) -> list[dict[str, str]]:
    text = otosata.done("export", "--format", "csv", "--table", table, *more)
    return list(csv.DictReader(io.StringIO(text, newline="")))


def entries(otosata: Program, now: str = FILED) -> list[icalendar.cal.Component]:
    return list(icalendar.Calendar.from_ical(otosata.done("export", "--format", "ics", now=now)).walk("VEVENT"))


def test_json_has_the_deals_of_check_with_events_and_deadlines(otosata: Program) -> None:
    story(otosata)
    document = json.loads(otosata.done("export"))
    (deal,) = document["deals"]
    (checked,) = otosata.report()["deals"]
    assert {key: deal[key] for key in checked} == checked
    assert [event["event"] for event in deal["events"]] == [
        event["event"] for event in json.loads(otosata.done("show", deal["id"], "--json"))["timeline"]
    ]
    assert {one["deal"] for one in document["deadlines"]} == {deal["id"]}


@pytest.mark.parametrize("table", ["deals", "events", "deadlines"])
def test_an_empty_table_still_has_its_heading(otosata: Program, table: str) -> None:
    assert len(otosata.done("export", "--format", "csv", "--table", table).splitlines()) == 1


def test_csv_has_a_row_a_deal_and_a_row_an_event(otosata: Program) -> None:
    story(otosata)
    (deal,) = rows(otosata, "deals")
    assert (deal["client"], deal["platform"], deal["acknowledged"]) == ("田中", "lancers", "false")
    assert [row["deal"] for row in rows(otosata, "events")] == [deal["id"]] * len(rows(otosata, "events"))


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "＝1+1", "＠SUM(A1)"])
def test_no_name_becomes_a_formula_of_a_spreadsheet(otosata: Program, name: str) -> None:
    otosata.done("deals", "add", "--platform", "lancers", f"--client={name}")
    (deal,) = rows(otosata, "deals")
    assert deal["client"] == f"'{name}"


@pytest.mark.parametrize("words", [("export", "--format", "csv"), ("export", "--format", "ics")])
def test_the_file_is_utf_8_whatever_the_pipe_speaks(otosata: Program, words: tuple[str, ...]) -> None:
    otosata.deal("髙橋", event="contract")
    done = otosata.process(*words, env={"PYTHONIOENCODING": "euc_jp"})
    assert "髙橋" in done.stdout.decode()
    assert done.stdout.count(b"\n") == done.stdout.count(b"\r\n") > 0


def test_a_closed_deal_is_exported_only_with_all(otosata: Program) -> None:
    deal = otosata.deal()
    otosata.done("close", deal)
    assert rows(otosata, "deals") == []
    assert [row["id"] for row in rows(otosata, "deals", "--all")] == [deal]


def test_a_limit_is_an_entry_of_the_calendar_at_its_instant(otosata: Program) -> None:
    deal = otosata.deal()
    otosata.done("log", deal, "file_reminder", "--at", FILED)
    (limit,) = [entry for entry in entries(otosata) if entry["uid"] == f"{deal}.limit@otosata"]
    assert limit["dtstart"].dt == datetime.fromisoformat(otosata.reading(deal, now=FILED)["limit"]).astimezone(UTC)
    assert "田中" in limit["summary"]
    assert limit["transp"] == "TRANSPARENT"


def test_a_limit_of_which_only_the_date_is_known_is_a_whole_day(otosata: Program) -> None:
    deal = otosata.deal(event="contract")
    (end,) = [entry for entry in entries(otosata) if entry["uid"] == f"{deal}.deal_limit@otosata"]
    assert isinstance(end["dtstart"].dt, date)
    assert not isinstance(end["dtstart"].dt, datetime)
    assert (end["dtend"].dt - end["dtstart"].dt).days == 1


def test_an_entry_keeps_its_name_when_its_date_moves(otosata: Program) -> None:
    deal = otosata.deal()
    otosata.done("snooze", deal, "2026-06-10")
    before = {str(entry["uid"]): entry["dtstart"].dt for entry in entries(otosata)}
    otosata.done("snooze", deal, "2026-06-12")
    after = {str(entry["uid"]): entry["dtstart"].dt for entry in entries(otosata)}
    assert before.keys() == after.keys()
    assert before[f"{deal}.snooze@otosata"] < after[f"{deal}.snooze@otosata"]


def test_the_next_level_is_no_entry(otosata: Program) -> None:
    story(otosata)
    assert not [entry for entry in entries(otosata) if "level" in entry["uid"].partition(".")[2].split("@")]


def test_no_name_breaks_out_of_its_line_of_the_calendar(otosata: Program) -> None:
    otosata.done("deals", "add", "--platform", "lancers", "--client", "田中;END:VEVENT,\\n偽", "--event", "contract")
    assert all("田中;END:VEVENT,\\n偽" in entry["summary"] for entry in entries(otosata))


@pytest.mark.parametrize(
    ("level", "message", "color"),
    [("ok", "ok", "brightgreen"), ("warn", "1 warn", "yellow"), ("critical", "1 critical", "red")],
)
def test_the_badge_says_how_many_need_a_look(otosata: Program, level: str, message: str, color: str) -> None:
    story(otosata)
    badge = json.loads(otosata("badge", now=LATER[level]).out)
    assert (badge["schemaVersion"], badge["message"], badge["color"]) == (1, message, color)


def test_the_badge_of_a_mailbox_that_was_not_read_is_no_ok(reader: Program) -> None:
    badge = json.loads(reader.done("badge"))
    assert (badge["message"], badge["isError"]) == ("unknown", True)
