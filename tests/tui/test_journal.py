"""What has happened is told in either language, the newest first, and no secret is in it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otosata.deals.event import Event
from otosata.deals.vocabulary import Actor
from otosata.mail.source import Traffic
from otosata.store.errors import StoreError
from otosata.sync import PollReport
from tests.screens.world import ACTS, NOW, ago, words
from tests.tui.test_cells import TEXT
from tui.cells import width
from tui.journal import MOST, Journal, Note, broken, deal_of, entries, of_acts, told
from tui.prose import fitted

MESSAGE = Event(ago(0.5), "message", Actor.CLIENT, key="mail:1")
REPORT = PollReport("main", mails=3, events=(("lancers-1", MESSAGE),), took=timedelta(seconds=0.42))


def said(notes: list[Note], lang: str = "ja") -> list[str]:
    return [note.text(words(lang)) for note in notes]


@pytest.mark.parametrize(
    ("report", "ja", "en"),
    [
        (
            REPORT,
            ["lancers-1 メッセージ（相手）", "main: 新着 3通、案件の動き 1件（0.4秒）"],
            ["lancers-1 message (client)", "main: 3 new mails, 1 events (0.4s)"],
        ),
        (
            replace(REPORT, opened=("lancers-1",), took=timedelta(minutes=3)),
            ["lancers-1 メッセージ（相手） 新しい案件", "main: 新着 3通、案件の動き 1件（3分）"],
            ["lancers-1 message (client), a new deal", "main: 3 new mails, 1 events (3m)"],
        ),
        (PollReport("main"), ["main: 新着なし（0.0秒）"], ["main: nothing new (0.0s)"]),
        (
            PollReport("main", error="imap.example.com:993 did not answer in time", hint="Check your network."),
            ["main: 取得に失敗 — imap.example.com:993 が時間内に応答しませんでした → ネットワークを確かめてください"],
            ["main: could not be read — imap.example.com:993 did not answer in time → Check your network."],
        ),
        (
            PollReport("main", error="no", hint="x", skipped=True),
            ["main: 前回断られたので試していません — no"],
            ["main: not tried, refused before — no"],
        ),
    ],
)
def test_a_poll_is_told(report: PollReport, ja: list[str], en: list[str]) -> None:
    notes = list(told(report, NOW))
    assert said(notes) == ja
    assert said(notes, "en") == en


def test_acts_by_hand_come_from_the_ledger() -> None:
    assert said(list(of_acts(ACTS))) == [
        "手入力 lancers-6 連絡催促申請",
        "手入力 lancers-7 終了にした（取り消し済み）",
        "手入力 lancers-8 休止",
    ]


def test_the_newest_stands_first_and_each_day_has_its_heading() -> None:
    notes = [*of_acts(ACTS), *told(REPORT, NOW), broken(StoreError("x is damaged", "y"), NOW)]
    lines = list(entries(notes, NOW, words()))
    drawn = ["".join(piece.text for piece in entry.draw(60)).rstrip() for entry in lines]
    assert drawn == [
        "11/20(金)",
        "09:00:00  台帳: x が壊れています → y",
        "09:00:00  main: 新着 3通、案件の動き 1件（0.4秒）",
        "09:00:00  lancers-1 メッセージ（相手）",
        "11/19(木)",
        "09:00:00  手入力 lancers-8 休止",
        "11/18(水)",
        "21:00:00  手入力 lancers-7 終了にした（取り消し済み）",
        "11/17(火)",
        "04:12:00  手入力 lancers-6 連絡催促申請",
    ]
    assert [deal_of(entry.key) for entry in lines if entry.key] == [
        "",
        "",
        "lancers-1",
        "lancers-8",
        "lancers-7",
        "lancers-6",
    ]


def test_the_key_of_a_line_stays_when_something_new_happens() -> None:
    before = [entry.key for entry in entries(list(of_acts(ACTS)), NOW, words()) if entry.key]
    after = [entry.key for entry in entries([*of_acts(ACTS), *told(REPORT, NOW)], NOW, words()) if entry.key]
    assert after[-len(before) :] == before


def test_the_oldest_notes_are_let_go() -> None:
    journal = Journal()
    journal.add(*(Note(NOW, "broken", {"error": str(number), "hint": ""}) for number in range(MOST + 5)))
    assert len(journal.notes) == MOST
    assert journal.notes[0].values["error"] == "5"


@given(TEXT, TEXT, st.integers(0, 120), st.sampled_from(["ja", "en"]))
def test_whatever_an_account_or_an_error_is_called_the_line_fits(name: str, error: str, cells: int, lang: str) -> None:
    report = PollReport(name, error=error or "x", hint=error)
    for entry in entries(list(told(report, NOW)), NOW, words(lang)):
        assert sum(width(piece.text) for piece in fitted(entry.draw(cells), cells)) == cells


def test_traffic_adds_up() -> None:
    assert Traffic(1, 2) + Traffic(30, 40) == Traffic(31, 42)
