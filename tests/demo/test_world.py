"""The demo's world says at any time of any year what it is meant to say."""

import tomllib
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.registry import load_adapters
from config.calendar import business_calendar
from config.model import CalendarSettings
from demo.mails import DemoMail
from demo.world import age, deal_of, hand_entries, mails, stories
from otosata.deals.event import Deal, Ledger
from otosata.deals.reading import Rules, read
from otosata.deals.vocabulary import Level
from otosata.mail.model import RawMail, Trust, Verdict
from otosata.mail.parse import parse

NOW = datetime(2026, 11, 21, 9, 30, 15, 678901, tzinfo=UTC)
WORLD: dict[str, Any] = tomllib.loads(Path("demo/mailbox.toml").read_text(encoding="utf-8"))
RAW: list[dict[str, Any]] = [
    *({"platform": deal["platform"], **mail} for deal in WORLD["deals"] for mail in deal["mails"]),
    *WORLD["mails"],
]
ADAPTERS = {adapter.id: adapter for adapter in load_adapters()}
TRUST = Trust(authserv_ids=frozenset({"mx.demo.example"}))


def times_of(month: int) -> Iterator[datetime]:
    """Each day, in turn in Japan's morning, its afternoon and the small hours of its next day.

    Three hours and seven weekdays: within three weeks each meets each.
    """
    first = datetime(2026, month, 1, tzinfo=UTC)
    for day in range(monthrange(2026, month)[1]):
        at = first + timedelta(days=day)
        yield at + timedelta(hours=(1, 8, 17)[at.toordinal() % 3], minutes=13)


def in_order() -> list[tuple[dict[str, Any], DemoMail]]:
    """Each mail beside the data it was made of."""
    return list(zip(sorted(RAW, key=lambda raw: -age(raw["age"])), mails(NOW), strict=True))


@pytest.mark.parametrize("month", range(1, 13))
def test_whatever_the_weekday_holiday_or_hour_each_deal_reads_as_stated(month: int) -> None:
    calendar = business_calendar(CalendarSettings(), datetime(2026, month, 1, tzinfo=UTC))
    wrong = []
    for now in times_of(month):
        for story in stories(now):
            rules = Rules(ADAPTERS[story.deal.platform].platform, calendar)
            reading = read(Ledger(story.deal, story.events), rules, now)
            shown = (reading.stage, reading.level.word, frozenset(advice.id for advice in reading.advice))
            if shown != (story.stage, story.level, story.advice):
                wrong.append((now.isoformat(), story.deal.title, shown))
    assert not wrong


def test_every_level_and_all_three_platforms_are_there() -> None:
    told = stories(NOW)
    assert {story.level for story in told} == {level.word for level in Level}
    assert {story.deal.platform for story in told} == {"coconala", "lancers", "crowdworks"}


def test_for_the_silent_client_the_reminder_can_be_filed() -> None:
    assert ("lancers", ["LAN_FILE"]) in [(story.deal.platform, list(story.advice)) for story in stories(NOW)]


def test_the_mails_arrive_at_their_age_oldest_first_and_never_later_than_now() -> None:
    whole = NOW.replace(microsecond=0)
    assert [mail.arrived for mail in mails(NOW)] == sorted(whole - age(raw["age"]) for raw in RAW)


def test_the_whole_mailbox_moves_with_now() -> None:
    later = timedelta(days=200, hours=5)
    assert [mail.arrived + later for mail in mails(NOW)] == [mail.arrived for mail in mails(NOW + later)]


@pytest.mark.parametrize(
    ("raw", "mail"), in_order(), ids=lambda given: given.get("age") if isinstance(given, dict) else ""
)
def test_a_mail_reads_as_it_was_written(raw: dict[str, Any], mail: DemoMail) -> None:
    read_back = parse(RawMail(mail.data, mail.arrived), now=NOW, trust=TRUST)
    expected = Verdict.FAILED if raw.get("verdict") == "spoofed" else Verdict.VERIFIED
    assert read_back.subject == raw["subject"]
    assert read_back.text.strip().endswith(raw["text"].strip())
    assert (read_back.received, read_back.problem) == (mail.arrived, None)
    assert read_back.authentication.verdict is expected, read_back.authentication.reason


@pytest.mark.parametrize(
    ("raw", "mail"),
    [pair for pair in in_order() if "event" in pair[0]],
    ids=lambda given: given.get("age") if isinstance(given, dict) else "",
)
def test_a_platforms_mail_is_recognised_as_what_it_says(raw: dict[str, Any], mail: DemoMail) -> None:
    notice = ADAPTERS[raw["platform"]].recognise(parse(RawMail(mail.data, mail.arrived), now=NOW, trust=TRUST))
    assert notice is not None
    assert notice.kind == raw["event"]


def test_the_same_now_makes_the_same_bytes() -> None:
    assert mails(NOW) == mails(NOW)


def test_a_private_mail_is_no_platforms() -> None:
    private = [mail for raw, mail in in_order() if raw.get("outcome") == "private"]
    for mail in private:
        read_back = parse(RawMail(mail.data, mail.arrived), now=NOW, trust=TRUST)
        assert all(adapter.recognise(read_back) is None for adapter in ADAPTERS.values()), read_back.subject
    assert len(private) >= 5


def test_the_ways_of_writing_japanese_are_all_there() -> None:
    bodies = [mail.data for mail in mails(NOW)]
    for mark in (b'charset="iso-2022-jp"', b"Content-Transfer-Encoding: base64", b"multipart/alternative"):
        assert sum(mark in body for body in bodies) >= 3, mark


def test_one_mail_is_not_from_whom_it_says_and_talks_to_the_silent_client() -> None:
    (spoofed,) = [raw for raw in RAW if raw.get("verdict") == "spoofed"]
    (silent,) = [deal for deal in WORLD["deals"] if "LAN_FILE" in deal["advice"]]
    last_word = max(silent["mails"], key=lambda mail: -age(mail["age"]))
    assert spoofed["subject"] == last_word["subject"]
    assert age(spoofed["age"]) < age(last_word["age"])


def test_what_is_entered_by_hand_lies_in_the_past_and_in_order() -> None:
    times = [entry.event.at for entry in hand_entries(NOW)]
    assert times == sorted(times)
    assert times[-1] <= NOW


def test_a_hand_entry_finds_its_deal_by_reference_before_names() -> None:
    wanted = Deal("", "lancers", "木漏れ日工房", "石けん", refs=(("work", "1"),))
    by_name = Deal("lancers-1", "lancers", "木漏れ日工房", "石けん")
    by_ref = Deal("lancers-2", "lancers", refs=(("work", "1"), ("dm", "9")))
    elsewhere = Deal("coconala-1", "coconala", "木漏れ日工房", "石けん", refs=(("work", "1"),))
    assert deal_of(wanted, [by_name, by_ref, elsewhere]) == by_ref
    assert deal_of(wanted, [by_name, elsewhere]) == by_name
    assert deal_of(wanted, [elsewhere]) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("8d4h", timedelta(days=8, hours=4)), ("5h30m", timedelta(hours=5, minutes=30)), ("30h", timedelta(hours=30))],
)
def test_an_age_is_read(text: str, expected: timedelta) -> None:
    assert age(text) == expected


@pytest.mark.parametrize("text", ["", "8", "d", "4h8d", "-1d", "8 d"])
def test_what_is_no_age_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an age"):
        age(text)
