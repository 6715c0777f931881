"""Every benchmark still runs; how fast anything is, no test asks."""

import os

import pytest

from benchmarks.__main__ import BENCHMARKS, results_of, row
from benchmarks.measure import TINY

NEEDS_DOVECOT = {"mailbox"}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.live] if name in NEEDS_DOVECOT else []) for name in BENCHMARKS]
)
def test_every_benchmark_runs_and_compares_with_something(name: str) -> None:
    if name in NEEDS_DOVECOT and os.environ.get("OTOSATA_NO_LIVE") == "1":
        pytest.skip("OTOSATA_NO_LIVE=1")
    for figure in results_of(name, TINY):
        assert figure.ratio > 0
        assert row(figure).count(" | ") == 5
