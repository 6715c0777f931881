"""A mailbox over IMAP, read-only: the first sync backwards in windows, then only what is new."""

import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from otosata.mail.account import ImapAccount
from otosata.mail.ahead import ahead
from otosata.mail.connection import Connection, NoSuchFolderError
from otosata.mail.model import RawMail, Trust
from otosata.mail.source import Batch, Cursor, Progress, SourceError, Traffic, TrustSample, Wanted
from otosata.mail.trust import FEWEST_MAILS, HEADERS, judge_trust
from otosata.mail.windows import (
    Senders,
    Window,
    by_weight,
    in_pieces,
    search,
    sender_words,
    windows_back,
)

MAIL_LIMIT = 512 << 10
"""Bytes of a mail that are fetched; notifications are a tenth of it, the rest of a larger mail is attachment."""
HEADER_LIMIT = 4 << 10
TRUST_LIMIT = 32 << 10
AT_ONCE = 300
"""UIDs in one fetch: some hundred cost one round trip, thousands a line that servers refuse."""
BYTES_AT_ONCE = 8 << 20
UID_WINDOW = 50_000
"""UIDs asked for in one list: at most 550,000 bytes of answer."""
MOST_UID_WINDOWS = 100
"""Lists in a poll, whatever number a server says comes next."""
RELIST = timedelta(days=14)
"""Listed again at each poll: Gmail hides UIDs for a while."""
TRUST_MAILS = 60


@dataclass(frozen=True, slots=True)
class Login:
    """What a test of an account found."""

    folders: tuple[str, ...]
    """Every folder the server lists."""
    mails: tuple[tuple[str, int], ...]
    """(folder, mails in it) for each folder that is read."""
    abilities: tuple[str, ...] = ()
    """What the server says it can do (CAPABILITY, RFC 3501 6.1.1)."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A mail of a known sender, before its body is fetched."""

    uid: int
    size: int
    arrived: datetime | None


@dataclass(frozen=True, slots=True)
class _Folder:
    """An opened folder and what a poll wants from it."""

    name: str
    uidvalidity: int
    uidnext: int
    wanted: Wanted
    words: tuple[str, ...]
    senders: Senders


@dataclass(frozen=True, slots=True)
class Ear:
    """Where the server is heard while it may speak by itself (IDLE, RFC 2177)."""

    socket: socket.socket
    """It has something to read when there is something to hear."""
    news: bool
    """Mail has come since the last poll already: do not wait."""


def _now() -> datetime:
    return datetime.now(UTC)


class ImapSource:
    """A mailbox over IMAP. One connection, kept from poll to poll; nothing on the server is ever changed."""

    def __init__(self, account: ImapAccount, now: Callable[[], datetime] = _now) -> None:
        self._account = account
        self._now = now
        self._connection = Connection(account)
        self._uidnext: int | None = None
        """Of the first folder when it was last polled: more by now means new mail."""

    @property
    def traffic(self) -> Traffic:
        """What the mailbox has cost so far, over all connections."""
        return self._connection.traffic

    def poll(self, wanted: Wanted) -> Iterator[Batch]:
        """Yield new mail of known senders: first what came since the last poll, then older mail, newest first.

        It may be left at any batch. Raises SourceError; a folder that cannot be opened, or a few mails that the server
        does not hand out, are reported after all else was read. The next batch is read while one is used, on a thread:
        it is there that `wanted.known` and `wanted.progress` are called.
        """
        yield from ahead(self._read(wanted), self._connection.drop)

    def _read(self, wanted: Wanted) -> Iterator[Batch]:
        try:
            words = sender_words(wanted.senders)
        except ValueError as error:
            raise SourceError(f"mail cannot be searched for: {error}", "Check the platforms' senders.") from error
        missing: SourceError | None = None
        self._connection.refused_uids = []
        self._connection.be_there()
        for name in self._account.folders if words else ():
            try:
                folder = self._open(name, wanted, words)
            except NoSuchFolderError as error:
                missing = missing or error
            else:
                yield from self._poll_folder(folder)
        if missing or self._connection.refused_uids:
            raise missing or self._connection.incomplete()

    def sample_trust(self) -> TrustSample:
        """Look at the newest mails' Authentication-Results, whoever sent them. Raises SourceError."""
        self._connection.be_there()
        try:
            count = self._connection.examine(self._account.folders[0]).get(b"EXISTS", 0)
        except NoSuchFolderError:  # for poll to report
            count = 0
        if count < FEWEST_MAILS:  # asked at every poll until there are more; their headers would say nothing
            return TrustSample(count, Trust())
        uids = self._connection.search(f"{max(1, count - TRUST_MAILS + 1)}:{count}")
        key = f"BODY.PEEK[HEADER.FIELDS ({' '.join(HEADERS)})]<0.{TRUST_LIMIT}>"
        answers = self._connection.fetch(sorted(uids)[-TRUST_MAILS:], [key])
        return judge_trust([_section(answer) for answer in answers.values()])

    def test_login(self) -> Login:
        """Connect, log in, list the folders and count the mails. Raises SourceError."""
        self._connection.be_there()
        folders = self._connection.folders()
        mails = tuple((name, int(self._connection.examine(name).get(b"EXISTS", 0))) for name in self._account.folders)
        abilities = self._connection.ask(lambda client: client.capabilities())
        return Login(folders, mails, tuple(sorted(word.decode("ascii", "replace") for word in abilities)))

    def start_idle(self) -> Ear | None:
        """Let the server say by itself when mail comes to the first folder. None: it cannot. Raises SourceError."""
        self._connection.be_there()
        if not self._connection.ask(lambda client: client.has_capability("IDLE")):
            return None
        try:
            answer = self._connection.examine(self._account.folders[0])
        except NoSuchFolderError:  # for poll to report
            return None
        came = answer.get(b"UIDNEXT") not in (None, self._uidnext)
        self._connection.ask(lambda client: client.idle())
        came = self._connection.ask(lambda client: client.has_spoken() and client.news()) or came
        return Ear(self._connection.ask(lambda client: client.ear), came)

    def hear(self) -> bool:
        """Read what the server has said during IDLE, once its socket has something: whether mail has come or gone."""
        return self._connection.ask(lambda client: client.news())

    def stop_idle(self) -> None:
        """End the IDLE, so that the connection can be used for a poll. Raises SourceError."""
        self._connection.ask(lambda client: client.idle_done())

    def drop(self) -> None:
        """Forget the connection: after a sleep nobody knows whether it lives. Never raises."""
        self._connection.drop()

    def close(self) -> None:
        """Log out in at most two seconds; never raises."""
        self._connection.hang_up()

    def _open(self, name: str, wanted: Wanted, words: tuple[str, ...]) -> _Folder:
        answer = self._connection.examine(name)
        uidnext = answer.get(b"UIDNEXT")
        if not isinstance(uidnext, int):  # some servers keep it to themselves
            uidnext = max(self._connection.search("UID *"), default=0) + 1 if answer.get(b"EXISTS") else 1
        uidvalidity = int(answer.get(b"UIDVALIDITY", 0))
        if name == self._account.folders[0]:
            self._uidnext = uidnext
        return _Folder(name, uidvalidity, uidnext, wanted, words, Senders.of(wanted.senders))

    def _poll_folder(self, folder: _Folder) -> Iterator[Batch]:
        cursor = next(
            (c for c in folder.wanted.cursors if (c.folder, c.uidvalidity) == (folder.name, folder.uidvalidity)),
            None,
        )
        if cursor is None:
            cursor = Cursor(folder.name, folder.uidvalidity, folder.uidnext)
        else:
            for batch in self._newly_arrived(folder, cursor):
                cursor = batch.cursor
                yield batch
            yield from self._listed_late(folder, cursor)
        yield from self._backfill(folder, cursor)

    def _newly_arrived(self, folder: _Folder, cursor: Cursor) -> Iterator[Batch]:
        """UIDs the last poll had not seen; the headers tell whose they are, so no SEARCH can miss one."""
        step = max(UID_WINDOW, (folder.uidnext - cursor.uidnext) // MOST_UID_WINDOWS)
        for start in range(cursor.uidnext, folder.uidnext, step):
            stop = min(start + step, folder.uidnext)
            uids = [uid for uid in self._connection.search(f"UID {start}:{stop - 1}") if start <= uid < stop]
            for piece in in_pieces(self._unknown(folder, uids), AT_ONCE):
                for mails in self._mails(folder, piece):
                    cursor = replace(cursor, uidnext=max(mail.uid for mail in mails) + 1)
                    yield Batch(mails, cursor)
                cursor = replace(cursor, uidnext=piece[-1] + 1)
            cursor = replace(cursor, uidnext=stop)
            yield Batch((), cursor)

    def _listed_late(self, folder: _Folder, cursor: Cursor) -> Iterator[Batch]:
        recent = Window(self._now() - RELIST, None)
        uids = [uid for uid in self._connection.search(search(recent, folder.words)) if uid < cursor.uidnext]
        for piece in in_pieces(self._unknown(folder, uids), AT_ONCE):
            for mails in self._mails(folder, piece):
                yield Batch(mails, cursor)

    def _backfill(self, folder: _Folder, cursor: Cursor) -> Iterator[Batch]:
        """Windows from where the first sync stands back to the look-back limit."""
        since, now = folder.wanted.since, self._now()
        if cursor.complete and cursor.backfilled_to and since > cursor.backfilled_to - timedelta(days=1):
            return
        cursor = replace(cursor, complete=False)
        done = 0
        for window in windows_back(cursor.backfilled_to, since, now):
            uids = [uid for uid in self._connection.search(search(window, folder.words)) if uid < cursor.uidnext]
            unknown = self._unknown(folder, uids)
            share = (now - window.start) / max(now - since, timedelta(seconds=1))
            total = max(done + len(unknown), round((done + len(unknown)) / max(share, 0.01)))
            folder.wanted.progress(Progress(folder.name, done, total))
            newest_first = sorted(unknown, reverse=True)
            for piece in in_pieces(newest_first, AT_ONCE):
                for mails in self._mails(folder, sorted(piece)):
                    yield Batch(mails, cursor)
                done += len(piece)
                folder.wanted.progress(Progress(folder.name, done, max(total, done)))
            cursor = replace(cursor, backfilled_to=window.start, complete=window.start <= since)
            yield Batch((), cursor)
        if not cursor.complete:  # the limit has moved past the point where the first sync was left
            yield Batch((), replace(cursor, backfilled_to=cursor.backfilled_to or since, complete=True))

    def _unknown(self, folder: _Folder, uids: Sequence[int]) -> list[int]:
        known = folder.wanted.known(folder.name, folder.uidvalidity) if uids else frozenset()
        return sorted(set(uids) - known)

    def _mails(self, folder: _Folder, uids: Sequence[int]) -> Iterator[tuple[RawMail, ...]]:
        """Fetch the mails of known senders among `uids`, in groups of bounded size."""
        found = {f.uid: f for f in self._describe(folder, uids)}
        weights = [(f.uid, min(f.size, MAIL_LIMIT)) for f in found.values()]
        for group in by_weight(weights, AT_ONCE, BYTES_AT_ONCE):
            bodies = self._bodies([found[uid] for uid in group])
            mails = tuple(
                RawMail(data, found[uid].arrived, folder.name, uid, folder.uidvalidity, truncated)
                for uid, (data, truncated) in sorted(bodies.items())
                if data
            )
            if mails:
                yield mails

    def _bodies(self, found: Sequence[_Found]) -> dict[int, tuple[bytes, bool]]:
        """UID -> (bytes, cut off). First a piece of each, then the rest of those that need it."""
        from otosata.mail.enough import FIRST_PIECE, is_enough  # noqa: PLC0415  # brings the whole decoding along

        answers = self._connection.fetch([f.uid for f in found], [f"BODY.PEEK[]<0.{FIRST_PIECE}>"])
        first = {f.uid: _section(answers.get(f.uid, {})) for f in found}
        self._connection.refused_uids += [uid for uid, data in first.items() if uid in answers and not data]
        cut = {f.uid for f in found if len(first[f.uid]) == FIRST_PIECE and f.size != FIRST_PIECE}
        unfinished = sorted(uid for uid in cut if not is_enough(first[uid]))
        answers = self._connection.fetch(unfinished, [f"BODY.PEEK[]<{FIRST_PIECE}.{MAIL_LIMIT - FIRST_PIECE}>"])
        rest = {uid: _section(answers.get(uid, {})) for uid in unfinished}
        whole = {uid: data + rest.get(uid, b"") for uid, data in first.items()}
        sizes = {f.uid: f.size for f in found}
        return {
            uid: (data, (uid in cut and not rest.get(uid)) or (len(data) == MAIL_LIMIT and sizes[uid] != MAIL_LIMIT))
            for uid, data in whole.items()
        }

    def _describe(self, folder: _Folder, uids: Sequence[int]) -> list[_Found]:
        items = ["RFC822.SIZE", "INTERNALDATE", f"BODY.PEEK[HEADER.FIELDS (FROM)]<0.{HEADER_LIMIT}>"]
        answers = self._connection.fetch(uids, items)
        self._connection.refused_uids += [uid for uid in uids if uid in answers and not _has_section(answers[uid])]
        return [
            _Found(uid, _size(answers[uid]), _aware(answers[uid].get(b"INTERNALDATE")))
            for uid in uids
            if uid in answers and folder.senders.match(_section(answers[uid]))
        ]


def _section(answer: dict[bytes, Any]) -> bytes:
    """The body section of a FETCH answer, whatever the server calls it exactly (case, quotes, origin)."""
    for key, value in answer.items():
        if isinstance(key, bytes) and key.startswith(b"BODY[") and isinstance(value, bytes):
            return value
    return b""


def _has_section(answer: dict[bytes, Any]) -> bool:
    """Whether the server said anything of the section: NIL is what some say of a mail that they cannot read."""
    return any(
        isinstance(key, bytes) and key.startswith(b"BODY[") and value is not None for key, value in answer.items()
    )


def _size(answer: dict[bytes, Any]) -> int:
    size = answer.get(b"RFC822.SIZE")
    return size if isinstance(size, int) else MAIL_LIMIT


def _aware(moment: object) -> datetime | None:
    if not isinstance(moment, datetime):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
