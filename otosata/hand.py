"""What the user does by hand, checked and written: each an act that `undo` takes back."""

import datetime as dt
import difflib
import re
from dataclasses import dataclass

from otosata.deals.event import Deal, Event, Mark, MarkKind
from otosata.deals.notice import UNRECOGNISED
from otosata.deals.vocabulary import KINDS, Actor, Evidence, Role
from otosata.store.store import Store
from otosata.store.values import MailRow

_AHEAD = re.compile(r"(\d{1,4})([hd])")


class HandError(ValueError):
    """Something that cannot be entered so; `hint` says how it can."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as the user gives it; see `Event` for the meaning of the fields."""

    kind: str
    by: str | None = None
    at: dt.datetime | None = None
    date: dt.date | dt.datetime | None = None
    application_deadline: dt.date | None = None
    finished: bool = False
    note: str = ""


def event_from(entry: Entry, now: dt.datetime) -> Event:
    """Check an entry against the vocabulary. HandError names the words that are allowed."""
    kind = KINDS.get(entry.kind)
    if kind is None:
        near = difflib.get_close_matches(entry.kind, KINDS, 1)
        known = " ".join(name for name, found in KINDS.items() if found.role is not Role.NOISE)
        raise HandError(
            f"there is no event {entry.kind!r}", f"did you mean {near[0]!r}?" if near else f"events: {known}"
        )
    if entry.kind == "set_date" and entry.date is None:
        raise HandError("'set_date' names no date", "add --date, for example --date 2026-12-01")
    return Event(
        at=(entry.at or now).astimezone(dt.UTC),
        kind=kind.name,
        actor=_actor(entry),
        date=entry.date,
        application_deadline=entry.application_deadline,
        finished=entry.finished,
        note=entry.note,
        evidence=Evidence.USER,
    )


def _actor(entry: Entry) -> Actor:
    allowed = KINDS[entry.kind].actors
    words = " or ".join(actor.value for actor in allowed)
    if entry.by is None:
        if len(allowed) > 1:
            raise HandError(f"{entry.kind!r} can be the client's or mine", f"add --by {words}")
        return allowed[0]
    if entry.by not in tuple(Actor):
        raise HandError(f"{entry.by!r} is nobody", "--by takes client, me or platform")
    if Actor(entry.by) not in allowed:
        raise HandError(f"{entry.kind!r} is never done by {entry.by!r}", f"leave --by out, or give {words}")
    return Actor(entry.by)


def log(store: Store, deal: str, entry: Entry, now: dt.datetime) -> Event:
    """Enter an event. ActError where there is no such deal."""
    event = event_from(entry, now)
    with store.acting("log", deal, now, {"event": event.kind, "by": event.actor.value}) as act:
        act.add_event(event)
    return event


def add_deal(store: Store, deal: Deal, entry: Entry | None, now: dt.datetime) -> str:
    """Enter a deal, with its first event if one is given; returns its id."""
    event = event_from(entry, now) if entry else None
    about = {"platform": deal.platform, "client": deal.client, **({"event": event.kind} if event else {})}
    with store.acting("deals add", None, now, about) as act:
        made = act.open_deal(deal)
        if event is not None:
            act.add_event(event)
    return made


def mark(
    store: Store, deal: str, kind: MarkKind, now: dt.datetime, *, until: dt.datetime | None = None, reason: str = ""
) -> None:
    """Snooze, acknowledge, close or reopen a deal."""
    about = {**({"until": until.isoformat()} if until else {}), **({"reason": reason} if reason else {})}
    with store.acting(kind.value, deal, now, about) as act:
        act.add_mark(Mark(now.astimezone(dt.UTC), kind, until.astimezone(dt.UTC) if until else None, reason))


def note(store: Store, deal: str, text: str, now: dt.datetime) -> None:
    """A word to oneself in a deal's timeline. HandError where there is none."""
    if not text.strip():
        raise HandError("the note is empty", "write something")
    mark(store, deal, MarkKind.NOTE, now, reason=text.strip())


def remind(store: Store, deal: str, note: str, named: dt.date | None, now: dt.datetime) -> None:
    """I have sent a reminder; `named`: the date that it announces a step for, kept with the deal."""
    with store.acting("log", deal, now, {"event": "message", "by": Actor.ME.value}) as act:
        act.add_event(event_from(Entry("message", Actor.ME, note=note), now))
        if named is not None:
            act.add_event(event_from(Entry("set_date", date=named), now))


def merge(store: Store, source: str, target: str, now: dt.datetime) -> None:
    """Let `target` take in `source`."""
    with store.acting("merge", target, now, {"deal": source, "into": target}) as act:
        act.merge(source, target)


def assign(store: Store, mail: MailRow, deal: str, entry: Entry | None, now: dt.datetime) -> Event:
    """Put a mail from triage into a deal, on the user's word. Without `entry`: what the mail's notice says."""
    event = _announced(mail) if entry is None else event_from(entry, mail.received or now)
    with store.acting("triage assign", deal, now, {"mail": mail.id, "event": event.kind}) as act:
        act.assign(mail.id, deal, event)
    return event


def open_from(store: Store, mail: MailRow, deal: Deal, entry: Entry | None, now: dt.datetime) -> str:
    """Let a mail from triage begin a deal of its own; the deal's id. `entry` as in `assign`.

    Names and references that `deal` leaves open come from the mail's notice.
    """
    event = _announced(mail) if entry is None else event_from(entry, mail.received or now)
    with store.acting("triage assign", None, now, {"mail": mail.id, "event": event.kind}) as act:
        made = act.open_deal(deal)
        act.assign(mail.id, made, event)
    return made


def _announced(mail: MailRow) -> Event:
    notice = mail.notice
    if notice is None or notice.kind == UNRECOGNISED or notice.is_noise or mail.received is None:
        raise HandError(f"mail {mail.id} does not say what happened", "name it: --event message --by client")
    return Event(at=mail.received, kind=notice.kind, actor=notice.actor, date=notice.date, evidence=Evidence.USER)


def ignore(store: Store, mail: int, now: dt.datetime) -> None:
    """Take a mail out of triage."""
    with store.acting("triage ignore", None, now, {"mail": mail}) as act:
        act.ignore(mail)


def until(text: str, now: dt.datetime, at: dt.datetime | None) -> dt.datetime:
    """The end of a snooze: `3d`, `12h`, else the time `at` that the text was read as. HandError if it is past."""
    ahead = _AHEAD.fullmatch(text.strip())
    if ahead:
        amount = int(ahead[1])
        return now + (dt.timedelta(hours=amount) if ahead[2] == "h" else dt.timedelta(days=amount))
    if at is None:
        raise HandError(f"{text!r} is no time", "give 12h, 3d, 2026-12-01 or 2026-12-01T09:00")
    if at <= now:
        raise HandError(f"{text} is already past", "snooze until a time to come")
    return at
