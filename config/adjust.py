"""What can be set while the program runs: each setting, who says so, and what another value would change today."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from config.adapter_layer import adapter_values
from config.assembly import Assembly
from config.inline import inline
from config.key import Key, Kind
from config.keys import find
from config.layers import KeyPath, Value, dotted
from config.write import SettingsWriter
from otosata.deals.event import Deal, Ledger
from otosata.deals.levels import stale_at
from otosata.deals.platform import Platform
from otosata.deals.reading import Reading, Rules, read
from otosata.deals.view import level, look
from otosata.deals.vocabulary import Level

GENERAL: tuple[KeyPath, ...] = (
    ("language",),
    ("screen", "theme"),
    ("screen", "plain"),
    ("interval",),
    ("stale_after",),
    ("look_back",),
)
CALENDAR: tuple[KeyPath, ...] = (
    ("calendar", "timezone"),
    ("calendar", "country"),
    ("calendar", "closed"),
    ("calendar", "working_hours"),
)
_ABOVE_FILES = ("environment", "option")
"""Layers that settings.toml cannot win against."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One key and what is said of it."""

    path: KeyPath
    key: Key
    value: Value | None
    """With all that it overrides; None: nobody says anything."""

    @property
    def dotted(self) -> str:
        """`platforms.lancers.stages.working.warn`"""
        return dotted(self.path)

    @property
    def text(self) -> str:
        """What is in force, in TOML; empty where nobody says anything. Bare words of choices stand without quotes."""
        return _text(self.value)

    @property
    def own(self) -> Value | None:
        """What settings.toml says, whether or not it is in force."""
        value = self.value
        while value is not None and value.origin.layer != "settings":
            value = value.overrides
        return value

    @property
    def typed(self) -> str:
        """The same as a user types it: `5d, 3bd`."""
        return as_typed(self.value)

    @property
    def example(self) -> str:
        """A value as a user might type it; empty where the table of keys has none."""
        example = self.key.example
        return example.strip("[]").replace('"', "") if self.key.kind in _LISTS else example.strip('"')

    @property
    def beneath(self) -> str:
        """What would be in force if settings.toml said nothing, in TOML."""
        own = self.own
        return _text(own.overrides if own else self.value)

    @property
    def is_overruled(self) -> bool:
        """Whether a variable of the environment or an option is in force, whatever settings.toml says."""
        return self.value is not None and self.value.origin.layer in _ABOVE_FILES


_LISTS = (Kind.SPANS, Kind.TEXTS, Kind.HOURS)
"""Kinds whose lists of words are typed without brackets and quotes."""


def as_typed(value: Value | None) -> str:
    """A value as a user types it; empty where there is none."""
    if value is not None and value.key.kind in _LISTS and isinstance(value.raw, list | tuple) and value.raw:
        return ", ".join(str(item) for item in value.raw)
    return _text(value)


def as_toml(key: Key, typed: str) -> str | None:
    """What was typed, in TOML; None where nothing was: then settings.toml shall say nothing of it."""
    words = typed.strip()
    if not words:
        return None
    if key.kind in _LISTS and not words.startswith("["):
        return inline([word.strip() for word in words.split(",") if word.strip()])
    return words


def _text(value: Value | None) -> str:
    if value is None:
        return ""
    return value.raw if isinstance(value.raw, str) else inline(value.raw)


@dataclass(frozen=True, slots=True)
class Section:
    """Settings that belong together. Of a platform's stage: which."""

    name: str
    """`general`, `calendar`, `keys`, `stage`, `asked` or `deal_limit`."""
    settings: tuple[Setting, ...]
    platform: Platform | None = None
    stage: str = ""


def sections(assembly: Assembly, actions: Iterable[str]) -> Iterator[Section]:
    """Everything that can be set in the app. `actions`: the names of what keys can be bound to."""
    known = {**adapter_values(assembly.found.adapters), **_laid(assembly)}
    yield Section("general", tuple(_setting(path, known) for path in GENERAL))
    yield Section("calendar", tuple(_setting(path, known) for path in CALENDAR))
    for platform in assembly.platforms.values():
        yield from _thresholds(platform, known)
    yield Section("keys", tuple(_setting(("keys", action), known) for action in actions))


def _laid(assembly: Assembly) -> Mapping[KeyPath, Value]:
    """The configuration's values, each lying over what the platform's file says."""
    from config.adapter_layer import with_adapters  # noqa: PLC0415 - reads the files again, for their lines

    return with_adapters(assembly.loaded.values, assembly.found.adapters, assembly.places)


def _setting(path: KeyPath, known: Mapping[KeyPath, Value]) -> Setting:
    key = find(path)
    if key is None:
        raise KeyError(dotted(path))
    return Setting(path, key, known.get(path))


def _thresholds(platform: Platform, known: Mapping[KeyPath, Value]) -> Iterator[Section]:
    base = ("platforms", platform.id)
    for name, stage in platform.stages.items():
        found = _below((*base, "stages", name), known)
        if found and not stage.over:
            yield Section("stage", found, platform, name)
    for name in ("asked", "deal_limit"):
        if found := _below((*base, name), known):
            yield Section(name, found, platform)


def _below(start: KeyPath, known: Mapping[KeyPath, Value]) -> tuple[Setting, ...]:
    return tuple(_setting(path, known) for path in known if path[: len(start)] == start)


# ---------------------------------------------------------------------------------------------- what would change


@dataclass(frozen=True, slots=True)
class Shift:
    """A deal that would read differently right now."""

    deal: Deal
    before: Reading
    after: Reading


Alike = dict[tuple[int, int], tuple[Platform, Platform, bool]]
"""By their places in memory, two platforms and whether they are the same.

They are kept, so that no place is used again: a deal with thresholds of its own has a platform made for it alone.
"""


def shifts(
    assembly: Assembly, changes: Iterable[tuple[str, str]], ledgers: Sequence[Ledger], now: datetime
) -> tuple[Shift, ...]:
    """The open deals whose level would be another with (dotted key, value in TOML) pairs laid over everything; the
    loudest first. Raises ConfigError: what does not fit.
    """
    tried = assembly.trying(changes)
    alike: Alike = {}
    found = []
    for ledger in ledgers:
        current, other = assembly.rules(ledger.deal, now), tried.rules(ledger.deal, now)
        if current is None or other is None or _same(current, other, alike):
            continue
        if _loudness(ledger, current, now) == _loudness(ledger, other, now):
            continue
        before, after = read(ledger, current, now), read(ledger, other, now)
        if not before.is_over and (before.level, before.stale) != (after.level, after.stale):
            found.append(Shift(ledger.deal, before, after))
    return tuple(sorted(found, key=lambda shift: (-max(shift.before.level, shift.after.level), shift.deal.id)))


def _loudness(ledger: Ledger, rules: Rules, now: datetime) -> tuple[Level, bool]:
    """The level, and whether the deal is treated as lost: all that a shift is about, at a third of a reading's cost."""
    view = look(ledger, rules.platform, rules.calendar, now, rules.due)
    lost = stale_at(view.row, view.clocks, rules.calendar)
    return level(view, now), lost is not None and lost <= now


def _same(one: Rules, other: Rules, alike: Alike) -> bool:
    """Whether both read alike; platforms are compared once for all the deals that share them."""
    pair = (id(one.platform), id(other.platform))
    if pair not in alike:
        alike[pair] = (one.platform, other.platform, one.platform == other.platform)
    return alike[pair][2] and one.calendar == other.calendar and one.due == other.due


# ---------------------------------------------------------------------------------------------- writing


@dataclass(frozen=True, slots=True)
class Step:
    """A change that was made, and what takes it back."""

    key: str
    before: str | None
    """What settings.toml said, in TOML; None: nothing."""
    after: str | None


def change(setting: Setting, text: str | None, writer: SettingsWriter) -> Step:
    """Let settings.toml say `text` (TOML; None: nothing). Raises ConfigError, NotWritableError: nothing is changed."""
    own = setting.own
    step = Step(setting.dotted, inline(own.raw) if own else None, text)
    apply(step.key, text, writer)
    return step


def apply(key: str, text: str | None, writer: SettingsWriter) -> None:
    """Write a value, or take it out. Raises as `change`."""
    if text is None:
        writer.unset(key)
    else:
        writer.set(key, text)
