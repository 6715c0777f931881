"""One layer of the configuration (a file, the environment, the options) as a flat table of values with their origin."""

import ast
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.located import Located, load_located
from adapters.problems import LocatedError, Problem
from config import kinds
from config.key import ANY, Key, Kind
from config.keys import ACCOUNTS, KEYS, TREE, Tree, find
from config.moved import Moved, moved
from config.problems import DEFAULT, Bad, Collector, Origin, Sentence, SeveralBad
from config.problems import Problem as ConfigProblem

if TYPE_CHECKING:
    from config.texts.catalogue import Catalogue

KeyPath = tuple[str, ...]
RawPath = tuple[str | int, ...]
PREFIX = "OTOSATA__"
PLATFORMS, RULES = "platforms", "rules"
_BARE_KINDS = frozenset({Kind.TEXT, Kind.CHOICE, Kind.PATH, Kind.ZONE, Kind.COUNTRY, Kind.DATE})
"""Kinds that are written without quotes in the environment and on the command line."""
_TWICE = re.compile(r"Cannot declare (\(.*\)) twice", re.DOTALL)
_HALF_WIDTH = {
    "\u3000": " ",
    **dict.fromkeys("\u201c\u201d", '"'),
    **dict.fromkeys("\u2018\u2019", "'"),
    **{chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)},
}
"""What a Japanese keyboard writes while it is not switched to half width; TOML knows none of it outside of texts."""
_PLACE = re.compile(r"\[\d+\]")
"""Stands for the name of an account that has none of its own: its place in the file."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the configuration: as it is written, as the program uses it, and where it comes from."""

    path: KeyPath
    key: Key
    raw: object
    """As TOML has it."""
    value: object
    """As the program uses it."""
    origin: Origin = DEFAULT
    overrides: "Value | None" = None
    """What the layer below says."""

    @property
    def dotted(self) -> str:
        """`calendar.timezone`."""
        return dotted(self.path)


Values = dict[KeyPath, Value]


@dataclass(frozen=True, slots=True)
class Layer:
    """What one layer says."""

    values: Values
    accounts: tuple[tuple[str, Origin], ...] = ()
    """Accounts it names, in order, each with its place."""
    failed: frozenset[KeyPath] = frozenset()
    """Keys whose value did not read: no conclusion is drawn from their absence."""
    file: Path | None = None
    """The file it was read from."""
    tables: Mapping[KeyPath, Origin] = field(default_factory=dict)
    """Where each of its tables begins."""


def dotted(path: Iterable[str | int]) -> str:
    """A path for people: `deals."lancers 3".warn`, `accounts.main.host`, `calendar.closed[1]`."""
    text = ""
    for part in path:
        if isinstance(part, int) or _PLACE.fullmatch(part):
            text += f"[{part}]" if isinstance(part, int) else part
        else:
            plain = part and all(c.isascii() and (c.isalnum() or c in "_-") for c in part)
            quoted = "".join(c if c.isprintable() else "?" for c in part)
            text += ("." if text else "") + (part if plain else f'"{quoted}"')
    return text


def read_file(file: Path, layer: str, problems: Collector, text: str | None = None) -> Layer:
    """Read a TOML file (or `text` in its place); whatever is wrong becomes a problem. No file says nothing."""
    try:
        located = load_located(file) if text is None else load_located(text, str(file))
    except FileNotFoundError:
        return Layer({})
    except OSError as error:
        problems.add("unreadable_file", Origin(layer, file), "", reason=error.strerror or str(error))
        return Layer({})
    except LocatedError as error:
        broken = _readable(file) if text is None else text
        problems.know(file, broken)
        for found in error.problems:
            _tell_broken(Origin(layer, file, found.line, found.column), found, broken, problems)
        return Layer({}, file=file)
    problems.know(file, located.text)
    walker = _Walker(problems, lambda path: _place(layer, file, located, path))
    walker.walk(TREE, _without_rules(located.data), (), ())
    return replace(walker.layer(), file=file)


def _tell_broken(origin: Origin, found: Problem, text: str, problems: Collector) -> None:
    if twice := _TWICE.search(found.message):
        path: KeyPath = ast.literal_eval(twice[1])  # the repr of a tuple of texts, made by tomllib
        problems.add("table_twice", origin, dotted(path), name=dotted(path))
        return
    wide = text.split("\n")[found.line - 1][found.column - 1 : found.column]
    if plain := _HALF_WIDTH.get(wide):
        problems.add("full_width", origin, "", wide=wide if wide.isprintable() else f"U+{ord(wide):04X}", plain=plain)
    else:
        problems.add("not_toml", origin, "", reason=Sentence(found.message))


def _readable(file: Path) -> str:
    """As much of a broken file as can be shown."""
    try:
        return file.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError:
        return ""


def _without_rules(data: Mapping[str, Any]) -> dict[str, Any]:
    """What is left of a file without its rules about mail, which are read with the adapters they lie over."""
    tables = data.get(PLATFORMS)
    if not isinstance(tables, dict):
        return dict(data)
    bare = {
        platform: {key: value for key, value in table.items() if key != RULES} if isinstance(table, dict) else table
        for platform, table in tables.items()
    }
    return {**data, PLATFORMS: bare}


def _place(layer: str, file: Path, located: Located, path: RawPath) -> Origin:
    return Origin(layer, file, *located.where(path))


def read_environment(environ: Mapping[str, str], known_accounts: Iterable[str], problems: Collector) -> Layer:
    """Read `OTOSATA__SECTION__KEY` variables."""
    found = sorted((name, text) for name, text in environ.items() if name.startswith(PREFIX))
    names = {_folded(name): name for name in known_accounts}
    texts = ((name, _environment_path(name, names), text) for name, text in found)
    return _read_texts("environment", texts, problems)


def read_options(overrides: Iterable[tuple[str, str]], problems: Collector) -> Layer:
    """Read (dotted key, value) pairs of the command line."""
    return _read_texts("option", ((key, split_key(key), text) for key, text in overrides), problems)


def unknown_part(key: str, catalogue: "Catalogue") -> ConfigProblem | None:
    """What is wrong with a dotted key that no value can be written at; None where one can, or below it."""
    problems = Collector(catalogue)
    read_options(((key, ""),), problems)
    return next((found for found in problems.problems if found.code == "unknown_key"), None)


def split_key(text: str) -> KeyPath:
    """`deals."lancers 3".warn` → its parts, by TOML's rules; the text itself where it follows none."""
    try:
        node: object = tomllib.loads(f"{text} = 0")
    except (ValueError, RecursionError):
        return _split_plainly(text)
    parts: list[str] = []
    while isinstance(node, dict) and len(node) == 1:
        ((part, node),) = node.items()
        parts.append(part)
    return tuple(parts) if node == 0 else (text,)


def _split_plainly(text: str) -> KeyPath:
    """`clients.青空商店.warn`: a shell leaves no quotes, and where TOML wants some there is one way to read it."""
    parts = tuple(text.split("."))
    plain = all(part and part == part.strip() and not set(part) & set("\"'\\=#[]") for part in parts)
    return parts if plain else (text,)


def parse_text(text: str, key: Key | None) -> object:
    """A value from the environment or the command line: TOML; a bare word is a string."""
    try:
        document = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):  # a ValueError of its own: a number of thousands of digits
        return text
    value: object = document["value"]
    if len(document) != 1:
        return text
    if key is not None and key.kind in _BARE_KINDS and isinstance(value, int | float | bool):
        return text  # a user called 12345 is still a text
    return value


def _environment_path(name: str, accounts: Mapping[str, str]) -> KeyPath:
    """`OTOSATA__DEALS__LANCERS_3__WARN` → `deals`, `lancers-3`, `warn`: names there have no case and no hyphen."""
    parts = name.removeprefix(PREFIX).lower().split("__")
    if len(parts) > 1 and parts[0] == "deals":
        parts[1] = parts[1].replace("_", "-")
    elif len(parts) > 1 and parts[0] == ACCOUNTS:
        parts[1] = accounts.get(_folded(parts[1]), parts[1])
    return tuple(parts)


def _folded(name: str) -> str:
    return name.casefold().replace("-", "_")


def _read_texts(layer: str, texts: Iterable[tuple[str, KeyPath, str]], problems: Collector) -> Layer:
    values: Values = {}
    accounts: list[tuple[str, Origin]] = []
    failed: set[KeyPath] = set()
    for name, path, text in texts:
        walker = _Walker(problems, _always(Origin(layer, name=name)))
        walker.walk(TREE, _nested(path, text), (), ())
        found = walker.layer()
        values.update(found.values)
        accounts += found.accounts
        failed |= found.failed
    return Layer(values, tuple(accounts), frozenset(failed))


def _always(origin: Origin) -> Callable[[RawPath], Origin]:
    return lambda _: origin


def _nested(path: KeyPath, text: str) -> dict[str, object]:
    """The document that a single key and its value stand for; accounts as the array of tables they are in a file."""
    node: Tree | Key | None = TREE
    for part in path:
        node = node.get(part, node.get(ANY)) if isinstance(node, dict) else None
    value = parse_text(text, node if isinstance(node, Key) else None)
    for part in reversed(path):
        value = {part: value}
    document: dict[str, object] = value if isinstance(value, dict) else {}
    below = document.get(ACCOUNTS)
    if isinstance(below, dict):
        account_list = [{"name": name, **keys} for name, keys in below.items() if isinstance(keys, dict)]
        document = {ACCOUNTS: account_list or below}
    return document


class _Walker:
    """Walks over a document and the table of keys side by side."""

    def __init__(self, problems: Collector, place: Callable[[RawPath], Origin]) -> None:
        self._problems = problems
        self._place = place
        self._values: Values = {}
        self._accounts: dict[str, Origin] = {}
        self._failed: set[KeyPath] = set()
        self._tables: dict[KeyPath, Origin] = {}

    def layer(self) -> Layer:
        accounts, failed = tuple(self._accounts.items()), frozenset(self._failed)
        return Layer(self._values, accounts, failed, tables=self._tables)

    def walk(self, node: Tree, document: Mapping[str, object], path: KeyPath, raw_path: RawPath) -> None:
        for name, raw in document.items():
            below = node.get(name, node.get(ANY))
            here, there = (*path, name), (*raw_path, name)
            if below is None and (old := moved(here)) is not None:
                self._moved(old, raw, document, there)
            elif below is None:
                self._unknown(node, here, there)
            elif isinstance(below, Key):
                self._leaf(below, raw, here, there)
            elif here == (ACCOUNTS,):
                self._walk_accounts(below, raw, there)
            elif isinstance(raw, dict):
                self._tables[here] = self._place(there)
                self.walk(below, raw, here, there)
            else:
                self._problems.add("not_table", self._place(there), dotted(here), example=_example_below(here, below))

    def _leaf(self, key: Key, raw: object, path: KeyPath, raw_path: RawPath) -> None:
        try:
            value = kinds.read(key, raw)
        except (Bad, SeveralBad) as error:
            self._failed.add(path)
            for bad in error.bads if isinstance(error, SeveralBad) else (error,):
                self._problems.add(bad.code, self._place((*raw_path, *bad.at)), dotted((*path, *bad.at)), **bad.values)
        else:
            self._values[path] = Value(path, key, raw, value, self._place(raw_path))

    def _walk_accounts(self, below: Tree, raw: object, raw_path: RawPath) -> None:
        node = below[ANY]
        if not isinstance(raw, list) or not all(isinstance(item, dict) for item in raw) or isinstance(node, Key):
            self._problems.add("accounts_not_array", self._place(raw_path), ACCOUNTS)
            return
        for place, account in enumerate(raw):
            there = (*raw_path, place)
            name = account.get("name")
            if not isinstance(name, str) or not name:
                name = f"[{place}]"
                if "name" not in account:
                    self._problems.add("account_without_name", self._place(there), dotted((ACCOUNTS, place)))
            elif name in self._accounts:
                first = self._accounts[name]
                self._problems.add(
                    "duplicate_account",
                    self._place((*there, "name")),
                    dotted((ACCOUNTS, place)),
                    name=name,
                    first=str(first),
                )
                name = f"[{place}]"
            self._accounts[name] = self._place(there)
            self.walk(node, account, (ACCOUNTS, name), there)

    def _moved(self, old: Moved, raw: object, document: Mapping[str, object], raw_path: RawPath) -> None:
        """Read a key of an earlier notation as the one it has become; where both are written the new one counts."""
        key, now = find(old.new), old.convert(raw)
        example = f"{old.new[-1]} = {kinds.shown(now)}"
        self._problems.warn("old_key", self._place(raw_path), dotted(old.old), now=dotted(old.new), example=example)
        if key is not None and old.new[-1] not in document:
            self._leaf(key, now, old.new, raw_path)

    def _unknown(self, node: Tree, path: KeyPath, raw_path: RawPath) -> None:
        valid = sorted(node)
        near = kinds.nearest(path[-1], valid) or _elsewhere(path[-1])
        likely = f"did you mean {near}?" if near else f"there are: {', '.join(valid)}"
        self._problems.add("unknown_key", self._place(raw_path), dotted(path), likely=Sentence(likely))


def _elsewhere(name: str) -> str:
    """The full path of a key of that name, for one that was written at the wrong level."""
    return next((dotted(key.path) for key in KEYS if key.name == name and ANY not in key.path), "")


def _example_below(path: KeyPath, below: Tree) -> str:
    """`[calendar]`: how the table is opened."""
    name = "…" if ANY in below else ""
    return f"[{dotted(path)}{'.' + name if name else ''}]"
