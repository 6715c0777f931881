"""A dead man's switch: somebody else's clock that is told after every good look, and alarms when it hears nothing."""

from collections.abc import Callable
from urllib.parse import urlsplit

from otosata.mail.source import SourceError
from otosata.notify.channel import fetched
from otosata.notify.hiding import hide
from otosata.notify.http import Line, NoAnswerError, Request, send


def ping(secret: Callable[[], str], line: Line, *, good: bool) -> str:
    """Tell it, or that we are blind (`…/fail`, https://healthchecks.io/docs/signaling_failures/, 2026-11).

    What went wrong, in one sentence without the address; empty when all is well. The next look tells it anew.
    """
    try:
        url = fetched(secret)
    except SourceError as error:
        return str(error)
    try:
        answer = send(Request(url if good else _fail(url), method="GET"), line)
    except NoAnswerError as error:
        return hide(str(error), (url,))
    return "" if 200 <= answer.status < 300 else hide(f"HTTP {answer.status}", (url,))


def _fail(url: str) -> str:
    where = urlsplit(url)
    return where._replace(path=f"{where.path.rstrip('/')}/fail").geturl()
