"""Whose Authentication-Results an account may believe: the id that stands on top of nearly all its newest mails."""

from collections import Counter
from collections.abc import Sequence

from otosata.mail import results, structure

# The judgement's own search: an id that it would not find must not make "verified only" the account's rule.
from otosata.mail.authentication import trusted_run
from otosata.mail.model import Trust
from otosata.mail.source import TrustSample
from otosata.mail.structure import Head

HEADERS = ("AUTHENTICATION-RESULTS", "RECEIVED")
FEWEST_MAILS = 10
SHARE = 0.9
"""Of the mails sampled; the rest are one's own drafts, copies of sent mail and what the server fetched elsewhere."""


def judge_trust(samples: Sequence[bytes]) -> TrustSample:
    """Judge from the raw Authentication-Results and Received fields of some mails, each in the order they stand."""
    if len(samples) < FEWEST_MAILS:
        return TrustSample(len(samples), Trust())
    heads = [_head(sample) for sample in samples]
    believed = Counter(mark for head in heads if (mark := _topmost(head)) is not None and trusted_run(head, mark))
    trust, share = believed.most_common(1)[0] if believed else (Trust(), 0)
    return TrustSample(len(samples), trust if share >= SHARE * len(samples) else Trust(), frozenset(believed))


def _head(sample: bytes) -> Head:
    try:
        return structure.split(sample)[0]
    except structure.TooMuchError:
        return Head(())


def _topmost(head: Head) -> Trust | None:
    """The trust that would make the topmost Authentication-Results count; None where there is no sound one."""
    found = results.parse(head.first("authentication-results"))
    if found is None or not (found.results or found.authserv_id):
        return None
    if found.authserv_id is None:
        return Trust(anonymous=True)
    return Trust(authserv_ids=frozenset({found.authserv_id}))
