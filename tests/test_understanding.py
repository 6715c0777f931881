"""When an adapter turns stale: at a mail like a deal's, after many unknown ones, or when it falls silent."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from otosata.overview import StaleReason
from otosata.understanding import Record, UnknownMail, judge_adapter, usual_gap

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def unknown(
    days: float = 1, *, verified: bool = True, bulk: bool = False, like: bool = True, deals: str = ""
) -> UnknownMail:
    """A mail that no rule knew, so many days old."""
    return UnknownMail(NOW - days * DAY, verified, bulk, like, frozenset(deals.split()))


def every(hours: float, until: float = 0, count: int = 30) -> Sequence[datetime]:
    """Notices at a regular pace, the last one so many days ago."""
    return [NOW - until * DAY - timedelta(hours=hours * place) for place in range(count)]


@dataclass(frozen=True)
class Case:
    """A record, and what it makes of the adapter."""

    says: str
    reason: StaleReason | None
    unknown: Sequence[UnknownMail] = ()
    notices: Sequence[datetime] = ()
    in_a_row: int = 0
    open_deals: str = "lancers-1 lancers-2"
    named: frozenset[str] = field(default_factory=frozenset)


DULL = unknown(like=False)
CASES = (
    Case("nothing unknown", None, notices=every(6)),
    Case("a mail like a deal's", StaleReason.UNKNOWN_MAIL, [unknown()]),
    Case(
        "a mail that names a deal",
        StaleReason.UNKNOWN_MAIL,
        [unknown(deals="lancers-1")],
        named=frozenset(["lancers-1"]),
    ),
    Case(
        "one that names a deal and one that may be about any",
        StaleReason.UNKNOWN_MAIL,
        [unknown(deals="lancers-1"), unknown()],
    ),
    Case("it names a deal that is over", None, [unknown(deals="lancers-9")]),
    Case("news of the platform", None, [DULL]),
    Case("like a deal's, but sent in bulk", None, [unknown(bulk=True)]),
    Case("like a deal's, but nobody knows from whom", None, [unknown(verified=False)]),
    Case("like a deal's, long ago", None, [unknown(31)]),
    Case(
        "long ago, about a deal that goes on",
        StaleReason.UNKNOWN_MAIL,
        [unknown(31, deals="lancers-2")],
        named=frozenset(["lancers-2"]),
    ),
    Case("four unknown in a row", None, [DULL] * 4, in_a_row=4),
    Case("five unknown in a row", StaleReason.IN_A_ROW, [DULL] * 5, in_a_row=5),
    Case("silent for long, while mails come", StaleReason.SILENT, [DULL, DULL], every(6, until=4)),
    Case("silent for long, and so is the platform", None, [], every(6, until=4)),
    Case("silent for long, with one odd mail", None, [DULL], every(6, until=4)),
    Case("silent for long, the odd mails came before", None, [unknown(5, like=False)] * 2, every(6, until=4)),
    Case("not silent for unusually long", None, [DULL, DULL], every(30, until=3)),
    Case("never busy", None, [DULL, DULL], every(6, until=4, count=9)),
    Case("silent, but no deal goes on", None, [DULL, DULL], every(6, until=4), open_deals=""),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_an_adapter_turns_stale_for_a_reason(case: Case) -> None:
    record = Record("lancers", 10, len(case.unknown), NOW - DAY, case.in_a_row, case.notices, case.unknown)
    health = judge_adapter(record, case.open_deals.split(), NOW)
    assert (health.stale, health.reason, health.named) == (case.reason is not None, case.reason, case.named)


def test_what_is_decided_ends_the_alarm() -> None:
    record = Record("lancers", 10, 1, NOW - DAY, 0, (), [unknown()])
    assert judge_adapter(record, (), NOW).stale
    assert not judge_adapter(replace(record, unknown=()), (), NOW).stale


def test_the_usual_gap_is_one_that_nine_in_ten_keep() -> None:
    assert usual_gap(every(6)) == timedelta(hours=6)
    assert usual_gap(every(6, count=9)) is None
    assert usual_gap([*every(6, count=20), NOW - 90 * DAY]) == timedelta(hours=6)
