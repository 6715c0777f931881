"""An SMTP server on loopback, with a certificate of its own and whatever manners a test gives it."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

CERTIFICATE = Path(__file__).with_name("localhost.pem")


@dataclass
class Office:
    """What it takes, and how it answers."""

    implicit: bool = False
    """TLS from the start."""
    port: int = 0
    offers: tuple[str, ...] = ("STARTTLS", "AUTH PLAIN LOGIN")
    answers: dict[str, str] = field(default_factory=dict)
    """Verb → answer in place of the usual one; `MAIL TEXT` stands for the end of the text, empty hangs up."""
    said: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)
    encrypted: bool = False
    """Whether the last mail came over TLS."""


_USUAL = {
    "AUTH": "235 ok",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go",
    "MAIL TEXT": "250 taken",
    "QUIT": "221",
}


@contextmanager
def post_office(**manners: object) -> Iterator[Office]:
    """Run one for as long as the block lasts."""
    office = Office(**manners)  # type: ignore[arg-type]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    listener = socket.create_server(("127.0.0.1", 0))
    office.port = listener.getsockname()[1]

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=_talk, args=(office, connection, context), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield office
    finally:
        listener.close()


def _talk(office: Office, connection: socket.socket, context: ssl.SSLContext) -> None:
    with suppress(OSError), connection:
        encrypted = office.implicit
        if office.implicit:
            connection = context.wrap_socket(connection, server_side=True)
        reader = connection.makefile("rb")
        connection.sendall(b"220 hello\r\n")
        while line := reader.readline():
            text = line.decode().rstrip("\r\n")
            office.said.append(text)
            verb = text.split(" ")[0].upper()
            if verb in ("EHLO", "HELO"):
                offers = [word for word in office.offers if word != "STARTTLS" or not encrypted]
                lines = ["here", *offers]
                answer = "\r\n".join(f"250{'-' if one is not lines[-1] else ' '}{one}" for one in lines)
                answer = office.answers.get("EHLO", answer)
            elif verb == "STARTTLS":
                connection.sendall(b"220 go\r\n")
                connection = context.wrap_socket(connection, server_side=True)
                reader = connection.makefile("rb")
                encrypted = True
                continue
            else:
                answer = office.answers.get(verb, _USUAL.get(verb, "500 what"))
            if not answer:
                return
            connection.sendall(answer.encode() + b"\r\n")
            if answer.startswith("354"):
                office.mails.append(_text(reader))
                office.encrypted = encrypted
                answer = office.answers.get("MAIL TEXT", _USUAL["MAIL TEXT"])
                if not answer:
                    return
                connection.sendall(answer.encode() + b"\r\n")


def _text(reader: object) -> bytes:
    lines = []
    while (line := reader.readline()) not in (b".\r\n", b""):  # type: ignore[attr-defined]
        lines.append(line[1:] if line.startswith(b"..") else line)
    return b"".join(lines)
