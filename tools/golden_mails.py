"""Writes tests/mails/golden: for every rule of the built-in platforms a whole mail, in the charsets that mail comes in.

python tools/golden_mails.py

The mails are synthetic: nobody has published a whole one of these platforms. Their subjects and texts are the first
samples of the rules; headers, charsets and HTML are ours. What must come out is written by
`otosata adapters test PLATFORM --mails tests/mails/golden/PLATFORM --generate`.
"""

import base64
import html
import quopri
import sys
from collections.abc import Callable, Iterator
from email.header import Header
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from adapters.registry import load_adapters
from adapters.samples import sample_mail
from otosata.mail.model import Mail

FOLDER = Path(__file__).parent.parent / "tests" / "mails" / "golden"
TEXT = "この通知は otosata の見本として作ったものです。\nThis notice was made up as an example.\n"


def wrapped(data: bytes) -> str:
    """base64 in lines of 76."""
    return base64.encodebytes(data).decode("ascii").replace("\n", "\r\n")


def crlf(text: str) -> str:
    """Line ends of mail."""
    return text.replace("\n", "\r\n")


def plain_utf8(text: str) -> str:
    """text/plain, 8bit."""
    return "Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + crlf(text)


def plain_jis(text: str) -> str:
    """text/plain in ISO-2022-JP, as older systems send it."""
    body = crlf(text).encode("iso-2022-jp", "replace").decode("ascii")
    return f"Content-Type: text/plain; charset=ISO-2022-JP\r\nContent-Transfer-Encoding: 7bit\r\n\r\n{body}"


def html_quoted(text: str) -> str:
    """text/html alone, quoted-printable."""
    lines = "".join(f"<p>{line_of_html(line)}</p>\n" for line in text.splitlines())
    page = f"<html><body>\n{lines}</body></html>\n"
    body = quopri.encodestring(page.encode()).decode("ascii").replace("\n", "\r\n")
    return f"Content-Type: text/html; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{body}"


def both_base64(text: str) -> str:
    """multipart/alternative, both parts base64."""
    lines = "<br>\n".join(map(line_of_html, text.splitlines()))
    page = f"<html><body><div>{lines}</div></body></html>"
    parts = "".join(
        f"--part\r\nContent-Type: {kind}; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        f"{wrapped(content.encode())}"
        for kind, content in (("text/plain", crlf(text)), ("text/html", page))
    )
    return f'Content-Type: multipart/alternative; boundary="part"\r\n\r\n{parts}--part--\r\n'


def line_of_html(line: str) -> str:
    """A line of text, its links made ones."""
    words = (
        f'<a href="{html.escape(word)}">{html.escape(word)}</a>' if word.startswith("http") else html.escape(word)
        for word in line.split(" ")
    )
    return " ".join(words)


FORMS: tuple[tuple[Callable[[str], str], str], ...] = (
    (plain_utf8, "utf-8"),
    (both_base64, "utf-8"),
    (plain_jis, "iso-2022-jp"),
    (html_quoted, "utf-8"),
)


def whole(mail: Mail, place: int) -> str:
    """A sample as a mail; `place` chooses charset and structure."""
    body, charset = FORMS[place % len(FORMS)]
    text = f"{mail.text.strip()}\n\n{TEXT}"
    if not encodable(mail.subject, charset) or not encodable(text, charset):
        body, charset = FORMS[0]
    bulk = "List-Unsubscribe: <https://example.com/unsubscribe>\r\n" if mail.bulk else ""
    subject = Header(mail.subject, charset, header_name="Subject", maxlinelen=76).encode(linesep="\r\n")
    return (
        f"Received: from mail.example.com (mail.example.com [192.0.2.{place % 250 + 1}])\r\n"
        f" by mx.example.net with ESMTPS; Mon, 1 Jun 2026 12:00:00 +0900\r\n"
        f"From: <{mail.sender}>\r\nTo: <me@example.net>\r\nSubject: {subject}\r\n"
        f"Date: Mon, 1 Jun 2026 12:00:00 +0900\r\nMessage-ID: <golden-{place}@example.com>\r\n"
        f"{bulk}X-Note: synthetic\r\nMIME-Version: 1.0\r\n{body(text)}"
    )


def encodable(text: str, charset: str) -> bool:
    """Whether the charset has all of it."""
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def mails() -> Iterator[tuple[Path, str]]:
    """File and content of each."""
    place = 0
    for adapter in load_adapters():
        for rule, table in adapter.document.again().root.entries("rules").items():
            senders = [*table.strings("from"), *adapter.senders]
            for sample in [one for one in table.list_of_tables("samples") if "my_names" not in one][:1]:
                yield FOLDER / adapter.id / f"{rule}.eml", whole(sample_mail(sample, senders), place)
                place += 1


if __name__ == "__main__":
    for path, content in mails():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode())
