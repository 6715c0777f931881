"""The layers laid over one another: defaults, files, environment, options; every problem in one run."""

import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from config import kinds, layers
from config.build import build
from config.checks import Written, check
from config.include import INCLUDE, folders_of, included
from config.key import ANY
from config.keys import ACCOUNTS, KEYS
from config.layers import Layer, Value, Values
from config.model import Settings
from config.notify_keys import CHANNELS
from config.places import NO_OPTIONS, Options, Places, find_places
from config.problems import Collector, ConfigError, Origin, Problem
from config.texts.catalogue import Catalogue, language
from otosata.deals.platform import Platform

_LANGUAGE = re.compile(r"""^[ \t]*language[ \t]*=[ \t]*["'](\w+)["']""", re.MULTILINE)
_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration that can be used, and where everything in it comes from."""

    settings: Settings
    values: Mapping[tuple[str, ...], Value]
    """Every value by path, defaults included; each knows its origin and what it overrode."""
    places: Places
    catalogue: Catalogue
    """The texts in the language that was found."""
    warnings: tuple[Problem, ...] = ()
    """What works, but should be written otherwise."""
    files: tuple[Path, ...] = ()
    """The files that were read, those of `include` among them."""
    folders: tuple[Path, ...] = ()
    """Where a pattern of `include` may find further files."""


def load(
    options: Options = NO_OPTIONS,
    environ: Mapping[str, str] = os.environ,
    platforms: Mapping[str, Platform] | None = None,
    *,
    settings_text: str | None = None,
    config_text: str | None = None,
) -> Loaded:
    """Read the configuration; no file at all is fine. ConfigError: all that is wrong with it, with places.

    `platforms`: the adapters', to check names and thresholds against; None: not checked.
    `settings_text` and `config_text` are tried out in place of settings.toml and config.toml.
    """
    places = find_places(options, environ)
    catalogue = Catalogue.of(early_language(options, places, environ))
    problems = Collector(catalogue)
    if places.named and config_text is None and not os.path.lexists(places.config_file):
        problems.add("no_such_file", Origin("config", places.config_file), "", named=places.named)
    found = tuple(_layers(options, places, environ, problems, (config_text, settings_text)))
    accounts = _account_order(found)
    values = _merge(found, accounts)
    settings = build(values, tuple(accounts))
    failed = frozenset[tuple[str, ...]]().union(*(layer.failed for layer in found))
    tables = {(layer.file, path): origin for layer in found for path, origin in layer.tables.items()}
    check(settings, Written(values, accounts, failed, tables), platforms, problems)
    if problems.problems:
        raise ConfigError(problems.problems)
    files = tuple(layer.file for layer in found if layer.file is not None)
    folders = tuple(folder for layer in found for folder in folders_of(layer))
    return Loaded(settings, values, places, catalogue, problems.warnings, files, folders)


def early_language(options: Options, places: Places, environ: Mapping[str, str]) -> str:
    """The language for the problems of a configuration that is not read yet."""
    configured = environ.get(f"{layers.PREFIX}LANGUAGE", "")
    for file in (places.settings_file, places.config_file):
        configured = configured or _language_in(file)
    return language(options.lang, configured, environ)


def _language_in(file: Path) -> str:
    """What a file says of the language. A broken one is about to be reported: in that language, if it can be seen."""
    try:
        text = file.read_text("utf-8-sig", errors="replace")
    except OSError:
        return ""
    try:
        return str(tomllib.loads(text).get("language", ""))
    except (ValueError, RecursionError):
        found = _LANGUAGE.search(_TABLE.split(text, 1)[0])
        return found[1] if found else ""


def _layers(
    options: Options,
    places: Places,
    environ: Mapping[str, str],
    problems: Collector,
    texts: tuple[str | None, str | None],
) -> Iterator[Layer]:
    """Lowest first. `texts`: what stands in place of the two files."""
    files = [
        *included(places.config_file, problems, texts[0]),
        layers.read_file(places.settings_file, "settings", problems, texts[1]),
    ]
    known = [name for layer in files for name, _ in layer.accounts]
    found = (
        *files,
        layers.read_environment(environ, known, problems),
        layers.read_options(options.overrides, problems),
    )
    for layer in found[len(files) - 1 :]:
        if value := layer.values.get(INCLUDE):
            problems.add("include_elsewhere", value.origin, value.dotted)
    yield from found


def _account_order(found: tuple[Layer, ...]) -> dict[str, Origin]:
    """Accounts in the order they are first written, each with that place."""
    order: dict[str, Origin] = {}
    for layer in found:
        for name, origin in layer.accounts:
            order.setdefault(name, origin)
    return order


def _merge(found: tuple[Layer, ...], accounts: Mapping[str, Origin]) -> Values:
    channels = dict.fromkeys(path[1] for layer in found for path in layer.values if path[0] == CHANNELS)
    merged = _defaults({ACCOUNTS: accounts, CHANNELS: channels})
    for layer in found:
        for path, value in layer.values.items():
            merged[path] = replace(value, overrides=merged.get(path))
    return merged


def _defaults(named: Mapping[str, Iterable[str]]) -> Values:
    """The defaults of every key that has one: general keys, and those of each account and channel."""
    values: Values = {}
    for key in KEYS:
        if key.default is None:
            continue
        if key.path[0] in named:
            paths: list[tuple[str, ...]] = [(key.path[0], name, key.name) for name in named[key.path[0]]]
        elif ANY not in key.path:
            paths = [key.path]
        else:
            continue
        for path in paths:
            values[path] = Value(path, key, key.default, kinds.read(key, key.default))
    return values
