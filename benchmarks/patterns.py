"""What the worst subjects cost: made of the rules' own words, again and again, against every rule that knows them."""

import random
import re
import time
from collections.abc import Iterator

from adapters.notice_rules import SUBJECT_MOST, NoticeRule
from adapters.recognise import TomlAdapter
from adapters.registry import load_adapters
from benchmarks.measure import Result, Sizes

SPOILER = "の読み方講座（全3回）"
"""Ends every hostile subject: no notice goes on like this."""
_WORDS = re.compile(r"[^\\\[\](){}?*+|^$.<>=!]{2,}")
_BETWEEN = ("", " ", "x", "「", "」", "さん", "様", "の", "9", "：")


def hostile_subjects(adapter: TomlAdapter, count: int) -> Iterator[str]:
    """Subjects that begin like a platform's and then repeat what its rules look for, to the longest that is read."""
    chance = random.Random(f"{adapter.id}:1")  # noqa: S311 - the same subjects at every run
    rules = adapter.recogniser.rules
    words = sorted({word for rule in rules for word in words_of(rule)})
    samples = [sample["subject"] for rule in adapter.document.root.entries("rules").values() for sample in samples_of(rule)]
    for _ in range(count):
        sample = chance.choice(samples)
        begin = sample[: chance.randrange(len(sample) + 1)]
        unit = "".join(
            chance.choice(words) + chance.choice(_BETWEEN) for _ in range(chance.choice((1, 1, 2, 3, 5)))
        )
        room = SUBJECT_MOST - len(begin) - len(SPOILER)
        yield (begin + unit * room)[: SUBJECT_MOST - len(SPOILER)] + SPOILER
