"""The configuration's values and mistakes, for people (as TOML) and as JSON."""

from collections.abc import Iterable, Iterator
from datetime import date

from cli.output.document import SCHEMA_VERSION, Json
from config.inline import inline
from config.layers import Value
from config.problems import Origin, Problem
from config.texts.catalogue import Catalogue

HIDDEN = "…"
"""Stands for a value that nobody else should see."""


def shown(value: Value, words: Catalogue) -> str:
    """`calendar.country = "DE"  # config.toml:2; over "JP" (default)`: TOML, with where it comes from as a comment."""
    over = "".join(words.t("config.over", value=toml(below), origin=below.origin) for below in _overridden(value))
    return f"{value.dotted} = {toml(value)}  # {value.origin}{over}"


def toml(value: Value) -> str:
    """The value as it would be written."""
    return inline(_bare(value))


def values_document(values: Iterable[Value]) -> Json:
    """`config show --json`"""
    return {
        "schema_version": SCHEMA_VERSION,
        "values": [
            {
                "key": value.dotted,
                "value": _jsonable(_bare(value)),
                "origin": _origin(value.origin),
                "overrides": [
                    {"value": _jsonable(_bare(below)), "origin": _origin(below.origin)} for below in _overridden(value)
                ],
            }
            for value in values
        ],
    }


def problems_document(problems: Iterable[Problem]) -> Json:
    """`config check --json`"""
    return {
        "schema_version": SCHEMA_VERSION,
        "problems": [
            {
                "code": problem.code,
                "severity": "warning" if problem.is_warning else "error",
                "key": problem.key or None,
                **_origin(problem.origin),
                "message": problem.message,
                "hint": problem.hint,
                "source": problem.source or None,
            }
            for problem in problems
        ],
    }


def _overridden(value: Value) -> Iterator[Value]:
    below = value.overrides
    while below is not None:
        yield below
        below = below.overrides


def _bare(value: Value) -> object:
    if value.key.secret:
        return HIDDEN
    return list(value.raw) if isinstance(value.raw, tuple) else value.raw


def _jsonable(raw: object) -> object:
    """TOML's dates as texts."""
    if isinstance(raw, date):
        return raw.isoformat()
    if isinstance(raw, list):
        return [_jsonable(item) for item in raw]
    if isinstance(raw, dict):
        return {key: _jsonable(item) for key, item in raw.items()}
    return raw


def _origin(origin: Origin) -> Json:
    return {
        "layer": origin.layer,
        "file": str(origin.file) if origin.file else None,
        "line": origin.line or None,
        "column": origin.column or None,
        "name": origin.name or None,
    }
