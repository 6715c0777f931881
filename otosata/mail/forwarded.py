"""Notifications that somebody forwarded by hand: recognised by a mark in the subject or the body, never evidence.

Mail programs attach the whole mail, write `---------- Forwarded message ---------` or 転送されたメッセージ, or, after a
subject with Fwd: or 転送:, a bare block of 差出人: / From: lines. The original sender is taken from the attached mail,
X-Forwarded-For, Reply-To or that block, the first of them that names one.
"""

import re

from otosata.mail import decode
from otosata.mail.address import Author, address, author, mailbox
from otosata.mail.model import Forwarded
from otosata.mail.sanitise import one_line
from otosata.mail.structure import Head

_SUBJECT = re.compile(r"\s*(?:\[?(?:fwd?|転送)\s*[:：]\s*)+", re.IGNORECASE)
_MARK = re.compile(
    r"^[> ]*(?:-{2,} ?(?:forwarded message|forwarded by .{1,80}|転送メッセージ|転送されたメッセージ|転送) ?-{2,}"
    r"|begin forwarded message:|転送されたメッセージ\s*[:：])\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_LINE = re.compile(
    r"^[> *]*(from|差出人|送信者|送信元|subject|件名|sent|date|送信日時|日時|日付|to|宛先)\s*[*]?[:：][* ]*(.*)$",
    re.IGNORECASE | re.MULTILINE,
)
_SENDER_WORDS = frozenset({"from", "差出人", "送信者", "送信元"})
_SUBJECT_WORDS = frozenset({"subject", "件名"})
_PLAIN = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,253}")
_BLOCK_CHARACTERS = 2000
_BODY_CHARACTERS = 20_000
ATTACHED = "attached"


def attached(mail: tuple[Head, bytes] | None) -> Forwarded | None:
    """The whole mail that somebody attached; None where none is, or its From leaves a doubt."""
    sender = author(mail[0]).address if mail else None
    if mail is None or sender is None:
        return None
    return Forwarded(sender, one_line(decode.header(mail[0].first("subject"))), ATTACHED)


def find(head: Head, by: Author, subject: str, text: str) -> Forwarded | None:
    """What `by` forwarded, None where nothing says that he did. `subject` and `text` are sanitised already."""
    marked = _SUBJECT.match(subject)
    mark = _MARK.search(text[:_BODY_CHARACTERS])
    if not marked and not mark:
        return None
    block = _block(text[mark.end() if mark else 0 :][:_BODY_CHARACTERS])
    inner = _inner_subject(_SUBJECT.sub("", subject, count=1), _SUBJECT.sub("", block.get("subject", ""), count=1))
    others = {by.address, *_addresses(head.first("to")), *_addresses(head.first("delivered-to"))}
    candidates = (
        ("x-forwarded-for", _addresses(head.first("x-forwarded-for"))),
        ("reply-to", _addresses(head.first("reply-to"))),
        ("quoted block", tuple(filter(None, (block.get("sender"),)))),
    )
    for how, found in candidates:
        for candidate in found:
            if candidate not in others:  # Gmail's X-Forwarded-For names the user's own mailboxes
                return Forwarded(candidate, one_line(inner), how)
    return None


def _inner_subject(outer: str, quoted: str) -> str:
    """The subject in the block, unless mail programs broke it over two lines there: the outer one is whole."""
    return outer if outer.startswith(quoted) else quoted


def _block(text: str) -> dict[str, str]:
    """Sender and subject of the first block of header-like lines: From and at least one other within a few lines."""
    found: dict[str, str] = {}
    start = 0
    for line in _LINE.finditer(text):
        if found and line.start() - start > _BLOCK_CHARACTERS:
            break
        word, value = line[1].lower(), line[2]
        start = start or line.start()
        if word in _SENDER_WORDS and "sender" not in found:
            match = _PLAIN.search(value.rpartition("<")[2]) or _PLAIN.search(value)
            sender = address(match[0]) if match else None
            if sender:
                found["sender"] = sender
        elif word in _SUBJECT_WORDS and "subject" not in found:
            found["subject"] = value.strip()
        if len(found) == 2:
            break
    return found


def _addresses(value: bytes) -> tuple[str, ...]:
    """Plain addresses of a header that holds one mailbox, or bare addresses with blanks or commas between."""
    one = mailbox(value[:2000]).address if value else None
    if one:
        return (one,)
    pieces = re.split(rb"[\s,]+", value[:2000])
    return tuple(filter(None, (address(piece.decode("ascii", "replace").strip("<>")) for piece in pieces)))
