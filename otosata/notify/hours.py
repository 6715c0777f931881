"""Times of the day in the user's zone: hours of quiet, and the morning's digest."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` to `end` of the day, over midnight where the end comes first. Equal ends: never quiet."""

    start: time
    end: time
    zone: tzinfo

    def after(self, at: datetime) -> datetime:
        """`at` itself outside the quiet hours, else the moment they end."""
        local = at.astimezone(self.zone)
        clock = local.time()
        if self.start <= self.end:
            quiet, ends_on = self.start <= clock < self.end, local.date()
        else:
            quiet = clock >= self.start or clock < self.end
            ends_on = local.date() + timedelta(days=1) if clock >= self.start else local.date()
        return datetime.combine(ends_on, self.end, self.zone).astimezone(at.tzinfo) if quiet else at


@dataclass(frozen=True, slots=True)
class Digest:
    """Once a day, at that time or as soon after it as the program runs."""

    at: time
    zone: tzinfo

    def day(self, now: datetime) -> date:
        """The last day whose digest is due by `now`."""
        local = now.astimezone(self.zone)
        return local.date() if local.time() >= self.at else local.date() - timedelta(days=1)
