"""Typed access to the tables of an adapter file; collects every problem with its place, not only the first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar

from adapters.located import Located
from adapters.problems import Key, Problem
from otosata.deals.clocks import CLOCKS
from otosata.deals.duration import DurationError, Span, parse_span
from otosata.deals.platform import Text

Data = dict[str, Any]
"""What TOML holds: texts, numbers, dates, lists, tables."""
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Layer:
    """A file, or one table of it, that lies over the layers before it."""

    located: Located
    data: Data
    prefix: Key = ()
    """Where `data` stands in the file (`platforms.lancers` in a configuration)."""

    def holds(self, key: Key) -> bool:
        """Whether this layer says anything at `key`."""
        value: object = self.data
        for part in key:
            entries = dict(enumerate(value)) if isinstance(value, list) else value
            if not isinstance(entries, dict) or part not in entries:
                return False
            value = entries[part]
        return True


def layer_of(located: Located) -> Layer:
    """A whole file as a layer."""
    return Layer(located, located.data)


def merge(below: Data, above: Data) -> Data:
    """Lay one table over another, key by key. What is new in it comes first, so that a user's rules are tried first."""
    merged: Data = {key: value for key, value in above.items() if key not in below}
    for key, value in below.items():
        over = above.get(key, value)
        merged[key] = merge(value, over) if isinstance(value, dict) and isinstance(over, dict) else over
    return merged


def _without(data: Data, key: Key) -> Data:
    first, rest = str(key[0]), key[1:]
    below = data.get(first)
    if rest and isinstance(below, dict):
        return {**data, first: _without(below, rest)}
    return {name: value for name, value in data.items() if rest or name != first}


class Document:
    """Layers of TOML seen as one table; knows for every key which file and line said it last."""

    def __init__(self, layers: Iterable[Layer]) -> None:
        """Lowest layer first."""
        self._layers = tuple(layers)
        self.problems: list[Problem] = []
        data: Data = {}
        for layer in self._layers:
            data = merge(data, layer.data)
        self.root = Table(self, data, ())

    @property
    def data(self) -> Data:
        """What all layers together say."""
        return self.root.data

    @property
    def files(self) -> tuple[str, ...]:
        """The files of the layers, lowest first."""
        return tuple(dict.fromkeys(layer.located.name for layer in self._layers))

    def again(self) -> "Document":
        """The same layers with no problems found yet."""
        return Document(self._layers)

    def over(self, layer: Layer) -> "Document":
        """The same with a further layer on top."""
        return Document((*self._layers, layer))

    def without(self, key: Key) -> "Document":
        """The same as if no layer said anything at `key`, a path of tables."""
        return Document(replace(layer, data=_without(layer.data, key)) for layer in self._layers)

    def report(self, key: Key, message: str, hint: str = "") -> None:
        """Note a problem with the value at `key`."""
        layer, there = self._said(key)
        self.problems.append(layer.located.problem((*layer.prefix, *there), message, hint))

    def file_of(self, key: Key) -> str:
        """The file that says what stands at `key`."""
        return self._said(key)[0].located.name

    def _said(self, key: Key) -> tuple[Layer, Key]:
        """The topmost layer that says anything at `key`, or at what is around it, and where that is."""
        for length in range(len(key), -1, -1):
            for layer in reversed(self._layers):
                if layer.holds(key[:length]):
                    return layer, key[:length]
        raise ValueError("a document without a layer says nothing")


class Table:
    """One table. Every key that is asked for becomes a known one; `finish` reports the others."""

    def __init__(self, document: Document, data: Data, key: Key) -> None:
        """`key` is where the table stands in the document."""
        self._document = document
        self._data = data
        self._known: dict[str, None] = {}
        self.key = key

    def __contains__(self, name: str) -> bool:
        """Whether the key is set; counts as asked for."""
        self._known[name] = None
        return name in self._data

    def __iter__(self) -> Iterator[str]:
        """Names of all keys, in the order of the file; they count as asked for."""
        self._known.update(dict.fromkeys(self._data))
        return iter(self._data)

    def keys_among(self, allowed: Iterable[str], complaint: str) -> list[str]:
        """Those of its keys that are allowed, in their order; of others a problem: `{name}` in the complaint."""
        words = tuple(allowed)
        for name in self:
            if name not in words:
                self.report(name, complaint.format(name=repr(name)), nearest(name, words))
        return [name for name in self if name in words]

    @property
    def data(self) -> Data:
        """Everything it holds, as it stands."""
        return self._data

    @property
    def path(self) -> str:
        """`stages.working`, for messages."""
        return ".".join(map(str, self.key))

    def report(self, name: str | None, message: str, hint: str = "") -> None:
        """Note a problem with a key of this table, or with the table itself."""
        self._document.report(self.key if name is None else (*self.key, name), message, hint)

    def file_of(self, name: str) -> str:
        """The file that says what a key of this table holds."""
        return self._document.file_of((*self.key, name))

    def finish(self) -> None:
        """Report the keys that nobody asked for."""
        for name in self._data.keys() - self._known.keys():
            where = f" in [{self.path}]" if self.key else ""
            self.report(name, f"unknown key {name!r}{where}", nearest(name, self._known))

    def _value(self, name: str, kind: type[V], what: str, required: bool) -> V | None:
        value = self._one_of(name, (kind,), what, required)
        return value if isinstance(value, kind) else None

    def _one_of(self, name: str, kinds: tuple[type, ...], what: str, required: bool) -> object:
        self._known[name] = None
        if name not in self._data:
            if required:
                self.report(None, f"[{self.path}] lacks {name!r}" if self.key else f"lacks {name!r}", f"write {what}")
            return None
        value = self._data[name]
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            self.report(name, f"{name} must be {what}, not {value!r:.60}")
            return None
        return value

    def string(self, name: str, default: str = "", *, required: bool = False) -> str:
        """A text."""
        value = self._value(name, str, "a string", required)
        return default if value is None else value

    def flag(self, name: str) -> bool | None:
        """true or false; None where it is not set."""
        return self._value(name, bool, "true or false", required=False)

    def number(self, name: str) -> int | None:
        """A whole number of 0 or more."""
        value = self._value(name, int, "a whole number", required=False)
        if value is not None and value < 0:
            self.report(name, f"{name} must not be negative")
            return None
        return value

    def day(self, name: str, *, required: bool = False) -> date | None:
        """A date such as 2026-11-21."""
        value = self._value(name, date, "a date such as 2026-11-21", required)
        return value.date() if isinstance(value, datetime) else value

    def strings(self, name: str) -> tuple[str, ...]:
        """A list of texts; a single text counts as a list of one."""
        value = self._one_of(name, (str, list), "a list of strings", required=False)
        entries = value if isinstance(value, list) else [] if value is None else [value]
        texts = tuple(entry for entry in entries if isinstance(entry, str))
        if len(texts) < len(entries):
            self.report(name, f"{name} must be a list of strings")
            return ()
        return texts

    def choice(self, name: str, allowed: Iterable[str], what: str, *, required: bool = False) -> str | None:
        """One of some words."""
        value = self.string(name, required=required)
        if not value:
            return None
        return value if self._is_one_of(name, value, tuple(allowed), what) else None

    def choices(self, name: str, allowed: Iterable[str], what: str) -> frozenset[str]:
        """Some of some words."""
        words = tuple(allowed)
        return frozenset(value for value in self.strings(name) if self._is_one_of(name, value, words, what))

    def _is_one_of(self, name: str, value: str, allowed: tuple[str, ...], what: str) -> bool:
        if value not in allowed:
            self.report(name, f"{name}: {value!r} is no {what}", nearest(value, allowed))
        return value in allowed

    def span(self, name: str, *, required: bool = False) -> Span | None:
        """A duration."""
        value = self._value(name, str, 'a duration such as "3d"', required)
        return None if value is None else self._span(name, value)

    def spans(self, name: str) -> tuple[Span, ...]:
        """A list of durations, all of which must be met."""
        spans = (self._span(name, value) for value in self.strings(name))
        return tuple(span for span in spans if span)

    def _span(self, name: str, value: str) -> Span | None:
        try:
            span = parse_span(value)
        except DurationError as error:
            self.report(name, f"{name}: {error}")
            return None
        if span.clock not in CLOCKS:
            self.report(name, f"{name}: {value!r} runs from nothing we know", nearest(span.clock, CLOCKS))
            return None
        return span

    def both(self, name: str, *, required: bool = False) -> Text | None:
        """A text in both languages: `{ ja = "…", en = "…" }`."""
        found = self.table(name, required=required, what='a table { ja = "…", en = "…" }')
        if found is None:
            return None
        return _text(found)

    def texts(self, name: str) -> tuple[Text, ...]:
        """A list of texts in both languages; a single one counts as a list of one."""
        return tuple(_text(table) for table in self.list_of_tables(name))

    def table(self, name: str, *, required: bool = False, what: str = "a table") -> "Table | None":
        """A table inside this one."""
        value = self._value(name, dict, what, required)
        return None if value is None else Table(self._document, value, (*self.key, name))

    def section(self, name: str) -> "Table":
        """A table inside this one; an empty one where it is not there."""
        return self.table(name) or Table(self._document, {}, (*self.key, name))

    def entries(self, name: str) -> "dict[str, Table]":
        """The tables of a table: `[stages.working]` of `stages`."""
        outer = self.section(name)
        found = {entry: outer.table(entry) for entry in outer}
        return {entry: table for entry, table in found.items() if table is not None}

    def list_of_tables(self, name: str) -> "list[Table]":
        """`[[samples]]`, or a single table that counts as a list of one."""
        value = self._one_of(name, (dict, list), "a table or a list of tables", required=False)
        if isinstance(value, dict):
            return [Table(self._document, value, (*self.key, name))]
        tables = []
        for place, entry in enumerate(value if isinstance(value, list) else ()):
            if isinstance(entry, dict):
                tables.append(Table(self._document, entry, (*self.key, name, place)))
            else:
                self._document.report((*self.key, name, place), f"{name}: every entry must be a table")
        return tables

    def raw(self, name: str) -> object:
        """The value as it stands; counts as asked for."""
        self._known[name] = None
        return self._data.get(name)


def _text(table: Table) -> Text:
    text = Text(table.string("ja", required=True), table.string("en", required=True))
    table.finish()
    return text


def nearest(word: str, allowed: Iterable[str]) -> str:
    """`did you mean 'subject'?`, or the list of what is allowed."""
    import difflib  # noqa: PLC0415 - only mistakes need it

    words = sorted(allowed)
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"allowed: {', '.join(words)}" if words else "nothing is allowed here"
