"""The questions behind the acts that need an answer: until when, which deal, what has happened."""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial

from adapters.teaching.guess import Guess
from otosata import hand
from otosata.deals.calendar import BusinessCalendar, tokyo_date
from otosata.deals.event import Deal, MarkKind
from otosata.deals.names import fold_name
from otosata.deals.notice import UNRECOGNISED
from otosata.deals.platform import Platform
from otosata.deals.reading import Reading
from otosata.deals.vocabulary import KINDS, Role
from otosata.hand import Entry
from otosata.mail.sanitise import one_line
from tui import deeds
from tui.cells import steady
from tui.desk import Desk
from tui.rows import stage_name
from tui.screens.ask import AskScreen, Choice, Outcome, Question
from tui.screens.form import Blank, Form, FormScreen, Tick
from tui.times import read_day, read_instant
from tui.tones import Piece
from tui.words import Words

_MORNING = dt.time(9)
_SNOOZES = (1, 3, 7, 14)
"""Days."""
_NAMED = (2, 3, 5)
"""Business dates ahead that a message usually names."""
_ALWAYS = frozenset({"message", "draft", "deliver", "set_date"})
"""What can happen on every platform."""
_DATED = frozenset({"set_date", "milestone", "quote", "quote_request", "contract", "fund", "purchase", "award"})
"""Events that may name a date."""


def snooze(reading: Reading, desk: Desk, words: Words) -> AskScreen:
    """Until when."""
    today = reading.now.astimezone(words.zone)

    def until(at: dt.datetime) -> Outcome:
        return deeds.marked(reading, MarkKind.SNOOZE, until=at)

    def typed(text: str) -> Outcome:
        return until(hand.until(text, desk.now(), read_instant(text, desk.now(), words)))

    mornings = [
        (days, dt.datetime.combine(today.date() + dt.timedelta(days), _MORNING, words.zone)) for days in _SNOOZES
    ]
    monday = 7 - today.weekday()
    mornings.append((monday, dt.datetime.combine(today.date() + dt.timedelta(monday), _MORNING, words.zone)))
    dates = sorted({at: days for days, at in mornings}.items())
    choices = [
        Choice(_dated(words("ahead", n=days), words.full(at, reading.now)), partial(until, at)) for at, days in dates
    ]
    title = words("ask_snooze", deal=deeds.name(reading, words))
    return AskScreen(desk, words, Question(title, choices, typed=typed, label=words("ask_time")))


def set_date(reading: Reading, desk: Desk, words: Words) -> AskScreen:
    """Which date I have named to the client."""
    today, calendar = tokyo_date(reading.now), _calendar(reading, desk)

    def named(day: dt.date) -> Outcome:
        return deeds.logged(reading, Entry("set_date", date=day))

    def typed(text: str) -> Outcome:
        return named(read_day(text, desk.now(), words))

    days = [(count, calendar.plus(today, count)) for count in _NAMED]
    choices = [
        Choice(_dated(words("units.bd", n=count), words.full(day, reading.now)), partial(named, day))
        for count, day in days
    ]
    title = words("ask_date", deal=deeds.name(reading, words))
    return AskScreen(desk, words, Question(title, choices, typed=typed, label=words("ask_day")))


def _calendar(reading: Reading, desk: Desk) -> BusinessCalendar:
    why = desk.why(reading.deal.id)
    return why.rules.calendar if why else BusinessCalendar()


def acknowledge(reading: Reading, desk: Desk, words: Words) -> AskScreen:
    """Why, for oneself; nothing need be said."""

    def typed(text: str) -> Outcome:
        return deeds.marked(reading, MarkKind.ACK, reason=one_line(text))

    title = words("ask_ack", deal=deeds.name(reading, words))
    return AskScreen(desk, words, Question(title, typed=typed, label=words("ask_reason")))


def note(reading: Reading, desk: Desk, words: Words) -> AskScreen:
    """What to keep in mind."""
    title = words("ask_note", deal=deeds.name(reading, words))
    question = Question(title, typed=lambda text: deeds.noted(reading, one_line(text)), label=words("ask_note_text"))
    return AskScreen(desk, words, question)


def merge(reading: Reading, desk: Desk, words: Words) -> AskScreen:
    """Which other deal is the same one; those of the same client first."""
    client = fold_name(reading.deal.client)
    others = [
        other
        for other in desk.overview().readings
        if other.deal.platform == reading.deal.platform and other.deal.id != reading.deal.id
    ]
    others.sort(key=lambda other: (not client or fold_name(other.deal.client) != client, other.is_over))
    choices = [Choice(deal_line(other, words), partial(deeds.merged, reading, other.deal.id)) for other in others]
    title = words("ask_merge" if choices else "ask_merge_none", deal=deeds.name(reading, words))
    return AskScreen(desk, words, Question(title, choices))


def deal_line(reading: Reading, words: Words) -> tuple[Piece, ...]:
    """A deal in a list of answers."""
    deal = reading.deal
    return (
        Piece(steady(deal.client) or words("no_client"), "strong"),
        Piece(f"  {steady(deal.title) or words('no_title')}"),
        Piece(f"  {stage_name(reading, words)}  {steady(deal.id)}", "dim"),
    )


# ---------------------------------------------------------------------------------------------- events


def log(reading: Reading, desk: Desk, words: Words) -> AskScreen:
    """What has happened, in the platform's words; then when, and what else is known."""
    platform = desk.platforms.get(reading.deal.platform)

    def picked(kind: str, by: str) -> Outcome:
        return _details(reading, kind, by, desk, words)

    title = words("ask_log", deal=deeds.name(reading, words))
    return AskScreen(desk, words, Question(title, event_choices(platform, picked, words)))


def event_choices(
    platform: Platform | None, picked: Callable[[str, str], Outcome], words: Words, *, first: str = "me"
) -> list[Choice]:
    """The events that mean something on the platform, each with who does it. `first`: whose come first."""
    found = [(kind, by) for kind in spoken(platform) for by in KINDS[kind].actors]
    order = {"me": 1, "client": 2, "platform": 3} | {first: 0}
    found.sort(key=lambda pair: (order[pair[1].value], pair[0] != "message"))
    return [
        Choice(
            (Piece(f"{words(f'actors.{by.value}')}  ", "dim"), Piece(words(f"events.{kind}"))),
            partial(picked, kind, by.value),
        )
        for kind, by in found
    ]


def taught_choices(
    platform: Platform | None, picked: Callable[[str, str], Outcome], words: Words, guess: Guess | None
) -> list[Choice]:
    """What mail can announce: the guess, the platform's events with the client's first, then what concerns no deal."""
    nothing = [name for name, kind in KINDS.items() if kind.role is Role.NOISE and name != UNRECOGNISED]
    found = [
        Choice((Piece(words(f"events.{name}"), "dim"),), partial(picked, name, KINDS[name].actors[0].value))
        for name in nothing
    ]
    likely = []
    if guess is not None:
        who, what = words(f"actors.{guess.actor.value}"), words(f"events.{guess.event}")
        text = (Piece(f"{who}  ", "dim"), Piece(what, "notice"), Piece(f"  {words('ask_likely')}", "dim"))
        likely = [Choice(text, partial(picked, guess.event, guess.actor.value))]
    return [*likely, *event_choices(platform, picked, words, first="client"), *found]


def spoken(platform: Platform | None) -> tuple[str, ...]:
    """The events of a platform's vocabulary, in the order of a deal's life; all of them where it has no rules here."""
    known = [kind for kind, found in KINDS.items() if found.role is not Role.NOISE]
    led = {kind for kind, _ in platform.transitions} if platform else set(known)
    return tuple(kind for kind in known if kind in led or kind in _ALWAYS)


def _details(reading: Reading, kind: str, by: str, desk: Desk, words: Words) -> FormScreen:
    fields: list[Blank | Tick] = [Blank("at", words("field_at"), example=words("example_now"))]
    if kind in _DATED:
        fields.append(Blank("date", words("field_date"), example=words("example_day")))
    if kind == "submit_task":
        fields.append(Blank("deadline", words("field_deadline"), example=words("example_day")))
    if by == "me":
        fields.append(Tick("finished", words("field_finished")))
    fields.append(Blank("note", words("field_note")))

    def deed(answers: Mapping[str, str]) -> deeds.Deed:
        return deeds.logged(reading, entry_of(kind, by, answers, desk, words))

    title = words("form_log", what=words(f"events.{kind}"), deal=deeds.name(reading, words))
    return FormScreen(desk, words, Form(title, fields, deed))


def entry_of(kind: str, by: str, answers: Mapping[str, str], desk: Desk, words: Words) -> Entry:
    """The event that a form describes. HandError where a time does not read."""
    now = desk.now()
    at, date, deadline = (answers.get(name, "") for name in ("at", "date", "deadline"))
    return Entry(
        kind,
        by,
        at=read_instant(at, now, words) if at else None,
        date=read_day(date, now, words) if date else None,
        application_deadline=read_day(deadline, now, words) if deadline else None,
        finished=bool(answers.get("finished")),
        note=one_line(answers.get("note", "")),
    )


# ---------------------------------------------------------------------------------------------- a new deal


def new_deal(desk: Desk, words: Words) -> AskScreen:
    """On which platform; then what has happened first; then its names."""

    def picked(platform: Platform) -> Outcome:
        return _first_event(platform, desk, words)

    choices = [
        Choice((Piece(steady(platform.name.of(words.lang))),), partial(picked, platform))
        for platform in desk.platforms.values()
    ]
    return AskScreen(desk, words, Question(words("ask_platform"), choices))


def _first_event(platform: Platform, desk: Desk, words: Words) -> AskScreen:
    def picked(kind: str, by: str) -> Outcome:
        return _names(platform, (kind, by), desk, words)

    def nothing() -> Outcome:
        return _names(platform, None, desk, words)

    choices = [
        *event_choices(platform, picked, words),
        Choice((Piece(words("no_event_yet"), "dim"),), nothing),
    ]
    return AskScreen(desk, words, Question(words("ask_first", platform=steady(platform.name.of(words.lang))), choices))


def _names(platform: Platform, event: tuple[str, str] | None, desk: Desk, words: Words) -> FormScreen:
    fields: list[Blank | Tick] = [
        Blank("client", words("field_client")),
        Blank("title", words("field_title")),
        Blank("url", words("field_url"), example="https://"),
    ]
    if event is not None:
        fields.append(Blank("at", words("field_at"), example=words("example_now")))

    def deed(answers: Mapping[str, str]) -> deeds.Deed:
        refs, url = desk.refs_of(platform.id, answers["url"] or None)
        deal = Deal("", platform.id, one_line(answers["client"]), one_line(answers["title"]), url, refs)
        if not deal.client:
            raise hand.HandError("the client's name is missing", "write something")
        return deeds.added(deal, entry_of(*event, answers, desk, words) if event else None)

    said = words(f"events.{event[0]}") if event else words("no_event_yet")
    title = words("form_deal", platform=steady(platform.name.of(words.lang)), what=said)
    return FormScreen(desk, words, Form(title, fields, deed))


def _dated(what: str, date: str) -> tuple[Piece, ...]:
    return (Piece(what), Piece(f"  {date}", "dim"))


Asking = Callable[[Reading, Desk, Words], AskScreen]
QUESTIONS: Mapping[str, Asking] = {
    "snooze": snooze,
    "date": set_date,
    "ack": acknowledge,
    "note": note,
    "merge": merge,
    "event": log,
}
"""Acts on the deal under the cursor that ask first."""
