"""Whether the first piece of a mail already says all that will be read of it, so that the rest need not be fetched."""

from otosata.mail import decode, structure
from otosata.mail.parse import DIGEST_BODY_BYTES

FIRST_PIECE = 12 << 10
"""Bytes fetched of each mail at first: a notification's header and text; its HTML, if any, comes after."""
LEAST_TEXT = 201
"""Characters; a shorter text beside HTML may only say that there is HTML."""


def is_enough(piece: bytes) -> bool:
    """Whether `piece` holds the whole readable text of a mail whose remainder is the same again in HTML.

    True only where nothing is lost: multipart/alternative, its text/plain complete, long enough to be the message and
    with a link of its own (the HTML's links are not missed then), and enough body for the digest to stay the same
    as that of the whole mail.
    """
    try:
        head, body = structure.split(piece)
        whole = structure.parts(head, body)
    except structure.TooMuchError:
        return False
    if whole.content_type != "multipart/alternative" or len(whole.parts) < 2:
        return False
    first = whole.parts[0]
    if first.content_type != "text/plain" or len(b" ".join(body.split())) < DIGEST_BODY_BYTES:
        return False
    text = decode.text(first.body, first.charset).strip()
    return len(text) >= LEAST_TEXT and ("https://" in text or "http://" in text)
