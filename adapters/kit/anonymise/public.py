"""Which words of a mail may stay: those of the platform's templates, and those that say nothing about anybody."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from adapters.folding import normalise
from adapters.recognise import TomlAdapter
from adapters.shape import Choice, Edge, One, Repeat, Shape, Shapes, shape_of

_HIRAGANA = re.compile(r"[ぁ-ゖゝゞ]+")
_PLAIN_WORDS = re.compile(r"[A-Za-z_]+")
_LETTERS = re.compile(r"[^\W\d_]")
_FEW = 3
"""A part that can be so few letters is a fixed word in several spellings."""
_WAYS = 300
"""So many spellings of one stretch are kept."""


@cache
def _listed(name: str) -> frozenset[str]:
    data = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
    return frozenset(str(data[name]).split())


@dataclass(frozen=True)
class Public:
    """The words that may stay."""

    templates: frozenset[str] = frozenset()
    """Fixed words of an adapter's rules, as mail is compared, and what the user wants kept."""
    domains: tuple[str, ...] = ()
    """The platform's own domains."""
    senders: tuple[str, ...] = ()
    """The platform's own addresses."""

    @classmethod
    def of(cls, adapters: Iterable[TomlAdapter], keep: Iterable[str] = ()) -> "Public":
        """What adapters' files look for, what they are called, and `keep`."""
        words = {normalise(word) for word in keep}
        domains: dict[str, None] = {}
        senders: list[str] = []
        for adapter in adapters:
            words |= {adapter.platform.name.ja, adapter.platform.name.en, adapter.id}
            words.update(word for word in _fixed_words(adapter) if len(word) > 1)
            for sender in (*adapter.senders, *adapter.ignored):
                domains[sender.rpartition("@")[2]] = None
                if not sender.startswith("@"):
                    senders.append(sender)
        return cls(frozenset(words), tuple(domains), tuple(senders))

    @cached_property
    def pattern(self) -> str:
        """A pattern of all words that stay wherever they stand; a word of letters only stays as a whole."""
        words = {*self.templates, *_listed("japanese"), *_listed("english")}
        return "|".join(map(_bounded, sorted(words, key=lambda word: (-len(word), word))))

    @cached_property
    def _alone(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.IGNORECASE)

    @cached_property
    def path_words(self) -> frozenset[str]:
        """Parts of links that stay."""
        words = {word.lower() for text in self.templates for word in _PLAIN_WORDS.findall(text)}
        return _listed("path") | words

    def is_platforms(self, host: str) -> bool:
        """Whether a host is the platform's."""
        host = host.lower().rstrip(".")
        return any(host == domain or host.endswith(f".{domain}") for domain in self.domains)

    def says_nothing(self, text: str) -> bool:
        """Whether nothing is left of a text without the words that stay."""
        rest = self._alone.sub("", normalise(text))
        return not _LETTERS.search(_HIRAGANA.sub(lambda run: run[0][: hiragana_split(run[0])], rest))


def structure_words() -> frozenset[str]:
    """What mail itself is made of, dates included."""
    return _listed("structure") | _listed("english")


def page_words() -> frozenset[str]:
    """What HTML and its styles are written in."""
    return _listed("page")


def hiragana_split(run: str) -> int:
    """Where the grammar at the end of a run of hiragana begins: what stands before it may be a name."""
    fits = [False] * len(run) + [True]
    for start in range(len(run) - 1, -1, -1):
        fits[start] = any(run.startswith(word, start) and fits[start + len(word)] for word in _listed("grammar"))
    if fits[0]:
        return 0
    # One letter of grammar alone is as likely the end of a name.
    return next((start for start in range(1, len(run) - 1) if fits[start]), len(run))


def _bounded(word: str) -> str:
    """A word that is not the part of a longer one of its script."""
    text = re.escape(word)
    for script in (r"[A-Za-z0-9]", r"[ァ-ヺー]"):
        if re.match(script, word):
            text = f"(?<!{script}){text}"
        if re.match(script, word[-1]):
            text = f"{text}(?!{script})"
    return text


def _fixed_words(adapter: TomlAdapter) -> Iterator[str]:
    """Every fixed stretch of the patterns and fragments of a file."""
    book = adapter.recogniser.book
    patterns: list[re.Pattern[str]] = [*book.inferred_unless]
    for rule in book.rules:
        yield from rule.contains
        patterns += [pattern for pattern in (rule.subject, rule.unless, *rule.body) if pattern]
    for part in (book.links, book.numbers, book.fields):
        patterns += [pattern for found in part.values() for pattern in found]
    for pattern in patterns:
        yield from _stretches(shape_of(pattern.pattern, pattern.flags & ~re.UNICODE).shapes)


def _stretches(shapes: Shapes) -> Iterator[str]:
    """Runs of fixed words, in all ways in which they may be written; those inside of groups for themselves."""
    run: list[Shape] = []
    for shape in (*shapes, Edge()):
        if _is_fixed(shape):
            run.append(shape)
            continue
        yield from (words for words in map(str.strip, _written(tuple(run))) if _LETTERS.search(words))
        run = []
        for part in _inside(shape):
            yield from _stretches(part)


def _inside(shape: Shape) -> tuple[Shapes, ...]:
    match shape:
        case Repeat(body):
            return (body,)
        case Choice(branches):
            return branches
    return ()


def _is_fixed(shape: Shape) -> bool:
    """Whether it stands for a few texts only."""
    match shape:
        case One(letters):
            return len(letters) <= _FEW
        case Repeat(body, _, most):
            return most == 1 and all(map(_is_fixed, body))
        case Choice(branches):
            return all(_is_fixed(part) for branch in branches for part in branch)
    return False


def _written(shapes: Shapes) -> set[str]:
    """The texts that fixed shapes stand for; of very many ways some."""
    texts = {""}
    for shape in shapes:
        match shape:
            case One(letters):
                more = {chr(letter) for letter in letters}
            case Repeat(body, least, _):
                more = _written(body) | (set() if least else {""})
            case Choice(branches):
                more = {text for branch in branches for text in _written(branch)}
            case _:
                more = {""}
        if len(texts) * len(more) > _WAYS:
            return texts
        texts = {before + after for before in texts for after in more}
    return texts
