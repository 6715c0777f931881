"""A platform's rules as values: stages with levels and limits, transitions, advice. Read from TOML by the adapters."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date

from otosata.deals.duration import Span
from otosata.deals.vocabulary import Level, Turn

NO_STAGE = "none"
BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the two languages of the screen."""

    ja: str
    en: str

    def of(self, lang: str) -> str:
        """The text in `ja` or `en`."""
        return self.ja if lang == "ja" else self.en


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from and when somebody last looked."""

    rule: str = ""
    """Number in the fact sheets: `LA-01`."""
    page: str = ""
    confidence: str = "ours"
    """official, several, one, ours, conflict, unknown."""
    checked: date | None = None
    says: Text | None = None
    """The rule in one sentence, in our own words."""


@dataclass(frozen=True, slots=True)
class LimitRule:
    """A platform's hard date: so long after an anchor."""

    span: Span
    round_up_to_hour: bool = False
    extend: Span | None = None
    """At each event of `extended_by` at least this much lies ahead (Lancers' 取引期限)."""
    extended_by: frozenset[str] = frozenset()
    outcome: Text | None = None
    """What is expected once it has passed."""


@dataclass(frozen=True, slots=True)
class Row:
    """The levels that count while it is somebody's turn. All parts of a list must be met."""

    elapsed: Mapping[Level, tuple[Span, ...]] = field(default_factory=dict)
    before: Mapping[Level, tuple[Span, ...]] = field(default_factory=dict)
    stale: tuple[Span, ...] = ()
    limit: LimitRule | None = None
    """Shown instead of the stage's own limit while this row counts."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a deal stands."""

    id: str
    name: Text
    turn: Turn
    """Whose turn it is when the stage begins."""
    counts: Turn
    """Whose turn the stage's own levels (`row`) are for."""
    row: Row = Row()
    rows: Mapping[str, Row] = field(default_factory=dict)
    """Further rows: `client`, `me`, and `asked` (my turn, and the client waits for an answer)."""
    limit: LimitRule | None = None
    act_due: bool = False
    """An act of mine is due: a mere message leaves the turn with me."""
    detour: bool = False
    """The deal can return from it to the stage before."""
    joins: frozenset[str] = frozenset()
    """Detours that this one continues (reminder_filed → reminder_approved): the stage before stays theirs."""
    ends_with_my_word: bool = False
    """My message ends the detour (answering a reminder)."""
    ends_with_client_word: bool = False
    early: bool = False
    """Nothing is agreed yet: another inquiry of the same client may be about the same job."""
    over: bool = False
    """done, closed: counted nowhere."""
    unfunded: bool = False
    """Nothing is in escrow: do not start."""
    after_limit: str | None = None
    """The stage it becomes by itself when its limit has passed."""
    source: Source = Source()
    template: str = ""
    """The reminder template that fits here until the stage is critical."""
    moves: Text | None = None
    """What I can do here."""
    risk: Text | None = None
    """What is at stake."""


@dataclass(frozen=True, slots=True)
class DealLimit:
    """A limit of the deal as a whole, laid over every open stage (取引期限, 120 days of a room, dormancy)."""

    id: str
    name: Text
    limit: LimitRule
    row: Row
    source: Source = Source()


@dataclass(frozen=True, slots=True)
class Condition:
    """When an advice fits; every field that is set must hold."""

    stages: frozenset[str] = frozenset()
    not_stages: frozenset[str] = frozenset()
    """Said beside `stages` where a checklist should name what stands in the way."""
    came_from: frozenset[str] = frozenset()
    """The stage under the present detour."""
    turn: Turn | None = None
    levels: frozenset[Level] = frozenset()
    """The stage's own level, not that of a deal limit."""
    unanswered_at_least: int | None = None
    unanswered_below: int | None = None
    waiting_at_least: Span | None = None
    waiting_below: Span | None = None
    silence_at_least: Span | None = None
    since_delivery_at_least: Span | None = None
    finished: bool | None = None
    drafted: bool | None = None
    delivered: bool | None = None
    own_date_passed: bool | None = None
    days_to_contract_at_least: int | None = None
    deal_limit_within: Span | None = None
    asked: tuple[tuple[str, object], ...] = field(init=False, repr=False, compare=False)
    """(name, what is wanted) of the fields that are set: found once, for every deal is judged by all conditions."""

    def __post_init__(self) -> None:
        """Find what is asked for."""
        wanted = ((one.name, getattr(self, one.name)) for one in fields(self) if one.init)
        asked = tuple((name, want) for name, want in wanted if want is not None and want != frozenset())
        object.__setattr__(self, "asked", asked)  # the only way in a frozen value, once, while it is made


@dataclass(frozen=True, slots=True)
class AdviceRule:
    """What the rules allow now, and when that is so."""

    id: str
    when: tuple[Condition, ...]
    """One of them must hold."""
    text: Text
    group: str = ""
    """Of a group only the first that fits is given."""
    added: bool = False
    """Stands beside whatever else is shown."""
    fallback: bool = False
    """Only where nothing else of its own fits."""
    n: str = "waiting"
    """What {n} counts: waiting, since_application, days_to_contract."""
    due: str = "limit"
    """What {due} is: limit, deal_limit, or a span from now such as `2bd`."""
    goal: int = 0
    """How many messages are asked for: {k} is what is missing."""
    template: str = ""
    """The reminder template that goes with it."""
    source: Source = Source()
    step: Text | None = None
    """The name of the platform's step that it advises (連絡催促申請): a checklist shows how far it is."""
    unseen: tuple[Text, ...] = ()
    """What the step asks for besides, and no mail tells."""
    asks: Text | None = None
    """What is missing while it stands before a step of its group, as an item of that step's checklist."""


@dataclass(frozen=True, slots=True)
class Transition:
    """Where an event leads. `to`: a stage, or `before`; `stages` empty: from anywhere."""

    to: str
    stages: frozenset[str] = frozenset()
    unless_before_deal_limit: bool = False
    """Not while the deal limit still lies ahead (Upwork: the notices on days 76 and 83 open no release window)."""


@dataclass(frozen=True, slots=True)
class Template:
    """A reminder message to edit and send."""

    id: str
    text: Text
    names_date: bool = False
    """It announces what I do once {limit} has passed: sending it is a `set_date`."""


@dataclass(frozen=True, slots=True)
class Platform:
    """Everything the core needs to know about a platform."""

    id: str
    name: Text
    stages: Mapping[str, Stage]
    transitions: Mapping[tuple[str, str], tuple[Transition, ...]]
    """(event, actor) → where it leads; the first whose `stages` fit."""
    advice: tuple[AdviceRule, ...] = ()
    deal_limit: DealLimit | None = None
    asked: Row | None = None
    """Levels of every open stage without its own, while it is my turn because the client asked."""
    templates: Mapping[str, Template] = field(default_factory=dict)
    my_names: frozenset[str] = frozenset()
    """How I am called there (configuration)."""
    ref_spaces: Mapping[str, str] = field(default_factory=dict)
    """Kinds of references that share their numbers (CrowdWorks: `message` → `proposal`): compare them as the latter."""
