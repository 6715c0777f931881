"""A value of the configuration on one line of TOML."""

import datetime as dt
import json


def inline(raw: object) -> str:
    """As TOML writes it: `["5d", "3bd"]`, `{ from = 2026-12-31, to = 2027-01-04 }`."""
    match raw:
        case bool():
            return "true" if raw else "false"
        case str():
            return json.dumps(raw, ensure_ascii=False).replace("\x7f", "\\u007f")
        case list() | tuple():
            return "[" + ", ".join(inline(item) for item in raw) + "]"
        case dict():
            return "{ " + ", ".join(f"{_key(key)} = {inline(value)}" for key, value in raw.items()) + " }"
        case dt.datetime() | dt.date() | dt.time():
            return raw.isoformat()
        case _:
            return str(raw)


def _key(name: str) -> str:
    plain = name and all(character.isascii() and (character.isalnum() or character in "_-") for character in name)
    return name if plain else inline(name)
