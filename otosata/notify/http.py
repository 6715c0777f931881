"""One HTTP request: encrypted, to a checked address, without redirects, within a time and a size."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit

from otosata.notify.guard import GuardError, addresses, is_loopback

SECONDS = 15.0
"""For each step: connecting, sending, waiting for an answer."""
DEADLINE = 40.0
"""For all of it, however slowly a server drips its answer, or the name is looked up."""
LARGEST_ANSWER = 16 << 10
"""Bytes of an answer that are read; the rest is nobody's business."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be sent. Nothing of it may be shown: address, headers and body may hold keys."""

    url: str = field(repr=False)
    content: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said."""

    status: int
    headers: Mapping[str, str]
    text: str = field(repr=False)


class NoAnswerError(Exception):
    """No answer came. `unsure`: the request may have arrived; `forbidden`: it was not sent, and never will be."""

    def __init__(self, message: str, *, unsure: bool = False, forbidden: bool = False) -> None:
        super().__init__(message)
        self.unsure = unsure
        self.forbidden = forbidden


@dataclass(frozen=True, slots=True)
class Line:
    """How far requests may go."""

    private: bool = False
    """To this machine and local networks as well."""
    ca_file: str | None = None
    seconds: float = SECONDS
    deadline: float = DEADLINE


class _Progress:
    """Whether anything was sent; the one word that the two threads share."""

    sent = False


def send(request: Request, line: Line) -> Answer:
    """Send it once. NoAnswerError, in our own words: those of libraries hold addresses."""
    progress = _Progress()
    try:
        return within(line.deadline, lambda: _send(request, line, progress))
    except TimeoutError:
        raise NoAnswerError("no answer in time", unsure=progress.sent) from None


def within(seconds: float, work: Callable[[], T]) -> T:
    """The work's result, or TimeoutError: then it is left to itself, with time-outs of its own for each step."""
    done: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:
            failed.append(error)

    worker = threading.Thread(target=run, daemon=True)
    worker.start()
    worker.join(seconds)
    if done:
        return done[0]
    raise failed[0] if failed else TimeoutError


def _send(request: Request, line: Line, progress: _Progress) -> Answer:
    where = urlsplit(request.url)
    host, port = _checked(request.url, line)
    try:
        found = addresses(host, port, private=line.private)
    except GuardError as error:
        raise NoAnswerError(str(error), forbidden=error.known) from None
    failure: NoAnswerError | None = None
    for address in found:
        inner = f"[{address}]" if ":" in address else address
        there = where._replace(netloc=f"{inner}:{port}", fragment="").geturl()
        name = f"[{host}]" if ":" in host else host
        usual = 443 if where.scheme == "https" else 80
        heads = {**request.headers, "Host": name if port == usual else f"{name}:{port}"}
        try:
            return _exchange(there, host, heads, request, line, progress)
        except NoAnswerError as error:
            failure = error
            if progress.sent:
                break
    raise failure or NoAnswerError(f"{host}: no server is known by that name")


def _checked(url: str, line: Line) -> tuple[str, int]:
    """Host and port of an address that may be used. NoAnswerError says why it may not, without quoting it."""
    try:
        where = urlsplit(url)
        port = where.port
    except ValueError:
        raise NoAnswerError("the address is no web address", forbidden=True) from None
    host = where.hostname or ""
    at_home = where.scheme == "http" and line.private and is_loopback(host)
    if not host or (where.scheme != "https" and not at_home):
        raise NoAnswerError("the address does not begin with https://", forbidden=True)
    return host, port or (80 if at_home else 443)


def _exchange(
    there: str, host: str, heads: Mapping[str, str], request: Request, line: Line, progress: _Progress
) -> Answer:
    """Speak to one address. The certificate must be that of the name, which TLS is told apart from the address."""
    import ssl  # noqa: PLC0415 - only what is sent pays for it

    import httpx  # noqa: PLC0415 - as above: 0.2 s

    _silence()
    is_plain = there.startswith("http:")  # to this machine: no need to read all authorities of the world
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if is_plain else ssl.create_default_context(cafile=line.ca_file)
    usual = {"User-Agent": "otosata", "Accept-Encoding": "identity"}
    try:
        with (
            httpx.Client(verify=context, trust_env=False, timeout=line.seconds, follow_redirects=False) as client,
            client.stream(
                request.method,
                there,
                content=request.content,
                headers={**usual, **heads},
                extensions={"sni_hostname": host, "trace": lambda event, _: _watch(event, progress)},
            ) as response,
        ):
            data = b""
            for piece in response.iter_raw():
                data += piece
                if len(data) >= LARGEST_ANSWER:
                    break
            text = data[:LARGEST_ANSWER].decode("utf-8", "replace")
            return Answer(response.status_code, dict(response.headers), text)
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        raise NoAnswerError(_why(error, host)) from None
    except httpx.TimeoutException:
        raise NoAnswerError(f"{host}: no answer in time", unsure=progress.sent) from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError):
        raise NoAnswerError(f"{host}: the connection broke off", unsure=progress.sent) from None


def _watch(event: str, progress: _Progress) -> None:
    """Note the moment from which a request may have arrived (https://www.python-httpx.org/advanced/extensions/)."""
    if event.endswith("send_request_headers.started"):
        progress.sent = True


def _why(error: BaseException, host: str) -> str:
    """TLS or network, from the chain of causes; their own words are not repeated."""
    import ssl  # noqa: PLC0415 - see _exchange

    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"{host}: its certificate is not trusted"
        if isinstance(cause, ssl.SSLError):
            return f"{host}: no TLS with it"
        cause = cause.__cause__ or cause.__context__
    return f"{host}: it does not answer" if "timed out" in str(error) else f"{host}: it cannot be reached"


def _silence() -> None:
    """httpx logs every address at INFO, its engine more at DEBUG: for nobody's eyes, whatever a log is set to."""
    import logging  # noqa: PLC0415 - comes with httpx

    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
