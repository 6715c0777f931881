"""Empties the outbox: claims a letter, sends it, writes down what came of it; whoever dies on the way loses nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from otosata.notify.channel import Channel
from otosata.notify.message import Message
from otosata.notify.outcome import Outcome, Result, is_hopeless, next_attempt
from otosata.store.outbox import Letter, Outbox

LEASE = timedelta(minutes=5)
"""A sending ends long before (`http.DEADLINE`); after this, its sender is taken for dead."""
KEEP_SENT = timedelta(days=30)
LATE = timedelta(minutes=15)
"""A message that comes later than this says when it was true."""
GONE = "the channel is no longer configured"


@dataclass(frozen=True, slots=True)
class Marks:
    """What is added to a message in the user's language."""

    repeat: str
    """Before the title of a message that the receiver may have already."""
    late: Callable[[str], str]
    """The line that says when a late message was true, from its RFC 3339 time."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What came of a letter in this pass."""

    letter: Letter
    outcome: Outcome


Hold = Callable[[datetime, Message], datetime]
"""From when a message is due to when it may be sent: quiet hours."""


def deliver(
    outbox: Outbox, channels: Sequence[Channel], clock: Callable[[], datetime], marks: Marks, hold: Hold | None = None
) -> tuple[Delivered, ...]:
    """Send what is due. A channel that fails is left alone for the rest of the pass; the others go on."""
    outbox.bury_all_but([channel.name for channel in channels], GONE, clock())
    outbox.forget(clock() - KEEP_SENT)
    left = {channel.name: channel for channel in channels}
    done: list[Delivered] = []
    while left and (letter := outbox.claim(list(left), clock(), LEASE)):
        outcome = left[letter.channel].send(_worded(letter, marks, clock()), clock())
        _settle(outbox, letter, outcome, clock(), hold)
        done.append(Delivered(letter, outcome))
        if outcome.result is Result.LATER:
            del left[letter.channel]
    return tuple(done)


def _worded(letter: Letter, marks: Marks, now: datetime) -> Message:
    message = Message.from_json(letter.message)
    if now - letter.made > LATE:
        message = message.with_line(marks.late(message.at))
    return message.again(marks.repeat) if letter.unsure else message


def _settle(outbox: Outbox, letter: Letter, outcome: Outcome, now: datetime, hold: Hold | None) -> None:
    if outcome.result is Result.SENT:
        outbox.sent(letter, now)
        return
    if outcome.result is Result.REFUSED or is_hopeless(letter.attempts, now - letter.made):
        outbox.bury(letter, outcome.error, now)
        return
    due = next_attempt(letter.attempts, outcome, now)
    if hold is not None:
        due = hold(due, Message.from_json(letter.message))
    outbox.postpone(letter, due, outcome.error, unsure=outcome.unsure)
    if outcome.wait:
        outbox.hold(letter.channel, due)
