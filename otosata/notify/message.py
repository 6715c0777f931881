"""A message in words, as it stands in the outbox."""

import json
import uuid
from dataclasses import asdict, dataclass, replace

from otosata.deals.vocabulary import Level

_NAMESPACE = uuid.UUID("5a2b8f0e-3c7d-4b60-9d5e-6f746f736174")
"""Ours, so that the same fact has the same id on every machine."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is said, before a service gets it in its own form."""

    id: str
    """The same for every attempt: services that know such ids take it once."""
    kind: str
    level: str
    """`ok`, `notice`, `warn`, `critical`; `unknown` for blindness."""
    title: str
    """One line."""
    lines: tuple[str, ...]
    """What else there is to say; each one line."""
    at: str
    """When it was true, RFC 3339."""
    deal: str = ""
    platform: str = ""
    url: str = ""
    repeat: bool = False
    """Whether the receiver may have it already."""

    @property
    def body(self) -> str:
        """The lines as a text; the title again where there are none, since some services want a body."""
        return "\n".join(self.lines) or self.title

    @property
    def is_urgent(self) -> bool:
        """Whether it may be loud."""
        return self.level == Level.CRITICAL.word

    def again(self, mark: str) -> "Message":
        """The same as a repeat, which its title says."""
        return replace(self, title=f"{mark}{self.title}", repeat=True)

    def with_line(self, line: str) -> "Message":
        """The same with one more line."""
        return replace(self, lines=(*self.lines, line))

    def to_json(self) -> str:
        """For the outbox."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Message":
        """Back from the outbox."""
        values = json.loads(text)
        return cls(**values | {"lines": tuple(values["lines"])})


def message_id(channel: str, subject: str, at: str) -> str:
    """The id of what is said about a subject at a moment on a channel."""
    return str(uuid.uuid5(_NAMESPACE, f"{channel}\n{subject}\n{at}"))


def cut(text: str, most: int) -> str:
    """At most so many UTF-16 units, as the services count; the cut is to be seen."""
    if _units(text) <= most:
        return text
    kept, units = [], 1  # the ellipsis
    for character in text:
        units += _units(character)
        if units > most:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def cut_bytes(text: str, most: int) -> str:
    """At most so many bytes of UTF-8; the cut is to be seen."""
    data = text.encode()
    return text if len(data) <= most else data[: max(most - 3, 0)].decode(errors="ignore").rstrip() + "…"


def _units(text: str) -> int:
    return len(text) + sum(ord(character) > 0xFFFF for character in text)
