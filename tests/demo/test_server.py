"""The demo's server is a mailbox like any other to the program's own IMAP code, and leaves nothing behind."""

import imaplib
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from demo.mails import DemoMail
from demo.server import DemoServer
from otosata.mail.account import ImapAccount
from otosata.mail.imap import ImapSource
from otosata.mail.model import RawMail, Trust
from otosata.mail.source import Cursor, SourceError, Wanted

NOW = datetime(2026, 11, 21, 9, 30, 15, tzinfo=UTC)
JST = timezone(timedelta(hours=9))
SENDER = "noreply@lancers.co.jp"


def mail(number: int, sender: str = SENDER, days: float = 1) -> DemoMail:
    head = f"Authentication-Results: mx.demo.example; dmarc=pass header.from=lancers.co.jp\r\nFrom: {sender}\r\n"
    data = f"{head}Subject: {number}\r\n\r\nHello\r\n".encode("ascii")
    return DemoMail(data, (NOW - timedelta(days=days)).astimezone(JST))


def account(server: DemoServer, password: str | None = None) -> ImapAccount:
    secret = server.password if password is None else password
    return ImapAccount("demo", server.host, server.user, lambda: secret, port=server.port, tls="off")


def read(source: ImapSource, *cursors: Cursor, stored: frozenset[int] = frozenset()) -> tuple[list[RawMail], Cursor]:
    """What a poll finds, and where it got to."""
    known = set(stored)
    found: list[RawMail] = []
    wanted = Wanted((SENDER,), NOW - timedelta(days=180), lambda *_: frozenset(known), cursors)
    latest = next(iter(cursors), Cursor("INBOX", 0, 0))
    for batch in source.poll(wanted):
        found += batch.mails
        known |= {mail.uid for mail in batch.mails}
        latest = batch.cursor
    return found, latest


@pytest.fixture
def threads_before() -> Iterator[set[threading.Thread]]:
    before = set(threading.enumerate())
    yield before
    assert set(threading.enumerate()) <= before


def test_it_hands_on_the_mails_it_was_given_with_their_times() -> None:
    given = [mail(number, days=number / 3) for number in range(40, 0, -1)]
    with DemoServer(given) as server:
        source = ImapSource(account(server), lambda: NOW)
        found, _ = read(source)
        source.close()
    assert {(raw.data, raw.arrived) for raw in found} == {(one.data, one.arrived) for one in given}


def test_a_sender_nobody_asked_for_stays_on_the_server() -> None:
    with DemoServer([mail(1), mail(2, sender="mother@home.example")]) as server:
        source = ImapSource(account(server), lambda: NOW)
        found, _ = read(source)
        source.close()
    assert [raw.data for raw in found] == [mail(1).data]


def test_a_second_poll_finds_nothing_new() -> None:
    with DemoServer([mail(number) for number in range(5)]) as server:
        source = ImapSource(account(server), lambda: NOW)
        found, cursor = read(source)
        again, _ = read(source, cursor, stored=frozenset(raw.uid for raw in found))
        source.close()
    assert (len(found), again) == (5, [])


def test_what_it_writes_on_top_of_its_mail_is_learned_from_it() -> None:
    with DemoServer([mail(number) for number in range(12)]) as server:
        source = ImapSource(account(server), lambda: NOW)
        sample = source.sample_trust()
        source.close()
    assert (sample.mails, sample.trust) == (12, Trust(authserv_ids=frozenset({"mx.demo.example"})))


def test_two_run_at_once_and_each_knows_its_own_mails_and_password() -> None:
    with DemoServer([mail(1)]) as one, DemoServer([mail(2)]) as two:
        first, second = (ImapSource(account(server), lambda: NOW) for server in (one, two))
        assert [read(source)[0][0].data for source in (first, second)] == [mail(1).data, mail(2).data]
        with pytest.raises(SourceError, match="refused the password"):
            ImapSource(account(one, password=two.password)).test_login()
        first.close()
        second.close()


def test_it_is_reached_from_this_machine_only() -> None:
    with DemoServer([]) as server, socket.create_connection((server.host, server.port)) as connection:
        assert connection.getpeername()[0] == "127.0.0.1"


def test_when_it_ends_its_thread_and_its_port_are_gone(threads_before: set[threading.Thread]) -> None:
    with DemoServer([mail(1)]) as server:
        assert set(threading.enumerate()) - threads_before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((server.host, server.port))


def test_it_ends_although_somebody_is_still_connected(
    threads_before: set[threading.Thread], capfd: pytest.CaptureFixture[str]
) -> None:
    with DemoServer([mail(1)]) as server:
        source = ImapSource(account(server), lambda: NOW)
        read(source)
    with pytest.raises(SourceError):
        source.test_login()
    assert capfd.readouterr() == ("", "")


def test_it_ends_although_somebody_waits_for_news(
    threads_before: set[threading.Thread], capfd: pytest.CaptureFixture[str]
) -> None:
    with DemoServer([mail(1)]) as server:
        client = imaplib.IMAP4(server.host, server.port, 5)
        client.login(f'"{server.user}"', server.password)
        client.select("INBOX", readonly=True)
        client.send(b"A1 IDLE\r\n")
        assert client.readline().startswith(b"+")
    client.shutdown()
    assert capfd.readouterr() == ("", "")


def test_it_says_so_where_no_port_can_be_had(
    threads_before: set[threading.Thread], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("demo.server.HOST", "192.0.2.1")
    with pytest.raises(OSError, match="address"), DemoServer([mail(1)]):
        pytest.fail("it has no port")


def test_it_ends_when_the_block_fails(threads_before: set[threading.Thread]) -> None:
    with pytest.raises(ZeroDivisionError), DemoServer([mail(1)]):
        raise ZeroDivisionError


def test_words_that_are_no_imap_do_not_reach_the_screen(capfd: pytest.CaptureFixture[str]) -> None:
    with DemoServer([mail(1)]) as server, socket.create_connection((server.host, server.port), 5) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n\r\n\x00\xff\r\n")
        assert connection.recv(1000).startswith(b"* OK")
    assert capfd.readouterr() == ("", "")
