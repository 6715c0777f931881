"""What the user does to a deal, as values: what to write into the ledger, and what to say when it is written."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from otosata import hand
from otosata.deals.event import Deal, Event, MarkKind
from otosata.deals.reading import Reading
from otosata.deals.vocabulary import KINDS
from otosata.hand import Entry
from otosata.store.store import Store
from otosata.store.values import ActRow, MailRow, Undone
from tui.cells import steady
from tui.journal import ACTS
from tui.words import Words


@dataclass(frozen=True, slots=True)
class Deed:
    """One act by hand."""

    write: Callable[[Store, dt.datetime], Any]
    """Changes the ledger; its result goes to `told`. StoreError, HandError."""
    told: Callable[[Words, Any], str]
    """What has happened, in a sentence."""
    undoable: bool = True
    """Whether `u` takes it back, so that the user is told."""
    makes_deal: bool = False
    """Whether its result is the id of a new deal, to be shown."""


def name(reading: Reading, words: Words) -> str:
    """How a deal is called in a sentence."""
    deal = reading.deal
    return f"{steady(deal.client) or words('no_client')} ({steady(deal.id)})"


def logged(reading: Reading, entry: Entry) -> Deed:
    """An event happened."""

    def write(store: Store, now: dt.datetime) -> tuple[Event, bool]:
        event = hand.log(store, reading.deal.id, entry, now)
        return event, event.at > now

    def told(words: Words, written: tuple[Event, bool]) -> str:
        event, is_ahead = written
        said = words("did_log", who=words(f"actors.{event.actor.value}"), what=words(f"events.{event.kind}"))
        ahead = words("did_log_ahead", at=words.full(event.at, reading.now)) if is_ahead else ""
        return f"{name(reading, words)}: {said}{ahead}"

    return Deed(write, told)


def reminded(reading: Reading, note: str, named: dt.date | None) -> Deed:
    """I have sent a reminder message; `named`: the date that it announces a step for."""

    def write(store: Store, now: dt.datetime) -> None:
        hand.remind(store, reading.deal.id, note, named, now)

    def told(words: Words, _: object) -> str:
        said = words("did_remind")
        date = words("did_remind_date", date=words.full(named, reading.now)) if named else ""
        return f"{name(reading, words)}: {said}{date}"

    return Deed(write, told)


def marked(reading: Reading, kind: MarkKind, *, until: dt.datetime | None = None, reason: str = "") -> Deed:
    """Snoozed, acknowledged, closed or reopened."""

    def told(words: Words, _: object) -> str:
        at = words.full(until, reading.now) if until else ""
        return f"{name(reading, words)}: {words(f'did_{kind.value}', until=at)}"

    def write(store: Store, now: dt.datetime) -> None:
        hand.mark(store, reading.deal.id, kind, now, until=until, reason=reason)

    return Deed(write, told)


def noted(reading: Reading, text: str) -> Deed:
    """A word to myself."""

    def told(words: Words, _: object) -> str:
        return f"{name(reading, words)}: {words('did_note')}"

    return Deed(lambda store, now: hand.note(store, reading.deal.id, text, now), told)


def merged(reading: Reading, other: str) -> Deed:
    """The other deal goes into this one."""

    def told(words: Words, _: object) -> str:
        return words("did_merge", deal=steady(other), into=name(reading, words))

    return Deed(lambda store, now: hand.merge(store, other, reading.deal.id, now), told)


def added(deal: Deal, entry: Entry | None) -> Deed:
    """A new deal."""

    def told(words: Words, made: Any) -> str:
        return words("did_add", client=steady(deal.client) or words("no_client"), deal=steady(made))

    return Deed(lambda store, now: hand.add_deal(store, deal, entry, now), told, makes_deal=True)


def assigned(mail: MailRow, deal: str, entry: Entry | None) -> Deed:
    """A mail from triage belongs to a deal."""

    def told(words: Words, event: Any) -> str:
        return words("did_assign", n=mail.id, deal=steady(deal), what=words(f"events.{event.kind}"))

    return Deed(lambda store, now: hand.assign(store, mail, deal, entry, now), told)


def opened(mail: MailRow, deal: Deal, entry: Entry | None) -> Deed:
    """A mail from triage begins a deal."""

    def told(words: Words, made: Any) -> str:
        return words("did_open", n=mail.id, deal=steady(made))

    return Deed(lambda store, now: hand.open_from(store, mail, deal, entry, now), told, makes_deal=True)


def ignored(mail: MailRow) -> Deed:
    """A mail from triage concerns no deal."""

    def told(words: Words, _: object) -> str:
        return words("did_ignore", n=mail.id)

    return Deed(lambda store, now: hand.ignore(store, mail.id, now), told)


def undone() -> Deed:
    """Take back the last thing done by hand, whoever did it: the app or a command."""

    def told(words: Words, taken: Undone | None) -> str:
        if taken is None:
            return words("nothing_to_undo")
        kept = "".join(words("undo_kept", deal=steady(deal)) for deal in taken.kept)
        return words("did_undo", what=act_text(taken.act, words)) + kept

    return Deed(lambda store, now: store.undo(None, now), told, undoable=False)


def last_act(acts: Sequence[ActRow]) -> ActRow | None:
    """What `undo` would take back."""
    return next((act for act in reversed(acts) if not act.is_by_program and not act.undone), None)


def act_text(act: ActRow, words: Words) -> str:
    """An act by hand, as the ledger remembers it: `記録 メッセージ（自分）  lancers-1`."""
    word = act.what.replace(" ", "_")
    said = words(f"act_{word}") if word in ACTS else steady(act.what)
    event, by = act.description.get("event"), act.description.get("by")
    if isinstance(event, str) and event in KINDS:
        said += f" {words(f'events.{event}')}"
    if by in ("client", "me", "platform"):
        said += f" ({words(f'actors.{by}')})"
    return f"{said}  {steady(act.deal)}" if act.deal else said
