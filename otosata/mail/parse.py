"""From a RawMail to a Mail: decoded, sanitised, judged. Total: whatever the bytes are, a Mail comes out."""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, islice

from otosata.mail import address, authentication, decode, forwarded, html, received, structure
from otosata.mail.model import Authentication, Mail, RawMail, Trust, Verdict
from otosata.mail.sanitise import block, one_line
from otosata.mail.structure import Head, Part

LINKS = 200
LINK_CHARACTERS = 2000
DIGEST_BODY_BYTES = 4096
"""Of the body, in the digest: the beginning only, so that a mail fetched up to a cap keeps its digest."""

_KEPT_HEADERS = ("to", "reply-to", "list-id", "precedence")
_BULK = frozenset({"bulk", "list", "junk"})
_URL = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+", re.IGNORECASE)
_STUB = re.compile(
    r"html.{0,40}(?:表示|対応|ご覧|閲覧|形式|メール|view|support|capable|client|browser|version|format)"
    r"|(?:view|ブラウザ).{0,40}html", re.IGNORECASE | re.DOTALL
)  # fmt: skip
_STUB_CHARACTERS = 200


def parse(raw: RawMail, *, now: datetime, trust: Trust) -> Mail:
    """Decode and judge a mail; never raises. `now` must be aware. What could not be read is said in `Mail.problem`."""
    try:
        head, body = structure.split(raw.data)
    except structure.TooMuchError as error:
        return _unreadable(raw, now, str(error))
    try:
        return _mail(raw, head, body, now, trust)
    except Exception as error:  # the border: a mail that breaks the reader must not stop the poll
        return _unreadable(raw, now, f"the mail could not be read ({type(error).__name__})")


def _mail(raw: RawMail, head: Head, body: bytes, now: datetime, trust: Trust) -> Mail:
    author = address.author(head)
    readable, problem = _body(head, body)
    subject = one_line(decode.header(head.first("subject")))
    text = block(readable.text).strip("\n")
    passed_on = forwarded.attached(readable.attached) or forwarded.find(head, author, subject, text)
    if passed_on and readable.attached and passed_on.how == forwarded.ATTACHED:
        readable = _join([readable, _body(*readable.attached)[0]])
        text = block(readable.text).strip("\n")
    if raw.truncated and not text:
        problem = problem or "the mail is so long that its text was not fetched"
    return Mail(
        message_id=one_line(decode.header(head.first("message-id"))),
        digest=_digest(head, body, raw),
        subject=subject,
        sender=author.address,
        sender_name=author.name,
        received=received.time_of(head, raw.arrived, now, copied=raw.copied),
        text=text,
        links=_links(readable),
        authentication=authentication.judge(head, author, trust),
        bulk=_bulk(head),
        forwarded=passed_on,
        folder=one_line(raw.folder),
        uid=raw.uid,
        uidvalidity=raw.uidvalidity,
        problem=problem,
        headers=tuple((name, one_line(decode.header(value))) for name, value in head.fields if name in _KEPT_HEADERS)[
            :20
        ],
    )


def _unreadable(raw: RawMail, now: datetime, problem: str) -> Mail:
    return Mail(
        message_id="",
        digest=hashlib.sha256(raw.data[: structure.HEADER_BYTES]).hexdigest(),
        subject="",
        sender=None,
        sender_name="",
        received=received.time_of(Head(()), raw.arrived, now, copied=raw.copied),
        text="",
        links=(),
        authentication=Authentication(Verdict.FAILED, problem, True),
        folder=one_line(raw.folder),
        uid=raw.uid,
        uidvalidity=raw.uidvalidity,
        problem=problem,
    )


def _bulk(head: Head) -> bool:
    precedence = head.first("precedence").decode("ascii", "replace").strip().lower()
    return bool(head.all("list-unsubscribe") or head.all("list-id")) or precedence in _BULK


def _digest(head: Head, body: bytes, raw: RawMail) -> str:
    """What a move to another mailbox leaves alone: four header fields and the body's beginning, white space apart.

    Two notices can have the same words. Where no Message-ID tells them apart, the way they took does, or their arrival.
    """
    sha = hashlib.sha256()
    names = ("message-id", "date", "from", "subject")
    for name in names if head.first("message-id").strip() else (*names, "received"):
        for value in head.all(name):
            sha.update(name.encode() + b":" + b" ".join(value.split()) + b"\n")
    if raw.arrived and not any(head.first(name) for name in ("message-id", "date", "received")):
        sha.update(f"arrived:{int(raw.arrived.timestamp())}\n".encode())
    sha.update(b" ".join(body[: 4 * DIGEST_BODY_BYTES].split())[:DIGEST_BODY_BYTES])
    return sha.hexdigest()


@dataclass(frozen=True, slots=True)
class _Readable:
    """Text of a part, what to show for it, and the links HTML holds."""

    text: str = ""
    plain: str = ""
    """Text of text/plain parts, also where `text` comes from HTML."""
    links: tuple[str, ...] = ()
    attached: tuple[Head, bytes] | None = None
    """The first whole mail inside of this one."""


def _body(head: Head, body: bytes) -> tuple[_Readable, str | None]:
    try:
        return _read(structure.parts(head, body)), None
    except structure.TooMuchError as error:
        return _Readable(), str(error)


def _read(part: Part) -> _Readable:
    if part.content_type == "multipart/alternative":
        return _choose([(child.content_type, _read(child)) for child in part.parts])
    if part.parts:
        children = part.parts[:1] if part.content_type == "multipart/related" else part.parts
        joined = _join([_read(child) for child in children])
        return replace(joined, attached=None) if part.content_type == "multipart/report" else joined  # a bounce
    return _leaf(part) if part.body else _Readable()


def _leaf(part: Part) -> _Readable:
    if part.content_type == structure.MESSAGE:
        return _Readable(attached=_split(part.body))
    text = decode.text(part.body, part.charset or _declared(part))
    if part.content_type == "text/html":
        shown, links = html.read(text)
        return _Readable(shown, "", links)
    if part.content_type == "text/plain":
        return _Readable(text, text)
    return _Readable()


def _split(data: bytes) -> tuple[Head, bytes] | None:
    """The attached mail; None where its header breaks a limit."""
    try:
        return structure.split(data)
    except structure.TooMuchError:
        return None


def _choose(alternatives: list[tuple[str, _Readable]]) -> _Readable:
    """text/plain, unless it is empty or only says that there is HTML; the links of all."""
    links = tuple(link for _, found in alternatives for link in found.links)
    plain = "\n".join(found.plain for _, found in alternatives if found.plain.strip())
    shown = next((found.text for _, found in alternatives if found.links or (found.text and not found.plain)), "")
    return _Readable(shown if shown.strip() and _stub(plain) else plain or shown, plain, links)


def _stub(plain: str) -> bool:
    stripped = _URL.sub("", plain).strip()
    return not stripped or (len(stripped) <= _STUB_CHARACTERS and _STUB.search(stripped) is not None)


def _join(parts: list[_Readable]) -> _Readable:
    return _Readable(
        "\n".join(part.text for part in parts if part.text),
        "\n".join(part.plain for part in parts if part.plain),
        tuple(link for part in parts for link in part.links),
        next((part.attached for part in parts if part.attached), None),
    )


_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)


def _declared(part: Part) -> str:
    """The charset that HTML names in itself, where the mail names none."""
    match = _META_CHARSET.search(part.body, 0, 2048) if part.content_type == "text/html" else None
    return match[1].decode("ascii") if match else ""


def _links(readable: _Readable) -> tuple[str, ...]:
    """Those of the text first, then those of the HTML, without doubles."""
    of_text = (match[0] for match in _URL.finditer(readable.plain or readable.text))
    raw = dict.fromkeys(islice(chain(of_text, readable.links), 5 * LINKS))
    found = (_trimmed(one_line(link, LINK_CHARACTERS)) for link in raw)
    return tuple(dict.fromkeys(link for link in found if _URL.match(link)))[:LINKS]


def _trimmed(link: str) -> str:
    """Without the punctuation of the sentence around it."""
    link = link.rstrip(".,;:!?'*")
    while link.endswith((")", "]")) and link.count(link[-1]) > link.count({")": "(", "]": "["}[link[-1]]):
        link = link[:-1].rstrip(".,;:!?'*")
    return link
