"""Where the program's files are: configuration folder and data folder."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_APP = "otosata"


@dataclass(frozen=True, slots=True)
class Options:
    """What the global options of the command line say."""

    config: Path | None = None
    data: Path | None = None
    lang: str | None = None
    overrides: tuple[tuple[str, str], ...] = ()
    """(dotted key, value as text) laid over everything else."""


NO_OPTIONS = Options()


@dataclass(frozen=True, slots=True)
class Places:
    """The files and folders of one configuration."""

    config_file: Path
    data_dir: Path
    named: str = ""
    """Who named the configuration file: `--config`, `OTOSATA_CONFIG`, or nobody. A file that was named must exist."""

    @property
    def settings_file(self) -> Path:
        """What the program itself has set; lies over `config_file`."""
        return self.config_file.parent / "settings.toml"

    @property
    def adapters_dir(self) -> Path:
        """The user's own platforms."""
        return self.config_file.parent / "adapters"

    @property
    def database(self) -> Path:
        """The ledger."""
        return self.data_dir / "otosata.db"


def find_places(options: Options, environ: Mapping[str, str] = os.environ) -> Places:
    """The files by option, else environment, else the custom of the operating system."""
    config, named = options.config, "--config"
    if config is None and (path := environ.get("OTOSATA_CONFIG")):
        config, named = Path(path), "OTOSATA_CONFIG"
    data = options.data
    if data is None and (path := environ.get("OTOSATA_DATA")):
        data = Path(path)
    return Places(
        config_file=_absolute(config) if config else _custom("config") / "config.toml",
        data_dir=_absolute(data) if data else _custom("data"),
        named=named if config else "",
    )


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()


def _custom(what: str) -> Path:
    import platformdirs  # noqa: PLC0415 - not needed where both places are named

    if what == "config":
        return platformdirs.user_config_path(_APP, appauthor=False)
    return platformdirs.user_data_path(_APP, appauthor=False)
