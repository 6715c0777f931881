"""Replaces the private words of header fields: each kind of field keeps its own grammar."""

import re
from collections.abc import Callable
from email.charset import BASE64, QP, Charset
from email.errors import MessageError
from email.header import Header
from email.message import Message
from email.utils import encode_rfc2231

from adapters.kit.anonymise.text import ADDRESS, Replacer
from otosata.mail import decode

AS_IT_IS = frozenset(
    (
        *("date", "mime-version", "content-transfer-encoding", "precedence", "auto-submitted", "content-language"),
        *("x-priority", "x-msmail-priority", "importance", "priority", "list-unsubscribe-post", "resent-date"),
        *("delivery-date", "x-auto-response-suppress"),
    )
)
_ADDRESSES = frozenset(
    (
        *("from", "sender", "reply-to", "to", "cc", "bcc", "return-path", "delivered-to", "x-original-to", "errors-to"),
        *("envelope-to", "resent-from", "resent-to", "x-forwarded-to", "x-forwarded-for", "x-envelope-from"),
        *("disposition-notification-to", "x-envelope-to", "apparently-to"),
    )
)
_PLATFORMS = ("from", "sender")
"""Where a name is the platform's; elsewhere it is somebody's."""
_TRACES = frozenset(
    (
        *("authentication-results", "arc-authentication-results", "received-spf"),
        *("x-originating-ip", "x-mailer", "user-agent"),
    )
)
_IDS = frozenset(
    ("message-id", "in-reply-to", "references", "content-id", "list-id", "feedback-id", "resent-message-id")
)
_PARAMETERS = frozenset(("content-type", "content-disposition"))
_SIGNED = re.compile(r"arc-seal|.*-signature")
_WORDS = re.compile(r"=\?([^?\s]+)\?([bq])\?[^?\s]*\?=", re.IGNORECASE)
_ESCAPE = b"\x1b"
"""Begins Japanese in ISO-2022-JP, which is ASCII otherwise."""
_KEPT_PARAMETERS = frozenset(("charset", "format", "delsp", "type", "report-type", "protocol", "micalg", "start"))


def field(name: str, value: str, replacer: Replacer) -> str:
    """A field's value without private words; as `email` holds it, raw bytes as surrogates."""
    low = name.lower()
    if low in AS_IT_IS:
        said = value
    elif _SIGNED.fullmatch(low):
        said = _signature(value, replacer)
    elif low.endswith("received"):
        way, semicolon, when = value.rpartition(";")
        said = replacer.trace(way) + semicolon + when if semicolon else replacer.trace(value)
    elif low in _TRACES:
        said = replacer.trace(value)
    elif low in _IDS:
        said = _id(value, replacer)
    elif low in _ADDRESSES:
        named = replacer.text if low in _PLATFORMS else replacer.whole
        said = _encoded(value, lambda text: _people(text, replacer, named), name)
    else:
        said = _encoded(value, replacer.subject if low == "subject" else replacer.text, name)
    return said


def _people(text: str, replacer: Replacer, named: Callable[[str], str]) -> str:
    """Names and addresses; `named` replaces a name."""

    def person(part: str) -> str:
        return ADDRESS.sub(lambda found: replacer.address(found[0]), part) if "@" in part else named(part)

    return "".join(map(person, re.split(r"(<[^<>]*>|,|[^\s<>,]+@[^\s<>,]+)", text)))


def _encoded(value: str, change: Callable[[str], str], name: str) -> str:
    """Change a value that may hold encoded words or raw bytes, and write it as it was written."""
    raw = value.encode("utf-8", "surrogateescape") if _has_bytes(value) else value.encode("ascii", "replace")
    words = _WORDS.search(value)
    if words is None and raw.isascii() and _ESCAPE not in raw:
        return change(value)
    text = change(decode.header(re.sub(rb"\r?\n(?=[ \t])", b"", raw)))
    if words is None:
        codec = "iso2022_jp" if _ESCAPE in raw else "utf-8"
        return text.encode(codec, "replace").decode("ascii", "surrogateescape")
    return encoded_words(text, words[1], words[2], name)


def _has_bytes(value: str) -> bool:
    return any("\udc80" <= letter <= "\udcff" for letter in value)


def encoded_words(text: str, label: str, how: str, name: str) -> str:
    """The text in encoded words of a charset, folded. An address in it stays outside of them."""
    charset = _charset(label, how)
    pieces = re.split(r"(\s*<[^<>@\s]+@[^<>\s]+>\s*,?\s*)", text)
    written = []
    for place, piece in enumerate(pieces):
        if place % 2 or not piece.strip():
            written.append(piece)
            continue
        first = name if not written else None
        try:
            head = Header(piece, charset, maxlinelen=74, header_name=first, errors="replace").encode(linesep="\n")
        except (ValueError, LookupError, MessageError):
            head = Header(piece, "utf-8", maxlinelen=74, header_name=first).encode(linesep="\n")
        written.append(head)
    return "".join(written)


def _charset(label: str, how: str) -> Charset:
    """The mail's own, or UTF-8 for one that does not exist."""
    try:
        charset = Charset(label.partition("*")[0].lower())
    except MessageError:
        charset = Charset("utf-8")
    charset.header_encoding = BASE64 if how.lower() == "b" else QP
    return charset


def _signature(value: str, replacer: Replacer) -> str:
    """`tag=value;…`: signatures and copied fields become as many A, hosts and addresses are replaced."""

    def tag(found: re.Match[str]) -> str:
        name, said = found[1].strip(), found[2]
        if name in ("b", "bh", "z"):
            return f"{found[1]}={re.sub(r'[A-Za-z0-9+/|:@._-]', 'A', said)}"
        if name in ("d", "i", "s"):
            return f"{found[1]}={replacer.trace(said)}"
        return found[0]

    return re.sub(r"(\s*[A-Za-z0-9_]+\s*)=([^;]*)", tag, value)


def _id(value: str, replacer: Replacer) -> str:
    """`<local@host>`: the local part in its form, the host by the rule of hosts."""

    def one(found: re.Match[str]) -> str:
        return f"{replacer.path(found[1])}@{replacer.host(found[2])}"

    if "@" in value:
        return re.sub(r"([^\s<>@]+)@([^\s<>@]+)", one, value)
    return replacer.trace(value)


def parameters(part: Message, name: str, replacer: Replacer) -> str | None:
    """Content-Type or Content-Disposition with names of files replaced and boundaries new; None without the field."""
    whole = part.get(name)
    if whole is None:
        return None
    whole = str(whole)
    found = part.get_params(header=name, unquote=True)
    if not found:
        return replacer.trace(whole)
    main, *rest = found
    if all(key.lower() in _KEPT_PARAMETERS for key, _ in rest):
        return whole
    return ";\n ".join((main[0], *(_parameter(key, value, replacer) for key, value in rest)))


def _parameter(key: str, value: object, replacer: Replacer) -> str:
    low = key.lower()
    text = _plain(value)
    if low == "boundary":
        return f'{key}="{replacer.names.numbered(text, "=_part_{}")}"'
    if low in _KEPT_PARAMETERS:
        return f'{key}="{text}"'
    words = _WORDS.search(text)
    shown = decode.header(text.encode("utf-8", "surrogateescape"))
    stem, dot, ending = shown.rpartition(".")
    known = bool(dot) and re.fullmatch(r"[A-Za-z0-9]{1,5}", ending) is not None
    changed = replacer.whole(stem) + dot + ending if known else replacer.whole(shown)
    if isinstance(value, tuple):
        label = value[0] or "utf-8"
        try:
            return f"{key}*={encode_rfc2231(changed, label, value[1] or '')}"
        except (LookupError, ValueError):
            return f"{key}*={encode_rfc2231(changed, 'utf-8', '')}"
    if words:
        return f'{key}="{encoded_words(changed, words[1], words[2], key)}"'
    return (
        f'{key}="{changed}"' if changed.isascii() else f'{key}="{changed.encode().decode("ascii", "surrogateescape")}"'
    )


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        label, _, text = value
        return decode.text(str(text).encode("latin-1", "replace"), label or "utf-8")
    return str(value)
