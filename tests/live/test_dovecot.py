"""What the IMAP source does with a real server: everything once, nothing twice, nothing changed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from otosata.mail.imap import ImapSource
from otosata.mail.model import RawMail
from otosata.mail.source import Batch, Cursor, Progress, SourceError, Wanted
from tests.live.dovecot import Mailbox
from tests.live.recorder import recorded

NOW = datetime.now(UTC).replace(microsecond=0)
SENDERS = ("noreply@coconala.example", "@lancers.example")
JAPANESE_FOLDER = "受信トレイ"
ON_DISK = ".&U9dP4TDIMOwwpA-"
"""受信トレイ in modified UTF-7 (RFC 3501, 5.1.3), as a Maildir++ folder."""


@dataclass
class Memory:
    """The least that a store remembers: mails by folder and UID, and cursors."""

    mails: dict[tuple[str, int, int], RawMail] = field(default_factory=dict)
    cursors: dict[str, Cursor] = field(default_factory=dict)
    progress: list[Progress] = field(default_factory=list)
    handed: int = 0

    def wanted(self, days: int = 180) -> Wanted:
        return Wanted(
            SENDERS, NOW - timedelta(days=days), self.known, tuple(self.cursors.values()), self.progress.append
        )

    def known(self, folder: str, uidvalidity: int) -> frozenset[int]:
        return frozenset(uid for f, v, uid in self.mails if (f, v) == (folder, uidvalidity))

    def keep(self, batch: Batch) -> None:
        self.handed += len(batch.mails)
        self.mails |= {(m.folder, m.uidvalidity, m.uid): m for m in batch.mails}
        self.cursors[batch.cursor.folder] = batch.cursor

    def poll(self, source: ImapSource, **options: int) -> list[str]:
        """Poll to the end and return the subjects handed on."""
        found = []
        for batch in source.poll(self.wanted(**options)):
            self.keep(batch)
            found += [subject(m) for m in batch.mails]
        return found


def mail(sender: str, subject: str, body: str = "text", headers: str = "") -> bytes:
    return f"{headers}From: {sender}\r\nSubject: {subject}\r\nMessage-ID: <{subject}@x>\r\n\r\n{body}\r\n".encode()


def subject(raw: RawMail) -> str:
    return next(line[9:].decode() for line in raw.data.splitlines() if line.startswith(b"Subject: "))


@pytest.fixture
def open_source(mailbox: Mailbox) -> Iterator[Callable[..., ImapSource]]:
    opened: list[ImapSource] = []

    def open_one(**changes: object) -> ImapSource:
        opened.append(ImapSource(mailbox.account(**changes)))
        return opened[-1]

    yield open_one
    for source in opened:
        source.close()


def fill(mailbox: Mailbox, count: int = 30, folder: str = "") -> None:
    """Every third mail is a platform's, one a week, the newest from today; some have been read."""
    for n in range(count):
        sender = "Info <info@mail.lancers.example>" if n % 3 == 0 else f"friend{n}@elsewhere.example"
        mailbox.deliver(mail(sender, f"m{n}"), NOW - timedelta(weeks=n), folder, into="cur" if n % 2 else "new")


def test_the_first_sync_hands_on_the_platforms_mail_of_the_look_back_newest_first(mailbox, open_source):
    fill(mailbox)
    memory = Memory()
    assert memory.poll(open_source()) == ["m3", "m0", "m12", "m9", "m6", "m24", "m21", "m18", "m15"]
    (cursor,) = memory.cursors.values()
    assert cursor.complete
    arrived = {subject(m): m.arrived for m in memory.mails.values()}
    assert arrived["m3"] == NOW - timedelta(weeks=3)
    assert memory.progress[-1].done == memory.progress[-1].total == 9


def test_a_second_poll_hands_on_nothing_and_a_new_mail_comes_alone(mailbox, open_source):
    fill(mailbox)
    source, memory = open_source(), Memory()
    memory.poll(source)
    assert memory.poll(source) == []
    mailbox.deliver(mail("noreply@coconala.example", "new"), NOW)
    mailbox.deliver(mail("friend@elsewhere.example", "private"), NOW)
    assert memory.poll(source) == ["new"]
    assert memory.poll(open_source()) == []
    assert memory.handed == 10


def test_a_new_mail_is_handed_on_however_old_its_date(mailbox, open_source):
    source, memory = open_source(), Memory()
    memory.poll(source)
    mailbox.deliver(mail("noreply@coconala.example", "moved here"), NOW - timedelta(days=900))
    assert memory.poll(source) == ["moved here"]


def test_a_mail_the_server_hid_for_a_while_is_found_when_the_last_days_are_listed_again(mailbox, open_source):
    fill(mailbox, 3)
    source, memory = open_source(), Memory()
    memory.poll(source)
    memory.mails.clear()  # as if the UID had not been in the list when its neighbours were
    assert memory.poll(source) == ["m0"]


def test_a_longer_look_back_goes_on_where_the_shorter_one_ended(mailbox, open_source):
    fill(mailbox)
    source, memory = open_source(), Memory()
    memory.poll(source, days=30)
    assert memory.handed == 2
    memory.poll(source, days=180)
    assert memory.handed == 9


def test_after_a_uidvalidity_change_the_folder_is_read_again_under_its_new_number(mailbox, open_source):
    fill(mailbox)
    memory = Memory()
    first = memory.poll(open_source())
    mailbox.forget_uids()
    assert sorted(memory.poll(open_source())) == sorted(first)
    validities = {m.uidvalidity for m in memory.mails.values()}
    assert len(validities) == 2
    by_validity = [{m.data for m in memory.mails.values() if m.uidvalidity == v} for v in validities]
    assert by_validity[0] == by_validity[1], "the store can match the same mails by what they say"
    assert memory.poll(open_source()) == []


def test_a_folder_with_a_japanese_name_is_read_beside_the_inbox(mailbox, open_source):
    fill(mailbox, 3)
    mailbox.deliver(mail("noreply@coconala.example", "in the folder"), NOW, ON_DISK)
    memory = Memory()
    assert memory.poll(open_source(folders=("INBOX", JAPANESE_FOLDER))) == ["m0", "in the folder"]
    assert {m.folder for m in memory.mails.values()} == {"INBOX", JAPANESE_FOLDER}


def test_an_unknown_folder_is_reported_after_the_others_were_read(mailbox, open_source):
    fill(mailbox, 3)
    memory = Memory()
    with pytest.raises(SourceError, match="does not open the folder 受信箱") as caught:
        memory.poll(open_source(folders=("受信箱", "INBOX")))
    assert "INBOX" in caught.value.hint
    assert memory.handed == 1


def test_nothing_in_the_mailbox_changes(mailbox, open_source):
    fill(mailbox)
    before = mailbox.listing()
    source, memory = open_source(), Memory()
    memory.poll(source)
    memory.poll(source)
    source.sample_trust()
    source.test_login()
    source.close()
    assert mailbox.listing() == before
    assert any(name.startswith("new/") for name in before)


def test_only_reading_commands_are_sent(mailbox, open_source):
    fill(mailbox)
    with recorded(mailbox.server.plain_port) as wire:
        source, memory = open_source(host="127.0.0.1", port=wire.port, tls="off"), Memory()
        memory.poll(source)
        mailbox.deliver(mail("noreply@coconala.example", "new"), NOW)
        memory.poll(source)
        source.test_login()
        source.sample_trust()
        source.close()
    assert wire.verbs() == {
        "CAPABILITY", "AUTHENTICATE", "NOOP", "LIST", "EXAMINE", "UID SEARCH", "UID FETCH", "LOGOUT",
    }  # fmt: skip
    assert b"BODY[" not in wire.up
    assert memory.handed == 10


def test_a_poll_with_nothing_new_is_small_whatever_the_mailbox_holds(mailbox, open_source):
    sizes = []
    with recorded(mailbox.server.plain_port) as wire:
        source, memory = open_source(host="127.0.0.1", port=wire.port, tls="off"), Memory()
        for _ in range(2):
            fill(mailbox, 300)
            memory.poll(source, days=3000)
            before = len(wire.up) + wire.down
            assert memory.poll(source, days=3000) == []
            sizes.append(len(wire.up) + wire.down - before)
    assert max(sizes) < 4096
    assert sizes[1] - sizes[0] < 64


def test_a_first_sync_killed_after_any_batch_goes_on_and_ends_the_same(mailbox, open_source):
    fill(mailbox)
    whole = Memory()
    whole.poll(open_source())
    for stored_before_the_kill in range(8):
        memory = Memory()
        source = open_source()
        for step, batch in enumerate(source.poll(memory.wanted())):
            if step == stored_before_the_kill:
                break  # fetched, not stored: the crash came in between
            memory.keep(batch)
        source._connection.drop()
        again = open_source()
        memory.poll(again)
        assert memory.mails == whole.mails
        assert memory.handed == len(whole.mails)
        assert memory.poll(again) == []
        again.close()


def test_a_connection_that_died_between_polls_is_made_anew(mailbox, open_source):
    fill(mailbox, 3)
    source, memory = open_source(), Memory()
    memory.poll(source)
    source._connection._client._imap.sock.shutdown(2)
    mailbox.deliver(mail("noreply@coconala.example", "new"), NOW)
    assert memory.poll(source) == ["new"]


def test_a_wrong_password_is_tried_once(mailbox, open_source):
    with recorded(mailbox.server.plain_port) as wire:
        source = open_source(host="127.0.0.1", port=wire.port, tls="off", secret=lambda: "wrong")
        for _ in range(3):
            with pytest.raises(SourceError, match=f"refused the password of {mailbox.user}") as caught:
                Memory().poll(source)
            assert caught.value.permanent
            assert "wrong" not in str(caught.value)
    assert wire.connections == 1


def test_starttls_is_spoken_before_the_password(mailbox, open_source):
    fill(mailbox, 3)
    with recorded(mailbox.server.plain_port) as wire:
        assert Memory().poll(open_source(port=wire.port, tls="starttls")) == ["m0"]
    clear = bytes(wire.up).partition(b"STARTTLS\r\n")[0]
    assert b"AUTHENTICATE" not in clear
    assert b"LOGIN" not in clear
    assert b"AUTHENTICATE" not in wire.up


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"ca_file": None}, "unable to get local issuer"), ({"host": "127.0.0.1"}, "IP address mismatch")],
)
def test_a_certificate_that_does_not_fit_is_refused(mailbox, open_source, changes, reason):
    with pytest.raises(SourceError, match=f"certificate of .* is not trusted: .*{reason}"):
        open_source(**changes).test_login()


def test_a_log_in_test_lists_the_folders_and_counts_the_mails(mailbox, open_source):
    fill(mailbox, 4)
    mailbox.deliver(mail("a@b.example", "x"), NOW, ON_DISK)
    login = open_source(folders=("INBOX", JAPANESE_FOLDER)).test_login()
    assert set(login.folders) == {"INBOX", JAPANESE_FOLDER}
    assert login.mails == (("INBOX", 4), (JAPANESE_FOLDER, 1))


@pytest.mark.parametrize(
    ("headers", "ids", "anonymous"),
    [
        ("Received: x\r\nAuthentication-Results: MX.home.example;\r\n\tspf=pass\r\n", {"mx.home.example"}, False),
        ("Authentication-Results: spf=pass (IP 192.0.2.1)\r\nReceived: from x by a.outlook.example\r\n", set(), True),
        ("Received: from x\r\n" * 4 + "Authentication-Results: forged.example; spf=pass\r\n", set(), False),
        ("", set(), False),
    ],
)  # fmt: skip
def test_the_servers_own_marks_are_told_from_the_newest_mails(mailbox, open_source, headers, ids, anonymous):
    for n in range(80):
        other = "Authentication-Results: old.example; spf=pass\r\n" if n < 20 else headers
        mailbox.deliver(mail("friend@elsewhere.example", f"t{n}", headers=other), NOW - timedelta(hours=80 - n))
    sample = open_source().sample_trust()
    assert sample.mails == 60
    assert (set(sample.trust.authserv_ids), sample.trust.anonymous) == (ids, anonymous)


def test_a_large_mail_is_cut_and_says_so(mailbox, open_source):
    mailbox.deliver(mail("noreply@coconala.example", "large", "x" * 76 * 10_000), NOW)
    memory = Memory()
    memory.poll(open_source())
    (only,) = memory.mails.values()
    assert (len(only.data), only.truncated) == (512 << 10, True)


def test_a_large_text_comes_whole_and_html_that_repeats_the_text_stays_on_the_server(mailbox, open_source):
    text = "届きました。 https://coconala.example/1 " * 100 + "\r\n"
    html = "<b>" + "x" * 70 * 400 + "</b>"
    both = "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s--b\r\nContent-Type: text/html\r\n\r\n%s\r\n--b--"
    header = "Content-Type: multipart/alternative; boundary=b\r\n"
    mailbox.deliver(mail("noreply@coconala.example", "both", both % (text, html), header), NOW)
    mailbox.deliver(mail("noreply@coconala.example", "text", text * 10), NOW)
    memory = Memory()
    memory.poll(open_source())
    both_mail, text_mail = memory.mails.values()
    assert (len(both_mail.data), both_mail.truncated) == (12 << 10, True)
    assert text.strip().encode() in both_mail.data
    assert (text_mail.data.count(text.strip().encode()), text_mail.truncated) == (10, False)


def test_twenty_thousand_mails_of_which_three_hundred_matter(mailbox, open_source):
    body = "よろしくお願いします。\r\n" * 20
    for n in range(20_000):
        sender = "noreply@coconala.example" if n % 67 == 0 else f"friend{n % 97}@elsewhere.example"
        mailbox.deliver(mail(sender, f"m{n}", body), NOW - timedelta(minutes=10 * n), into="cur")
    source, memory = open_source(), Memory()
    found = memory.poll(source)
    assert len(found) == len(set(found)) == 299
    assert memory.poll(source) == []
