"""How fast a notification is parsed and recognised."""

import email
import email.header
import email.policy
from email.message import Message

from adapters.registry import load_adapters
from benchmarks.measure import Result, Sizes, compare
from benchmarks.world import NOW, notifications
from otosata.mail.model import RawMail, Trust
from otosata.mail.parse import parse

TRUST = Trust(frozenset({"mx.provider.example"}))


def parsing(sizes: Sizes) -> Result:
    """From bytes to a decoded, authenticated mail, against the standard library's parser and decoders."""
    mails = notifications(sizes.mails)
    ours, reference = compare(
        sizes.runs,
        lambda: [parse(raw, now=NOW, trust=TRUST) for raw in _raw(mails)],
        lambda: [_decoded(data) for data in mails],
    )
    return Result(
        f"parsing {sizes.mails:,} notifications",
        ours,
        "email.message_from_bytes, subject and parts decoded",
        reference,
        "cpu",
        f"{ours / len(mails) * 1000:.2f} ms a mail",
    )


def recognising(sizes: Sizes) -> Result:
    """Asking every adapter what a parsed mail announces, against looking at the same subjects and texts once."""
    adapters = load_adapters()
    mails = [parse(raw, now=NOW, trust=TRUST) for raw in _raw(notifications(sizes.mails))]
    ours, reference = compare(
        sizes.runs,
        lambda: [next((found for one in adapters if (found := one.recognise(mail))), None) for mail in mails],
        lambda: [(mail.subject.casefold(), mail.text.casefold()) for mail in mails],
    )
    return Result(
        f"recognising {sizes.mails:,} subjects",
        ours,
        "casefold of subject and text",
        reference,
        "cpu",
        f"{ours / len(mails) * 1000:.2f} ms a mail",
    )


def _raw(mails: list[bytes]) -> list[RawMail]:
    return [RawMail(data, folder="INBOX", uid=place + 1) for place, data in enumerate(mails)]


def _decoded(data: bytes) -> tuple[str, list[str]]:
    message: Message = email.message_from_bytes(data, policy=email.policy.compat32)
    words = email.header.decode_header(message["Subject"])
    subject = "".join(part if isinstance(part, str) else part.decode(name or "ascii") for part, name in words)
    leaves = (part.get_payload(decode=True) for part in message.walk() if not part.is_multipart())
    return subject, [leaf.decode("utf-8") for leaf in leaves if isinstance(leaf, bytes)]
