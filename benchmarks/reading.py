"""How fast ledgers become readings."""

import json
from dataclasses import asdict

from adapters.registry import load_adapters
from benchmarks.measure import Result, Sizes, compare
from benchmarks.world import NOW, ledgers
from otosata.deals.calendar import BusinessCalendar
from otosata.deals.reading import Rules, read


def readings(sizes: Sizes) -> Result:
    """Every deal's reading, against reading the same events from JSON."""
    deals = ledgers(sizes.deals, sizes.events_a_deal)
    rules = {adapter.id: Rules(adapter.platform, BusinessCalendar()) for adapter in load_adapters()}
    documents = [json.dumps([asdict(event) for event in deal.events], default=str) for deal in deals]
    ours, reference = compare(
        sizes.runs,
        lambda: [read(deal, rules[deal.deal.platform], NOW) for deal in deals],
        lambda: [json.loads(document) for document in documents],
    )
    return Result(
        f"readings: {sizes.deals:,} deals with {sizes.events_a_deal} events",
        ours,
        "json.loads of the same events",
        reference,
        "cpu",
        f"{sizes.deals / ours:,.0f} deals/s",
    )
