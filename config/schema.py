"""The JSON Schema of config.toml, made of the table of keys: editors complete, explain and check by it.

Only words that mean the same in draft 4 (which Taplo and with it most editors read) and in today's drafts are used.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from config.key import ANY, Key, Kind
from config.keys import ACCOUNTS, TREE, Tree
from config.texts.catalogue import Catalogue
from otosata.deals.clocks import CLOCKS
from otosata.deals.duration import Unit
from otosata.deals.platform import Platform

Schema = dict[str, object]
FILE_NAME = "config.schema.json"
"""Beside config.toml, whose first line names it."""
DRAFT = "http://json-schema.org/draft-04/schema#"
_FREE = ("rules",)
"""Below a platform, but read elsewhere: rules about mail, in the format of the platforms' files."""


def schema(platforms: Mapping[str, Platform], lang: str) -> Schema:
    """The schema for the installed platforms and their stages, described in `ja` or `en`."""
    return {
        "$schema": DRAFT,
        "title": "otosata config.toml",
        "description": Catalogue.of(lang).t("config.file_head"),
        **_Writer(platforms, lang).table(TREE, ()),
        "definitions": _definitions(),
    }


class _Writer:
    def __init__(self, platforms: Mapping[str, Platform], lang: str) -> None:
        self._platforms, self._lang = platforms, lang

    def table(self, node: Tree, path: tuple[str, ...]) -> Schema:
        """A table: the keys it may have, and what stands below the names that the user gives."""
        named: Schema = {name: self._entry(below, (*path, name)) for name, below in node.items() if name != ANY}
        found: Schema = {"type": "object", "properties": named, "additionalProperties": False}
        if ANY not in node:
            return found
        below = node[ANY]
        names = self._names(path)
        if names is None:
            found["additionalProperties"] = self._entry(below, (*path, ANY))
        else:
            for name in names:
                named[name] = self._entry(below, (*path, name))
        return found

    def _entry(self, below: "Tree | Key", path: tuple[str, ...]) -> Schema:
        if isinstance(below, Key):
            return self._key(below)
        if path == (ACCOUNTS,):
            return self._accounts(below)
        found = self.table(below, path)
        if path[:1] == ("platforms",) and len(path) == len(("platforms", ANY)):
            properties = found["properties"]
            assert isinstance(properties, dict)  # noqa: S101 - made above
            found["description"] = self._platforms[path[1]].name.of(self._lang)
            properties.update({name: {"type": "object"} for name in _FREE})
        return found

    def _accounts(self, below: Tree) -> Schema:
        item = below[ANY]
        assert isinstance(item, dict)  # noqa: S101 - the table has it so
        return {"type": "array", "items": {**self.table(item, (ACCOUNTS, ANY)), "required": ["name"]}}

    def _names(self, path: tuple[str, ...]) -> list[str] | None:
        """The names that may stand there; None: any that the user likes."""
        if path == ("platforms",):
            return list(self._platforms)
        if path[-1:] != ("stages",):
            return None
        platforms = [self._platforms[path[1]]] if path[0] == "platforms" else self._platforms.values()
        return list(dict.fromkeys(id_ for one in platforms for id_, stage in one.stages.items() if not stage.over))

    def _key(self, key: Key) -> Schema:
        found = {"description": key.text(self._lang), **_KINDS[key.kind](key)}
        return found if key.default is None else {**found, "default": key.default}


def _definitions() -> Schema:
    units, clocks = "|".join(sorted(Unit, key=len, reverse=True)), "|".join(sorted(CLOCKS))
    return {
        "span": {"type": "string", "pattern": rf"^\s*\d{{1,5}}({units})(@({clocks})|\s+waited)?\s*$"},
        "period": {"type": "string", "pattern": r"^\s*\d{1,9} ?(s|m|h|d)\s*$"},
        "clock": {"type": "string", "pattern": r"^\s*\d{1,2}:\d{2}\s*$"},
        "date": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        "hours": {"type": "string", "pattern": r"^\s*\d{1,2}:\d{2}\s*[-–〜~]\s*\d{1,2}:\d{2}\s*$"},
    }


def _ref(name: str) -> Schema:
    return {"allOf": [{"$ref": f"#/definitions/{name}"}]}  # beside a bare $ref, draft 4 reads nothing else


def _list_of(name: str) -> Schema:
    return {"type": "array", "items": {"$ref": f"#/definitions/{name}"}}


def _closed(_: Key) -> Schema:
    date = {"$ref": "#/definitions/date"}
    both: Schema = {"from": date, "to": date}
    table = {"type": "object", "properties": both, "required": ["from", "to"], "additionalProperties": False}
    return {"type": "array", "items": {"anyOf": [date, table]}}


_KINDS: Mapping[Kind, Callable[[Key], Schema]] = MappingProxyType(
    {
        Kind.TEXT: lambda _: {"type": "string"},
        Kind.TEXTS: lambda _: {"type": "array", "items": {"type": "string"}},
        Kind.CHOICE: lambda key: {"enum": list(key.allowed)},
        Kind.WHOLE: lambda key: {"type": "integer", "minimum": key.low, "maximum": key.high},
        Kind.PERIOD: lambda _: _ref("period"),
        Kind.SPAN: lambda _: _ref("span"),
        Kind.SPANS: lambda _: _list_of("span"),
        Kind.DATE: lambda _: _ref("date"),
        Kind.CLOSED: _closed,
        Kind.PATH: lambda _: {"type": "string"},
        Kind.ZONE: lambda _: {"type": "string"},
        Kind.COUNTRY: lambda _: {"type": "string"},
        Kind.HOURS: lambda _: {**_list_of("hours"), "minItems": 1},
        Kind.PROSE: lambda _: {"type": "string"},
        Kind.FLAG: lambda _: {"type": "boolean"},
        Kind.QUERY: lambda _: {"type": "string"},
        Kind.CHOICES: lambda key: {"type": "array", "items": {"enum": list(key.allowed)}},
        Kind.CLOCK: lambda _: _ref("clock"),
        Kind.NIGHT: lambda _: _ref("hours"),
    }
)
