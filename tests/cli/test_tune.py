"""`tune`: what other thresholds would have changed; nothing is ever saved by it."""

import pytest

from tests.cli.program import Program

NOW = "2026-06-20T12:00:00+09:00"
JULY = "2026-07-01T12:00:00+09:00"


@pytest.fixture
def funded(otosata: Program) -> Program:
    """A deal whose client was silent for four days twice, and is silent now; the other one is over."""
    deal = otosata.deal("山田")
    for event, by, at in (
        ("fund", "client", "2026-06-01T12:00"),
        ("message", "me", "2026-06-01T13:00"),
        ("message", "client", "2026-06-05T14:00"),
        ("message", "me", "2026-06-05T15:00"),
        ("message", "client", "2026-06-10T15:00"),
        ("message", "me", "2026-06-10T16:00"),
    ):
        otosata.done("log", deal, event, "--by", by, "--at", at, now=NOW)
    over = otosata.deal("佐藤", platform="crowdworks")
    otosata.done("close", over)
    return otosata


def test_alarms_then_and_now(funded: Program) -> None:
    words = ("tune", "--threshold", 'platforms.lancers.stages.working.notice=["9d"]', "--json")
    found = funded(*words, now=NOW).document
    (threshold,) = found["thresholds"]
    assert threshold == {
        "key": "platforms.lancers.stages.working.notice",
        "current": ["3d", "2bd"],
        "proposed": ["9d"],
    }
    assert (found["current"]["alarms"]["notice"], found["proposed"]["alarms"]["notice"]) == (3, 0)
    assert (found["current"]["answered_unasked"], found["proposed"]["answered_unasked"]) == (2, 0)
    assert {deal["id"]: deal["current"]["total"] for deal in found["deals"]} == {"lancers-1": 5, "crowdworks-1": 0}
    assert [month["month"] for month in found["months"]] == ["2026-06"]
    assert found["today"]["current"] == found["today"]["proposed"] == {"ok": 1, "notice": 0, "warn": 0, "critical": 1}


@pytest.mark.parametrize(
    "text",
    [
        "lancers.working.warn=2d,1bd",
        "platforms.lancers.stages.working.warn=2d, 1bd",
        'platforms.lancers.stages.working.warn=["2d", "1bd"]',
    ],
)
def test_a_threshold_may_be_written_short(text: str, funded: Program) -> None:
    (threshold,) = funded("tune", "--threshold", text, "--json", now=NOW).document["thresholds"]
    assert (threshold["key"], threshold["proposed"]) == ("platforms.lancers.stages.working.warn", ["2d", "1bd"])


def test_a_level_can_be_taken_away_and_today_changes(funded: Program) -> None:
    out = funded("tune", "--threshold", "lancers.working.critical=", now=NOW).out
    assert "critical: 7d@silence → never" in out
    assert "lancers-1  山田  critical → warn" in out


def test_single_deals_and_clients_can_be_tried(funded: Program) -> None:
    for key in ("deals.lancers-1.notice", 'clients."山田さん".notice'):
        found = funded("tune", "--threshold", f"{key}=30d", "--json", now=NOW).document
        assert (found["current"]["alarms"]["notice"], found["proposed"]["alarms"]["notice"]) == (3, 0)
        assert found["thresholds"][0]["current"] is None


@pytest.mark.parametrize(
    ("since", "alarms"), [("2026-06-12", 3), ("30d", 5), ("2026-06-14T12:00+09:00", 2), ("99999d", 5)]
)
def test_since_is_a_date_a_time_or_a_time_back(since: str, alarms: int, funded: Program) -> None:
    words = ("tune", "--threshold", "lancers.reported.warn=9d", "--since", since, "--json")
    assert funded(*words, now=NOW).document["current"]["total"] == alarms


def test_the_clients_reply_times_make_a_proposal(otosata: Program) -> None:
    deal = otosata.deal("山田")
    otosata.done("log", deal, "fund")
    for week in range(6):
        day = 1 + 4 * week
        otosata.done(
            "log", deal, "message", "--by", "me", "--at", f"2026-06-{day:02}T13:00", now="2026-07-01T12:00+09:00"
        )
        otosata.done(
            "log",
            deal,
            "message",
            "--by",
            "client",
            "--at",
            f"2026-06-{day + 1:02}T09:00",
            now="2026-07-01T12:00+09:00",
        )
    otosata.done("log", deal, "message", "--by", "me", "--at", "2026-06-25T13:00", now="2026-07-01T12:00+09:00")
    words = ("tune", "--json")
    (proposal,) = otosata(*words, now="2026-07-01T12:00+09:00").document["proposals"]
    assert (proposal["client"], proposal["answers"], proposal["typical_seconds"]) == ("山田", 6, 20 * 3600)
    assert {one["key"]: one["proposed"] for one in proposal["thresholds"]} == {
        'clients."山田".notice': ["1d", "1bd"],
        'clients."山田".warn': ["6d", "3bd"],
    }
    assert "config set" in otosata.done("tune", now=JULY)
    assert not otosata.config.with_name("settings.toml").exists()


def test_without_enough_answers_nothing_is_proposed(funded: Program) -> None:
    result = funded("tune", now=NOW)
    assert (result.code, result.out) == (0, "")
    assert "--threshold" in result.err


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("x", "KEY=VALUE"),
        ("interval=3d", "no threshold"),
        ("lancers.working.stale=3d", "no threshold"),
        ("lancers.workin.warn=3d", "working"),
        ("lancers.working.warn=3", '"3d"'),
        ("lancer.working.warn=3d", "lancers"),
        ("platforms.lancer.stages.working.warn=3d", "lancers"),
        ("platforms=3d", "no threshold"),
    ],
)
def test_what_cannot_be_tried_is_explained(text: str, word: str, funded: Program) -> None:
    result = funded("tune", "--threshold", text, now=NOW)
    assert (result.code, result.out) == (2, "")
    assert word in result.err


@pytest.mark.parametrize("key", ["deals.lancers-99.warn", "clients.鈴木.warn"])
def test_who_is_not_in_the_ledger_is_told(key: str, funded: Program) -> None:
    result = funded("--lang", "en", "tune", "--threshold", f"{key}=3d", now=NOW)
    assert "not set → 3d" in result.out
    assert "changes nothing" in result.err
