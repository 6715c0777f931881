"""A filter for deals, as the user types it: `platform:lancers level:>=warn -turn:client 名刺` becomes a predicate.

Words divided by spaces must all hold. A word without a colon is looked for in id, client, title, platform and stage,
in NFKC without regard to case. `-` before a word turns it round; `a,b` behind the colon means either; quotes keep
spaces. A deal whose mail could not be read may be at any level, so it never fails `level:>=…`.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches

from otosata.deals.limits import passed_at
from otosata.deals.reading import Reading
from otosata.deals.vocabulary import Level, Turn

Test = Callable[[Reading, str], bool]
"""Holds for a reading with its folded text."""


@dataclass(frozen=True, slots=True)
class Query:
    """A filter at work; empty: everything."""

    text: str = ""
    tests: tuple[Test, ...] = ()
    wants_over: bool = False
    """It asks for deals that are over or lost, which a list leaves out otherwise."""

    def matches(self, reading: Reading, text: str | None = None) -> bool:
        """Whether the deal passes. `text`: `text_of` the reading, where it is at hand."""
        folded = text_of(reading) if text is None else text
        return all(test(reading, folded) for test in self.tests)


EVERYTHING = Query()


class QueryError(ValueError):
    """A word of a filter that means nothing; `hint` says how it would."""

    def __init__(self, message: str, hint: str = "", *, unfinished: bool = False) -> None:
        super().__init__(message)
        self.hint = hint
        self.unfinished = unfinished
        """It may still become something while the user types on."""
        self.others = EVERYTHING
        """The filter without the words that mean nothing."""


def fold(text: str) -> str:
    """The form in which words are compared: NFKC, no upper case, one space for any white space."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def text_of(reading: Reading) -> str:
    """All that a word without a colon is looked for in, folded."""
    deal, stage = reading.deal, reading.view.stage
    names = (stage.id, stage.name.ja, stage.name.en) if stage else ()
    return fold("\n".join((deal.id, deal.client, deal.title, deal.platform, *names)))


_TERM = re.compile(r'(?P<no>-?)(?:(?P<field>[^\s:"]+):)?(?P<value>(?:"[^"]*"?|[^\s"])*)')


def parse(text: str) -> Query:
    """The filter a text stands for. QueryError: the first word that means nothing, with the others at work."""
    tests: list[Test] = []
    wants_over = False
    wrong: QueryError | None = None
    for found in _TERM.finditer(unicodedata.normalize("NFKC", text)):
        if not found[0]:
            continue
        try:
            test = _test(found["field"], found["value"])
        except QueryError as error:
            wrong = wrong or error
            continue
        wants_over |= not found["no"] and found["field"] == "is" and bool({"over", "lost"} & set(_values(found)))
        tests.append(_turned(test) if found["no"] else test)
    query = Query(text, tuple(tests), wants_over)
    if wrong is not None:
        wrong.others = query
        raise wrong
    return query


def _values(found: re.Match[str]) -> list[str]:
    return found["value"].casefold().split(",")


def _turned(test: Test) -> Test:
    return lambda reading, text: not test(reading, text)


def _test(field: str | None, value: str) -> Test:
    if field is None:
        if not value:
            raise QueryError("a bare - turns nothing round", "write -word, or -platform:lancers", unfinished=True)
        return _word(value.replace('"', ""))
    name = field.casefold()
    if name not in FIELDS:
        near = get_close_matches(name, FIELDS, 1)
        raise QueryError(
            f"there is no field {name!r}", f"did you mean {near[0]!r}?" if near else f"fields: {' '.join(FIELDS)}"
        )
    if not value.strip('"'):
        raise QueryError(f"{name}: says nothing", f"write for example {EXAMPLES[name]}", unfinished=True)
    tests = [FIELDS[name](name, part.strip('"')) for part in _parts(value)]
    return tests[0] if len(tests) == 1 else lambda reading, text: any(test(reading, text) for test in tests)


def _parts(value: str) -> list[str]:
    """What commas divide, outside quotes."""
    return [part for part in re.findall(r'(?:"[^"]*"?|[^,"])+', value) if part.strip('"')]


def _word(value: str) -> Test:
    folded = fold(value)
    return lambda _, text: folded in text


# ---------------------------------------------------------------------- fields


def _contains(of: Callable[[Reading], str]) -> Callable[[str, str], Test]:
    def test(_: str, value: str) -> Test:
        folded = fold(value)
        return lambda reading, _: folded in fold(of(reading))

    return test


def _is_id(of: Callable[[Reading], str]) -> Callable[[str, str], Test]:
    def test(_: str, value: str) -> Test:
        folded = fold(value)
        return lambda reading, _: of(reading) == folded

    return test


def _stage(_: str, value: str) -> Test:
    folded = fold(value)

    def test(reading: Reading, _: str) -> bool:
        stage = reading.view.stage
        return (reading.stage or "") == folded or (
            stage is not None and (folded in fold(stage.name.ja) or folded in fold(stage.name.en))
        )

    return test


_LEVELS: Mapping[str, Level] = {level.word: level for level in Level} | {
    "良好": Level.OK,
    "注意": Level.NOTICE,
    "警告": Level.WARN,
    "緊急": Level.CRITICAL,
}
_UNKNOWN = ("unknown", "不明")
_TURNS: Mapping[str, Turn] = {turn.value: turn for turn in Turn} | {
    "相手": Turn.CLIENT,
    "自分": Turn.ME,
    "運営": Turn.PLATFORM,
}
_COMPARED = re.compile(r"(?P<sign>>=|<=|=|>|<)?(?P<rest>.*)")
_SIGNS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": lambda one, other: one >= other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    "<": lambda one, other: one < other,
    "=": lambda one, other: one == other,
}


def _sign(value: str) -> tuple[str, str]:
    found = _COMPARED.fullmatch(value)
    return (found["sign"] or "", found["rest"].strip()) if found else ("", value)


def _level(_: str, value: str) -> Test:
    sign, word = _sign(value.casefold())
    if word in _UNKNOWN and sign in ("", "="):
        return lambda reading, _: reading.unknown
    level = _LEVELS.get(word)
    if level is None:
        raise QueryError(
            f"there is no level {word!r}", f"levels: {' '.join((*(one.word for one in Level), 'unknown'))}"
        )
    compare, may_be_any = _SIGNS[sign or "="], sign.startswith(">")
    return lambda reading, _: may_be_any if reading.unknown else compare(reading.level, level)


def _turn(_: str, value: str) -> Test:
    turn = _TURNS.get(value.casefold())
    if turn is None:
        raise QueryError(f"there is no turn {value!r}", f"turns: {' '.join(one.value for one in Turn)}")
    return lambda reading, _: reading.turn is turn


_SPAN = re.compile(r"(?P<amount>\d{1,5})(?P<unit>h|d|w|mo|y|時間|日|週|か月|年)?")
_HOURS = {"h": 1, "時間": 1, "d": 24, "日": 24, "w": 168, "週": 168, "mo": 730, "か月": 730, "y": 8760, "年": 8760}


def _span(of: Callable[[Reading], timedelta | None], usual: str) -> Callable[[str, str], Test]:
    """A comparison of a time span; without a sign `usual` is meant, without a unit days."""

    def test(name: str, value: str) -> Test:
        sign, rest = _sign(value)
        found = _SPAN.fullmatch(rest.casefold())
        if found is None:
            raise QueryError(f"{rest!r} is no time span", f"write for example {EXAMPLES[name]}")
        span = timedelta(hours=int(found["amount"]) * _HOURS[found["unit"] or "d"]) / timedelta(seconds=1)
        compare = _SIGNS[sign or usual]

        def holds(reading: Reading, _: str) -> bool:
            known = of(reading)
            return known is not None and compare(known / timedelta(seconds=1), span)

        return holds

    return test


def _seconds(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def _left(reading: Reading) -> timedelta | None:
    """Time to the nearest hard date that is still to come."""
    coming = [
        left
        for limit in (reading.limit, reading.deal_limit)
        if limit is not None and (left := passed_at(limit) - reading.now) > timedelta(0)
    ]
    return min(coming, default=None)


def _unanswered(name: str, value: str) -> Test:
    sign, rest = _sign(value)
    if not (rest.isdecimal() and len(rest) < 6):
        raise QueryError(f"{rest!r} is no number", f"write for example {EXAMPLES[name]}")
    compare, number = _SIGNS[sign or ">="], int(rest)
    return lambda reading, _: compare(reading.unanswered, number)


STATES: Mapping[str, Callable[[Reading], bool]] = {
    "inferred": lambda reading: reading.inferred,
    "unfunded": lambda reading: reading.unfunded and not reading.is_over,
    "snoozed": lambda reading: reading.snoozed_until is not None,
    "acknowledged": lambda reading: reading.acknowledged,
    "quiet": lambda reading: reading.is_quiet,
    "passed": lambda reading: reading.limit_passed,
    "lost": lambda reading: reading.stale,
    "over": lambda reading: reading.is_over,
}
"""What `is:` may ask."""


def _is(_: str, value: str) -> Test:
    state = STATES.get(value.casefold())
    if state is None:
        near = get_close_matches(value.casefold(), STATES, 1)
        raise QueryError(
            f"no deal is ever {value!r}", f"did you mean {near[0]!r}?" if near else f"states: {' '.join(STATES)}"
        )
    return lambda reading, _: state(reading)


FIELDS: Mapping[str, Callable[[str, str], Test]] = {
    "platform": _is_id(lambda reading: reading.deal.platform),
    "level": _level,
    "turn": _turn,
    "stage": _stage,
    "client": _contains(lambda reading: reading.deal.client),
    "title": _contains(lambda reading: reading.deal.title),
    "id": _is_id(lambda reading: reading.deal.id),
    "silence": _span(lambda reading: _seconds(reading.silence_seconds), ">="),
    "waiting": _span(lambda reading: _seconds(reading.waiting_seconds), ">="),
    "limit": _span(_left, "<="),
    "unanswered": _unanswered,
    "is": _is,
}
"""What may stand before a colon."""

EXAMPLES: Mapping[str, str] = {
    "platform": "platform:lancers,coconala",
    "level": "level:>=warn",
    "turn": "turn:me",
    "stage": "stage:working",
    "client": "client:佐藤",
    "title": "title:ロゴ",
    "id": "id:lancers-3",
    "silence": "silence:>7d",
    "waiting": "waiting:>3d",
    "limit": "limit:<3d",
    "unanswered": "unanswered:2",
    "is": "is:snoozed",
}
"""One of each, for the help and for what goes wrong."""
