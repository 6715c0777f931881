"""Every worked timeline reads exactly as stated."""

from typing import Any

import pytest

from adapters.registry import load_adapters
from config.calendar import business_calendar
from config.model import CalendarSettings, Closed
from otosata.deals.reading import Reading, Rules, read
from tests.deals.timelines import Case, Check, read_cases

PLATFORMS = {adapter.id: adapter.platform for adapter in load_adapters()}
CASES = read_cases()


def said(reading: Reading) -> dict[str, Any]:
    """What a timeline may ask about."""
    return {
        "stage": reading.stage,
        "turn": reading.turn.value,
        "level": reading.level.word,
        "silence_days": reading.silence_days,
        "waiting_days": reading.waiting_days,
        "unanswered": reading.unanswered,
        "limit": reading.limit,
        "deal_limit": reading.deal_limit,
        "stale": reading.stale,
        "advice": sorted(advice.id for advice in reading.advice),
    }


@pytest.mark.parametrize(
    ("case", "check"),
    [pytest.param(case, check, id=f"{case.id}@{check.now:%m-%dT%H:%M}") for case in CASES for check in case.checks],
)
def test_a_timeline_reads_as_stated(case: Case, check: Check) -> None:
    closed = CalendarSettings(closed=tuple(Closed(day, day) for day in sorted(case.closed_dates)))
    rules = Rules(PLATFORMS[case.platform], business_calendar(closed, check.now))
    expected = {key: sorted(value) if key == "advice" else value for key, value in check.expected.items()}
    shown = said(read(case.ledger, rules, check.now))
    assert {key: shown[key] for key in expected} == expected
