"""The value that the demo's mailbox is made of."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DemoMail:
    """A mail and when the mailbox received it."""

    data: bytes
    """RFC 5322, lines ended by CRLF."""
    arrived: datetime
    """INTERNALDATE, aware."""
