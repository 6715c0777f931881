"""What is known of mail providers: the rest of an account when somebody types an address."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from otosata.deals.platform import Text

_FILE = Path(__file__).with_name("providers.toml")


@dataclass(frozen=True, slots=True)
class Provider:
    """A mail provider."""

    id: str
    name: str
    host: str
    """IMAP server; port 993, implicit TLS."""
    domains: tuple[str, ...]
    """Domains of its addresses, sub-domains included."""
    hosts: tuple[str, ...]
    """Every name its IMAP server goes by."""
    note: Text
    """What to know about the password."""
    page: str
    """The provider's own help."""
    authserv_ids: tuple[str, ...] = ()
    """As `authserv_ids` of an account; empty where they are not certain."""
    secret: str = ""
    """The only kind of secret it takes; empty: any."""
    token_url: str = ""
    scope: str = ""
    user_is_not_the_address: bool = False
    """The login name has to be asked for."""

    def account(self, name: str, address: str) -> dict[str, object]:
        """The keys of an `[[accounts]]` entry for that address; `user` is missing where it has to be asked for."""
        keys: dict[str, object] = {"name": name, "type": "imap", "host": self.host}
        if not self.user_is_not_the_address:
            keys["user"] = address
        if self.secret:
            keys["secret"] = self.secret
        if self.authserv_ids:
            keys["authserv_ids"] = list(self.authserv_ids)
        return keys


@cache
def providers() -> tuple[Provider, ...]:
    """All that are known."""
    tables: dict[str, dict[str, Any]] = tomllib.loads(_FILE.read_text("utf-8"))
    return tuple(_provider(id_, table) for id_, table in tables.items())


def _provider(id_: str, table: dict[str, Any]) -> Provider:
    lists = {key: tuple(value) for key, value in table.items() if isinstance(value, list)}
    return Provider(**{"id": id_, **table, **lists, "note": Text(**table["note"])})


def provider_of(address: str) -> Provider | None:
    """The provider of a mail address; None where nothing is known of its domain."""
    domain = address.rpartition("@")[2].strip().lower()
    fits = (
        provider
        for provider in providers()
        if any(domain == known or domain.endswith(f".{known}") for known in provider.domains)
    )
    return next(fits, None)


def provider_at(host: str) -> Provider | None:
    """The provider whose IMAP server that is."""
    return next((provider for provider in providers() if host.strip().lower() in provider.hosts), None)
