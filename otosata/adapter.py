"""What the core asks of an adapter: is this mail yours, and what does it say?"""

from datetime import date
from typing import Protocol

from otosata.deals.notice import Notice
from otosata.deals.platform import Platform
from otosata.mail.model import Mail


class Adapter(Protocol):
    """Knows one platform."""

    @property
    def id(self) -> str:
        """`lancers`"""

    @property
    def platform(self) -> Platform:
        """Its rules."""

    @property
    def senders(self) -> tuple[str, ...]:
        """ASCII addresses (`a@b.example`) and domains (`@b.example`, sub-domains included) its mail comes from."""

    @property
    def last_checked(self) -> date | None:
        """When somebody last compared the file with the platform's pages."""

    def owns(self, address: str) -> bool:
        """Whether that sender is one of the platform's, trusted or ignored."""

    def readable(self, text: str) -> str:
        """A mail's text without what the platform puts before it."""

    def refs_in(self, url: str) -> tuple[tuple[str, str], ...]:
        """The references that a link to a job, room or contract holds."""

    def recognise(self, mail: Mail) -> Notice | None:
        """What it announces; None where it is not the platform's. Unknown mail of a trusted sender: `unrecognised`."""
