"""Decides whether a mail is a platform's and what it announces."""

from dataclasses import dataclass
from datetime import date

from adapters.tables import Table
from otosata.deals.platform import Platform


@dataclass(frozen=True)
class TomlAdapter:
    """An adapter whose knowledge is a file (`otosata.adapter.Adapter`)."""

    platform: Platform
    last_checked: date | None
    senders: tuple[str, ...]
    ignored: tuple[str, ...] = ()
    """Senders whose mail concerns no deal."""

    @classmethod
    def read(cls, root: Table, platform: Platform) -> "TomlAdapter":
        """From the tables of a file; problems are collected in its document."""
        senders = root.section("senders")
        adapter = cls(platform, root.day("last_checked"), senders.strings("trusted"), senders.strings("ignored"))
        senders.finish()
        return adapter

    @property
    def id(self) -> str:
        """`lancers`."""
        return self.platform.id
