"""What goes wrong, in the user's language: errors are raised in whole English sentences and translated at the door."""

import re
import tomllib
from functools import cache
from pathlib import Path

_NAME = re.compile(r"\{(\w+)\}")


@cache
def templates() -> dict[str, str]:
    """English sentence → Japanese one, with the same `{names}` for what varies; read once."""
    source = Path(__file__).with_name("complaints.ja.toml").read_text("utf-8")
    return {english: said for texts in tomllib.loads(source).values() for english, said in texts.items()}


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The sentences with most fixed words first: `{x} is empty` must not take what a longer one means."""
    fixed = sorted(templates(), key=lambda english: -len(_NAME.sub("", english)))
    return tuple((_pattern(english), templates()[english]) for english in fixed)


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
    if lang == "ja":
        for pattern, japanese in _patterns():
            if found := pattern.fullmatch(text):
                return japanese.format(**found.groupdict())
    return text
