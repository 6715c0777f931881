"""What in a subject may vary from mail to mail: numbers, names, titles; the rest is the template."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from adapters.folding import normalise

NUMBER, CLIENT, TITLE, ME, FREE = "number", "client", "title", "me", "free"
"""What a slot may hold: a number, a name, a title, my own name, words that nobody has named yet."""

_TAG = re.compile(r"(?:\[[^\[\]]{1,30}\]|【[^【】]{1,30}】) ?")
_DIGITS = re.compile(r"\d+")
_QUOTED = re.compile(r"「([^「」]{1,200})」|『([^『』]{1,200})』|\"([^\"]{2,200})\"|“([^“”]{1,200})”")
_HONORIFIC = re.compile(r" ?(?:さん|さま|様|氏)(?=$|[ 、,「『（(]|から|より|が|の|に|へ|と|は|も)")
_NAME_BEGINS = re.compile(r"[\]】」』)\"”、。,:!?|/]|(?<=[ァ-ヶー一-龯々])[がをはに]|(?:から|より) ")
"""A name in Japanese has no beginning of its own: it begins behind one of these."""
_LONGEST_NAME = 40
_PROPER = re.compile(r"(?<=[a-z,:] )[A-Z][\w.'-]*(?: (?:of |the |and |& )?[A-Z][\w.'-]*)*")
"""Words that begin with a capital inside an English subject."""
_CONTENT = re.compile(r"[一-龯々]+|[ァ-ヶー]{2,}|[A-Za-z]{2,}")
_STRONG = re.compile(r" ?(?:について|に関して|に関する|への)| (?:の|に|が|を|で)")
_WEAK = re.compile(r"の|に|が|を|で|は|から|より")
_PARENTHESES = re.compile(r"\([^()]*\)")
_JOINS = re.compile(r"^(?: ?(?:さん|さま|様|氏))?(?: ?(?:から|より|が|は|の|に|へ))? ?")
"""What leads on from a name to what follows."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of a subject that may be other words in the next mail of the same template."""

    start: int
    end: int
    kind: str
    why: str
    """`known`, `quoted`, `honorific`, `capital`, `number`, `tail`, `differs`, `said`."""
    deal: str = ""
    """The deal whose name it is, where one is known."""


@dataclass(frozen=True)
class Known:
    """Names of deals, found in a text without going through all of them."""

    me: frozenset[str] = frozenset()
    """My names on the platform, folded."""
    _names: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Name → (kind, deal)."""
    _lengths: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """First two characters → how long the names are that begin so, longest first."""

    @classmethod
    def of(cls, deals: Iterable[tuple[str, str, str]], my_names: Iterable[str] = ()) -> "Known":
        """From (deal, client, title) of open deals, and how I am called."""
        mine = frozenset(normalise(name) for name in my_names)
        names = dict.fromkeys(mine, (ME, ""))
        for deal, client, title in deals:
            for text, kind in ((client, CLIENT), (title, TITLE)):
                names.setdefault(normalise(text), (kind, deal))
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for name in names:
            if len(name) > 1:
                lengths[name[:2]].add(len(name))
        return cls(mine, names, {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()})

    def slots(self, text: str) -> Iterator[Slot]:
        """Where known names stand; of several at one place the longest."""
        place = 0
        while place < len(text) - 1:
            for length in self._lengths.get(text[place : place + 2], ()):
                name = text[place : place + length]
                if name in self._names:
                    kind, deal = self._names[name]
                    yield Slot(place, place + len(name), kind, "known", deal)
                    place += len(name) - 1
                    break
            place += 1


NOBODY = Known()


def tag_end(text: str) -> int:
    """Where the platform's `[…]` or `【…】` at the beginning ends; 0 without one."""
    found = _TAG.match(text)
    return found.end() if found else 0


def slots_of(text: str, known: Known = NOBODY) -> tuple[Slot, ...]:
    """The slots of a subject in its compared form, from left to right; what is surer goes first where two overlap."""
    begin = tag_end(text)
    found: list[Slot] = []
    for one in (*known.slots(text), *_quoted(text), *_named(text, begin, known), *_proper(text), *_numbers(text)):
        if one.start >= begin and not any(one.start < other.end and other.start < one.end for other in found):
            found.append(one)
    return tuple(sorted(found, key=lambda slot: slot.start))


def _quoted(text: str) -> Iterator[Slot]:
    for match in _QUOTED.finditer(text):
        group = match.lastindex or 0
        yield Slot(match.start(group), match.end(group), TITLE, "quoted")


def _named(text: str, begin: int, known: Known) -> Iterator[Slot]:
    for match in _HONORIFIC.finditer(text, begin):
        least = max(begin, match.start() - _LONGEST_NAME)
        starts = [found.end() for found in _NAME_BEGINS.finditer(text, least, match.start())]
        start = max(starts, default=least)
        start += len(text[start : match.start()]) - len(text[start : match.start()].lstrip())
        if start < match.start():
            kind = ME if text[start : match.start()] in known.me else CLIENT
            yield Slot(start, match.start(), kind, "honorific")


def _proper(text: str) -> Iterator[Slot]:
    if not _is_japanese(text):
        for match in _PROPER.finditer(text):
            yield Slot(match.start(), match.end(), CLIENT, "capital")


def _is_japanese(text: str) -> bool:
    return any("぀" <= letter <= "ヿ" or "一" <= letter <= "龯" for letter in text)


def _numbers(text: str) -> Iterator[Slot]:
    for match in _DIGITS.finditer(text):
        yield Slot(match.start(), match.end(), NUMBER, "number")


def content(text: str) -> list[str]:
    """The words that carry meaning: runs of kanji, katakana, Latin letters."""
    return _CONTENT.findall(text)


def free_slot(text: str, slots: Iterable[Slot]) -> Slot | None:
    """The words before a tail such as `の仮払いが完了しました`, where neither brackets nor a known name tell the title.

    Only a guess by one mail; where several mails have the same tail after other words, they are one template.
    """
    named = [slot for slot in slots if slot.kind != NUMBER]
    if any(slot.kind == TITLE for slot in named):
        return None
    begin = max((slot.end for slot in named), default=tag_end(text))
    joined = _JOINS.match(text[begin:]) if named else None
    begin += joined.end() if joined else 0
    cuts = [(match.start(), 1) for match in _STRONG.finditer(text, begin)]
    cuts += [(match.start(), 2) for match in _WEAK.finditer(text, begin)]
    for cut, least in sorted(cuts, reverse=True):
        if len(content(_PARENTHESES.sub("", text[cut:]))) >= least:
            words = text[begin:cut].strip()
            return Slot(begin, cut, FREE, "tail") if words and not _TAG.fullmatch(words) else None
    return None


def template_of(text: str, slots: Iterable[Slot]) -> str:
    """The subject with `…` for what varies: the same words, the same template."""
    place, parts = 0, []
    for slot in slots:
        parts += [text[place : slot.start].rstrip() if slot.kind != NUMBER else text[place : slot.start], "…"]
        place = slot.end
    parts.append(text[place:])
    return "".join(parts).replace("… ", "…").replace("] ", "]").replace("】 ", "】")
