"""The IMAP connection itself: verified TLS, bounded reads, and a guard that lets only reading commands out."""

import base64
import contextlib
import imaplib
import re
import socket
import ssl
import time

from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from otosata.mail.account import ImapAccount
from otosata.mail.source import SourceError, Traffic

LONGEST_LINE = 1_000_000
"""Bytes in one response line; an honest server stays far below because UID lists are asked for in windows."""
LARGEST_LITERAL = 1 << 20
"""Bytes in one literal; every body and header is asked for with a smaller limit of its own (`<0.n>`)."""
LARGEST_ANSWER = 64 << 20
"""Bytes a server may send for one command."""
PATIENCE = 20
"""A command may take this many times the account's time-out, however busily the server drips bytes."""

_QUOTED = rb'"(?:[^"\\\r\n\0]|\\["\\])*"'
_NUMBERS = rb"[0-9:,*]+"
_CRITERION = (
    rb"(?:UID " + _NUMBERS + rb"|" + _NUMBERS + rb'|OR|FROM "[A-Za-z0-9.@_+%-]+"'
    rb"|(?:SINCE|BEFORE) [0-9]{2}-[A-Z][a-z]{2}-[0-9]{4})"
)
_ITEM = rb"(?:UID|RFC822\.SIZE|INTERNALDATE|BODY\.PEEK\[[A-Z0-9.() -]*\]<[0-9]+\.[0-9]+>)"
_COMMAND = re.compile(
    rb"[A-Z]+[0-9]+ (?:CAPABILITY|NOOP|LOGOUT|STARTTLS|IDLE|AUTHENTICATE (?:PLAIN|XOAUTH2)"
    rb"|LOGIN " + _QUOTED + rb" " + _QUOTED + rb"|LIST " + _QUOTED + rb" " + _QUOTED + rb"|EXAMINE "
    rb"(?:" + _QUOTED + rb"|[A-Za-z0-9_./&+,-]+)"
    rb"|UID SEARCH " + _CRITERION + rb"(?: " + _CRITERION + rb")*"
    rb"|UID FETCH " + _NUMBERS + rb" \(" + _ITEM + rb"(?: " + _ITEM + rb")*\))(?:\r\n)?"
)
_CHANGE = re.compile(rb"\* [0-9]+ (?:EXISTS|RECENT|EXPUNGE)\b", re.IGNORECASE)
_SASL_ANSWER = re.compile(rb"[A-Za-z0-9+/=*]*")


class ForbiddenCommandError(Exception):
    """A bug of ours: something tried to send a command that could change the mailbox."""


class Guard:
    """Judges every piece before it leaves: the commands above, in full, and nothing else."""

    def __init__(self) -> None:
        self._authenticating = False
        self._open_line = False
        self._idling = False

    def check(self, data: bytes) -> None:
        """Raise ForbiddenCommandError unless `data` continues the conversation in an allowed way."""
        if self._idling and data == b"DONE\r\n":  # the only word that may end an IDLE (RFC 2177)
            self._idling = False
        elif not self._idling and self._open_line and data == b"\r\n":
            self._open_line = False
        elif not self._idling and not self._open_line and _COMMAND.fullmatch(data):
            self._authenticating = b" AUTHENTICATE " in data[:32]
            self._idling = data.endswith(b" IDLE\r\n")
            self._open_line = not data.endswith(b"\r\n")
        elif self._authenticating and _SASL_ANSWER.fullmatch(data):
            self._open_line = True
        else:
            verb = data.split(b" ", 2)[1:2] or [b"?"]
            raise ForbiddenCommandError(f"refused to send {verb[0][:20]!r} to the mail server")


class GuardedIMAP4(imaplib.IMAP4):
    """imaplib over a socket that is read within limits and written to through the guard."""

    def __init__(self, host: str, port: int, timeout: float, context: ssl.SSLContext | None) -> None:
        self._context = context
        self._timeout = timeout
        self._guard = Guard()
        self.traffic = Traffic()
        self._buffer = bytearray()
        self._buffer_of: socket.socket | None = None
        self._start_of_command()
        super().__init__(host, port, timeout)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        plain = socket.create_connection((self.host, self.port), self._timeout)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # IMAPClient sends a line's end apart: 40 ms each
        if self._context is None:
            return plain
        try:
            return self._context.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise

    def _start_of_command(self) -> None:
        self._received = 0
        self._deadline = time.monotonic() + PATIENCE * self._timeout

    def send(self, data: bytes) -> None:  # type: ignore[override]  # typeshed says Buffer; imaplib sends bytes
        """Send what the guard lets pass."""
        self._guard.check(bytes(data))
        self._start_of_command()
        self.sock.sendall(data)
        self.traffic += Traffic(sent=len(data))

    def has_more(self) -> bool:
        """Whether there is something to read that the socket alone would not tell of."""
        return bool(self._buffer) or (isinstance(self.sock, ssl.SSLSocket) and self.sock.pending() > 0)

    def start_of_answer(self) -> None:
        """The server may speak for as long as it may for a command; what it said while nobody asked counts no more."""
        self._start_of_command()

    def _receive(self) -> None:
        """Append what the server sends next; EOF, silence, flood and dawdling are errors."""
        if time.monotonic() > self._deadline:
            raise TimeoutError("the answer dripped in too slowly")
        if self._buffer_of is not self.sock:
            if self._buffer:  # text before STARTTLS that would count as said after it (CVE-2011-0411 family)
                raise self.abort("the server spoke out of turn before TLS")
            self._buffer_of = self.sock
        piece = self.sock.recv(1 << 16)
        if not piece:
            raise self.abort("the server closed the connection")
        self._received += len(piece)
        self.traffic += Traffic(received=len(piece))
        if self._received > LARGEST_ANSWER:
            raise self.abort(f"the answer is larger than {LARGEST_ANSWER} bytes")
        self._buffer += piece

    def read(self, size: int) -> bytes:
        """Read a literal of `size` bytes."""
        if size > LARGEST_LITERAL:
            raise self.abort(f"the server announced {size} bytes where far less was asked for")
        while len(self._buffer) < size:
            self._receive()
        return self._take(size)

    def readline(self) -> bytes:
        """Read one line with its end."""
        searched = 0
        while (end := self._buffer.find(b"\n", searched)) < 0:
            searched = len(self._buffer)
            if searched > LONGEST_LINE:
                raise self.abort(f"the server sent a line of more than {LONGEST_LINE} bytes")
            self._receive()
        return self._take(end + 1)

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken


class ReadOnlyClient(IMAPClient):  # type: ignore[misc]  # IMAPClient ships no types
    """IMAPClient on the guarded connection."""

    def __init__(self, account: ImapAccount) -> None:
        self._account = account
        self._tls = ssl.create_default_context(cafile=account.ca_file)
        super().__init__(
            account.host,
            port=account.port,
            ssl=account.tls == "implicit",
            ssl_context=self._tls,
            timeout=account.timeout_seconds,
        )
        self.normalise_times = False

    def _create_IMAP4(self) -> GuardedIMAP4:  # noqa: N802  # IMAPClient's name; its only place to bring a socket
        context = self._tls if self._account.tls == "implicit" else None
        return GuardedIMAP4(self._account.host, self._account.port, self._account.timeout_seconds, context)

    @property
    def traffic(self) -> Traffic:
        """What this connection has cost so far."""
        traffic: Traffic = self._imap.traffic
        return traffic

    @property
    def ear(self) -> socket.socket:
        """The socket that the server is heard on."""
        heard: socket.socket = self._imap.sock
        return heard

    def has_spoken(self) -> bool:
        """Whether there is something to read already."""
        more: bool = self._imap.has_more()
        return more

    def news(self) -> bool:
        """What the server has said since `idle`: whether the mailbox has changed. Blocks for a line that has begun.

        Raises what a broken connection raises, for a server that says goodbye too.
        """
        found = False
        self._imap.start_of_answer()
        while True:
            line = self._imap.readline()
            if line[:5].upper() == b"* BYE":
                raise self._imap.abort("the server closed the connection")
            found = found or _CHANGE.match(line) is not None
            if not self._imap.has_more():
                return found

    def hang_up(self) -> None:
        """Log out in at most two seconds; never raises."""
        try:
            self._imap.sock.settimeout(2)
            self.logout()
        except Exception:  # whatever it was, the connection goes away now
            self.drop()

    def drop(self) -> None:
        """Close without a word; never raises."""
        with contextlib.suppress(Exception):
            self.shutdown()


def connect(account: ImapAccount) -> ReadOnlyClient:
    """Connect and log in. Raises SourceError; permanent where the same try can only fail again."""
    secret = account.secret()
    if any(ord(c) < 32 for c in secret):
        raise SourceError(f"the password of {account.user} holds a control character", "Set it again.")
    try:
        client = ReadOnlyClient(account)
    except Exception as error:
        raise explain(error, account) from error
    try:
        if account.tls == "starttls":
            _start_tls(client, account)
        _log_in(client, account, secret)
    except Exception as error:
        client.drop()
        raise _discreet(error, explain(error, account), _forms(account.user, secret)) from None
    return client


def _discreet(error: Exception, told: SourceError, forms: tuple[str, ...]) -> SourceError:
    """Without the server's words where they hold the password: some repeat the line that they refuse."""
    if error is told or not any(form in str(error) for form in forms):
        return told
    return SourceError(
        str(told).replace(said(error), "(its words hold the password)"), told.hint, permanent=told.permanent
    )


def _forms(user: str, secret: str) -> tuple[str, ...]:
    """How a secret goes over the wire: as it is, quoted, in SASL PLAIN (RFC 4616) and in XOAUTH2."""
    sasl = (f"\0{user}\0{secret}", f"user={user}\x01auth=Bearer {secret}\x01\x01")
    quoted = secret.replace("\\", "\\\\").replace('"', '\\"')
    return (secret, quoted, *(base64.b64encode(text.encode()).decode() for text in sasl))


def _start_tls(client: ReadOnlyClient, account: ImapAccount) -> None:
    if not client.has_capability("STARTTLS"):
        raise SourceError(
            f"{account.host} offers no STARTTLS on port {account.port}; the password was not sent",
            'Use port 993 and tls = "implicit".',
            permanent=True,
        )
    client.starttls(client._tls)


def _log_in(client: ReadOnlyClient, account: ImapAccount, secret: str) -> None:
    if account.auth == "xoauth2":
        client.oauth2_login(account.user, secret)
    elif client.has_capability("AUTH=PLAIN"):
        client.plain_login(account.user, secret)
    elif client.has_capability("LOGINDISABLED"):
        raise SourceError(
            f"{account.host} accepts no password here",
            'The provider asks for OAuth (auth = "xoauth2") or for another port.',
            permanent=True,
        )
    elif not (account.user + secret).isascii():
        raise SourceError(
            f"{account.host} takes only ASCII user names and passwords", "Set an app password.", permanent=True
        )
    else:
        client.login('"' + account.user.replace("\\", "\\\\").replace('"', '\\"') + '"', secret)


TEMPORARY = (
    "command error: BAD",
    "illegal in state",
    "[UNAVAILABLE]",
    "[INUSE]",
    "[LIMIT]",
    "[SERVERBUG]",
    "too many",
    "try again",
    "temporar",
)
"""What a server says when a refused login is not about the password (RFC 5530, and Gmail, Yahoo, Dovecot)."""


def said(error: BaseException) -> str:
    """The server's words, cut down to what may stand on a terminal."""
    return "".join(c if c.isascii() and c.isprintable() else "?" for c in str(error))[:200]


def explain(error: BaseException, account: ImapAccount) -> SourceError:
    """Turn whatever went wrong on the wire into one sentence and a hint."""
    if isinstance(error, (SourceError, ForbiddenCommandError)):
        if isinstance(error, ForbiddenCommandError):
            raise error
        return error
    where = f"{account.host}:{account.port}"
    if isinstance(error, LoginError):
        if isinstance(
            error.__context__, imaplib.IMAP4.abort
        ):  # IMAPClient calls a broken connection a log-in error too
            return explain(error.__context__, account)
        return _explain_login(error, account)
    if isinstance(error, ssl.SSLCertVerificationError):
        return SourceError(
            f"the certificate of {where} is not trusted: {error.verify_message}",
            "Check the host name; for a server of your own set ca_file.",
        )
    for kind, sentence, hint in _TABLE:
        if isinstance(error, kind):
            return SourceError(sentence.format(where=where, said=said(error)), hint)
    return SourceError(f"{where} gave an answer that is no IMAP: {said(error)}", "Check host, port and tls.")


def _explain_login(error: LoginError, account: ImapAccount) -> SourceError:
    words = said(error)
    temporary = any(word.lower() in words.lower() for word in TEMPORARY)
    if temporary:
        return SourceError(f"{account.host} does not log anybody in just now: {words}", "Try again later.")
    if account.auth == "xoauth2":  # tokens end by themselves; the next one may be good, and nobody is locked out
        return SourceError(
            f"{account.host} refused the access token of {account.user}: {words}",
            f"If it stays so, log in again with `otosata accounts login {account.name}`.",
        )
    return SourceError(
        f"{account.host} refused the password of {account.user}: {words}",
        f"Set it again: `otosata accounts login {account.name}` for the keyring, else where it is and then"
        f" `otosata accounts test {account.name}`. Many providers want an app password.",
        permanent=True,
    )


_TABLE: tuple[tuple[type[BaseException], str, str], ...] = (
    (ssl.SSLError, "no TLS with {where}: {said}", "Check port and tls; 993 is implicit TLS."),
    (socket.gaierror, "no server is known by the name in {where}", "Check host and your network."),
    (ConnectionRefusedError, "{where} takes no connection", "Check host and port."),
    (TimeoutError, "{where} did not answer in time", "Try again later or raise timeout_seconds."),
    (imaplib.IMAP4.abort, "the connection to {where} broke off: {said}", "Nothing is lost; the next poll goes on."),
    (imaplib.IMAP4.error, "{where} refused: {said}", "Look at the account at the provider."),
    (OSError, "{where} cannot be reached: {said}", "Check your network."),
)
