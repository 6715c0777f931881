"""What goes wrong, in the user's language: errors are raised in whole English sentences and translated at the door."""

import re
import tomllib
from functools import cache
from pathlib import Path

_NAME = re.compile(r"\{(\w+)\}")
_IN_FILE = re.compile(r"(?P<place>[^\n]+?\.toml:\d+:\d+: )(?P<said>.+)", re.DOTALL)
_OF_KEY = re.compile(r"(?P<place>[\w.]+: )(?P<said>.+)", re.DOTALL)
"""A sentence behind the key that it is about."""


@cache
def templates() -> dict[str, str]:
    """English sentence → Japanese one, with the same `{names}` for what varies; read once."""
    source = Path(__file__).with_name("complaints.ja.toml").read_text("utf-8")
    return {english: said for texts in tomllib.loads(source).values() for english, said in texts.items()}


@cache
def _by_fixed_words() -> tuple[tuple[tuple[str, ...], str], ...]:
    """The sentences with most fixed words first: `{x} is empty` must not take what a longer one means."""
    parts = {english: tuple(_NAME.split(english)[::2]) for english in templates()}
    return tuple((parts[english], english) for english in sorted(parts, key=lambda one: -sum(map(len, parts[one]))))


@cache
def _pattern(english: str) -> re.Pattern[str]:
    names: set[str] = set()
    parts = []
    for place, part in enumerate(_NAME.split(english)):
        if place % 2:
            parts.append(f"(?P={part})" if part in names else f"(?P<{part}>.+?)")
            names.add(part)
        else:
            parts.append(re.escape(part))
    return re.compile("".join(parts), re.DOTALL)


def translated(text: str, lang: str) -> str:
    """The sentence in `lang`; as it is where it is English that is wanted, or nobody has translated it."""
    if lang != "ja":
        return text
    if placed := _IN_FILE.fullmatch(text):
        return placed["place"] + translated(placed["said"], lang)
    if found := _found(text):
        said = {name: templates().get(value, value) for name, value in found[1].items()}
        return templates()[found[0]].format(**said)
    placed = _OF_KEY.fullmatch(text)
    return placed["place"] + translated(placed["said"], lang) if placed else text


def form_of(text: str) -> str | None:
    """The sentence with `{names}` for all that varies, so without a word of the user's; None: it is none of ours."""
    found = _found(text)
    return found[0] if found else None


def _found(text: str) -> tuple[str, dict[str, str]] | None:
    for fixed, english in _by_fixed_words():
        # To compile all patterns takes longer than everything else a check does: only those that can fit.
        if all(part in text for part in fixed) and (found := _pattern(english).fullmatch(text)):
            return english, found.groupdict()
    return None
