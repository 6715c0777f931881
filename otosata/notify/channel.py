"""A channel: one way to the user, with its secret fetched at the last moment and kept out of every word."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias

from otosata.mail.source import SourceError
from otosata.notify import desktop, http, smtp
from otosata.notify.hiding import hide
from otosata.notify.http import Line, NoAnswerError
from otosata.notify.kinds import DESKTOP
from otosata.notify.message import Message
from otosata.notify.outcome import Outcome, Result
from otosata.notify.services import SERVICES, Endpoint

Fetch: TypeAlias = Callable[[], str]


SECRET_SECONDS = 90
"""A keyring may ask to be unlocked, and for ever where nobody sits; programs that print a secret have 60 s."""


def fetched(secret: Fetch) -> str:
    """The secret, or SourceError; in time."""
    try:
        return http.within(SECRET_SECONDS, secret)
    except TimeoutError:
        raise SourceError(f"no secret came within {SECRET_SECONDS} seconds", "Is the keyring locked?") from None


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to the user."""

    name: str
    type: str
    secret: Fetch = field(repr=False)
    """The address, key or password, asked for at each sending. May raise SourceError."""
    endpoint: Endpoint = field(default_factory=Endpoint)
    postbox: smtp.Postbox | None = None
    """For e-mail; the password comes from `secret`."""
    line: Line = field(default_factory=Line)
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    """For programs of the desktop."""

    def send(self, message: Message, now: datetime) -> Outcome:
        """Try once. Whatever goes wrong is in the outcome, without a secret in it."""
        if self.type == DESKTOP:
            return desktop.send(message, self.environ)
        try:
            secret = fetched(self.secret)
        except SourceError as error:
            return Outcome(Result.LATER, str(error), hint=error.hint)
        try:
            outcome = self._send(message, secret, now)
        except Exception as error:  # one letter must not stop all others, nor a traceback show what it was about
            return Outcome(Result.LATER, f"a bug of ours: {type(error).__name__}", unsure=True)
        return replace(outcome, error=hide(outcome.error, (secret, self.endpoint.to, *self._worn(secret))))

    def _worn(self, secret: str) -> tuple[str, ...]:
        """How a password goes over the wire (SASL PLAIN and LOGIN): a server may repeat the line it refuses."""
        if self.postbox is None:
            return ()
        return tuple(b64encode(text.encode()).decode() for text in (f"\0{self.postbox.user}\0{secret}", secret))

    def _send(self, message: Message, secret: str, now: datetime) -> Outcome:
        if self.postbox is not None:
            return smtp.send(message, replace(self.postbox, password=secret), self.line)
        service = SERVICES[self.type]
        try:
            request = service.build(message, replace(self.endpoint, secret=secret))
            return service.outcome(http.send(request, self.line), now)
        except NoAnswerError as error:
            result = Result.REFUSED if error.forbidden else Result.LATER
            return Outcome(result, str(error), unsure=error.unsure)
        except (ValueError, KeyError):  # an address that is none, a template that is no JSON: no words of theirs
            return Outcome(Result.REFUSED, "the address or the template is broken")
