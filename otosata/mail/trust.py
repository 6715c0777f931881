"""Whose Authentication-Results an account may believe: the id that stands on top of nearly all its newest mails."""

import re
from collections import Counter
from collections.abc import Sequence

from otosata.mail.model import Trust
from otosata.mail.source import TrustSample

HEADERS = ("AUTHENTICATION-RESULTS", "RECEIVED")
FEWEST_MAILS = 10
SHARE = 0.9
OWN_RECEIVED = 3
"""Gmail's header stands below two or three of its own Received lines; what stands lower was there before it arrived."""
ANONYMOUS = ""

_COMMENT = re.compile(r"\([^()]*\)")
_AUTHSERV_ID = re.compile(r'\s*"?([A-Za-z0-9._-]+)"?(?:\s+\d+)?\s*(?:;|$)')


def judge_trust(headers: Sequence[bytes]) -> TrustSample:
    """Judge from the raw Authentication-Results and Received fields of some mails, each in the order they stand."""
    tops = Counter(top for block in headers if (top := top_authserv_id(block)) is not None)
    if len(headers) < FEWEST_MAILS or not tops:
        return TrustSample(len(headers), Trust())
    ((winner, times),) = tops.most_common(1)
    if times < SHARE * len(headers):
        return TrustSample(len(headers), Trust())
    trust = Trust(anonymous=True) if winner == ANONYMOUS else Trust(authserv_ids=frozenset({winner}))
    return TrustSample(len(headers), trust)


def top_authserv_id(headers: bytes) -> str | None:
    """The lower-case id of the topmost Authentication-Results, ANONYMOUS where it has none, None without one."""
    received = 0
    for line in re.sub(rb"\r?\n[ \t]+", b" ", headers).splitlines():
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"received":
            received += 1
        elif name.strip().lower() == b"authentication-results":
            return authserv_id(value.decode("latin-1")) if received <= OWN_RECEIVED else None
    return None


def authserv_id(value: str) -> str | None:
    """The authserv-id of an Authentication-Results value (RFC 8601, 2.2); ANONYMOUS in Outlook's form; None if odd."""
    plain = _COMMENT.sub(" ", value)
    if found := _AUTHSERV_ID.match(plain):
        return found[1].lower()
    return ANONYMOUS if re.match(r"\s*[a-z]+=[a-z]+\b", plain) else None
