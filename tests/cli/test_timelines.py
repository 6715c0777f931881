"""Every worked timeline, entered with `deals add` and `log` and read with `check`, reads as stated."""

from datetime import date, datetime
from typing import Any

import pytest

from otosata.deals.event import Event
from otosata.deals.vocabulary import KINDS
from tests.cli.program import Program
from tests.deals.timelines import Case, read_cases


def options(event: Event) -> list[str]:
    """How the event is typed."""
    words = ["--at", event.at.isoformat()]
    if len(KINDS[event.kind].actors) > 1:
        words += ["--by", event.actor.value]
    if event.date:
        words += ["--date", event.date.isoformat()]
    if event.application_deadline:
        words += ["--application-deadline", event.application_deadline.isoformat()]
    return [*words, "--finished"] if event.finished else words


def enter(otosata: Program, case: Case, now: str) -> str:
    """Type the whole story at a moment after its end; the id of the deal."""
    add = ("deals", "add", "--platform", case.platform, "--client", "田中")
    first, rest = (case.events[0], case.events[1:]) if case.events else (None, ())
    deal = otosata.done(*add, *(("--event", first.kind, *options(first)) if first else ()), now=now)
    for event in rest:
        otosata.done("log", deal, event.kind, *options(event), now=now)
    return deal


def said(shown: dict[str, Any], key: str) -> Any:
    """A value of the report, as the cases write it."""
    if key == "advice":
        return sorted(advice["id"] for advice in shown["advice"])
    value = shown[key]
    if key in ("limit", "deal_limit") and value is not None:
        return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    return value


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in read_cases()])
def test_a_timeline_entered_by_hand_reads_as_stated(otosata: Program, case: Case) -> None:
    closed = ", ".join(day.isoformat() for day in sorted(case.closed_dates))
    otosata.configure(f"[calendar]\nclosed = [{closed}]\n")
    end = max([check.now for check in case.checks] + [event.at for event in case.events]).isoformat()
    deal = enter(otosata, case, end)
    for check in case.checks:
        shown = otosata.reading(deal, now=check.now.isoformat())
        expected = {key: sorted(value) if key == "advice" else value for key, value in check.expected.items()}
        assert {key: said(shown, key) for key in expected} == expected, check.now
