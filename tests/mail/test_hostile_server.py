"""A mail server that lies, hangs or floods ends a poll with one sentence: no hang, no flood in memory, no crash."""

import random
import re
import socket
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from otosata.mail import wire
from otosata.mail.account import ImapAccount
from otosata.mail.imap import ImapSource
from otosata.mail.source import Batch, Cursor, SourceError, Wanted
from otosata.mail.wire import ForbiddenCommandError, Guard

NOW = datetime.now(UTC)
GREETING = b"* OK IMAP4rev1 ready\r\n"
MAIL = b"From: noreply@platform.example\r\nSubject: x\r\n\r\ntext\r\n"

Answer = Callable[["FakeServer", bytes], bytes | None]
"""(server, what follows the verb) -> untagged lines, then the status if it is not to be OK; None hangs up."""


def describe(uid: int, header: bytes = b"From: noreply@platform.example\r\n\r\n") -> bytes:
    date = b'"01-Mar-2026 10:00:00 +0900"'
    return b"* 1 FETCH (UID %d RFC822.SIZE 50 INTERNALDATE %s BODY[HEADER.FIELDS (FROM)]<0> {%d}\r\n%s)\r\n" % (
        uid, date, len(header), header,
    )  # fmt: skip


def fetch(_: "FakeServer", rest: bytes) -> bytes:
    if b"HEADER" in rest:
        return describe(1)
    return b"* 1 FETCH (UID 1 BODY[]<0> {%d}\r\n%s)\r\n" % (len(MAIL), MAIL)


HONEST: dict[str, Answer] = {
    "CAPABILITY": lambda *_: b"* CAPABILITY IMAP4rev1\r\n",
    "LOGIN": lambda *_: b"",
    "NOOP": lambda *_: b"",
    "LIST": lambda *_: b'* LIST () "/" INBOX\r\n',
    "EXAMINE": lambda *_: b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 2] x\r\n",
    "SEARCH": lambda *_: b"* SEARCH 1\r\n",
    "FETCH": fetch,
    "LOGOUT": lambda *_: b"* BYE\r\n",
}


class FakeServer:
    """Speaks just enough IMAP on loopback, and whatever else a test tells it to."""

    def __init__(self) -> None:
        self.greeting: bytes | None = GREETING
        self.answers = dict(HONEST)
        self.heard: list[bytes] = []
        self.over = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])
        self.connection: socket.socket | None = None
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                self.connection, _ = self.listener.accept()
                with self.connection, suppress(OSError):
                    self._talk(self.connection)

    def _talk(self, connection: socket.socket) -> None:
        if self.greeting is None:
            self.over.wait(30)
            return
        connection.sendall(self.greeting)
        for line in connection.makefile("rb"):
            self.heard.append(line)
            command = re.fullmatch(rb"(\S+) (?:UID )?([A-Z]+) ?(.*)\r\n", line)
            if not command:  # a TLS handshake
                return
            tag, verb, rest = command.groups()
            answer = self.answers[verb.decode()](self, rest)
            if answer is None:
                return
            *untagged, status = answer.rpartition(b"\r\n")
            connection.sendall(b"".join(untagged) + tag + b" " + (status or b"OK done") + b"\r\n")

    def close(self) -> None:
        self.over.set()
        for each in (self.listener, self.connection):
            if each:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
                each.close()
        self.thread.join(5)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServer]:
    monkeypatch.setattr(wire, "PATIENCE", 10)  # a command has 3 s
    monkeypatch.setattr(wire, "LARGEST_ANSWER", 4 << 20)
    fake = FakeServer()
    yield fake
    fake.close()


def source(server: FakeServer, **changes: object) -> ImapSource:
    values = {
        "name": "a", "host": "127.0.0.1", "port": server.port, "user": "me", "secret": lambda: "pass",
        "tls": "off", "timeout_seconds": 0.3,
    }  # fmt: skip
    return ImapSource(ImapAccount(**{**values, **changes}))


def wanted(*cursors: Cursor) -> Wanted:
    return Wanted(("@platform.example",), NOW - timedelta(days=10), lambda *_: frozenset(), cursors)


def poll(source: ImapSource, *cursors: Cursor) -> list[Batch]:
    try:
        return list(source.poll(wanted(*cursors)))
    finally:
        source.close()


def test_an_honest_server_is_read(server):
    assert [m.data for b in poll(source(server)) for m in b.mails] == [MAIL]


def hang(server: FakeServer, _: bytes) -> bytes | None:
    server.over.wait(30)
    return None


def drip(server: FakeServer, _: bytes) -> bytes | None:
    while not server.over.wait(0.05):
        server.connection.sendall(b"*")
    return None


def flood(server: FakeServer, _: bytes) -> bytes | None:
    while not server.over.is_set():
        server.connection.sendall(b"* OK " + b"x" * 60_000 + b"\r\n")
    return None


def cut_mid_fetch(server: FakeServer, _: bytes) -> bytes | None:
    server.connection.sendall(b"* 1 FETCH (UID 1 BODY[]<0> {500}\r\nFrom: half")
    return None


HUGE_LITERAL = b"* 1 FETCH (UID 1 BODY[]<0> {2147483648}\r\nFrom"


@pytest.mark.parametrize(
    ("verb", "answer", "sentence"),
    [
        ("CAPABILITY", hang, "did not answer in time"),
        ("LOGIN", hang, "did not answer in time"),
        ("LOGIN", lambda *_: None, "closed the connection"),
        ("LOGIN", lambda *_: b"* BYE overloaded\r\n", "broke off"),
        ("LOGIN", lambda *_: b"garbage\r\n", "broke off"),
        ("LOGIN", lambda *_: b"NO [UNAVAILABLE] later", "just now"),
        ("LOGIN", lambda *_: b"BAD what", "just now"),
        ("EXAMINE", hang, "did not answer in time"),
        ("SEARCH", hang, "did not answer in time"),
        ("SEARCH", drip, "did not answer in time"),
        ("SEARCH", flood, "larger than"),
        ("SEARCH", lambda *_: b"* SEARCH " + b"1234567890 " * 100_000 + b"\r\n", "line of more than"),
        ("SEARCH", lambda *_: b"* SEARCH one two\r\n", "no IMAP"),
        ("SEARCH", lambda *_: b"\0\xff garbage\r\n", "broke off"),
        ("SEARCH", lambda *_: None, "closed the connection"),
        ("SEARCH", lambda *_: b"* BYE going down\r\n", "broke off"),
        ("FETCH", lambda *_: HUGE_LITERAL, "announced 2147483648 bytes"),
        ("FETCH", cut_mid_fetch, "closed the connection"),
        ("FETCH", lambda *_: b"* 1 FETCH (UID 1 BODY[] (((\r\n", "does not hand out|no IMAP"),
        ("FETCH", lambda *_: b"* 1 FETCH (UID x)\r\n", "does not hand out|no IMAP"),
        ("FETCH", lambda *_: b"* 1 FETCH " + b"(" * 50_000 + b"\r\n", "does not hand out|no IMAP"),
    ],
)
def test_a_lie_ends_the_poll_with_a_sentence_and_the_memory_stays_small(server, verb, answer, sentence):
    server.answers[verb] = answer
    tracemalloc.start()
    try:
        with pytest.raises(SourceError, match=sentence) as caught:
            poll(source(server))
        assert tracemalloc.get_traced_memory()[1] < 50 << 20
    finally:
        tracemalloc.stop()
    assert caught.value.hint
    assert not caught.value.permanent


NOISE = (b"(", b")", b"{5}\r\n", b'"', b"\r\n", b"* ", b"NIL ", b"\0", b"9" * 20, b"[", b"]", b"\\", b"\xff")


def garbled(text: bytes, chance: random.Random) -> bytes:
    """Up to three bytes changed, left out, or noise put in."""
    for _ in range(chance.randint(1, 3)):
        at, width = chance.randrange(len(text) + 1), chance.choice((0, 0, 1, 8))
        text = text[:at] + chance.choice(NOISE) * chance.randint(0, 1) + text[at + width :]
    return text


@pytest.mark.parametrize("verb", HONEST)
def test_garbled_answers_never_raise_anything_but_a_source_error(server, verb):
    chance = random.Random(verb)  # noqa: S311  # repeatable noise, nothing secret
    server.answers[verb] = lambda fake, rest: garbled(HONEST[verb](fake, rest), chance)
    for _ in range(10):
        once = source(server, timeout_seconds=0.05)
        with suppress(SourceError):
            once.test_login()
            once.sample_trust()
            poll(once)
        once.close()


@pytest.mark.parametrize(
    ("greeting", "sentence"),
    [
        (None, "did not answer in time"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "broke off|no IMAP|refused"),
        (b"\x16\x03\x01\x02\x00", "did not answer in time|broke off"),
        (b"* BYE too many\r\n", "too many"),
        (b"x" * 2_000_000, "line of more than"),
    ],
)
def test_a_greeting_that_is_none_is_told(server, greeting, sentence):
    server.greeting = greeting
    with pytest.raises(SourceError, match=sentence):
        poll(source(server))


def test_a_server_that_speaks_no_tls_is_told(server):
    with pytest.raises(SourceError, match=r"no TLS|broke off"):
        poll(source(server, tls="implicit", host="localhost"))


def test_without_starttls_the_password_is_not_sent(server):
    with pytest.raises(SourceError, match="offers no STARTTLS"):
        poll(source(server, tls="starttls", host="localhost"))
    assert not [line for line in server.heard if b"LOGIN" in line]


def test_a_text_slipped_in_before_tls_is_not_taken_for_the_servers_word(server):
    server.answers["CAPABILITY"] = lambda *_: b"* CAPABILITY IMAP4rev1 STARTTLS\r\n"
    injected = b"* OK injected\r\n"

    def start_tls(fake: FakeServer, _: bytes) -> bytes | None:
        tag = fake.heard[-1].split()[0]
        fake.connection.sendall(tag + b" OK go\r\n" + injected)
        fake.over.wait(1)
        return None

    server.answers["STARTTLS"] = start_tls
    with pytest.raises(SourceError):
        poll(source(server, tls="starttls", host="localhost"))
    assert not [line for line in server.heard if b"LOGIN" in line]


def test_nobody_listening_and_an_unknown_name_are_told_apart():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    account = ImapAccount("a", "127.0.0.1", "me", lambda: "pass", port=port, tls="off")
    with pytest.raises(SourceError, match="takes no connection"):
        poll(ImapSource(account))
    with pytest.raises(SourceError, match="no server is known"):
        poll(ImapSource(ImapAccount("a", "mail.invalid", "me", lambda: "pass", timeout_seconds=2)))


def test_a_refused_password_is_final_and_not_tried_again(server):
    server.answers["LOGIN"] = lambda *_: b"NO [AUTHENTICATIONFAILED] Invalid credentials"
    once = source(server)
    for _ in range(3):
        with pytest.raises(SourceError, match=r"refused the password of me: .*Invalid credentials") as caught:
            poll(once)
        assert caught.value.permanent
    assert len([line for line in server.heard if b"LOGIN" in line]) == 1


def test_a_password_with_a_line_end_never_reaches_the_wire(server):
    with pytest.raises(SourceError, match="control character"):
        poll(source(server, secret=lambda: "pass\r\nA1 DELETE INBOX"))
    assert server.heard == []


@pytest.mark.parametrize("name", ["me", "me @home", 'm"e', "m\\e"])
def test_names_and_passwords_are_quoted(server, name):
    poll(source(server, user=name, secret=lambda: 'pa"ss \\word'))
    (login,) = (line for line in server.heard if b"LOGIN" in line)
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    assert login.partition(b" ")[2] == f'LOGIN "{quoted}" "pa\\"ss \\\\word"\r\n'.encode()


def test_an_old_mail_given_for_the_newest_is_not_taken_for_new(server):
    server.answers["EXAMINE"] = lambda *_: b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 9] x\r\n"
    server.answers["SEARCH"] = lambda _, rest: b"* SEARCH 1\r\n" if b"UID" in rest else b"* SEARCH\r\n"
    at = Cursor("INBOX", 7, 5, NOW - timedelta(days=10), complete=True)
    batches = poll(source(server), at)
    assert [b.mails for b in batches] == [()]
    assert batches[-1].cursor.uidnext == 9


def test_a_server_that_says_four_thousand_million_mails_came_is_not_asked_for_each(server):
    server.answers["EXAMINE"] = lambda *_: b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 4294967295] x\r\n"
    server.answers["SEARCH"] = lambda *_: b"* SEARCH\r\n"
    at = Cursor("INBOX", 7, 5, NOW - timedelta(days=10), complete=True)
    assert poll(source(server), at)[-1].cursor.uidnext == 4294967295
    assert len(server.heard) < 150


def test_a_server_that_keeps_uidnext_to_itself_is_asked_for_its_last_uid(server):
    server.answers["EXAMINE"] = lambda *_: b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n"
    batches = poll(source(server))
    assert (batches[-1].cursor.uidnext, len(batches[0].mails)) == (2, 1)


def test_mails_of_others_that_a_search_brings_along_are_not_fetched(server):
    server.answers["FETCH"] = lambda *_: describe(1, b"From: x@platform.example.evil.example\r\n\r\n")
    assert [b.mails for b in poll(source(server))] == [()]
    assert not [line for line in server.heard if b"BODY.PEEK[]" in line]


def test_a_mail_without_a_readable_date_still_arrives(server):
    server.answers["FETCH"] = lambda s, rest: fetch(s, rest).replace(b"01-Mar-2026", b"99-Foo-0000")
    (mail,) = (m for b in poll(source(server)) for m in b.mails)
    assert (mail.data, mail.arrived) == (MAIL, None)


def mailbox_of(server: FakeServer, count: int, refused: Callable[[int], bool]) -> None:
    """Let the server hold `count` platform mails, of which it refuses to hand out some."""
    uids = range(1, count + 1)
    server.answers["EXAMINE"] = lambda *_: b"* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT %d] x\r\n" % (count + 1)
    server.answers["SEARCH"] = lambda *_: b"* SEARCH " + b" ".join(b"%d" % uid for uid in uids) + b"\r\n"

    def fetch_some(_: FakeServer, rest: bytes) -> bytes:
        asked = [int(uid) for uid in rest.split()[0].split(b",")]
        if any(refused(uid) for uid in asked):
            return b"* OK trouble ahead\r\nNO sorry"
        if b"HEADER" in rest:
            return b"".join(describe(uid) for uid in asked)
        return b"".join(b"* 1 FETCH (UID %d BODY[]<0> {%d}\r\n%s)\r\n" % (uid, len(MAIL), MAIL) for uid in asked)

    server.answers["FETCH"] = fetch_some


def test_a_mail_the_server_cannot_hand_out_costs_no_other_and_is_reported_at_the_end(server):
    mailbox_of(server, 40, lambda uid: uid in {7, 23})
    found = []
    with pytest.raises(SourceError, match=r"does not hand out some mails \(UID 7, 23\)"):
        for batch in source(server, timeout_seconds=2).poll(wanted()):
            found += [m.uid for m in batch.mails]
            complete = batch.cursor.complete
    assert found == [uid for uid in range(1, 41) if uid not in {7, 23}]
    assert complete


@pytest.mark.parametrize("broken", ["header", "body", "empty body"])
def test_a_mail_the_server_has_nothing_of_is_reported_and_not_passed_over(server, broken):
    def fetch_nothing(_: FakeServer, rest: bytes) -> bytes:
        if b"HEADER" in rest:
            return b"* 1 FETCH (UID 1 BODY[HEADER.FIELDS (FROM)]<0> NIL)\r\n" if broken == "header" else describe(1)
        return b"* 1 FETCH (UID 1 BODY[]<0> %s)\r\n" % (b"NIL" if broken == "body" else b'""')

    server.answers["FETCH"] = fetch_nothing
    with pytest.raises(SourceError, match=r"does not hand out some mails \(UID 1\)"):
        poll(source(server))


def test_a_server_that_repeats_the_password_does_not_bring_it_into_an_error(server):
    server.answers["LOGIN"] = lambda _, rest: b"NO wrong: " + rest
    with pytest.raises(SourceError) as caught:
        poll(source(server, secret=lambda: "s3cret"))
    assert "s3cret" not in str(caught.value)
    assert "refused the password of me" in str(caught.value)


def test_a_server_that_refuses_every_mail_is_not_asked_for_each(server):
    mailbox_of(server, 300, lambda _: True)
    with pytest.raises(SourceError, match="does not hand out"):
        poll(source(server, timeout_seconds=2))
    assert len([line for line in server.heard if b"FETCH" in line]) < 50


@pytest.mark.parametrize(
    "line",
    [
        b"ABCD1 STORE 1 +FLAGS (\\Seen)\r\n",
        b"ABCD1 UID STORE 1 +FLAGS (\\Seen)\r\n",
        b"ABCD1 SELECT INBOX\r\n",
        b"ABCD1 EXPUNGE\r\n",
        b"ABCD1 UID FETCH 1 (BODY[])\r\n",
        b"ABCD1 UID FETCH 1 (RFC822)\r\n",
        b"ABCD1 FETCH 1 (UID)\r\n",
        b"ABCD1 UID FETCH 1 (BODY.PEEK[]<0.5>)\r\nABCD2 EXPUNGE\r\n",
        b'ABCD1 UID SEARCH SUBJECT "x"\r\n',
        'ABCD1 UID SEARCH FROM "偽"\r\n'.encode(),
        b'ABCD1 UID SEARCH FROM "a" DELETED\r\n',
        b"ABCD1 UID SEARCH CHARSET UTF-8 FROM {5}\r\n",
        b'ABCD1 EXAMINE "INBOX"\r\nABCD2 DELETE "INBOX"\r\n',
        b"\r\n",
        b"free text\r\n",
    ],
)
def test_the_guard_lets_no_command_out_that_could_change_a_mailbox(line):
    with pytest.raises(ForbiddenCommandError):
        Guard().check(line)


def test_an_idle_can_be_ended_and_nothing_else_said_meanwhile():
    guard = Guard()
    with pytest.raises(ForbiddenCommandError):
        guard.check(b"DONE\r\n")
    guard.check(b"ABCD1 IDLE\r\n")
    for words in (b"ABCD2 NOOP\r\n", b"ABCD2 EXPUNGE\r\n", b"DONE", b"DONE\r\nABCD2 EXPUNGE\r\n", b"\r\n"):
        with pytest.raises(ForbiddenCommandError):
            guard.check(words)
    guard.check(b"DONE\r\n")
    guard.check(b"ABCD3 NOOP\r\n")


def test_the_guard_holds_inside_an_authentication_too():
    guard = Guard()
    guard.check(b"ABCD1 AUTHENTICATE PLAIN\r\n")
    guard.check(b"AG1lAHBhc3M=")
    guard.check(b"\r\n")
    with pytest.raises(ForbiddenCommandError):
        guard.check(b"ABCD2 DELETE INBOX\r\n")
    guard.check(b"ABCD2 NOOP\r\n")
    with pytest.raises(ForbiddenCommandError):
        guard.check(b"AG1lAHBhc3M=")


@pytest.mark.parametrize("sender", ['"; DELETE', "日本@例.jp", 'a"@b.example', "a@b.example\r\n", "@", "plain", ""])
def test_only_plain_addresses_and_domains_are_searched_for(server, sender):
    with pytest.raises(SourceError, match="not an ASCII address"):
        list(source(server).poll(Wanted((sender,), NOW, lambda *_: frozenset())))
    assert server.heard == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"host": "imap.example.com", "tls": "off"}, "this machine only"),
        ({"host": "127.0.0.1.example.com", "tls": "off"}, "this machine only"),
        ({"port": 143, "tls": "implicit"}, "port 143 speaks no TLS"),
        ({"user": "me\r\nA1 DELETE x"}, "control character"),
        ({"folders": ()}, "no folder is to be read"),
    ],
)
def test_an_account_that_would_be_unsafe_cannot_be_made(changes, sentence):
    with pytest.raises(SourceError, match=sentence):
        ImapAccount(**{"name": "a", "host": "127.0.0.1", "user": "me", "secret": lambda: "pass", **changes})
