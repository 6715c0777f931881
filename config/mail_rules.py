"""Rules about mail in the configuration (`[platforms.lancers.rules.…]`): read with the adapters they lie over."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adapters.located import load_located
from adapters.problems import LocatedError
from adapters.tables import Layer
from config.places import Places

PLATFORMS, RULES = "platforms", "rules"


def rule_layers(places: Places) -> dict[str, tuple[Layer, ...]]:
    """What config.toml and, over it, settings.toml say about mail, by platform.

    A file that cannot be read says nothing here: the configuration reports it.
    """
    found: defaultdict[str, tuple[Layer, ...]] = defaultdict(tuple)
    for file in (places.config_file, places.settings_file):
        for platform, layer in _layers(file).items():
            found[platform] += (layer,)
    return dict(found)


def _layers(file: Path) -> dict[str, Layer]:
    try:
        text = file.read_text("utf-8-sig")
        if RULES not in text:  # most files: not read twice
            return {}
        located = load_located(text, str(file))
    except (OSError, ValueError, LocatedError):
        return {}
    tables = located.data.get(PLATFORMS)
    return {
        platform: Layer(located, {RULES: table[RULES]}, (PLATFORMS, platform))
        for platform, table in (tables.items() if isinstance(tables, dict) else ())
        if isinstance(table, dict) and RULES in table
    }


def without_rules(data: Mapping[str, Any]) -> dict[str, Any]:
    """What is left of a file for the configuration's own reader."""
    tables = data.get(PLATFORMS)
    if not isinstance(tables, dict):
        return dict(data)
    bare = {
        platform: {key: value for key, value in table.items() if key != RULES} if isinstance(table, dict) else table
        for platform, table in tables.items()
    }
    return {**data, PLATFORMS: bare}
