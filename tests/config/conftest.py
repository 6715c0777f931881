"""A home for configurations, and the platforms they are checked against."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from adapters.reader import read_adapter
from adapters.registry import built_in_path
from config.load import Loaded, load
from config.places import Options
from otosata.deals.platform import Platform, Stage, Text
from otosata.deals.vocabulary import Turn

Load = Callable[..., Loaded]


@pytest.fixture(scope="session")
def platforms() -> Mapping[str, Platform]:
    """Three platforms as they are shipped, and one with a stage that nothing leads to."""
    names = ("lancers", "coconala", "crowdworks")
    nowhere = Stage("nowhere", Text("どこでもない", "Nowhere"), Turn.CLIENT, Turn.CLIENT)
    island = Platform("island", Text("島", "Island"), {"nowhere": nowhere}, {})
    return {**{name: read_adapter(built_in_path(name)).platform for name in names}, "island": island}


@pytest.fixture
def options(tmp_path: Path) -> Options:
    """The global options of a program that lives below `tmp_path`."""
    return Options(config=tmp_path / "config.toml", data=tmp_path / "data", lang="en")


@pytest.fixture
def load_text(tmp_path: Path, platforms: Mapping[str, Platform], monkeypatch: pytest.MonkeyPatch) -> Load:
    """Load a configuration from texts: `load_text(config, settings, env, overrides, lang, files)`."""

    def load_it(
        config: str | None = None,
        settings: str | None = None,
        env: Mapping[str, str] | None = None,
        overrides: tuple[tuple[str, str], ...] = (),
        lang: str | None = "en",
        files: Mapping[str, str] = MappingProxyType({}),
    ) -> Loaded:
        for name, text in (("config.toml", config), ("settings.toml", settings), *files.items()):
            if text is not None:
                (tmp_path / name).write_text(text, "utf-8")
        # without a text the file is not there, and that is fine as long as nobody names it
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nothing"))
        named = tmp_path / "config.toml" if config is not None else None
        return load(Options(config=named, data=tmp_path / "data", lang=lang, overrides=overrides), env or {}, platforms)

    return load_it
