"""What other thresholds would have changed, for people and as JSON."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from cli.output.document import SCHEMA_VERSION, Json, time
from cli.output.table import columns
from config.texts.catalogue import Catalogue
from otosata.deals.comparison import Comparison, Pair, Tally
from otosata.deals.duration import Span
from otosata.deals.vocabulary import ALARMING

if TYPE_CHECKING:
    from config.tuning import Offer, Threshold, Tuning

_WIDE = 10_000


def comparison_document(
    comparison: Comparison, thresholds: Sequence["Threshold"], tuning: "Tuning", zone: tzinfo
) -> Json:
    """`tune --threshold … --json`"""
    current, proposed = comparison.today()
    return {
        **_head(tuning, zone),
        "thresholds": [
            {"key": one.key, "current": _listed(one.current), "proposed": _listed(one.proposed)} for one in thresholds
        ],
        **_pair(comparison.total),
        "today": {
            "current": {level.word: count for level, count in current.items()},
            "proposed": {level.word: count for level, count in proposed.items()},
        },
        "months": [{"month": month, **_pair(pair)} for month, pair in comparison.months(zone).items()],
        "deals": [
            {
                "id": pair.deal.id,
                "platform": pair.deal.platform,
                "client": pair.deal.client or None,
                **_pair(pair.tallies),
                "level_current": pair.current.level.word,
                "level_proposed": pair.proposed.level.word,
            }
            for pair in comparison.deals
        ],
    }


def offers_document(offers: Iterable["Offer"], tuning: "Tuning", zone: tzinfo) -> Json:
    """`tune --json`"""
    return {
        **_head(tuning, zone),
        "proposals": [
            {
                "client": offer.proposal.client,
                "answers": offer.proposal.answers,
                "typical_seconds": int(offer.proposal.typical.total_seconds()),
                "thresholds": [
                    {"key": one.key, "current": _listed(one.current), "proposed": _listed(one.proposed)}
                    for one in tuning.thresholds(offer.changes)
                ],
                **_pair(offer.comparison.total),
            }
            for offer in offers
        ],
    }


def _head(tuning: "Tuning", zone: tzinfo) -> Json:
    return {
        "schema_version": SCHEMA_VERSION,
        "generated_at": time(datetime.now(UTC), zone),
        "now": time(tuning.now, zone),
        "since": time(tuning.since, zone),
    }


def _listed(spans: tuple[Span, ...] | None) -> list[str] | None:
    return None if spans is None else [str(span) for span in spans]


def _pair(pair: Pair) -> Json:
    return {"current": _tally(pair.current), "proposed": _tally(pair.proposed)}


def _tally(tally: Tally) -> Json:
    return {
        "alarms": {level.word: tally.alarms[level] for level in ALARMING},
        "total": tally.total,
        "answered_unasked": tally.answered_unasked,
        "dates_missed": tally.missed,
    }


def comparison_lines(
    comparison: Comparison, thresholds: Sequence["Threshold"], tuning: "Tuning", words: Catalogue, zone: tzinfo
) -> Iterator[str]:
    """The same for people: sums, months, deals, today."""
    for one in thresholds:
        yield f"{one.key}: {_spans(one.current, words)} → {_spans(one.proposed, words)}"
    yield ""
    since = f"{tuning.since.astimezone(zone):%Y-%m-%d}"
    sides = (words.t("tune.current"), words.t("tune.proposed"))
    title = words.t("tune.since", since=since, count=len(comparison.deals))
    yield from _table((title, *sides), list(_figures(comparison.total, words)))
    months = comparison.months(zone)
    if months:
        yield ""
        rows = [(month, str(pair.current.total), str(pair.proposed.total)) for month, pair in months.items()]
        yield from _table((words.t("tune.months"), *sides), rows)
    tallies = [(pair.deal, pair.tallies) for pair in comparison.changed]
    changed = [
        (f"{deal.id}  {deal.client}", str(pair.current.total), str(pair.proposed.total))
        for deal, pair in tallies
        if pair.differs
    ]
    if changed:
        yield ""
        yield from _table((words.t("tune.deals"), *sides), changed)
    moved = [pair for pair in comparison.deals if pair.current.level is not pair.proposed.level]
    yield ""
    yield words.t("tune.today") if moved else words.t("tune.today_same")
    for pair in moved:
        levels = " → ".join(words.t(f"levels.{side.level.word}") for side in (pair.current, pair.proposed))
        yield f"  {pair.deal.id}  {pair.deal.client}  {levels}"


def offer_lines(offer: "Offer", words: Catalogue) -> Iterator[str]:
    """A proposal, what it rests on, what it would have changed, and how to take it."""
    proposal, total = offer.proposal, offer.comparison.total
    hours = round(proposal.typical.total_seconds() / 3600)
    yield words.t("tune.offer", client=proposal.client, answers=proposal.answers, hours=hours)
    yield words.t(
        "tune.effect",
        before=total.current.total,
        after=total.proposed.total,
        spared_before=total.current.answered_unasked,
        spared_after=total.proposed.answered_unasked,
    )
    yield from (f"  otosata config set '{key}' '{value}'" for key, value in offer.changes)


def _figures(pair: Pair, words: Catalogue) -> Iterator[tuple[str, str, str]]:
    for level in ALARMING:
        yield words.t(f"levels.{level.word}"), str(pair.current.alarms[level]), str(pair.proposed.alarms[level])
    current, proposed = pair.current, pair.proposed
    yield words.t("tune.total"), str(current.total), str(proposed.total)
    yield words.t("tune.answered_unasked"), str(current.answered_unasked), str(proposed.answered_unasked)
    yield words.t("tune.missed"), str(current.missed), str(proposed.missed)


def _spans(spans: tuple[Span, ...] | None, words: Catalogue) -> str:
    if spans is None:
        return words.t("tune.not_set")
    return ", ".join(str(span) for span in spans) or words.t("tune.never")


def _table(head: tuple[str, str, str], rows: Sequence[tuple[str, str, str]]) -> list[str]:
    return columns(head, [(f"  {name}", current, proposed) for name, current, proposed in rows], _WIDE)
