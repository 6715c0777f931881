"""The two clocks and the anchors that thresholds and limits count from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from otosata.deals.event import Event
from otosata.deals.standing import Standing
from otosata.deals.vocabulary import KINDS, MY_ACTIONS, MY_WORDS, Actor, Role, Turn

Moment = datetime | date
"""An instant, or a date in Japan where only the date is known."""

_ANCHOR_KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "delivery": ("deliver",),
        "purchase": ("purchase",),
        "filing": ("file_reminder", "reminder_received"),
        "approval": ("reminder_approved",),
        "request": ("end_request", "cancel_request", "dispute", "submit_task"),
        "acceptance": ("accept",),
        "application": ("apply",),
        "award": ("award",),
        "notice": ("office_notice",),
        "contract": ("contract",),
    }
)
_DATED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "last_milestone_date": ("milestone",),
        "offer_date": ("quote_request",),
        "quote_date": ("quote",),
        "due": ("contract", "fund", "purchase", "award", "plan_change_settled"),
    }
)
_SETTLES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "contract": frozenset({"offer", "award"}),
        "fund": frozenset({"offer", "award"}),
        "plan_change_settled": frozenset({"plan_change_request"}),
        "end_refused": frozenset({"end_request"}),
        "cancel_refused": frozenset({"cancel_request"}),
    }
)
"""What needs no answer of mine any more once this has happened."""
_BEGINS_ANEW = frozenset({"contract", "purchase", "accept"})
"""From here what was shown or delivered before belongs to earlier work."""


def _turned(kinds_of: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    """The names by kind of event, for the many events that are none of them."""
    every = {kind for kinds in kinds_of.values() for kind in kinds}
    return MappingProxyType({kind: tuple(name for name in kinds_of if kind in kinds_of[name]) for kind in every})


_ANCHORS_OF = _turned(_ANCHOR_KINDS)
_DATES_OF = _turned(_DATED)
CLOCKS = frozenset(
    {"waiting", "silence", "my_last_message", "application_deadline", "own_date", *_ANCHOR_KINDS, *_DATED}
)
"""What a duration may run from: every word that may stand behind `@`."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """What the ledger says about time, apart from what time it is."""

    last_contact: Event | None
    """The client's last message or act."""
    last_message: Event | None
    """The client's last message; its age is the silence."""
    silence_from: datetime | None
    """What a threshold on silence counts from: the last message, else the client's first act."""
    waiting_from: datetime | None
    waiting_cause: Event | None
    unanswered: int
    """My messages, drafts and deliveries since the last contact."""
    asked: bool
    """The client waits for an answer of mine."""
    drafted: bool
    delivered: bool
    finished: bool
    days_to_contract: int | None
    """Completed days from the application to the contract."""
    anchors: Mapping[str, Moment]


def read_clocks(
    events: Sequence[Event],
    standing: Standing,
    due: Moment | None = None,
    anchors: Mapping[str, Moment] | None = None,
) -> Clocks:
    """Read the clocks off events that are in order. `due`: the agreed 納期, if the user named one.

    `anchors`: what `anchor` made of these events one by one, for who reads them after each.
    """
    contact = _last(events, lambda event: event.is_contact)
    message = _last(events, lambda event: event.is_contact and event.role is Role.TEXT)
    first = next((event for event in events if event.is_contact), None)
    silence = message or first
    cause = _waiting_cause(events, standing)
    return Clocks(
        last_contact=contact,
        last_message=message,
        silence_from=silence.at if silence else None,
        waiting_from=cause.at if cause else None,
        waiting_cause=cause,
        unanswered=sum(_is_mine(event, MY_WORDS) for event in _after_last(events, lambda event: event.is_contact)),
        asked=standing.turn is Turn.ME and (standing.act_due or _is_asked(events)),
        drafted=any(event.kind == "draft" for event in _after_last(events, _begins_anew)),
        delivered=_is_delivered(events),
        finished=any(
            event.finished
            for event in _after_last(events, lambda event: event.kind == "send_back" or _begins_anew(event))
        ),
        days_to_contract=_days_to_contract(events),
        anchors=MappingProxyType({**(_anchors(events) if anchors is None else anchors), **_named("due", due)}),
    )


def _named(name: str, moment: Moment | None) -> dict[str, Moment]:
    return {} if moment is None else {name: moment}


def _is_mine(event: Event, kinds: frozenset[str]) -> bool:
    return event.actor is Actor.ME and event.kind in kinds


def _is_my_action(event: Event) -> bool:
    return _is_mine(event, MY_ACTIONS)


def _is_asked(events: Sequence[Event]) -> bool:
    """Whether something the client wants to hear about stands open since my last action."""
    open_kinds: set[str] = set()
    for event in _after_last(events, _is_my_action):
        open_kinds -= _SETTLES.get(event.kind, frozenset())
        if (event.is_contact and KINDS[event.kind].asks) or event.kind == "reminder_received":
            open_kinds.add(event.kind)
    return bool(open_kinds)


def _begins_anew(event: Event) -> bool:
    return event.kind in _BEGINS_ANEW


def _last(events: Sequence[Event], fits: Callable[[Event], bool]) -> Event | None:
    return next((event for event in reversed(events) if fits(event)), None)


def _after_last(events: Sequence[Event], fits: Callable[[Event], bool]) -> Sequence[Event]:
    """The events behind the last one that fits; all of them where none does."""
    for place in range(len(events) - 1, -1, -1):
        if fits(events[place]):
            return events[place + 1 :]
    return events


def _waiting_cause(events: Sequence[Event], standing: Standing) -> Event | None:
    """The event the waiting clock runs from; None while nobody has to act or nothing has happened."""
    if standing.turn is Turn.NONE:
        return None
    if standing.turn is Turn.ME:
        contact = next((event for event in _after_last(events, _is_my_action) if event.is_contact), None)
        # Nothing new from the client since my last word, and it is still my turn: an act of mine is due,
        # or the platform gave me the turn. My own word has set the clock back.
        later = max(
            (event for event in (_last(events, _is_my_action), standing.turn_cause) if event),
            key=lambda event: event.order,
            default=None,
        )
        return contact or later
    contact = _last(events, lambda event: event.is_contact)
    mine = next((event for event in _after_last(events, lambda event: event.is_contact) if _is_my_action(event)), None)
    return mine or contact


def _is_delivered(events: Sequence[Event]) -> bool:
    """Handed over by the platform's act, and neither taken back nor sent back since."""
    turning = _BEGINS_ANEW | {"deliver", "withdraw_delivery", "send_back"}
    last = _last(events, lambda event: event.kind in turning)
    return last is not None and last.kind == "deliver"


def _days_to_contract(events: Sequence[Event]) -> int | None:
    """From the application to the contract that followed it; a further contract without one changes nothing."""
    applied: Event | None = None
    days: int | None = None
    for event in events:
        if event.kind == "apply":
            applied = applied or event
        elif event.kind == "contract" and applied is not None:
            days, applied = (event.at - applied.at).days, None
    return days


def _anchors(events: Sequence[Event]) -> dict[str, Moment]:
    found: dict[str, Moment] = {}
    for event in events:
        anchor(found, event)
    return found


def anchor(found: dict[str, Moment], event: Event) -> None:
    """Note what an event gives thresholds and limits to count from."""
    found.update(dict.fromkeys(_ANCHORS_OF.get(event.kind, ()), event.at))
    if event.date is not None:
        found.update(dict.fromkeys(_DATES_OF.get(event.kind, ()), event.date))
    if event.kind == "set_date" and event.date is not None:
        found["own_date"] = event.date
    elif event.is_contact:
        found.pop("own_date", None)  # the client has reacted: the date I named stands for nothing any more
    if event.kind == "submit_task" and event.application_deadline is not None:
        found["application_deadline"] = event.application_deadline
    if _is_mine(event, MY_WORDS):
        found["my_last_message"] = event.at
