"""How fast a year of history is replayed with other thresholds."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import Result, Sizes, compare
from benchmarks.world import NOW, year_of_ledgers
from config.assembly import assemble
from config.places import Options
from config.tuning import Tuning
from otosata.deals.reading import read

YEAR = timedelta(days=365)
CHANGES = tuple(
    (f"platforms.{platform}.stages.working.{level}", value)
    for platform in ("crowdworks", "lancers", "coconala")
    for level, value in (("notice", '["2d", "1bd"]'), ("warn", '["4d", "2bd"]'))
)
"""Something for every platform, so that every deal is replayed twice."""


def tune(sizes: Sizes) -> Result:
    """Every deal with the current and with other thresholds, against one reading of each deal."""
    deals = year_of_ledgers(sizes.deals, sizes.events_a_deal, YEAR)
    with TemporaryDirectory() as folder:
        config = Path(folder) / "config.toml"
        config.touch()
        assembly = assemble(Options(config=config, data=Path(folder)), {})
    rules = {deal.deal.id: assembly.rules(deal.deal, NOW) for deal in deals}
    # the configuration is read again with the thresholds that are tried; its file is gone by then, and none is needed
    assembly = replace(assembly, options=replace(assembly.options, config=None))
    ours, reference = compare(
        sizes.runs,
        lambda: Tuning(assembly, deals, NOW - YEAR, NOW).compare(CHANGES).total,
        lambda: [read(deal, known, NOW) for deal in deals if (known := rules[deal.deal.id])],
    )
    return Result(
        f"tune: {sizes.deals:,} deals, a year with {sizes.events_a_deal} events each",
        ours,
        "one reading of each deal",
        reference,
        "cpu",
        f"{sizes.deals * YEAR.days / ours:,.0f} deals × days/s",
    )
