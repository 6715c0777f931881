"""The state of things as metrics, in a form that both Prometheus (text format 0.0.4) and OpenMetrics 1.0 accept.

https://prometheus.io/docs/instrumenting/exposition_formats/ and https://prometheus.io/docs/specs/om/open_metrics_spec/.
No name of a client and no title is in it: metrics are kept for years, and many can read them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from otosata.deals.limits import passed_at
from otosata.deals.reading import LEVEL_WORDS, Reading
from otosata.overview import AccountState, Overview, Status

_STATUS = {Status.OK: 0, Status.WARNING: 1, Status.CRITICAL: 2, Status.UNKNOWN: 3}
_UNKNOWN_LEVEL = -1


@dataclass(frozen=True, slots=True)
class Sample:
    """One value with the labels that tell it from others of its family."""

    value: float
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Family:
    """A gauge: its name, what it says, and its samples. A name in a unit ends with that unit."""

    name: str
    help: str
    samples: tuple[Sample, ...]
    unit: str = ""


def metrics_text(overview: Overview) -> str:
    """Everything as lines, with a line break at the end."""
    lines = [line for family in _families(overview) for line in _lines(family)]
    return "\n".join([*lines, "# EOF"]) + "\n"


def _families(overview: Overview) -> Iterator[Family]:
    """What is known at the overview's `now`."""
    levels = overview.summary.levels
    yield Family("otosata_status", "0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN", (Sample(_STATUS[overview.status]),))
    yield Family(
        "otosata_deals",
        "Open deals by level; snoozed and acknowledged ones are not among them",
        tuple(Sample(levels[word], (("level", word),)) for word in LEVEL_WORDS),
    )
    yield Family("otosata_triage_mails", "Mails that wait for your word", (Sample(overview.summary.triage),))
    yield from _of_deals([reading for reading in overview.readings if not reading.is_over])
    yield from _of_sources(overview)


def _of_deals(readings: Sequence[Reading]) -> Iterator[Family]:
    def family(name: str, text: str, values: Iterable[tuple[Reading, float | None]], unit: str = "") -> Family:
        samples = (Sample(value, _labels(reading)) for reading, value in values if value is not None)
        return Family(f"otosata_deal_{name}", text, tuple(samples), unit)

    def level(reading: Reading) -> float:
        return _UNKNOWN_LEVEL if reading.unknown else int(reading.level)

    yield family("level", "0 ok, 1 notice, 2 warn, 3 critical, -1 unknown", ((one, level(one)) for one in readings))
    yield family(
        "silence_seconds", "Since the client's last message", ((r, r.silence_seconds) for r in readings), "seconds"
    )
    yield family("waiting_seconds", "Since somebody has to act", ((r, r.waiting_seconds) for r in readings), "seconds")
    yield family("unanswered_messages", "My messages without an answer", ((r, r.unanswered) for r in readings))
    yield family(
        "limit_timestamp_seconds",
        "When the platform's next hard date has passed",
        ((one, _nearest_limit(one)) for one in readings),
        "seconds",
    )


def _nearest_limit(reading: Reading) -> float | None:
    known = [passed_at(limit) for limit in (reading.limit, reading.deal_limit) if limit is not None]
    return min(known).timestamp() if known else None


def _labels(reading: Reading) -> tuple[tuple[str, str], ...]:
    deal = reading.deal
    quiet = "true" if reading.is_quiet else "false"
    return (("deal", deal.id), ("platform", deal.platform), ("stage", reading.stage or ""), ("quiet", quiet))


def _of_sources(overview: Overview) -> Iterator[Family]:
    accounts, adapters = overview.accounts, overview.adapters
    yield Family(
        "otosata_account_up",
        "Whether the mailbox was read completely and lately",
        tuple(Sample(one.state is AccountState.OK, (("account", one.name),)) for one in accounts),
    )
    yield _instants(
        "otosata_account_last_complete_poll_timestamp_seconds",
        "When the mailbox was last read completely",
        ((("account", one.name), one.last_complete_poll) for one in accounts),
    )
    yield Family(
        "otosata_adapter_up",
        "Whether the platform's mail is still understood",
        tuple(Sample(not one.stale, (("adapter", one.id),)) for one in adapters),
    )
    yield _instants(
        "otosata_adapter_last_recognised_timestamp_seconds",
        "When the last mail that a rule knew was received",
        ((("adapter", one.id), one.last_recognised) for one in adapters),
    )


def _instants(name: str, text: str, values: Iterable[tuple[tuple[str, str], datetime | None]]) -> Family:
    samples = (Sample(at.timestamp(), (label,)) for label, at in values if at is not None)
    return Family(name, text, tuple(samples), "seconds")


def _lines(family: Family) -> Iterator[str]:
    """OpenMetrics asks for TYPE before UNIT before HELP; Prometheus takes UNIT for a comment."""
    if not family.samples:
        return
    yield f"# TYPE {family.name} gauge"
    if family.unit:
        yield f"# UNIT {family.name} {family.unit}"
    yield f"# HELP {family.name} {family.help}"
    for sample in family.samples:
        labels = ",".join(f'{name}="{_escaped(value)}"' for name, value in sample.labels)
        yield f"{family.name}{f'{{{labels}}}' if labels else ''} {_number(sample.value)}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))
