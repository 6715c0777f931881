"""Rules about mail in the configuration (`[platforms.lancers.rules.…]`): read with the adapters they lie over."""

from collections import defaultdict
from pathlib import Path

from adapters.located import load_located
from adapters.problems import LocatedError
from adapters.tables import Layer
from config.include import INCLUDE, included
from config.layers import PLATFORMS, RULES
from config.places import Places
from config.problems import Collector
from config.texts.catalogue import Catalogue


def rule_layers(places: Places) -> dict[str, tuple[Layer, ...]]:
    """What config.toml with what it includes and, over it, settings.toml say about mail, by platform.

    A file that cannot be read says nothing here: the configuration reports it.
    """
    found: defaultdict[str, tuple[Layer, ...]] = defaultdict(tuple)
    for file in (*_with_included(places.config_file), places.settings_file):
        for platform, layer in _layers(file).items():
            found[platform] += (layer,)
    return dict(found)


def _with_included(file: Path) -> tuple[Path, ...]:
    try:
        if INCLUDE[0] not in file.read_text("utf-8-sig"):  # most files: not read twice
            return (file,)
    except (OSError, ValueError):
        return ()
    layers = included(file, Collector(Catalogue.of("en")))
    return tuple(layer.file for layer in layers if layer.file is not None)


def _layers(file: Path) -> dict[str, Layer]:
    try:
        text = file.read_text("utf-8-sig")
        if RULES not in text:  # as above
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
