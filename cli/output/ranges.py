"""Threshold ranges as the Monitoring Plugins guidelines write them: `10`, `10:`, `~:10`, `10:20`, `@10:20`."""

import argparse
import math
import re
from dataclasses import dataclass

_RANGE = re.compile(r"(@)?(?:(~|-?\d+(?:\.\d+)?):)?(-?\d+(?:\.\d+)?)?")


@dataclass(frozen=True, slots=True)
class Range:
    """What is fine; everything outside it is an alert, or, with `@`, everything inside."""

    text: str
    start: float
    end: float
    inside: bool

    def alerts(self, value: float) -> bool:
        """Whether the value is one to alert about; both ends belong to the range."""
        return (self.start <= value <= self.end) == self.inside


def read_range(text: str) -> Range:
    """`[@][start:][end]`; ArgumentTypeError says what is wrong with it."""
    found = _RANGE.fullmatch(text)
    if found is None or (found[2] is None and found[3] is None):
        raise argparse.ArgumentTypeError(f"{text!r} is no range: write 2, 1:5, 1:, ~:5 or @1:5")
    start = -math.inf if found[2] == "~" else float(found[2] or 0)
    end = math.inf if found[3] is None else float(found[3])
    if start > end:
        raise argparse.ArgumentTypeError(f"{text!r} begins after its end")
    return Range(text, start, end, bool(found[1]))


NONE = read_range("0")
"""Not one."""
