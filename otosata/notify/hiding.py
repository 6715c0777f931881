"""Keeps secrets out of every sentence: addresses and keys are cut out of whatever somebody else says."""

from collections.abc import Iterable
from urllib.parse import quote, unquote, urlsplit

SHORTEST = 6
"""A part of a secret so short is no secret, and cutting it out would make holes everywhere."""
HIDDEN = "(hidden)"
LONGEST = 200


def hide(text: str, secrets: Iterable[str]) -> str:
    """The text without the secrets and their parts, fit for a line on a terminal."""
    for part in sorted({part for secret in secrets for part in _parts(secret)}, key=len, reverse=True):
        text = text.replace(part, HIDDEN)
    line = " ".join("".join(c if c.isprintable() or c.isspace() else "?" for c in text).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _parts(secret: str) -> Iterable[str]:
    """A secret as it may come back: whole, or an address without its host, its path in pieces, quoted and not."""
    if not secret:
        return
    yield secret
    if "://" in secret:
        found = urlsplit(secret)
        pieces = [found.path, found.query, found.username or "", found.password or ""]
        pieces += found.path.split("/")
        pieces += [value for pair in found.query.split("&") for value in pair.partition("=")[::2]]
    else:
        pieces = [secret]
    for piece in pieces:
        for form in (piece, quote(piece, safe=""), unquote(piece)):
            if len(form) >= SHORTEST:
                yield form
