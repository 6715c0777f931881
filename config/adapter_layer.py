"""The lowest layer of the configuration: what the platforms' own files say of thresholds."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from adapters.located import Located, load_located
from adapters.problems import LocatedError
from adapters.registry import built_in_path
from config.keys import find
from config.layers import KeyPath, Value, Values
from config.places import Places
from config.problems import Origin
from otosata.adapter import Adapter
from otosata.deals.duration import Span
from otosata.deals.platform import LimitRule, Platform, Row
from otosata.deals.vocabulary import Level


def adapter_values(adapters: Iterable[Adapter]) -> Values:
    """Every threshold of every platform, under the key that would change it."""
    found: Values = {}
    for adapter in adapters:
        origin = Origin("adapter", name=f"{adapter.id}.toml")
        for path, raw, value in _platform(adapter.platform):
            key = find(path)
            if key is not None:
                found[path] = Value(path, key, raw, value, origin)
    return found


def with_adapters(values: Mapping[KeyPath, Value], adapters: Iterable[Adapter], places: Places) -> Values:
    """The configuration's values with what they override in the adapters, and the adapters' others."""
    below: Values = {}
    for adapter in adapters:
        files = tuple(_files(adapter.id, places))
        own = adapter_values((adapter,))
        below |= {path: replace(value, origin=_place(path, files)) for path, value in own.items()}
    merged = {path: _over(value, below.get(path)) for path, value in values.items()}
    return {**merged, **{path: value for path, value in below.items() if path not in merged}}


def _over(value: Value, lowest: Value | None) -> Value:
    if lowest is None:
        return value
    return replace(value, overrides=lowest if value.overrides is None else _over(value.overrides, lowest))


def _platform(platform: Platform) -> Iterator[tuple[KeyPath, object, object]]:
    base: KeyPath = ("platforms", platform.id)
    for name, stage in platform.stages.items():
        if stage.over:
            continue
        yield from _row((*base, "stages", name), stage.row, stage.limit)
        for who, row in stage.rows.items():
            yield from _row((*base, "stages", name, who), row)
    if platform.asked is not None:
        yield from _row((*base, "asked"), platform.asked)
    if platform.deal_limit is not None:
        yield from _row((*base, "deal_limit"), platform.deal_limit.row, platform.deal_limit.limit)


def _row(path: KeyPath, row: Row, limit: LimitRule | None = None) -> Iterator[tuple[KeyPath, object, object]]:
    for levels, suffix in ((row.elapsed, ""), (row.before, "_before")):
        for level in Level:
            if level in levels:
                yield _listed((*path, f"{level.word}{suffix}"), levels[level])
    if row.stale:
        yield _listed((*path, "stale"), row.stale)
    rule = row.limit or limit
    if rule is not None:
        yield (*path, "limit"), str(rule.span), rule.span


def _listed(path: KeyPath, spans: tuple[Span, ...]) -> tuple[KeyPath, object, object]:
    return path, [str(span) for span in spans], spans


def _place(path: KeyPath, files: Iterable[tuple[Path, Located]]) -> Origin:
    """Where the adapter's file says it; the file alone for what the user's and the shipped one say together."""
    inside = (path[2], path[3], "rows", *path[4:]) if len(path) == _SUB_ROW else path[2:]
    for file, located in files:
        if _holds(located.data, inside):
            return Origin("adapter", file, *located.where(inside))
    return Origin("adapter", name=f"{path[1]}.toml")


def _files(adapter: str, places: Places) -> Iterator[tuple[Path, Located]]:
    """The user's own file, then the one that was shipped."""
    for file in (places.adapters_dir / f"{adapter}.toml", built_in_path(adapter)):
        with suppress(OSError, LocatedError):  # not there; a broken one was told already
            yield file, load_located(file)


_SUB_ROW = 6
"""Parts of a path such as `platforms.lancers.stages.working.asked.warn`."""


def _holds(data: object, path: KeyPath) -> bool:
    for part in path:
        if not isinstance(data, dict) or part not in data:
            return False
        data = data[part]
    return True
