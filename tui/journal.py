"""What has happened while the app was open: polls, failures, what they found, settings that changed.

Kept in memory and in the words of the catalogue, so that it can be told in either language. Nothing that is secret is
ever handed to it: texts come from reports and errors, which hold no password.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from config.adjust import Step
from otosata.deals.vocabulary import KINDS
from otosata.store.errors import StoreError
from otosata.store.values import ActRow
from otosata.sync import PollReport
from tui.cells import fit, steady, width
from tui.tones import Piece
from tui.widgets.pick_list import Entry
from tui.words import Words

MOST = 2000
"""Notes that are kept; a first sync of a busy mailbox makes about a thousand."""
_GAP = "  "


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that has happened."""

    at: datetime
    key: str
    """The text is `tui.note_KEY`; it may start with the section of another text."""
    values: Mapping[str, object] = field(default_factory=dict)
    tone: str = ""
    deal: str = ""
    """The deal it is about."""

    def text(self, words: Words) -> str:
        """In the user's language; sentences of errors are translated too."""
        return words(f"note_{self.key}", **{name: _said(value, words) for name, value in self.values.items()})


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the domain inside a note: `events.message`, told in the language of the moment."""

    key: str


def _said(value: object, words: Words) -> object:
    match value:
        case Word(key):
            return words(key)
        case timedelta():
            return words.span(value.total_seconds()) if value >= timedelta(minutes=1) else words.seconds(value)
        case str():
            return words.said(value)
    return value


class Journal:
    """The notes, in the order they were made."""

    def __init__(self) -> None:
        self._notes: deque[Note] = deque(maxlen=MOST)
        self.changed: list[Step] = []
        """Settings that were changed and can be taken back, the last one last."""

    def add(self, *notes: Note) -> None:
        """Keep what has happened."""
        self._notes.extend(notes)

    @property
    def notes(self) -> tuple[Note, ...]:
        """The oldest first."""
        return tuple(self._notes)


def told(report: PollReport, at: datetime) -> Iterator[Note]:
    """What a poll of a mailbox has come to. `at`: its end."""
    for deal, event in report.events:
        key = "opened" if deal in report.opened else "event"
        what = {"event": Word(f"events.{event.kind}"), "by": Word(f"actors.{event.actor.value}"), "deal": deal}
        yield Note(at, key, what, deal=deal)
    if report.error:
        values = {"name": report.account, "error": report.error, "hint": report.hint}
        yield Note(at, "skipped" if report.skipped else "failed", values, "alarm")
    else:
        found = {"name": report.account, "mails": report.mails, "events": len(report.events), "took": report.took}
        yield Note(at, "polled" if report.mails else "polled_nothing", found, "" if report.mails else "dim")


def broken(error: StoreError, at: datetime) -> Note:
    """The ledger could not be read or written."""
    return Note(at, "broken", {"error": str(error), "hint": error.hint}, "alarm")


ACTS = (
    *("log", "deals_add", "snooze", "ack", "close", "reopen", "note", "merge", "undo"),
    *("triage_assign", "triage_ignore", "rejudge"),
)
"""Acts that have a name of their own: `tui.act_WORD`."""


def of_acts(acts: Sequence[ActRow]) -> Iterator[Note]:
    """What was done by hand, undone acts marked."""
    for act in acts:
        word, event = act.what.replace(" ", "_"), act.description.get("event")
        what: object = Word(f"tui.act_{word}") if word in ACTS else act.what
        if word == "log" and event in KINDS:
            what = Word(f"events.{event}")
        key = "act_program" if act.what == "rejudge" else "act_undone" if act.undone else "act"
        yield Note(act.at, key, {"what": what, "deal": act.deal or ""}, "dim" if act.undone else "", act.deal or "")


def newest_first(notes: Sequence[Note]) -> list[Note]:
    """Of one instant the later note comes first."""
    return sorted(notes, key=lambda note: note.at)[::-1]


def entries(notes: Sequence[Note], now: datetime, words: Words) -> Iterator[Entry]:
    """A line a note, the newest first; a heading a day."""
    day = None
    for number, note in zip(range(len(notes), 0, -1), newest_first(notes), strict=True):
        local = note.at.astimezone(words.zone).date()
        if local != day:
            day = local
            yield _heading(words.full_day(day, now.astimezone(words.zone).date()))
        yield _entry(note, f"{note.deal} {number}", words)


def deal_of(key: str) -> str:
    """The deal of a line; empty where it is about none."""
    return key.partition(" ")[0]


def _heading(text: str) -> Entry:
    return Entry("", lambda _: (Piece(text, "heading"),))


def _entry(note: Note, key: str, words: Words) -> Entry:
    at = f"{note.at.astimezone(words.zone):%H:%M:%S}"

    def draw(cells: int) -> tuple[Piece, ...]:
        clock = at if cells >= 60 else at[:5]
        text = steady(note.text(words))
        return (Piece(clock + _GAP, "dim"), Piece(fit(text, cells - width(clock + _GAP)), note.tone))

    return Entry(key, draw)
