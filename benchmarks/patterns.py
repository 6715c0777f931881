"""What the worst subjects cost: made of the rules' own words, again and again, against every rule of every platform."""

import random
import re
import time
from collections.abc import Iterator

from adapters.notice_rules import SUBJECT_MOST, NoticeRule
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


def patterns(sizes: Sizes) -> Result:
    """The slowest single match there is, against the 10 ms that one may take."""
    worst, where, count = 0.0, "", 0
    adapters = load_adapters()
    for adapter in adapters:
        for subject in hostile_subjects(adapter, sizes.subjects // len(adapters) + 1):
            count += 1
            for rule in adapter.recogniser.rules:
                for pattern in filter(None, (rule.subject, rule.unless)):
                    start = time.process_time()
                    pattern.search(subject)
                    if (taken := time.process_time() - start) > worst:
                        worst, where = taken, f"{adapter.id}/{rule.id}"
    name = f"slowest match of {count:,} hostile subjects with every rule"
    return Result(name, worst, "what one may take", _LIMIT, "cpu", where)
