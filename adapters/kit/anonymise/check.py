"""Looks for private words in a mail as somebody would who wants to find them: in every part, header and encoding."""

import base64
import binascii
import contextlib
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import Message
from functools import lru_cache
from urllib.parse import unquote_plus

from adapters.kit.anonymise.headers import AS_IT_IS
from adapters.kit.anonymise.public import Public, page_words, structure_words
from adapters.kit.anonymise.raw import taken_apart
from adapters.kit.anonymise.text import DATE, folded
from otosata.mail import decode

_LATIN, _DIGITS = 4, 4
"""Shorter words of Latin letters and numbers say nothing when they stand by themselves."""
_LETTERS = re.compile(r"[\x00-\u024f]+")
_CODED = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){6,}")
_CHARSETS = ("utf-8", "cp932", "euc_jp", "utf-16-le", "utf-16-be")


@dataclass(frozen=True, slots=True)
class Leftover:
    """A private word that is still there."""

    word: str
    where: str
    """`header Subject`, `part 2`, `raw`, each perhaps with `in base64`, `in a link`."""


def leftovers(data: bytes, words: Iterable[str], public: Public) -> tuple[Leftover, ...]:
    """Private words (folded) that a mail still holds, in whatever form."""
    known = structure_words() | public.path_words | page_words()
    wanted = [word for word in words if _tells(word) and word not in known]
    if not wanted:
        return ()
    pattern = re.compile("|".join(map(_bounded, sorted(wanted, key=len, reverse=True))))
    found: dict[str, str] = {}
    for where, text in _places(data):
        for form, shown in _forms(text):
            for hit in pattern.finditer(DATE.sub(" ", folded(shown))):
                if len(hit[0]) > 1 or not form:  # one letter stands in any decoded noise
                    found.setdefault(hit[0], f"{where}{form}")
    for word in wanted:
        if (
            word not in found
            and len(word) > 1
            and not word.isascii()
            and any(_encoded(word, name) in data for name in _CHARSETS)
        ):
            found[word] = "raw"
    return tuple(Leftover(word, where) for word, where in found.items())


def _tells(word: str) -> bool:
    if word.isdecimal():
        return len(word) >= _DIGITS
    if _LETTERS.fullmatch(word):
        return len(word) >= _LATIN
    return len(word) > 1 or "\u3400" <= word <= "\u9fff"


def _bounded(word: str) -> str:
    text = re.escape(word)
    if len(word) == 1 and not word.isascii():  # one letter says something where it stands alone
        return f"(?<![\u3400-\u9fff々]){text}(?![\u3400-\u9fff々])"
    if word[0].isascii() and word[0].isalnum():
        text = f"(?<![a-z0-9]){text}"
    if word[-1].isascii() and word[-1].isalnum():
        text = f"{text}(?![a-z0-9])"
    return text


def _encoded(word: str, charset: str) -> bytes:
    try:
        return word.encode(charset)
    except UnicodeEncodeError:
        return b"\0no such bytes\0"


def _places(data: bytes) -> Iterator[tuple[str, str]]:
    """Every text of a mail with where it stands: headers, parameters, bodies, and the bytes as they are."""
    message = taken_apart(data)
    for number, part in enumerate(message.walk()):
        yield from _of_part(part, number)
    head = re.split(rb"\r?\n\r?\n", data, maxsplit=1)[0]
    lines = [line for line in head.split(b"\n") if line.partition(b":")[0].decode("latin-1").lower() not in AS_IT_IS]
    yield "raw header", b"\n".join(lines).decode("latin-1")


def _of_part(part: Message, number: int) -> Iterator[tuple[str, str]]:
    for name, value in part.items():
        if name.lower() in AS_IT_IS:
            continue
        text = str(value)
        if name.lower().endswith("received"):
            text = text.rpartition(";")[0] or text
        yield f"header {name}", decode.header(text.encode("utf-8", "surrogateescape"))
    for source in ("content-type", "content-disposition"):
        for _, value in part.get_params(failobj=[], header=source):
            parts = value if isinstance(value, tuple) else ("", "", value)
            raw = str(parts[2]).encode("latin-1", "replace")
            yield f"parameter of part {number}", decode.text(raw, parts[0] or "utf-8")
            yield f"parameter of part {number}", decode.header(raw)
    for around in (part.preamble, part.epilogue):
        yield f"around part {number}", str(around or "")
    payload = None if part.is_multipart() else part.get_payload(decode=True)
    if isinstance(payload, bytes):
        text = decode.text(payload, part.get_content_charset())
        yield f"part {number}", text
        if part.get_content_type() == "text/html":
            yield f"part {number}", html.unescape(re.sub(r"<[^>]*>", " ", text))
            yield f"part {number}", html.unescape(re.sub(r"<[^>]*>", "", text))


def _forms(text: str) -> Iterator[tuple[str, str]]:
    """The text, its links decoded, and what its coded stretches hold."""
    yield "", text
    plain = text
    for _ in range(2):
        decoded = unquote_plus(plain)
        if decoded == plain:
            break
        yield " in a link", decoded
        plain = decoded
    runs = {run for source in (text, plain) for run in _CODED.findall(source)}
    yield " in base64", "\n".join(_from_base64(run[start:]) for run in sorted(runs) for start in range(4))
    yield " in hex", "\n".join(_as_text(bytes.fromhex(run)) for run in _HEX.findall(f"{text} {plain}"))


@lru_cache(maxsize=4096)
def _from_base64(run: str) -> str:
    data = run.replace("-", "+").replace("_", "/").rstrip("=")
    data = data[: len(data) - (len(data) % 4 == 1)]
    try:
        return _as_text(base64.b64decode(data + "=" * (-len(data) % 4)))
    except (binascii.Error, ValueError):
        return ""


def _as_text(data: bytes) -> str:
    """Bytes that are a text in some charset; of others what is ASCII in them."""
    for charset in _CHARSETS[:3]:
        with contextlib.suppress(UnicodeError):
            return data.decode(charset)
    return data.decode("utf-8", "replace")
