"""What the worst subjects cost: made of the rules' own words, again and again, against every rule of every platform."""

import random
import re
import time
from collections.abc import Iterable, Iterator

from adapters.notice_rules import SUBJECT_MOST, TEXT_MOST, NoticeRule
from adapters.recognise import TomlAdapter
from adapters.registry import load_adapters
from benchmarks.measure import Result, Sizes

ENDING = "の読み方講座（全3回）"
"""Ends every hostile subject: no notice goes on like this."""
_LIMIT = 0.010
"""Seconds that a match may take at most."""
_WORDS = re.compile(r"[^\\\[\](){}?*+|^$.<>=!:]{2,}")
_BETWEEN = ("", " ", "x", "「", "」", "さん", "様", "の", "9", "：")


def hostile_subjects(adapter: TomlAdapter, count: int) -> Iterator[str]:
    """Subjects that begin like a platform's and then repeat what its rules look for, to the longest that is read."""
    chance = random.Random(adapter.id)  # noqa: S311 - the same subjects at every run
    words = sorted({word for rule in adapter.recogniser.rules for word in _words_of(rule)})
    begins = sorted(_subjects(adapter))
    for _ in range(count):
        begin = chance.choice(begins)
        begin = begin[: chance.randrange(len(begin) + 1)]
        unit = "".join(chance.choice(words) + chance.choice(_BETWEEN) for _ in range(chance.choice((1, 1, 2, 3, 5))))
        yield (begin + unit * SUBJECT_MOST)[: SUBJECT_MOST - len(ENDING)] + ENDING


def _words_of(rule: NoticeRule) -> Iterator[str]:
    """The fixed words a rule looks for in a subject."""
    yield from rule.contains
    yield from _WORDS.findall(rule.subject.pattern if rule.subject else "")


def _subjects(adapter: TomlAdapter) -> Iterator[str]:
    for table in adapter.document.again().root.entries("rules").values():
        for sample in table.list_of_tables("samples"):
            yield sample.string("subject")


def hostile_texts(adapter: TomlAdapter, count: int) -> Iterator[str]:
    """Texts of full length, made of what the patterns of texts look for."""
    chance = random.Random(adapter.id)  # noqa: S311 - as above
    words = sorted({word for pattern in _text_patterns(adapter) for word in _WORDS.findall(pattern.pattern)})
    for _ in range(count):
        parts = (
            chance.choice((*words, "\n", "=", "1")) + chance.choice(_BETWEEN) for _ in range(chance.choice((1, 2, 4)))
        )
        yield ("".join(parts) * TEXT_MOST)[:TEXT_MOST]


def _text_patterns(adapter: TomlAdapter) -> Iterator[re.Pattern[str]]:
    book = adapter.recogniser.book
    for rule in book.rules:
        yield from rule.body
    yield from book.strip
    for part in (book.numbers, book.fields):
        for found in part.values():
            yield from found


def patterns(sizes: Sizes) -> Iterator[Result]:
    """The slowest single matches there are, against the 10 ms that one may take."""
    adapters = load_adapters()
    subjects = (
        (f"{adapter.id}/{rule.id}", pattern, subject)
        for adapter in adapters
        for subject in hostile_subjects(adapter, sizes.subjects)
        for rule in adapter.recogniser.rules
        for pattern in filter(None, (rule.subject, rule.unless))
    )
    yield _slowest(f"slowest match of every rule with {sizes.subjects:,} hostile subjects", subjects)
    few = sizes.subjects // 100 + 1
    texts = (
        (adapter.id, pattern, text)
        for adapter in adapters
        for text in hostile_texts(adapter, few)
        for pattern in _text_patterns(adapter)
    )
    yield _slowest(f"slowest search of every pattern in {few:,} hostile texts of 20,000 characters", texts)


def _slowest(name: str, tries: Iterable[tuple[str, re.Pattern[str], str]]) -> Result:
    worst, where = 0.0, ""
    for place, pattern, text in tries:
        taken = _seconds(pattern, text)
        if taken >= worst:  # once more, for it may have been the machine
            taken = min(taken, _seconds(pattern, text))
        if taken >= worst:
            worst, where = taken, place
    return Result(name, worst, "what one may take", _LIMIT, "cpu", where)


def _seconds(pattern: re.Pattern[str], text: str) -> float:
    start = time.process_time()
    pattern.search(text)
    return time.process_time() - start
