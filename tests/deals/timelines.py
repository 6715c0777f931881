"""Reads a file of worked timelines: events of a deal, and what must be said of it at given moments."""

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from otosata.deals.event import Deal, Event, Ledger
from otosata.deals.vocabulary import Actor

CASES = Path(__file__).parent.parent / "cases"


@dataclass(frozen=True, slots=True)
class Check:
    """What a case expects at `now`; only the keys that are named are compared."""

    now: datetime
    expected: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """A story with its checks."""

    id: str
    platform: str
    closed_dates: frozenset[date]
    events: tuple[Event, ...]
    checks: tuple[Check, ...]

    @property
    def ledger(self) -> Ledger:
        """The story as the store would hand it over."""
        return Ledger(Deal(self.id, self.platform), self.events)


def read_cases(folder: Path = CASES) -> list[Case]:
    """All cases of a folder's TOML files."""
    return [_case(raw) for path in sorted(folder.glob("*.toml")) for raw in tomllib.loads(path.read_text())["case"]]


def _case(raw: dict[str, Any]) -> Case:
    events = tuple(_event(place, event) for place, event in enumerate(raw.get("events", [])))
    checks = tuple(
        Check(check["now"], {key: value for key, value in check.items() if key not in {"now", "note"}})
        for check in raw["checks"]
    )
    return Case(raw["id"], raw["platform"], frozenset(raw.get("closed_dates", [])), events, checks)


def _event(place: int, raw: dict[str, Any]) -> Event:
    return Event(
        at=raw["at"].astimezone(UTC),
        kind=raw["event"],
        actor=Actor(raw["actor"]),
        date=raw.get("date"),
        application_deadline=raw.get("application_deadline"),
        finished=raw.get("finished", False),
        key=f"hand:{place}",
    )
