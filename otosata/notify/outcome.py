"""What came of an attempt to send, and when to try again."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum


class Result(StrEnum):
    """What a service made of a message."""

    SENT = "sent"
    LATER = "later"
    """Not now: the network, the service, or its patience with us."""
    REFUSED = "refused"
    """Never, as things are: a wrong address or key, or a message it does not want."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """An attempt's end."""

    result: Result
    error: str = ""
    """In one English sentence, without addresses and keys."""
    unsure: bool = False
    """It may have arrived all the same."""
    hint: str = ""
    """What the user can do."""
    wait: timedelta | None = None
    """How long the service wants to be left alone."""


SENT = Outcome(Result.SENT)

GIVE_UP_AFTER = timedelta(days=3)
"""A service that is away for a weekend loses nothing."""
TRIES = 20
"""So often at least, however old: a machine that slept for a week has not tried for a week."""
LONGEST_WAIT = timedelta(hours=24)
"""Whatever a service asks for, a message is tried once a day."""
_STEPS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 30))
_THEN = timedelta(hours=1)


def is_hopeless(attempts: int, age: timedelta) -> bool:
    """Whether it has been tried long enough, and often enough."""
    return attempts >= TRIES and age > GIVE_UP_AFTER


def next_attempt(attempts: int, outcome: Outcome, now: datetime) -> datetime:
    """When to try again after so many attempts; never earlier than the service allows."""
    step = _STEPS[attempts - 1] if 0 < attempts <= len(_STEPS) else _THEN
    asked = min(outcome.wait, LONGEST_WAIT) if outcome.wait is not None else timedelta(0)
    return now + max(step, asked)


def retry_after(header: str, now: datetime) -> timedelta | None:
    """`Retry-After` (RFC 9110, 10.2.3): seconds or a date; None for anything else."""
    text = header.strip()
    if text.isascii() and text.replace(".", "", 1).isdigit():  # Discord sends fractions
        return timedelta(seconds=min(float(text[:12]), 10 * LONGEST_WAIT.total_seconds()))
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(at - now, timedelta(0))


def until_epoch(header: str, now: datetime) -> timedelta | None:
    """`X-RateLimit-Reset` of Chatwork: Unix seconds at which the limit ends; None for anything else."""
    text = header.strip()
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        return None
    return max(datetime.fromtimestamp(int(text), UTC) - now, timedelta(0))
