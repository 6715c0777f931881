"""Reads the mail of 風車, whose links hide the room they lead to: `…/go?to=cm9vbS83Nw==` is `…/room/77`."""

import base64
import binascii
from dataclasses import replace

from adapters.recognise import TomlAdapter
from otosata.deals.notice import Notice
from otosata.mail.model import Mail

_PACKED = "https://kazaguruma.example/go?to="


class Kazaguruma(TomlAdapter):
    """What kazaguruma.toml says, on links that are unpacked first."""

    def recognise(self, mail: Mail) -> Notice | None:
        """As the file says."""
        return super().recognise(replace(mail, links=tuple(map(_unpacked, mail.links))))


def _unpacked(link: str) -> str:
    """The link behind a packed one; any other link as it is."""
    if not link.startswith(_PACKED):
        return link
    try:
        way = base64.b64decode(link.removeprefix(_PACKED), validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return link
    return f"https://kazaguruma.example/{way}"
