"""A whole mail without its private words: the same parts, charsets and encodings, other names."""

import base64
import quopri
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.generator import BytesGenerator
from email.message import Message
from email.utils import getaddresses
from io import BytesIO

from adapters.kit.anonymise.check import Leftover, leftovers
from adapters.kit.anonymise.headers import field, parameters
from adapters.kit.anonymise.page import page
from adapters.kit.anonymise.public import Public
from adapters.kit.anonymise.raw import AS_IT_CAME, taken_apart
from adapters.kit.anonymise.text import ADDRESS, Replacer
from adapters.kit.golden import outcome, read_bytes
from adapters.recognise import TomlAdapter
from otosata.deals.notice import Notice
from otosata.mail import decode
from otosata.mail.model import Mail

_REMOVED = b"(removed)"
_PARAMETERS = ("content-type", "content-disposition")
_CODECS = ("utf-8", "iso2022_jp", "iso2022_jp_ext", "cp932", "euc_jp")


class UnreadableError(ValueError):
    """What is no mail."""


@dataclass(frozen=True, slots=True)
class Anonymised:
    """A mail that can be published, if the check found nothing."""

    data: bytes
    changes: dict[str, dict[str, int]]
    """How much was replaced, by field or part and by kind."""
    rule: str | None
    """The rule that takes the original."""
    rule_after: str | None
    """The rule that takes what became of it."""
    leftovers: tuple[Leftover, ...]
    """Private words that are still there, somewhere, in some encoding."""

    @property
    def totals(self) -> dict[str, int]:
        """How much was replaced, by kind."""
        return dict(sorted(sum(map(Counter, self.changes.values()), Counter[str]()).items()))

    @property
    def is_safe(self) -> bool:
        """Whether it may be handed out: nothing private is left, and it is still the same notice."""
        return not self.leftovers and self.rule == self.rule_after


def anonymise(
    data: bytes, adapters: Iterable[TomlAdapter], *, private: Iterable[str] = (), keep: Iterable[str] = ()
) -> Anonymised:
    """Replace everything in a mail that could tell who it is about.

    `private`: words to replace in any case; `keep`: words to leave. UnreadableError: it is no mail.
    """
    try:
        return _anonymised(data, tuple(adapters), tuple(private), tuple(keep))
    except UnreadableError:
        raise
    except Exception as error:  # what is damaged badly enough makes `email` raise nearly anything
        raise UnreadableError(f"it is too damaged to be taken apart ({type(error).__name__})") from None


def _anonymised(
    data: bytes, adapters: tuple[TomlAdapter, ...], private: tuple[str, ...], keep: tuple[str, ...]
) -> Anonymised:
    before = read_bytes(data)
    if before.sender is None and not before.subject and not before.text:
        raise UnreadableError(before.problem or "it has neither a sender nor a text")
    adapter, notice = _recognised(before, adapters)
    public = Public.of([adapter] if adapter else [], keep)
    if adapter is None and before.sender:
        public = Public(public.templates, (before.sender.rpartition("@")[2],), _office(before.sender))
    names = tuple(_names(data, before, notice, public))
    # Once to learn which words there are, once more with invented ones that are none of them.
    first = Replacer(public, private, names)
    _replaced(data, first)
    second = Replacer(public, private, names, first.names.replaced)
    made = _replaced(data, second)
    after = _recognised(read_bytes(made), adapters)[1]
    return Anonymised(
        data=made,
        changes={place: dict(kinds) for place, kinds in second.changes.items()},
        rule=notice.rule if notice else None,
        rule_after=after.rule if after else None,
        leftovers=leftovers(made, second.sought, public),
    )


def _recognised(mail: Mail, adapters: Iterable[TomlAdapter]) -> tuple[TomlAdapter | None, Notice | None]:
    for adapter in adapters:
        notice = adapter.recognise(mail)
        if notice is not None:
            return adapter, notice
    return None, None


def _office(sender: str) -> tuple[str, ...]:
    """The sender of a mail of no platform, where it is no person."""
    local = sender.partition("@")[0]
    return (sender,) if re.search(r"reply|info|support|noti|mail|system|admin", local) else ()


def _names(data: bytes, mail: Mail, notice: Notice | None, public: Public) -> Iterator[str]:
    """Who and what the mail is about: client, title, references, whom it was sent to, names of files."""
    if notice is not None:
        said = outcome(notice)
        yield from (value for key, value in said.items() if key in ("client", "title") or key.startswith("refs."))
    message = taken_apart(data)
    for name in ("to", "cc", "delivered-to", "x-original-to"):
        values = [decode.header(_bytes(str(value))) for value in message.get_all(name, [])]
        for person, address in getaddresses(values):
            yield person
            if ADDRESS.fullmatch(address) and not public.is_platforms(address.rpartition("@")[2]):
                yield address.partition("@")[0]
    if mail.sender and not public.is_platforms(mail.sender.rpartition("@")[2]):
        yield mail.sender_name


def _bytes(value: str) -> bytes:
    return value.encode("utf-8", "surrogateescape")


def _replaced(data: bytes, replacer: Replacer) -> bytes:
    """The mail with every header field and every part changed."""
    linesep = "\r\n" if b"\r\n" in data[:2000] else "\n"
    message = taken_apart(data)
    for number, part in enumerate(list(message.walk())):
        _change(part, f"part {number}: " if number else "", replacer)
    out = BytesIO()
    policy = AS_IT_CAME.clone(linesep=linesep)
    BytesGenerator(out, mangle_from_=False, policy=policy).flatten(message)
    return out.getvalue()


def _change(part: Message, place: str, replacer: Replacer) -> None:
    """One part: its header, and its body where it is no container. `place`: what the report calls it."""
    headers = []
    boundary = part.get_boundary()
    for name, value in part.items():
        replacer.place = f"{place}{name}"
        said = parameters(part, name, replacer) if name.lower() in _PARAMETERS else field(name, str(value), replacer)
        headers.append((name, said or ""))
    part._headers = headers  # type: ignore[attr-defined]  # the only way to keep order and spelling of the names
    replacer.place = f"{place}{part.get_content_type()}"
    for around in ("preamble", "epilogue"):
        text = getattr(part, around)
        if text and text.strip():
            setattr(part, around, replacer.text(text))
    if boundary is not None:
        part.set_param("boundary", replacer.names.numbered(boundary, "=_part_{}"))
    if not part.is_multipart():
        _change_body(part, replacer)


def _change_body(part: Message, replacer: Replacer) -> None:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes) or not payload:
        return
    kind = part.get_content_type()
    if not kind.startswith(("text/", "message/")):
        replacer.count("parts")
        _write(part, _REMOVED)
        return
    label = part.get_content_charset() or ""
    text = decode.text(payload, label)
    changed = page(text, replacer) if kind == "text/html" else replacer.text(text)
    codec = _codec(payload, text, label)
    _write(part, changed.encode(codec, "xmlcharrefreplace" if kind == "text/html" else "replace"))


def _codec(payload: bytes, text: str, label: str) -> str:
    """What the bytes really are in: the label's codec unless it lies."""
    for codec in (label, *_CODECS):
        try:
            if codec and payload.decode(codec) == text:
                return codec
        except (ValueError, LookupError):
            continue
    try:
        "".encode(label)
    except (ValueError, LookupError):
        return "utf-8"
    return label or "utf-8"


def _write(part: Message, data: bytes) -> None:
    """Put a body into the transfer encoding that the part says it has."""
    match str(part.get("content-transfer-encoding", "")).strip().lower():
        case "base64":
            written = base64.encodebytes(data).removesuffix(b"\n")
        case "quoted-printable":
            written = quopri.encodestring(data)
        case _:
            written = data
    part.set_payload(written.decode("ascii", "surrogateescape"))
