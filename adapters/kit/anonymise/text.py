"""Replaces the private words of a text; what may stay and what is a date stays, links and addresses keep their form."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from urllib.parse import quote, unquote

from adapters.folding import normalise
from adapters.kit.anonymise.pseudonyms import Pseudonyms
from adapters.kit.anonymise.public import Public, hiragana_split, structure_words

DATE = re.compile(
    r"(?<!\d)(?:"
    r"(?:19|20)\d\d(?:[-/.]|年) ?\d{1,2}(?:[-/.]|月) ?\d{1,2}(?:日|(?!\d))"
    r"(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?"
    r"|\d{1,2}月 ?\d{1,2}日|(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])(?![\d/])"
    r"|(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?!\d)|(?:19|20)\d\d(?=年)"
    r"|\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* (?:19|20)\d\d"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{1,2}, (?:19|20)\d\d"
    r")"
)
"""Dates and times: they tell nobody's name, and a rule may need them."""
_COUNTED = r"\d{1,3}(?= ?(?:件|通|日|時間|分|秒|週間|か月|ヶ月|営業日|回|days?\b|hours?\b|messages?\b|%))"
"""How many, or for how long."""
URL = re.compile(r"(?:https?|ftp)://[^\s<>\"'「」『』（）、。]+|mailto:[^\s<>\"']+", re.IGNORECASE)
ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*", re.ASCII)
IP = re.compile(
    r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])|(?<![\w:])(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4})+", re.I
)
_ESCAPED = re.compile(r"(?:[A-Za-z0-9]*(?:%[0-9A-Fa-f]{2})+[A-Za-z0-9]*)+")
_WORD = (
    r"[\u3400-\u9fff々〆\uf900-\ufaff\U00020000-\U0003ffff]+|[ぁ-ゖゝゞ]+|[ァ-ヺ][ァ-ヺー]*|[ｦ-ﾟ]+"
    r"|[A-Za-z0-9Ａ-Ｚａ-ｚ０-９À-ÖØ-öø-ɏ]+|[^\W_]+"
)
_HALF_KANA = re.compile(r"[ｦ-ﾟ]+")
_NUMBER_JOINS = re.compile(r"\d[\d\-‐–−ー./()（） ]*\d|\d")
_ROLES = re.compile(
    r"(?:no|do).?(?:t|not)?.?reply.*|noreply.*|info|support|notifications?|notice|mail(?:er)?|news|office", re.I
)
_SHORT = 2
"""Digits of a number that stands alone and tells nothing."""


class Replacer:
    """Replaces texts of one mail, the same word always by the same."""

    def __init__(
        self, public: Public, private: Iterable[str] = (), names: Iterable[str] = (), avoid: Iterable[str] = ()
    ) -> None:
        """`private`: what goes in any case. `names`: who and what the mail is about; one that is a common word goes
        from the subject alone, for elsewhere it may be that word. `avoid`: as for `Pseudonyms`.
        """
        self.public = public
        self.names = Pseudonyms(avoid)
        self.place = ""
        """Which field or part is being read, for the report."""
        self.changes: dict[str, Counter[str]] = {}
        """What was replaced there, by kind: `words`, `links`, `addresses`, `numbers`, `hosts`, `parts`."""
        private, names = tuple(filter(None, private)), tuple(name for name in names if name.strip())
        self._every = tuple(dict.fromkeys((*private, *names)))
        common = {name for name in names if " " not in name and public.says_nothing(name)}
        self._private = tuple(value for value in self._every if value in private or value not in common)

    @property
    def sought(self) -> frozenset[str]:
        """What must not be left, folded."""
        return self.names.replaced | {folded(value) for value in self._private}

    @cached_property
    def _first(self) -> re.Pattern[str]:
        """What is replaced as a whole, before its words are looked at; the same for few mails."""
        return _whole(self._private)

    @cached_property
    def _first_of_subject(self) -> re.Pattern[str]:
        return _whole(self._every)

    @cached_property
    def _then(self) -> re.Pattern[str]:
        """The words of the rest; the same for all mails of a platform, so that `re` makes it once."""
        keep = self.public.pattern or r"(?!)"
        number = _NUMBER_JOINS.pattern + r"(?![A-Za-z])"
        return _named_parts({"date": DATE.pattern, "counted": _COUNTED, "keep": keep, "number": number, "word": _WORD})

    def count(self, kind: str) -> None:
        """Note that something was replaced."""
        self.changes.setdefault(self.place, Counter())[kind] += 1

    def subject(self, text: str) -> str:
        """A subject without private words: names go from it even where they are common words."""
        return self._replaced(text, self._first_of_subject)

    def text(self, text: str) -> str:
        """The text without private words."""
        return self._replaced(text, self._first)

    def _replaced(self, text: str, first: re.Pattern[str]) -> str:
        text = _HALF_KANA.sub(lambda run: unicodedata.normalize("NFKC", run[0]), text)
        changed, place = [], 0
        whole = {"url": self.url, "address": self.address, "private": self.whole, "ip": self.ip}
        for found in first.finditer(text):
            changed += [self._then.sub(self._one, text[place : found.start()]), whole[str(found.lastgroup)](found[0])]
            place = found.end()
        return "".join((*changed, self._then.sub(self._one, text[place:])))

    def _one(self, found: re.Match[str]) -> str:
        match found.lastgroup:
            case "number":
                return self._number(found[0])
            case "word":
                return self._word(found[0])
        return found[0]

    def whole(self, text: str) -> str:
        """A text that is private altogether: every word of it."""
        return re.sub(_WORD, lambda word: self._named(word[0]), text)

    def _word(self, word: str) -> str:
        if re.fullmatch(r"[ぁ-ゖゝゞ]+", word):
            split = hiragana_split(word)
            return (self._named(word[:split]) if split else "") + word[split:]
        return self._named(word)

    def _named(self, word: str) -> str:
        self.count("words")
        return self.names.word(word)

    def _number(self, number: str) -> str:
        digits = re.sub(r"\D", "", number)
        if number == digits and len(digits) <= _SHORT and digits not in self._private:
            return number
        self.count("numbers")
        return re.sub(r"\d+", lambda run: self.names.word(run[0]), number)

    def ip(self, address: str) -> str:
        """An address out of those for documentation (RFC 5737, RFC 3849)."""
        self.count("hosts")
        return self.names.numbered(address, "2001:db8::{}" if ":" in address else "192.0.2.{}")

    def host(self, host: str) -> str:
        """A platform's host stays, as far as its labels are words; any other becomes `site-N.example`."""
        if not self.public.is_platforms(host):
            if IP.fullmatch(host.strip("[]")):
                return self.ip(host)
            if not host or host.lower() in ("localhost", "example.com", "example.net"):
                return host
            self.count("hosts")
            return self.names.numbered(host, "site-{}.example")
        words = self.public.path_words
        own = {label for domain in self.public.domains for label in domain.split(".")}
        labels = [
            label if label.lower() in own or label.lower() in words else self._opaque(label)
            for label in host.split(".")
        ]
        return ".".join(labels)

    def address(self, address: str) -> str:
        """The platform's own addresses stay, and local parts that name an office; others become `person-N@…`."""
        local, _, domain = address.rpartition("@")
        ours = self.public.is_platforms(domain)
        if address.lower() in self.public.senders or (ours and _ROLES.fullmatch(local)):
            return address
        self.count("addresses")
        self.names.word(local)  # remembered as private
        person = self.names.numbered(local, "person-{}")
        return f"{person}@{self.host(domain)}"

    def url(self, url: str) -> str:
        """A link with the words of its way that name no one, and numbers and words of the same form for the rest."""
        scheme, _, rest = url.partition(":")
        if scheme.lower() == "mailto":
            address, _, more = rest.partition("?")
            return f"{scheme}:{self.address(address) if '@' in address else self.path(address)}" + (
                f"?{self.path(more)}" if more else ""
            )
        before, slashes, after = url.partition("//")
        host, way = re.split(r"(?=[/?#])", after, maxsplit=1) if re.search(r"[/?#]", after) else (after, "")
        self.count("links")
        user, at, host = host.rpartition("@")
        name, colon, port = host.partition(":")
        return (
            f"{before}{slashes}{self._opaque(user) if user else ''}{at}{self.host(name)}{colon}{port}{self.path(way)}"
        )

    def path(self, way: str) -> str:
        """Path, query and fragment of a link."""
        pieces = re.split(rf"({_ESCAPED.pattern})", way)
        step = r"[A-Za-z]+(?:_[A-Za-z]+)+|[^\W_]+"
        return "".join(
            self._escaped(piece) if place % 2 else re.sub(step, self._step, piece) for place, piece in enumerate(pieces)
        )

    def _escaped(self, run: str) -> str:
        """Words behind `%E5%B1%B1`, or a whole link."""
        hidden = unquote(run)
        said = self.url(hidden) if URL.match(hidden) else self.path(hidden) if "%" in hidden else self._opaque(hidden)
        return run if said == hidden else quote(said, safe="")

    def _step(self, found: re.Match[str]) -> str:
        step = found[0]
        if step[0] == "%" or step.lower() in self.public.path_words:
            return step
        if step.isdecimal() and len(step) <= _SHORT and step not in self._private:
            return step
        return self._opaque(step)

    def _opaque(self, text: str) -> str:
        return re.sub(r"[^\W_]+", lambda word: self._named(word[0]), text)

    def trace(self, text: str) -> str:
        """What mail servers wrote: their grammar and dates stay, hosts, addresses and ids do not."""
        host = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9_-]+)+"
        pattern = f"(?P<address>{ADDRESS.pattern})|(?P<ip>{IP.pattern})|(?P<host>{host})|(?P<word>[^\\W_]+)"
        return re.sub(pattern, self._traced, text, flags=re.IGNORECASE)

    def _traced(self, found: re.Match[str]) -> str:
        what = found[0]
        match found.lastgroup:
            case "address":
                return self.address(what)
            case "ip":
                return self.ip(what)
            case "host" if not re.fullmatch(r"(?:header|smtp|policy|body)\.[a-z-]+|[\d.]+", what):
                return self.host(what)
            case "word":
                short = len(what) <= _SHORT and what.isdecimal()
                return what if short or what.lower() in structure_words() else self._named(what)
        return what


def _whole(values: Iterable[str]) -> re.Pattern[str]:
    """Links, addresses and these values, the longest first."""
    escaped = sorted(map(re.escape, values), key=len, reverse=True)
    words = "|".join(f"(?<![A-Za-z0-9]){value}(?![A-Za-z0-9])" for value in escaped) or r"(?!)"
    return _named_parts({"url": URL.pattern, "address": ADDRESS.pattern, "private": words, "ip": IP.pattern})


def _named_parts(parts: dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{name}>{part})" for name, part in parts.items()), re.IGNORECASE)


def folded(text: str) -> str:
    """The form in which private words are looked for."""
    return normalise(text).casefold()
