"""What became of what was to be said: a sentence for each message, or call of the dead man's switch, that failed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cli.session import Session

if TYPE_CHECKING:
    from otosata.notify.delivery import Delivered


def say_failed(session: Session, done: "Sequence[Delivered]") -> None:
    """Which messages could not be sent, and why."""
    for one in done:
        if one.outcome.error:
            error = session.said(one.outcome.error)
            session.say(session.t("outbox.failed", channel=one.letter.channel, error=error))


def say_unbeaten(session: Session, trouble: str) -> None:
    """Why the dead man's switch could not be told; nothing where it could."""
    if trouble:
        session.say(session.t("outbox.heartbeat", error=session.said(trouble)))
