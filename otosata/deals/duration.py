"""The notation of thresholds and limits: `36h`, `3d`, `2bd`, `16bh`, `7d@silence`, `168h@filing`, `1y@contract`."""

import re
from dataclasses import dataclass
from enum import StrEnum

WAITING = "waiting"
_TEXT = re.compile(r"(?P<amount>\d{1,5})(?P<unit>[a-z]+)(?:@(?P<clock>[a-z_]+)|\s+(?P<waited>waited))?")


class Unit(StrEnum):
    """What is counted.

    `h` completed hours, `d` completed 24-hour days, `bd` business dates, `bh` working hours of business dates, `mo` and
    `y` calendar dates in Tokyo.
    """

    HOURS = "h"
    DAYS = "d"
    BUSINESS_DAYS = "bd"
    BUSINESS_HOURS = "bh"
    MONTHS = "mo"
    YEARS = "y"


class DurationError(ValueError):
    """A duration that does not read; the message says what is allowed."""


_HOURS = {
    Unit.HOURS: 1,
    Unit.DAYS: 24,
    Unit.BUSINESS_DAYS: 24,
    Unit.BUSINESS_HOURS: 1,
    Unit.MONTHS: 30 * 24,
    Unit.YEARS: 365 * 24,
}


@dataclass(frozen=True, slots=True)
class Span:
    """An amount of time on a clock."""

    amount: int
    unit: Unit
    clock: str = WAITING
    waited: bool = False
    """Written `12h waited`: inside a `*_before` list, counts waiting instead of the time that remains."""

    @property
    def hours(self) -> int:
        """Hours, where there is no date to count from.

        A business date is a day then, a working hour an hour, a month 30, a year 365 days.
        """
        return self.amount * _HOURS[self.unit]

    def __str__(self) -> str:
        """Back to the notation it was read from."""
        clock = "" if self.clock == WAITING else f"@{self.clock}"
        return f"{self.amount}{self.unit.value}{clock}{' waited' if self.waited else ''}"


def parse_span(text: str) -> Span:
    """Read one duration; DurationError says what is wrong and what was probably meant."""
    found = _TEXT.fullmatch(text.strip())
    if not found:
        bare = text.strip()
        if bare.isdigit():
            raise DurationError(f'{bare!r} has no unit; write "{bare}d" for days, "{bare}h" for hours')
        raise DurationError(f'{text!r} is no duration; write for example "36h", "3d", "2bd" or "7d@silence"')
    try:
        unit = Unit(found["unit"])
    except ValueError:
        raise DurationError(f"unknown unit {found['unit']!r} in {text!r}; units are h, d, bd, bh, mo, y") from None
    return Span(int(found["amount"]), unit, found["clock"] or WAITING, waited=found["waited"] is not None)
