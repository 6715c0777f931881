"""What an unknown mail probably announces: as the most similar sample that stands beside a rule does."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

from adapters.recognise import TomlAdapter
from adapters.teaching.clusters import compared, with_free
from adapters.teaching.words import content, slots_of, tag_end, template_of
from otosata.deals.notice import IGNORED, UNRECOGNISED
from otosata.deals.vocabulary import KINDS, Actor, Role

LIKE_ENOUGH = 0.5
"""From this similarity on a guess is worth showing."""


@dataclass(frozen=True, slots=True)
class Example:
    """A subject whose meaning is known."""

    subject: str
    event: str
    actor: Actor
    rule: str
    """`lancers/fund`; empty for a look-alike."""
    features: frozenset[str]


@dataclass(frozen=True, slots=True)
class Guess:
    """What a mail probably announces, and like which sample."""

    event: str
    actor: Actor
    like: str
    """The sample's subject."""
    rule: str
    similarity: float
    """0 to 1."""

    @property
    def is_deals(self) -> bool:
        """Whether it concerns a deal."""
        kind = KINDS.get(self.event)
        return kind is not None and kind.role is not Role.NOISE


class Guesser:
    """Compares subjects with the samples of all platforms."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self._examples = examples
        counts = Counter(feature for example in examples for feature in example.features)
        self._weights: Mapping[str, float] = {word: log(1 + len(examples) / n) for word, n in counts.items()}
        self._new = log(1 + len(examples))

    @classmethod
    def of(cls, adapters: Iterable[TomlAdapter]) -> "Guesser":
        """From the samples and look-alikes of their files."""
        return cls([example for adapter in adapters for example in examples_of(adapter)])

    def guess(self, subject: str) -> Guess | None:
        """The meaning of the most similar sample; None where nothing is similar enough, or it is like a look-alike."""
        mine = features(subject)
        scored = ((self._similarity(mine, example.features), example) for example in self._examples)
        best, example = max(scored, key=lambda one: one[0], default=(0.0, None))
        if example is None or best < LIKE_ENOUGH or example.event in ("", UNRECOGNISED, IGNORED):
            return None
        return Guess(example.event, example.actor, example.subject, example.rule, best)

    def _similarity(self, mine: frozenset[str], its: frozenset[str]) -> float:
        """Weight of the common features by that of all: rare words count more."""
        common = mine & its
        if not common:
            return 0.0
        return sum(map(self._weight, common)) / sum(map(self._weight, mine | its))

    def _weight(self, feature: str) -> float:
        return self._weights.get(feature, self._new)


def examples_of(adapter: TomlAdapter) -> list[Example]:
    """The samples beside an adapter's rules, and its look-alikes."""
    root = adapter.document.again().root
    rules = {rule.id: rule for rule in adapter.recogniser.rules}
    found = []
    for identity, table in root.entries("rules").items():
        rule = rules[identity]
        for sample in table.list_of_tables("samples"):
            subject = sample.string("subject")
            named = f"{adapter.id}/{identity}"
            found.append(Example(subject, rule.event, rule.actor, named, features(subject)))
    for sample in root.list_of_tables("look_alikes"):
        subject, event = sample.string("subject"), sample.string("event", UNRECOGNISED)
        if not sample.string("from"):
            found.append(Example(subject, event, Actor.PLATFORM, "", features(subject)))
    return found


def features(subject: str) -> frozenset[str]:
    """What is compared: the words of the template, long ones in pairs of letters, without the platform's tag."""
    text = compared(subject)
    template = template_of(text, with_free(text, slots_of(text)))
    found: set[str] = set()
    for word in content(template[tag_end(template) :]):
        folded = word.lower()
        if "一" <= folded[0] <= "龯" and len(folded) > 1:
            found.update(folded[place : place + 2] for place in range(len(folded) - 1))
        else:
            found.add(folded)
    return frozenset(found)
