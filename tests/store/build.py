"""Short ways to say mails, notices and events in the store's tests."""

import datetime as dt

from otosata.deals.event import Event
from otosata.deals.notice import Notice
from otosata.deals.vocabulary import Actor, Evidence
from otosata.mail.model import Verdict
from otosata.mail.source import Cursor
from otosata.store.store import Store
from otosata.store.values import MailRow, MailState

NOON = dt.datetime(2026, 9, 2, 3, 0, tzinfo=dt.UTC)
"""Noon in Tokyo."""


def at(hours: float) -> dt.datetime:
    """So many hours after NOON."""
    return NOON + dt.timedelta(hours=hours)


def notice(
    kind: str = "message",
    *,
    client: str = "",
    title: str = "",
    url: str | None = None,
    refs: tuple[tuple[str, str], ...] = (),
) -> Notice:
    """What an adapter found."""
    return Notice("lancers", f"lancers/{kind}", kind, Actor.CLIENT, Evidence.VERBATIM, client, title, refs, url)


def mail(
    uid: int,
    *,
    state: MailState = MailState.EVENT,
    said: Notice | None = None,
    hours: float = 0,
    digest: str = "",
    why: str = "",
) -> MailRow:
    """A mail of Lancers in the INBOX of the account `main`."""
    return MailRow(
        "main",
        "INBOX",
        7,
        uid,
        digest or f"digest-{uid:04}",
        state,
        why,
        sender="no-reply@lancers.example",
        subject="メッセージが届きました",
        text="本文",
        received=at(hours),
        verdict=Verdict.VERIFIED,
        adapter="lancers",
        notice=said or notice(),
    )


def message(hours: float = 0, actor: Actor = Actor.CLIENT) -> Event:
    """A message, as a mail announces it."""
    return Event(at(hours), "message", actor, evidence=Evidence.VERBATIM)


def by_hand(hours: float = 0, kind: str = "message") -> Event:
    """Something I did, as the user enters it."""
    return Event(at(hours), kind, Actor.ME)


def sync(store: Store, row: MailRow, *, deal: str | None = None, hours: float = 0) -> tuple[int, str]:
    """What a sync does with one mail: mail, deal where it opens one, event and cursor in one transaction."""
    with store.writing() as writer:
        stored = writer.add_mail(row)
        assert stored is not None
        into = deal or writer.open_deal("lancers", account=row.account, at=at(hours))
        writer.add_event(into, message(hours), stored)
        writer.set_cursor(row.account, Cursor(row.folder, row.uidvalidity, row.uid + 1, at(-100), complete=True))
    return stored, into


def waiting_mail(store: Store, row: MailRow) -> int:
    """A mail that goes to triage."""
    with store.writing() as writer:
        stored = writer.add_mail(row)
    assert stored is not None
    return stored
