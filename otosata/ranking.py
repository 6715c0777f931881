"""Which deals a mail from triage may belong to, the likeliest first, with what speaks for each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from otosata.deals.names import fold, fold_name
from otosata.deals.reading import Reading
from otosata.store.values import MailRow


class Sign(StrEnum):
    """What speaks for a deal."""

    REFERENCE = "reference"
    """The same room, job or contract number."""
    CANDIDATE = "candidate"
    """The matcher had it among several."""
    CLIENT = "client"
    TITLE = "title"
    CLIENT_NAMED = "client_named"
    """The subject or the text has the client's name."""
    TITLE_NAMED = "title_named"
    WAITING = "waiting"
    """An answer is waited for."""


_WEIGHT: Mapping[Sign, int] = {
    Sign.REFERENCE: 64,
    Sign.CANDIDATE: 32,
    Sign.TITLE: 16,
    Sign.CLIENT: 12,
    Sign.TITLE_NAMED: 8,
    Sign.CLIENT_NAMED: 6,
    Sign.WAITING: 1,
}
_SHORTEST = 2
"""A name of one character is in every text."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A deal with what speaks for it; nothing but the platform where `signs` is empty."""

    reading: Reading
    signs: tuple[Sign, ...]

    @property
    def weight(self) -> int:
        """The more, the likelier."""
        return sum(_WEIGHT[sign] for sign in self.signs)


def platform_of(mail: MailRow) -> str | None:
    """The platform that the mail is of; None where nobody knows."""
    return mail.notice.platform if mail.notice else mail.adapter


def rank(mail: MailRow, readings: Iterable[Reading], spaces: Mapping[str, str] | None = None) -> tuple[Fit, ...]:
    """The deals of the mail's platform, or all where that is unknown; open ones before those that are over.

    `spaces`: kinds of reference that share their numbers (`Platform.ref_spaces`).
    """
    platform = platform_of(mail)
    fits = [
        Fit(reading, tuple(_signs(mail, reading, spaces or {})))
        for reading in readings
        if platform in (None, reading.deal.platform)
    ]
    return tuple(sorted(fits, key=lambda fit: (-fit.weight, fit.reading.is_over)))


def _signs(mail: MailRow, reading: Reading, spaces: Mapping[str, str]) -> Iterator[Sign]:
    deal, notice = reading.deal, mail.notice
    if notice and _refs(notice.refs, spaces) & _refs(deal.refs, spaces):
        yield Sign.REFERENCE
    if deal.id in mail.candidates:
        yield Sign.CANDIDATE
    client, title = fold_name(deal.client), fold(deal.title)
    if notice and title and fold(notice.title) == title:
        yield Sign.TITLE
    elif _is_in(title, mail):
        yield Sign.TITLE_NAMED
    if notice and client and fold_name(notice.client) == client:
        yield Sign.CLIENT
    elif _is_in(client, mail):
        yield Sign.CLIENT_NAMED
    if not reading.is_over and reading.turn.value == "client":
        yield Sign.WAITING


def _refs(refs: Iterable[tuple[str, str]], spaces: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset((spaces.get(kind, kind), value) for kind, value in refs)


def _is_in(name: str, mail: MailRow) -> bool:
    return len(name) >= _SHORTEST and name in fold(f"{mail.subject}\n{mail.text or ''}")
