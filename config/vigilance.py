"""The health of every adapter, from the ledger: counts, rhythm, and the mails that it did not know."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from adapters.recognise import TomlAdapter
from otosata.deals.event import Ledger
from otosata.deals.reading import Reading
from otosata.overview import AdapterHealth
from otosata.store.values import AdapterCounts, MailRow
from otosata.understanding import Record, UnknownMail, judge_adapter


def adapters_health(
    adapters: Mapping[str, TomlAdapter],
    counts: Mapping[str, AdapterCounts],
    ledgers: Sequence[Ledger],
    readings: Sequence[Reading],
    waiting: Sequence[MailRow],
    now: datetime,
) -> list[AdapterHealth]:
    """Judge each adapter. `waiting`: the mails in triage; `readings`: of all deals."""
    notices, unknown = _notices(ledgers), _unknown(adapters, ledgers, waiting)
    going_on: defaultdict[str, set[str]] = defaultdict(set)
    for reading in readings:
        if not reading.is_over:
            going_on[reading.deal.platform].add(reading.deal.id)
    return [
        judge_adapter(_record(name, counts.get(name), notices[name], unknown[name]), going_on[name], now)
        for name in adapters
    ]


def _record(
    adapter: str, counts: AdapterCounts | None, notices: Sequence[datetime], unknown: Sequence[UnknownMail]
) -> Record:
    if counts is None:
        return Record(adapter)
    seen = (counts.recognised, counts.unrecognised, counts.last_recognised, counts.unrecognised_since)
    return Record(adapter, *seen, notices, unknown)


def _notices(ledgers: Sequence[Ledger]) -> defaultdict[str, list[datetime]]:
    """When mail about deals came, by platform."""
    found: defaultdict[str, list[datetime]] = defaultdict(list)
    for ledger in ledgers:
        found[ledger.deal.platform] += [event.at for event in ledger.events if event.key.startswith("mail:")]
    return found


def _unknown(
    adapters: Mapping[str, TomlAdapter], ledgers: Sequence[Ledger], waiting: Sequence[MailRow]
) -> defaultdict[str, list[UnknownMail]]:
    found: defaultdict[str, list[UnknownMail]] = defaultdict(list)
    if waiting:
        from config.groups import Grouping, is_unknown  # noqa: PLC0415 - most checks find nothing unknown

        if any(map(is_unknown, waiting)):
            grouping = Grouping(adapters, ledgers)
            for group in grouping.groups(waiting):
                found[group.cluster.adapter] += grouping.unknown(group)
    return found
