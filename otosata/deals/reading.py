"""The reading: everything computed for a deal at a moment; the one value that every face shows."""

from dataclasses import dataclass, replace
from datetime import datetime

from otosata.deals.advice import Advice, advise
from otosata.deals.calendar import BusinessCalendar
from otosata.deals.clocks import Moment
from otosata.deals.event import Deal, Event, Ledger, Mark, MarkKind
from otosata.deals.levels import Alarm, highest, ratio_of, stale_at
from otosata.deals.limits import passed_at
from otosata.deals.platform import Platform
from otosata.deals.view import View, level, look, runs_out_at, stage_level, turning_points
from otosata.deals.vocabulary import Level, Turn

CLOSED = "closed"
UNKNOWN = "unknown"
LEVEL_WORDS = (*(level.word for level in Level), UNKNOWN)
"""What `Reading.level_word` may be."""
_SECONDS_A_DAY = 86400


@dataclass(frozen=True, slots=True)
class Reading:
    """A deal at `now`. Days are completed 24-hour days."""

    deal: Deal
    now: datetime
    view: View
    stage: str | None
    turn: Turn
    level: Level
    own_level: Level
    """The stage's own level, without the deal limit's."""
    alarm: Alarm | None
    """The threshold that made the level; None at `ok`."""
    last_contact: Event | None
    silence_seconds: int | None
    """Since the client's last message; None while there is none."""
    waiting_since: datetime | None
    waiting_seconds: int | None
    unanswered: int
    ratio: float | None
    next_level: Level | None
    next_level_at: datetime | None
    limit: Moment | None
    deal_limit: Moment | None
    advice: tuple[Advice, ...]
    snoozed_until: datetime | None = None
    acknowledged: bool = False
    closed_by_hand: bool = False
    stale: bool = False
    """Treated as lost: out of the main list."""
    inferred: bool = False
    """A guess stands behind a clock or the stage."""
    unknown: bool = False
    """The mail that feeds this deal could not be read lately: `level` is only the last known one."""
    affected: bool = False
    """A mail of its platform that no rule knows may be about it."""

    @property
    def silence_days(self) -> int | None:
        """Completed days since the client's last message."""
        return None if self.silence_seconds is None else self.silence_seconds // _SECONDS_A_DAY

    @property
    def waiting_days(self) -> int | None:
        """Completed days on the waiting clock."""
        return None if self.waiting_seconds is None else self.waiting_seconds // _SECONDS_A_DAY

    @property
    def level_word(self) -> str:
        """The level as it is shown: `unknown` where the mail could not be read."""
        return UNKNOWN if self.unknown else self.level.word

    @property
    def is_over(self) -> bool:
        """done or closed: counted nowhere."""
        return self.closed_by_hand or not self.view.is_open

    @property
    def is_quiet(self) -> bool:
        """Snoozed or acknowledged: shown, but it raises no status."""
        return self.acknowledged or self.snoozed_until is not None

    @property
    def limit_passed(self) -> bool:
        """Whether the stage's limit lies behind `now`."""
        return self.limit is not None and passed_at(self.limit) <= self.now

    @property
    def unfunded(self) -> bool:
        """Nothing is in escrow: 仮払い未確認・着手しない."""
        return self.view.unfunded and not self.closed_by_hand

    def blinded(self) -> "Reading":
        """The same deal, when its mailbox could not be read."""
        return self if self.is_over else replace(self, unknown=True)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a reading depends on besides the ledger and the clock."""

    platform: Platform
    calendar: BusinessCalendar
    due: Moment | None = None
    """The agreed 納期, if the configuration names one for this deal."""


def read(ledger: Ledger, rules: Rules, now: datetime) -> Reading:
    """Compute a deal's reading from its events up to and including `now` (aware)."""
    view = look(ledger, rules.platform, rules.calendar, now, rules.due)
    own = stage_level(view, now)
    marks = _marks(ledger, view, now)
    shown = level(view, now)
    coming = _next_level(ledger, rules, view, now)
    alarm = highest((*view.stage_alarms, *view.deal_alarms), now)
    stale = stale_at(view.row, view.clocks, rules.calendar)
    closed = marks.closed
    return Reading(
        deal=ledger.deal,
        now=now,
        view=view,
        stage=CLOSED if closed else view.standing.stage,
        turn=Turn.NONE if closed else view.standing.turn,
        level=Level.OK if closed else shown,
        own_level=Level.OK if closed else own,
        alarm=None if closed else alarm,
        last_contact=view.clocks.last_contact,
        silence_seconds=_age(view.clocks.last_message.at if view.clocks.last_message else None, now),
        waiting_since=None if closed else view.clocks.waiting_from,
        waiting_seconds=None if closed else _age(view.clocks.waiting_from, now),
        unanswered=view.clocks.unanswered,
        ratio=None if closed else ratio_of(view.row, view.clocks, view.counted_limit, rules.calendar, now),
        next_level=None if closed or coming is None else coming[0],
        next_level_at=None if closed or coming is None else coming[1],
        limit=None if closed else view.limit,
        deal_limit=None if closed else view.deal_limit,
        advice=() if closed else advise(rules.platform, view, own, rules.calendar, now),
        snoozed_until=marks.snoozed_until,
        acknowledged=marks.acknowledged,
        closed_by_hand=closed,
        stale=not closed and stale is not None and stale <= now,
        inferred=_inferred(view),
    )


def level_then(ledger: Ledger, rules: Rules, now: datetime, at: datetime) -> Level:
    """The level at a later instant, if nothing happens between `now` and then."""
    return level(look(ledger.until(now), rules.platform, rules.calendar, at, rules.due), at)


def _next_level(ledger: Ledger, rules: Rules, view: View, now: datetime) -> tuple[Level, datetime] | None:
    present = level(view, now)
    runs_out = runs_out_at(view)
    for at in turning_points(view):
        if at > now:
            same = runs_out is None or at < runs_out  # the view holds until its stage ends: no need to look again
            then = level(view, at) if same else level_then(ledger, rules, now, at)
            if then > present:
                return then, at
    return None


@dataclass(frozen=True, slots=True)
class _Marks:
    snoozed_until: datetime | None
    acknowledged: bool
    closed: bool


_NO_MARKS = _Marks(None, acknowledged=False, closed=False)


def _marks(ledger: Ledger, view: View, now: datetime) -> _Marks:
    if not ledger.marks:
        return _NO_MARKS
    contact = view.clocks.last_contact
    marks = ledger.marks_until(now)
    latest: dict[MarkKind, Mark] = {mark.kind: mark for mark in marks}
    places = {mark: place for place, mark in enumerate(marks)}

    def holds(mark: Mark | None) -> bool:
        return mark is not None and (contact is None or contact.at <= mark.at)

    snooze, close, reopen = (latest.get(kind) for kind in (MarkKind.SNOOZE, MarkKind.CLOSE, MarkKind.REOPEN))
    until = snooze.until if snooze and snooze.until and snooze.until > now else None
    reopened = close is not None and reopen is not None and places[reopen] > places[close]
    return _Marks(until, holds(latest.get(MarkKind.ACK)), holds(close) and not reopened)


def _inferred(view: View) -> bool:
    causes = (view.clocks.last_contact, view.clocks.waiting_cause, view.standing.stage_cause)
    return any(event.inferred for event in causes if event is not None)


def _age(since: datetime | None, now: datetime) -> int | None:
    return None if since is None else int((now - since).total_seconds())
