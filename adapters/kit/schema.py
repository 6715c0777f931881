"""The JSON Schema of adapter files, made by the reader itself: it reads a table that notes what it is asked for.

The reader says all it knows by what it asks for: keys, kinds of values, words that are allowed. So it is run over a
table that has everything, answers with what leads on, and writes the questions down; a few times, so that it goes both
ways where the form of a value decides.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from adapters.notice_rules import read_rule_book
from adapters.reader import SHARED_PARTS
from adapters.recognise import TomlAdapter
from adapters.rules import read_platform
from adapters.samples import read_expected, sample_mail
from adapters.tables import Document, Table
from otosata.deals.clocks import CLOCKS
from otosata.deals.duration import WAITING, Span, Unit, parse_span
from otosata.deals.platform import Text
from otosata.deals.vocabulary import KINDS, Actor

Schema = dict[str, Any]
_ANY = "*"
"""A key that the file's writer chooses."""
_TEXT, _TO, _TABLE, _ACTORS = "text", "to", "table", "actors "
_FORMS = ("", _TEXT, _TO, _TABLE, _ACTORS + _TEXT, _ACTORS + _TO, _ACTORS + _TABLE)
"""What a value of several forms is: a text, a table with `to`, another table, or by actor one of these."""
_SPAN = f"^\\d{{1,5}}({'|'.join(Unit)})(@({'|'.join(sorted(CLOCKS))})|\\s+waited)?$"


def adapter_schema(*, over: bool = False) -> Schema:
    """The schema of a whole file; `over`: of one that lies over another, where nothing is required."""
    found: Schema = {}
    for turn in range(len(KINDS)):
        for form in _FORMS:
            found = _merged(found, _asked(form, turn))
    for part in SHARED_PARTS:  # an entry taken from the shared file says only what is different
        found["properties"][part] = _optional(found["properties"][part])
    if over:
        found = _optional(found)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A platform of otosata" + (", over another file" if over else ""),
        **found,
    }


def _asked(form: str, turn: int) -> Schema:
    """What the reader asks for when values have that form and choices that turn."""
    root = _Questions(form, turn)
    for part in SHARED_PARTS:
        root.strings(f"shared_{part}")
    root.string("id", required=True)
    platform = read_platform(root, "any")
    TomlAdapter.read(_Asking(root), platform)
    read_rule_book(root)
    rule = root.entries("rules")[_ANY]
    for sample in (*rule.list_of_tables("samples"), *root.list_of_tables("look_alikes")):
        sample_mail(sample, ())
        sample.strings("my_names")
        read_expected(sample)
    return root.schema()


class _Asking(Document):
    """A document whose root is the table that notes."""

    def __init__(self, root: "_Questions") -> None:
        super().__init__(())
        self.root = root


class _Questions(Table):
    """A table that holds whatever it is asked for and notes the questions."""

    def __init__(self, form: str, turn: int) -> None:
        super().__init__(Document(()), {}, ())
        self._form, self._turn = form, turn
        self._schemas: dict[str, list[Schema]] = {}
        self._tables: dict[str, _Questions] = {}
        self._lists: set[str] = set()
        self._required: set[str] = set()
        self._by_actor: set[str] = set()

    def schema(self) -> Schema:
        """What is known by the questions so far."""
        properties = {name: list(found) for name, found in self._schemas.items()}
        for name, table in self._tables.items():
            inner = table.schema()
            both = [{"type": "array", "items": inner}] if name in self._lists else []
            properties.setdefault(name, []).extend([inner, *both])
        known = {name: _one_of(found) for name, found in properties.items()}
        rest = known.pop(_ANY, False)
        required = {"required": sorted(self._required)} if self._required else {}
        return {"type": "object", "properties": known, "additionalProperties": rest, **required}

    def _note(self, name: str, schema: Schema | None, *, required: bool = False) -> None:
        noted = self._schemas.setdefault(name, [])
        if schema is not None and schema not in noted:
            noted.append(schema)
        if required:
            self._required.add(name)

    def __contains__(self, name: str) -> bool:
        return name != "to" or self._form == _TO

    def __iter__(self) -> Iterator[str]:
        return iter((_ANY,))

    @property
    def data(self) -> dict[str, Any]:
        return {}

    def report(self, name: str | None, message: str, hint: str = "") -> None:
        """Nothing is wrong."""

    def finish(self) -> None:
        """Nothing is unknown."""

    def file_of(self, name: str) -> str:
        return ""

    def keys_among(self, allowed: Iterable[str], complaint: str) -> list[str]:
        return list(allowed)

    def string(self, name: str, default: str = "", *, required: bool = False) -> str:
        self._note(name, {"type": "string"}, required=required)
        return default

    def flag(self, name: str) -> bool | None:
        self._note(name, {"type": "boolean"})
        return None

    def number(self, name: str) -> int | None:
        self._note(name, {"type": "integer", "minimum": 0})
        return None

    def day(self, name: str, *, required: bool = False) -> date | None:
        self._note(name, {"type": "string", "format": "date"}, required=required)
        return None

    def strings(self, name: str) -> tuple[str, ...]:
        self._note(name, {"type": "string"})
        self._note(name, {"type": "array", "items": {"type": "string"}})
        return ()

    def choice(self, name: str, allowed: Iterable[str], what: str, *, required: bool = False) -> str | None:
        words = tuple(allowed)
        self._note(name, _word(words), required=required)
        return words[self._turn % len(words)] if words else None

    def choices(self, name: str, allowed: Iterable[str], what: str) -> frozenset[str]:
        word = _word(tuple(allowed))
        self._note(name, word)
        self._note(name, {"type": "array", "items": word})
        return frozenset()

    def span(self, name: str, *, required: bool = False) -> Span | None:
        self._note(name, {"type": "string", "pattern": _SPAN}, required=required)
        return parse_span(f"1d@{WAITING}")

    def spans(self, name: str) -> tuple[Span, ...]:
        span = {"type": "string", "pattern": _SPAN}
        self._note(name, span)
        self._note(name, {"type": "array", "items": span})
        return ()

    def both(self, name: str, *, required: bool = False) -> Text | None:
        text = {"type": "string"}
        both = {"type": "object", "properties": {"ja": text, "en": text}, "additionalProperties": False}
        self._note(name, {**both, "required": ["en", "ja"]}, required=required)
        return None

    def table(self, name: str, *, required: bool = False, what: str = "a table") -> Table:
        if required:
            self._required.add(name)
        form = self._form.removeprefix(_ACTORS) if name in self._by_actor else self._form
        return self._tables.setdefault(name, _Questions(form, self._turn))

    def section(self, name: str) -> Table:
        return self.table(name)

    def entries(self, name: str) -> dict[str, Table]:
        return {_ANY: self.table(name).table(_ANY) or self}

    def list_of_tables(self, name: str) -> list[Table]:
        self._lists.add(name)
        return [self.table(name)]

    def raw(self, name: str) -> object:
        self._note(name, None)
        if self._form.startswith(_ACTORS):
            self._by_actor.add(name)
            return {actor.value: "" for actor in Actor}
        return {_TEXT: "", _TO: {}, _TABLE: {}}.get(self._form)


def _word(words: tuple[str, ...]) -> Schema:
    """One of some words; any text where they are the names that the file itself chooses."""
    return {"type": "string"} if _ANY in words or not words else {"enum": sorted(words)}


def _one_of(schemas: list[Schema]) -> Schema:
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas} if schemas else {}


def _merged(one: Any, other: Any) -> Any:
    """What either allows."""
    if one == other or not one:
        return other
    if not other:
        return one
    if one.get("type") == other.get("type") == "object":
        return _merged_tables(one, other)
    if "enum" in one and "enum" in other:
        return {"enum": sorted({*one["enum"], *other["enum"]})}
    several = [*(one.get("anyOf") or [one])]
    for schema in other.get("anyOf") or [other]:
        like = next((place for place, known in enumerate(several) if _alike(known, schema)), None)
        if like is None:
            several.append(schema)
        else:
            several[like] = _merged(several[like], schema)
    return _one_of(several)


def _alike(one: Schema, other: Schema) -> bool:
    """Whether two schemas are the same kind of thing, so that they become one."""
    if "enum" in one or "enum" in other:
        return "enum" in one and "enum" in other
    if one.get("type") == "array" == other.get("type"):
        return _alike(one["items"], other["items"])
    return one.get("type") == other.get("type") and one.get("pattern") == other.get("pattern")


def _merged_tables(one: Schema, other: Schema) -> Schema:
    mine, its = one["properties"], other["properties"]
    required = sorted(set(one.get("required", ())) & set(other.get("required", ())))
    return {
        "type": "object",
        "properties": {name: _merged(mine.get(name), its.get(name)) for name in (*mine, *(its.keys() - mine.keys()))},
        "additionalProperties": _merged(one["additionalProperties"], other["additionalProperties"]) or False,
        **({"required": required} if required else {}),
    }


def _optional(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {
            key: _optional(value) for key, value in schema.items() if key != "required" or not isinstance(value, list)
        }
    return [_optional(value) for value in schema] if isinstance(schema, list) else schema
