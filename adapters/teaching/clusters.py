"""Unrecognised mails grouped by template, so that one answer settles all of a group. In one pass over the mails."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from adapters.folding import normalise
from adapters.notice_rules import SUBJECT_MOST
from adapters.teaching.words import NOBODY, Known, Slot, free_slot, slots_of, template_of


@dataclass(frozen=True, slots=True)
class Unknown:
    """A mail that waits to be understood."""

    id: int
    adapter: str
    subject: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """Mails with the same words around different names, numbers and titles."""

    adapter: str
    template: str
    """`[ランサーズ]…さんから…のコメントが届いています`"""
    mails: tuple[int, ...]
    """In the order given."""


def compared(subject: str) -> str:
    """A subject in the form in which rules see it."""
    return normalise(subject[:SUBJECT_MOST].replace("\n", " "))


def cluster(mails: Iterable[Unknown], known: Mapping[str, Known]) -> tuple[Cluster, ...]:
    """Group mails; the largest group first, then by first mail. `known`: names of open deals, by platform.

    Words before a common tail count as varying only where they do: at least two mails differ in them and in nothing
    else. Time grows with the mails alone.
    """
    plain: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    loose: dict[tuple[str, str], tuple[str, str]] = {}
    for mail in mails:
        text = compared(mail.subject)
        slots = slots_of(text, known.get(mail.adapter, NOBODY))
        key = (mail.adapter, template_of(text, slots))
        plain[key].append(mail.id)
        if key not in loose:
            loose[key] = (mail.adapter, template_of(text, with_free(text, slots)))
    ways: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for key, wider in loose.items():
        ways[wider].append(key)
    found = []
    for wider, keys in ways.items():
        ids = sorted(mail for key in keys for mail in plain[key])
        found.append(Cluster(wider[0], wider[1] if len(keys) > 1 else keys[0][1], tuple(ids)))
    return tuple(sorted(found, key=lambda group: (-len(group.mails), group.mails[0])))


def with_free(text: str, slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """The slots, and the words before the tail where nothing else tells the title; numbers inside them are its own."""
    free = free_slot(text, slots)
    if free is None:
        return slots
    apart = (slot for slot in slots if slot.end <= free.start or slot.start >= free.end)
    return tuple(sorted((*apart, free), key=lambda slot: slot.start))
