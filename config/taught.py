"""Where taught rules stand: in settings.toml, or in the user's own file of the platform."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from adapters.tables import Data
from adapters.teaching.build import Draft
from config.assembly import Assembly
from config.layers import PLATFORMS, RULES
from config.problems import ConfigError
from config.write import SettingsWriter, replace_file
from otosata.store.errors import ActError

_TAUGHT = re.compile(r"taught-\d{1,9}")
Arrange = Callable[[Mapping[str, Data]], dict[str, Data]]


class Place(StrEnum):
    """Which file a rule is written to."""

    SETTINGS = "settings"
    ADAPTER = "adapter"


@dataclass(frozen=True, slots=True)
class TaughtRule:
    """A rule that was taught, as it stands in its file."""

    platform: str
    id: str
    place: Place
    file: Path
    table: Data = field(repr=False)

    @property
    def name(self) -> str:
        """`lancers/taught-1`: how mails and `why` name it."""
        return f"{self.platform}/{self.id}"


class TaughtRules:
    """Lists, writes and removes them. NotWritableError and ConfigError as the writers of the configuration."""

    def __init__(self, assembly: Assembly, platforms: tuple[str, ...]) -> None:
        self._assembly, self._platforms = assembly, platforms

    def rules(self) -> tuple[TaughtRule, ...]:
        """All of them, by platform, in the order in which they are tried."""
        settings = self._assembly.places.settings_file
        return tuple(
            rule
            for platform in self._platforms
            for rule in (
                *(
                    TaughtRule(platform, name, Place.SETTINGS, settings, table)
                    for name, table in self.in_settings(platform).items()
                ),
                *self._in_adapter(platform),
            )
        )

    def in_settings(self, platform: str) -> dict[str, Data]:
        """Those of settings.toml for a platform."""
        return _rules_in(_read(self._assembly.places.settings_file).get(PLATFORMS, {}).get(platform, {}))

    def change(self, platform: str, draft: Draft, place: Place, arrange: Arrange) -> None:
        """Write a rule down; one of that name is replaced where it stands."""
        standing = next((rule for rule in self._in_adapter(platform) if rule.id == draft.id), None)
        if standing is None and place is Place.SETTINGS:
            self._settings.change_rules(platform, arrange)
            return
        file = standing.file if standing else self._own_file(platform)
        text = _text(file) if file.exists() else f'id = "{platform}"\n'
        if standing is not None:
            text = _cut(text, draft.id)
        self._write(file, f"{text.rstrip()}\n\n{_block(draft.id, draft.table)}")

    def remove(self, rule: TaughtRule) -> None:
        """Take a rule out of its file."""
        if rule.place is Place.ADAPTER:
            self._write(rule.file, _cut(_text(rule.file), rule.id))
            return

        def without(taught: Mapping[str, Data]) -> dict[str, Data]:
            return {name: table for name, table in taught.items() if name != rule.id}

        self._settings.change_rules(rule.platform, without)

    @property
    def _settings(self) -> SettingsWriter:
        assembly = self._assembly
        return SettingsWriter(assembly.options, assembly.environ, assembly.platforms)

    def _own_file(self, platform: str) -> Path:
        """The user's file that lies over the platform, or is it."""
        folder = self._assembly.places.adapters_dir
        for file in sorted(folder.glob("*.toml")):
            if _read(file).get("id", file.stem) == platform:
                return file
        return folder / f"{platform}.toml"

    def _in_adapter(self, platform: str) -> Iterator[TaughtRule]:
        for file in sorted(self._assembly.places.adapters_dir.glob("*.toml")):
            data = _read(file)
            if data.get("id", file.stem) == platform:
                for name, table in _rules_in(data).items():
                    yield TaughtRule(platform, name, Place.ADAPTER, file, table)

    def _write(self, file: Path, text: str) -> None:
        """Write the user's file; as it was, where the program does not understand the new one."""
        from config.assembly import assemble  # noqa: PLC0415 - tries the file out

        before = _text(file) if file.exists() else None
        replace_file(file, text)
        try:
            assemble(self._assembly.options, self._assembly.environ)
        except ConfigError:
            if before is None:
                file.unlink(missing_ok=True)
            else:
                replace_file(file, before)
            raise


def _rules_in(data: Data) -> dict[str, Data]:
    rules = data.get(RULES, {})
    return {name: table for name, table in rules.items() if _TAUGHT.fullmatch(name)} if isinstance(rules, dict) else {}


def _read(file: Path) -> Data:
    try:
        return tomllib.loads(_text(file))
    except (OSError, ValueError):
        return {}  # whoever assembles the program says what is wrong with it


def _text(file: Path) -> str:
    return file.read_text("utf-8-sig")


def _block(identity: str, table: Data) -> str:
    """The rule as it is appended to a file of the user's."""
    import tomli_w  # noqa: PLC0415 - only where something is written

    return tomli_w.dumps({RULES: {identity: table}}).replace(f"[{RULES}]\n", "").lstrip("\n")


def _cut(text: str, identity: str) -> str:
    """The file without that rule; comments before the next table stay. ActError: it is written in another form."""
    mine = re.compile(rf"\s*\[\[?\s*{RULES}\s*\.\s*[\"']?{re.escape(identity)}[\"']?\s*(?:\.[^\]]*)?\]\]?\s*(?:#.*)?")
    kept: list[str] = []
    comments: list[str] = []
    inside = False
    for line in text.splitlines(keepends=True):
        if line.lstrip().startswith("["):
            inside = mine.fullmatch(line.rstrip("\n")) is not None
            kept += [] if inside else comments
            comments.clear()
        elif inside and line.lstrip()[:1] in ("", "#"):
            comments.append(line)
            continue
        elif inside:
            comments.clear()
        if not inside:
            kept.append(line)
    found = "".join((*kept, *comments))
    wanted = tomllib.loads(text)
    wanted.get(RULES, {}).pop(identity, None)
    left = tomllib.loads(found)
    if wanted not in (left, {**left, RULES: {}}):
        raise ActError(f"the rule {identity} is not written as the program writes it", "take it out with an editor")
    return found
