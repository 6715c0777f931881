"""A connection to an IMAP server: made when it is needed, asked politely, never used again once it has failed."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from otosata.mail.account import ImapAccount
from otosata.mail.source import SourceError, Traffic

if TYPE_CHECKING:
    from otosata.mail.wire import ReadOnlyClient

T = TypeVar("T")

MOST_REFUSED = 10
"""Single mails a server may refuse in a poll; with more it is not the mails that are broken."""


class NoSuchFolderError(SourceError):
    """One folder could not be opened; the others still are."""


class Connection:
    """Kept from poll to poll; nothing on the server is ever changed."""

    def __init__(self, account: ImapAccount) -> None:
        self._account = account
        self._client: ReadOnlyClient | None = None
        self._refused: SourceError | None = None
        self.refused_uids: list[int] = []
        """Mails the server would not hand out in this poll; the poll empties it."""
        self._spent = Traffic()
        """On connections that are gone."""

    @property
    def traffic(self) -> Traffic:
        """What it has cost so far, over all connections."""
        return self._spent + self._client.traffic if self._client else self._spent

    def hang_up(self) -> None:
        """Log out in at most two seconds; never raises."""
        client, self._client = self._client, None
        if client:
            client.hang_up()
            self._spent += client.traffic

    def be_there(self) -> None:
        """Use the connection of the last poll if it still answers, else make one."""
        if self._refused:
            raise self._refused
        if self._client:
            try:
                self._client.noop()
            except Exception:  # asleep, moved or timed out: whatever it was, a new connection tells
                self.drop()
        if not self._client:
            from otosata.mail.wire import connect  # noqa: PLC0415  # costs 0.1 s and only IMAP accounts need it

            try:
                self._client = connect(self._account)
            except SourceError as error:
                if error.permanent:
                    self._refused = error  # a second try could lock the user out at the provider
                raise

    def drop(self) -> None:
        """Close without a word; never raises."""
        client, self._client = self._client, None
        if client:
            client.drop()
            self._spent += client.traffic

    def ask(self, question: Callable[["ReadOnlyClient"], T]) -> T:
        """Put a question to the server; a connection that failed once is not used again."""
        from otosata.mail.wire import explain  # noqa: PLC0415  # see be_there

        if not self._client:
            raise SourceError(f"the connection to {self._account.host} was closed")
        try:
            return question(self._client)
        except Exception as error:
            self.drop()
            raise explain(error, self._account) from error

    def ask_politely(self, question: Callable[["ReadOnlyClient"], T]) -> T | None:
        """Ask for what a server may refuse and stay in touch; None where it answered NO or nonsense."""
        from imaplib import IMAP4  # noqa: PLC0415  # see be_there

        def asked(client: "ReadOnlyClient") -> T | None:
            try:
                return question(client)
            except IMAP4.abort:
                raise
            except IMAP4.error:
                return None

        return self.ask(asked)

    def examine(self, name: str) -> dict[bytes, Any]:
        """Open a folder read-only; what the server says of it. NoSuchFolderError names those that are there."""
        answer = self.ask_politely(lambda client: dict(client.select_folder(name, readonly=True)))
        if answer is None:
            there = ", ".join(self.folders()[:20])
            raise NoSuchFolderError(f"{self._account.host} does not open the folder {name}", f"There are: {there}.")
        return answer

    def folders(self) -> tuple[str, ...]:
        """Every folder the server lists."""
        return tuple(str(name) for _, _, name in self.ask(lambda client: client.list_folders()))

    def search(self, criteria: str) -> list[int]:
        """The UIDs that fit; `criteria` holds dates, numbers and ASCII senders alone, never a word out of a mail."""
        return list(self.ask(lambda client: client.search(criteria)))

    def fetch(self, uids: Sequence[int], items: list[str]) -> dict[int, dict[bytes, Any]]:
        """Fetch in one flight; where the server refuses, in halves, so that one broken mail costs no other."""
        if not uids:
            return {}
        answer = self.ask_politely(lambda client: dict(client.fetch(list(uids), items)))
        if answer is not None:
            return answer
        if len(uids) > 1:
            half = len(uids) // 2
            return self.fetch(uids[:half], items) | self.fetch(uids[half:], items)
        self.refused_uids.append(uids[0])
        if len(self.refused_uids) > MOST_REFUSED:
            raise self.incomplete()
        return {}

    def incomplete(self) -> SourceError:
        """That some mails could not be read, and which."""
        uids = ", ".join(map(str, sorted(set(self.refused_uids))))
        return SourceError(
            f"{self._account.host} does not hand out some mails (UID {uids})",
            "All others were read. Open the newest mails at the provider, or move the broken ones away.",
        )
