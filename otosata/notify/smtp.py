"""E-mail by SMTP: encrypted always, to a checked address, and a message taken by the server is not sent again."""

import contextlib
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from otosata.notify.guard import GuardError, addresses
from otosata.notify.http import Line, within
from otosata.notify.message import Message
from otosata.notify.outcome import SENT, Outcome, Result

IMPLICIT_TLS_PORT = 465
ANSWER_LINES = 100
"""Lines of an answer that are read; an honest server stays below ten."""
LONGEST_LINE = 8192
"""Bytes; RFC 5321 (4.5.3.1.5) allows 512."""


@dataclass(frozen=True, slots=True)
class Postbox:
    """The server that takes our mail, and where it goes."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    sender: str
    to: tuple[str, ...]


def send(message: Message, box: Postbox, line: Line) -> Outcome:
    """Hand a message to the server. Raises nothing a server can cause."""
    progress = _Progress()
    try:
        return within(line.deadline, lambda: _send(message, box, line, progress))
    except TimeoutError:
        return Outcome(Result.LATER, f"{box.host}: no answer in time", unsure=progress.handed)


class _Progress:
    handed = False
    """Whether the server has the whole mail and has not said yet what it thinks of it."""


def _send(message: Message, box: Postbox, line: Line, progress: _Progress) -> Outcome:
    """The whole conversation; each way it can fail with what that means."""
    try:
        found = addresses(box.host, box.port, private=line.private)
        client = _connect(box, found, line)
        try:
            return _judge(*_converse(client, message, box, progress))
        finally:
            _leave(client)
    except GuardError as error:
        return Outcome(Result.REFUSED if error.known else Result.LATER, str(error))
    except smtplib.SMTPNotSupportedError as error:
        word = "STARTTLS" if "STARTTLS" in str(error) else "AUTH"
        return Outcome(Result.REFUSED, f"{box.host}: {word} is not offered")
    except smtplib.SMTPResponseException as error:
        return _judge(error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException, EOFError) as error:
        return Outcome(Result.LATER, _why(error, box.host), unsure=progress.handed)


def _why(error: Exception, host: str) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"{host}: its certificate is not trusted"
    return f"{host}: no answer in time" if isinstance(error, TimeoutError) else f"{host}: the connection broke off"


def _leave(client: smtplib.SMTP) -> None:
    """Say goodbye, if the server still listens; what became of the mail does not hang on it."""
    with contextlib.suppress(OSError, smtplib.SMTPException):
        client.quit()
    client.close()


def _converse(client: smtplib.SMTP, message: Message, box: Postbox, progress: _Progress) -> tuple[int, bytes]:
    """Log in, name sender and receivers, hand over; the last answer."""
    client.ehlo_or_helo_if_needed()
    if box.user:
        client.login(box.user, box.password)
    for code, said in (client.mail(box.sender), *(client.rcpt(address) for address in box.to)):
        if code not in (250, 251):
            return code, said
    return _hand_over(client, as_mail(message, box).as_bytes(), progress)


def _connect(box: Postbox, found: tuple[str, ...], line: Line) -> smtplib.SMTP:
    """A connection to the first address that answers. TLS from the start on port 465; elsewhere STARTTLS is a must."""
    context = ssl.create_default_context(cafile=line.ca_file)
    client = _Client(box.host, box.port, found, line.seconds, context if box.port == IMPLICIT_TLS_PORT else None)
    try:
        if box.port != IMPLICIT_TLS_PORT:
            client.starttls(context=context)
    except BaseException:
        client.close()
        raise
    return client


def _hand_over(client: smtplib.SMTP, mail: bytes, progress: _Progress) -> tuple[int, bytes]:
    """DATA: from the moment the text goes out, a broken connection says nothing about where the mail is."""
    code, said = client.docmd("DATA")
    if code != 354:
        return code, said
    progress.handed = True
    body = b"\r\n".join(b"." + text if text.startswith(b".") else text for text in mail.splitlines())
    client.send(body + b"\r\n.\r\n")
    return client.getreply()


def _judge(code: int, said: bytes | str) -> Outcome:
    if code == 250:
        return SENT
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    temporary = 400 <= code < 500 or code <= 0
    return Outcome(Result.LATER if temporary else Result.REFUSED, f"SMTP {code}: {' '.join(words.split())[:120]}")


def as_mail(message: Message, box: Postbox) -> EmailMessage:
    """The message as a mail. Its Message-ID is the message's own: a mail program shows a repeat once."""
    mail = EmailMessage()
    mail["From"] = box.sender
    mail["To"] = ", ".join(box.to)
    mail["Subject"] = message.title
    mail["Date"] = format_datetime(datetime.fromisoformat(message.at))
    mail["Message-ID"] = f"<{message.id}@otosata.invalid>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notice answers it
    mail.set_content("\n".join((message.body, message.url)).strip() + "\n", cte="base64")
    return mail


class _Client(smtplib.SMTP):
    """smtplib, connected to a checked address and reading within limits."""

    def __init__(
        self, host: str, port: int, found: tuple[str, ...], seconds: float, context: ssl.SSLContext | None
    ) -> None:
        self._found, self._context, self._name = found, context, host
        super().__init__(host, port, local_hostname="[127.0.0.1]", timeout=seconds)  # our own name is nobody's business
        self._host = host

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        failure: OSError | None = None
        for address in self._found:
            try:
                plain = socket.create_connection((address, port), timeout)
            except OSError as error:
                failure = error
                continue
            if self._context is None:
                return plain
            try:
                return self._context.wrap_socket(plain, server_hostname=self._name)
            except BaseException:
                plain.close()
                raise
        raise failure or OSError("no address")

    def _wire(self) -> socket.socket:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        return self.sock

    def getreply(self) -> tuple[int, bytes]:
        """An answer of a bounded number of lines: smtplib's own would read for ever."""
        if self.file is None:
            self.file = self._wire().makefile("rb")
        lines: list[bytes] = []
        while len(lines) < ANSWER_LINES:
            line = self.file.readline(LONGEST_LINE + 1)
            if not line or len(line) > LONGEST_LINE:
                break
            lines.append(line[4:].strip(b" \t\r\n"))
            code = line[:3]
            if line[3:4] != b"-":
                return int(code) if code.isdigit() else -1, b"\n".join(lines)
        self.close()
        raise smtplib.SMTPServerDisconnected("no answer that is SMTP")
