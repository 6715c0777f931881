"""A service on loopback that does to us what services do: it answers, refuses, stalls, floods, hangs up."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

Reply = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Got:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Service:
    """What it was sent, and what it does next."""

    port: int = 0
    got: list[Got] = field(default_factory=list)
    accepted: list[tuple[str, bool]] = field(default_factory=list)
    """What it has taken: id, and whether it was marked as a repeat; for replies that keep it."""
    replies: list[Reply] = field(default_factory=list)
    """For the next requests, in order; then 200."""
    usual: Reply = lambda handler: answer(handler, 200)

    changed: threading.Condition = field(default_factory=threading.Condition)

    def arrived(self, count: int, seconds: float) -> bool:
        """Wait until so many requests have come; False: they have not."""
        with self.changed:
            return self.changed.wait_for(lambda: len(self.got) >= count, seconds)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"


def answer(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"ok", **headers: str) -> None:
    """A plain answer; `Retry_After` becomes a header."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def status(code: int, body: bytes = b"no", **headers: str) -> Reply:
    """Answers so."""
    return lambda handler: answer(handler, code, body, **headers)


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """Closes the connection without a word."""
    handler.close_connection = True


def flood(handler: BaseHTTPRequestHandler) -> None:
    """Sends far more than anybody asked for."""
    handler.send_response(500)
    handler.end_headers()
    for _ in range(2000):
        handler.wfile.write(b"x" * 65536)


def drip(handler: BaseHTTPRequestHandler) -> None:
    """Sends a byte of its head now and then, so that no single wait is long."""
    for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"y" * 10_000:
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(0.05)


@contextmanager
def service(certificate: Path | None = None) -> Iterator[Service]:
    """Run one on a free port for as long as the block lasts; with TLS where a certificate is given."""
    known = Service()

    class Handler(BaseHTTPRequestHandler):
        def handle_one(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            with known.changed:
                known.got.append(Got(self.command, self.path, dict(self.headers.items()), body))
                known.changed.notify_all()
            reply = known.replies.pop(0) if known.replies else known.usual
            try:
                reply(self)
            except OSError:
                self.close_connection = True

        do_POST = do_GET = handle_one  # noqa: N815 - the library's names

        def handle(self) -> None:
            with suppress(ssl.SSLError, OSError):  # who does not trust us hangs up
                super().handle()

        def log_message(self, *_: object) -> None:
            """Not on stderr."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    known.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
