"""Writes a reminder message out: dates and numbers as the client reads them."""

import re
from collections.abc import Mapping
from datetime import date, datetime

from otosata.deals.message import Value, filled
from otosata.deals.platform import Template
from tui.cells import steady
from tui.words import Words

_OPEN = re.compile(r"\{\w+\}")


def letter(template: Template, values: Mapping[str, Value], words: Words) -> str:
    """The message in the language of `words`; what is not known stays visible: `{ask}`."""
    return filled(template, words.lang, {name: _written(value, words) for name, value in values.items()})


def open_places(text: str) -> tuple[str, ...]:
    """The placeholders that still stand in a message, each once."""
    return tuple(dict.fromkeys(_OPEN.findall(text)))


def _written(value: Value, words: Words) -> str:
    match value:
        case datetime():
            return words.letter_day(value.astimezone(words.zone).date())
        case date():
            return words.letter_day(value)
        case _:
            return steady(str(value))
