"""What there is to know about one key of the configuration: where it stands, how it reads, what it is for."""

from dataclasses import dataclass
from enum import StrEnum

ANY = "*"
"""In a path: a name the user gives (account, deal) or an adapter knows (platform, stage)."""


class Kind(StrEnum):
    """What a value looks like; `kinds.py` reads each."""

    TEXT = "text"
    TEXTS = "texts"
    CHOICE = "choice"
    WHOLE = "whole"
    PERIOD = "period"
    SPAN = "span"
    SPANS = "spans"
    DATE = "date"
    CLOSED = "closed"
    PATH = "path"
    ZONE = "zone"
    COUNTRY = "country"
    HOURS = "hours"
    PROSE = "prose"
    FLAG = "flag"
    QUERY = "query"
    CHOICES = "choices"
    CLOCK = "clock"
    NIGHT = "night"


@dataclass(frozen=True, slots=True)
class Key:
    """One key: where it stands, how it reads, and what it is for."""

    path: tuple[str, ...]
    kind: Kind
    default: object
    """As TOML has it; None: no value unless somebody writes one."""
    ja: str
    en: str
    allowed: tuple[str, ...] = ()
    """The words a choice may be."""
    low: int = 0
    high: int = 0
    example: str = ""
    """TOML of a value, for the commented file, where the default says too little."""
    secret: bool = False
    """Never shown by `config show` nor in any complaint."""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path[-1]

    def text(self, lang: str) -> str:
        """What it is for, in `ja` or `en`."""
        return self.ja if lang == "ja" else self.en


def key_of(  # noqa: PLR0913 - one row of a table
    path: str,
    kind: Kind,
    default: object,
    ja: str,
    en: str,
    *,
    allowed: tuple[str, ...] = (),
    low: int = 0,
    high: int = 0,
    example: str = "",
    secret: bool = False,
) -> Key:
    """A row of a table of keys; `path` is dotted, `*` stands for a name."""
    return Key(tuple(path.split(".")), kind, default, ja, en, allowed, low, high, example, secret)
