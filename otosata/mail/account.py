"""Where a mailbox on an IMAP server is, how to get in, and what of that is refused."""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from otosata.mail.source import SourceError


@dataclass(frozen=True, slots=True)
class ImapAccount:
    """Where a mailbox is and how to get in."""

    name: str
    host: str
    user: str
    secret: Callable[[], str]
    """Password, or access token for xoauth2; asked for at each connection. May raise SourceError."""
    port: int = 993
    folders: tuple[str, ...] = ("INBOX",)
    tls: Literal["implicit", "starttls", "off"] = "implicit"
    """`off` is for bridges and the demo on this machine and refused for any other host."""
    ca_file: str | None = None
    timeout_seconds: float = 30
    auth: Literal["password", "xoauth2"] = "password"

    def __post_init__(self) -> None:
        """Raise SourceError for what would send a password in the clear or cannot work."""
        if self.tls == "off" and not is_loopback(self.host):
            raise SourceError(
                f'tls = "off" is for this machine only, not for {self.host}', "Leave tls out.", permanent=True
            )
        if self.port == 143 and self.tls == "implicit":
            raise SourceError("port 143 speaks no TLS at first", 'Set tls = "starttls" or port = 993.', permanent=True)
        if not self.folders:
            raise SourceError("no folder is to be read", "Leave folders out for INBOX.", permanent=True)
        if any(ord(c) < 32 for c in self.user + self.host):
            raise SourceError("host or user holds a control character", "Type them again.", permanent=True)


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine, by address or as `localhost`; names are not looked up."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
