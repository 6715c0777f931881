"""The words of the domain: events with their actors and roles, levels, turns, evidence."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Actor(StrEnum):
    """Who did what an event says."""

    CLIENT = "client"
    ME = "me"
    PLATFORM = "platform"


class Turn(StrEnum):
    """Who has to act next."""

    CLIENT = "client"
    ME = "me"
    PLATFORM = "platform"
    NONE = "none"


class Evidence(StrEnum):
    """How sure a recognition rule is: the exact string is known, a piece of it, a guess, or the user's own word."""

    VERBATIM = "verbatim"
    FRAGMENT = "fragment"
    INFERRED = "inferred"
    USER = "user"


class Level(IntEnum):
    """How loud a deal is. `unknown` is no level but the lack of one, so it is not here (see `reading.Reading`)."""

    OK = 0
    NOTICE = 1
    WARN = 2
    CRITICAL = 3

    @property
    def word(self) -> str:
        """The word used in files and JSON."""
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> "Level":
        """The level a word names; KeyError for other words."""
        return cls[word.upper()]


ALARMING = (Level.NOTICE, Level.WARN, Level.CRITICAL)
"""What a threshold can raise."""


class Role(StrEnum):
    """What an event does to the clocks."""

    TEXT = "text"
    """Carries words: the client's sets both clocks, mine is an action."""
    ACT = "act"
    """The client's act: a contact that resets waiting, not silence."""
    ACTION = "action"
    """My action: what the client's waiting time is counted from."""
    STEP = "step"
    """A step on the platform that sets no clock by itself when it is mine."""
    NOISE = "noise"
    """Concerns no deal."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One word of the event vocabulary."""

    name: str
    actors: tuple[Actor, ...]
    role: Role
    asks: bool = False
    """When the client does it, an answer of mine is due."""


_C, _M, _P = (Actor.CLIENT,), (Actor.ME,), (Actor.PLATFORM,)
_EITHER = (Actor.CLIENT, Actor.ME)

_KINDS = (
    Kind("offer", _C, Role.TEXT, asks=True),
    Kind("quote_request", _C, Role.TEXT, asks=True),
    Kind("apply", _M, Role.ACTION),
    Kind("quote", _M, Role.ACTION),
    Kind("contract", _C, Role.ACT),
    Kind("award", _C, Role.ACT, asks=True),
    Kind("fund", _C, Role.ACT),
    Kind("purchase", _C, Role.ACT),
    Kind("milestone", _C, Role.ACT),
    Kind("message", _EITHER, Role.TEXT, asks=True),
    Kind("draft", _M, Role.ACTION),
    Kind("deliver", _M, Role.ACTION),
    Kind("withdraw_delivery", _M, Role.STEP),
    Kind("set_date", _M, Role.STEP),
    Kind("submit_task", _M, Role.STEP),
    Kind("send_back", _C, Role.ACT, asks=True),
    Kind("plan_change_request", _EITHER, Role.ACT, asks=True),
    Kind("plan_change_settled", _EITHER, Role.ACT),
    Kind("file_reminder", _M, Role.STEP),
    Kind("reminder_received", _P, Role.STEP),
    Kind("reminder_approved", _P, Role.STEP),
    Kind("reminder_rejected", _P, Role.STEP),
    Kind("end_request", _EITHER, Role.ACT, asks=True),
    Kind("end_refused", _EITHER, Role.ACT),
    Kind("cancel_request", _EITHER, Role.ACT, asks=True),
    Kind("cancel_refused", _EITHER, Role.ACT),
    Kind("dispute", _EITHER, Role.ACT, asks=True),
    Kind("office_notice", _P, Role.STEP),
    Kind("accept", _C, Role.ACT),
    Kind("rate", _EITHER, Role.ACT),
    Kind("decline", _EITHER, Role.ACT),
    Kind("cancelled", _P, Role.STEP),
    Kind("close", _P, Role.STEP),
    Kind("newsletter", _P, Role.NOISE),
    Kind("job_recommendation", _P, Role.NOISE),
    Kind("account", _P, Role.NOISE),
    Kind("payout", _P, Role.NOISE),
    Kind("unrecognised", _P, Role.NOISE),
)

KINDS: dict[str, Kind] = {kind.name: kind for kind in _KINDS}
"""Every event by its name, in the order of a deal's life: at one instant the earlier in this list comes first."""

LIFE_ORDER: dict[str, int] = {kind.name: place for place, kind in enumerate(_KINDS)}
"""The place of each in that order."""

MY_ACTIONS = frozenset({"apply", "quote", "message", "draft", "deliver"})
"""What my waiting is counted from."""

MY_WORDS = frozenset({"message", "draft", "deliver"})
"""What the client reads: counted as unanswered, and as my last message."""
