"""Writes TOML as a person would: patterns in single quotes, short tables in a line."""

import json
from collections.abc import Mapping


def quoted(text: str) -> str:
    """A text; in single quotes, where nothing needs to be escaped, as patterns are read best."""
    plain = text.isprintable() and "'" not in text
    if plain and ("\\" in text or '"' in text):
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def block(text: str) -> str:
    """A text of several lines, each in a line of its own."""
    if "\n" not in text:
        return quoted(text)
    lines = "\n".join(
        json.dumps(line, ensure_ascii=False)[1:-1].replace("\x7f", "\\u007f") for line in text.split("\n")
    )
    return f'"""\n{lines}"""' if text.endswith("\n") else f'"""\n{lines}\\\n"""'


def inline(table: Mapping[str, str]) -> str:
    """`{ job = "12" }`"""
    return "{ " + ", ".join(f"{key} = {quoted(value)}" for key, value in table.items()) + " }"


def listed(texts: list[str] | tuple[str, ...]) -> str:
    """`["a", "b"]`"""
    return "[" + ", ".join(map(quoted, texts)) + "]"
