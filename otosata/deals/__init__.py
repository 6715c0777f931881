"""The pure heart: events, ledger, clocks, levels, limits, advice, matching. Standard library only."""
