"""Takes a mail apart without reading its fields: what they hold stays as it came, bytes that are no ASCII included."""

from email import message_from_bytes
from email.message import Message
from email.policy import Compat32


class _AsItCame(Compat32):
    """`email` shows the bytes of such a field as `U+FFFD`, and nobody could say any more what stood there."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        """The field itself, raw bytes as surrogates."""
        return value


AS_IT_CAME = _AsItCame(max_line_length=None)


def taken_apart(data: bytes) -> Message:
    """The mail, its fields as they came."""
    return message_from_bytes(data, policy=AS_IT_CAME)
