"""Mail on disk is handed on once, only from known senders, and the disk looks afterwards as it did before."""

import io
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from otosata.mail.files import MAIL_LIMIT, FileSource, Kind, detect, read_mails
from otosata.mail.model import RawMail
from otosata.mail.source import SourceError, Wanted

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PLATFORM = "noreply@platform.example"


def mail(sender: str = PLATFORM, subject: str = "hello", body: str = "text\r\n") -> bytes:
    return f"From: {sender}\r\nSubject: {subject}\r\n\r\n{body}".encode()


def wanted(known: frozenset[int] = frozenset(), *senders: str) -> Wanted:
    return Wanted(senders or ("@platform.example",), NOW - timedelta(days=180), lambda _folder, _validity: known)


def poll(kind: Kind, path: Path, known: frozenset[int] = frozenset(), *senders: str) -> list[RawMail]:
    return [m for batch in FileSource(kind, path).poll(wanted(known, *senders)) for m in batch.mails]


def subjects(mails: list[RawMail]) -> list[str]:
    return [line[9:].decode() for m in mails for line in m.data.splitlines() if line.startswith(b"Subject: ")]


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    """Two platform mails (one read, one new), one of a stranger, one in a sub-folder, one too old."""
    files = {
        "cur/1772000001.a:2,S": (mail(subject="read"), NOW - timedelta(days=2)),
        "new/1772000002.b": (mail(subject="new"), NOW - timedelta(days=1)),
        "new/1772000003.c": (mail("friend@elsewhere.example", "stranger"), NOW),
        ".Jobs/cur/1772000004.d:2,": (mail(subject="sub-folder"), NOW),
        "cur/1700000000.e:2,RS": (mail(subject="old"), NOW - timedelta(days=400)),
        "tmp/1772000005.f": (mail(subject="half delivered"), NOW),
    }
    for name, (data, moment) in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (moment.timestamp(), moment.timestamp()))
    return tmp_path


@pytest.fixture
def mbox(tmp_path: Path) -> Path:
    path = tmp_path / "inbox.mbox"
    path.write_bytes(
        b"From a@b.example Sun Mar  1 10:00:00 2026\n" + mail(subject="one", body="From here it is text\n\n")
        + b"\nFrom - Sun Mar 01 10:05:00 2026\n" + mail("friend@elsewhere.example", "stranger")
        + b"\n\nFrom a@b.example Sun Mar  1 11:00:00 +0900 2026\n" + mail(subject="two", body=">From quoted\n")
    )  # fmt: skip
    return path


@pytest.fixture
def emls(tmp_path: Path) -> Path:
    folder = tmp_path / "mails"
    for name, data in {
        "b.eml": mail(subject="b"),
        "a.EML": mail(subject="a"),
        "deep/er/c.eml": mail(subject="c"),
        "notes.txt": mail(subject="no mail"),
        "x.eml": mail("friend@elsewhere.example"),
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


@pytest.mark.parametrize(
    ("kind", "fixture", "expected"),
    [
        ("maildir", "maildir", ["read", "new", "sub-folder"]),
        ("mbox", "mbox", ["one", "two"]),
        ("eml", "emls", ["a", "b", "c"]),
    ],
)
def test_a_poll_hands_on_mail_of_known_senders_and_a_second_one_nothing(kind, fixture, expected, request):
    path = request.getfixturevalue(fixture)
    first = poll(kind, path)
    assert subjects(first) == expected
    assert poll(kind, path, frozenset(m.uid for m in first)) == []


def tree(top: Path) -> dict[str, tuple[bytes, int]]:
    return {str(p.relative_to(top)): (p.read_bytes(), p.stat().st_mtime_ns) for p in top.rglob("*") if p.is_file()}


@pytest.mark.parametrize(("kind", "fixture"), [("maildir", "maildir"), ("mbox", "mbox"), ("eml", "emls")])
def test_reading_leaves_every_file_where_and_as_it_was(kind, fixture, request, tmp_path):
    path = request.getfixturevalue(fixture)
    before = tree(tmp_path)
    poll(kind, path)
    assert tree(tmp_path) == before


def test_a_mail_keeps_its_number_when_its_owner_reads_it(maildir):
    before = {m.uid for m in poll("maildir", maildir)}
    (maildir / "new/1772000002.b").rename(maildir / "cur/1772000002.b:2,FS")
    assert {m.uid for m in poll("maildir", maildir)} == before


def test_only_a_maildir_tells_when_a_mail_arrived(maildir, mbox, emls):
    assert [m.arrived for m in poll("maildir", maildir)][:2] == [NOW - timedelta(days=2), NOW - timedelta(days=1)]
    assert {m.copied for m in poll("maildir", maildir)} == {True}
    assert {m.arrived for m in poll("mbox", mbox) + poll("eml", emls)} == {None}


def test_an_mbox_is_split_at_separators_only_and_loses_its_quoting(mbox):
    one, two = poll("mbox", mbox)
    assert one.data.endswith(b"\r\n\r\nFrom here it is text\n\n")
    assert two.data.endswith(b"\r\n\r\nFrom quoted\n")


def test_the_same_bytes_twice_are_one_mail(emls):
    (emls / "copy.eml").write_bytes(mail(subject="b"))
    assert subjects(poll("eml", emls)) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("header", "senders", "handed_on"),
    [
        (f"From: {PLATFORM}", ("@platform.example",), True),
        ("FROM : Name <NoReply@Platform.Example>", ("noreply@platform.example",), True),
        ("From: =?utf-8?B?5pel?=\r\n <x@mail.platform.example>", ("@platform.example",), True),
        ("From: other@platform.example", ("noreply@platform.example",), False),
        ("From: x@notplatform.example", ("@platform.example",), False),
        ("From: x@platform.example.evil.example", ("@platform.example",), False),
        ("To: noreply@platform.example\r\nX-From: noreply@platform.example", ("@platform.example",), False),
        ("Subject: x\r\n\r\nFrom: noreply@platform.example", ("@platform.example",), False),
    ],
)
def test_the_from_header_decides_what_is_handed_on(tmp_path, header, senders, handed_on):
    (tmp_path / "x.eml").write_bytes(header.encode() + b"\r\n\r\ntext\r\n")
    assert bool(poll("eml", tmp_path, frozenset(), *senders)) is handed_on


def test_an_enormous_mail_is_cut_and_says_so(tmp_path):
    (tmp_path / "big.eml").write_bytes(mail(body="x" * MAIL_LIMIT))
    (tmp_path / "small.eml").write_bytes(mail())
    big, small = poll("eml", tmp_path)
    assert (len(big.data), big.truncated, small.truncated) == (MAIL_LIMIT, True, False)


@pytest.mark.parametrize(
    ("fixture", "kind", "count"), [("maildir", "maildir", 5), ("mbox", "mbox", 3), ("emls", "eml", 4)]
)
def test_explain_reads_every_mail_of_whatever_it_is_given(fixture, kind, count, request):
    path = request.getfixturevalue(fixture)
    assert detect(path) == kind
    assert len(list(read_mails(path))) == count


def test_a_single_file_is_one_mail(emls):
    (only,) = read_mails(emls / "b.eml")
    assert only.data == mail(subject="b")
    assert only.folder == str(emls / "b.eml")


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", ["x.eml", "x"])
def test_a_separator_left_on_top_does_not_make_a_mail_vanish(tmp_path, line_end, name):
    lines = ["From a@b.example Sun Mar  1 10:00:00 2026", "Subject: x", "", "text " * 100, ""]
    (tmp_path / name).write_bytes(line_end.join(lines).encode())
    assert [b"Subject: x" in m.data for m in read_mails(tmp_path / name)] == [True]


def test_an_eml_with_a_whole_mailbox_quoted_in_it_is_one_mail(tmp_path, mbox):
    (tmp_path / "x.eml").write_bytes(mbox.read_bytes())
    assert len(list(read_mails(tmp_path / "x.eml"))) == 1


@pytest.mark.parametrize(("data", "count"), [("eml", 1), ("mbox", 3), ("nothing", 1)])
def test_standard_input_is_read_as_mail_or_mbox(data, count, mbox):
    given = {"eml": mail(), "mbox": mbox.read_bytes(), "nothing": b""}[data]
    code = "from otosata.mail.files import read_mails; print(len(list(read_mails('-'))))"
    done = subprocess.run([sys.executable, "-c", code], input=given, capture_output=True, check=True)
    assert int(done.stdout) == count


@pytest.mark.parametrize("kind", ["maildir", "mbox", "eml"])
def test_a_path_that_is_not_there_is_named(kind, tmp_path):
    with pytest.raises(SourceError, match="missing"):
        poll(kind, tmp_path / "missing")


def test_a_folder_that_is_no_maildir_is_said_to_be_none(tmp_path):
    with pytest.raises(SourceError, match="is no Maildir"):
        poll("maildir", tmp_path)


def test_a_long_mailbox_comes_in_batches_and_ends_complete(tmp_path):
    lines = io.BytesIO()
    for n in range(700):
        lines.write(b"From a@b.example Sun Mar  1 10:00:00 2026\n" + mail(subject=str(n)) + b"\n")
    (tmp_path / "long").write_bytes(lines.getvalue())
    batches = list(FileSource("mbox", tmp_path / "long").poll(wanted()))
    assert [len(b.mails) for b in batches] == [300, 300, 100]
    assert [b.cursor.complete for b in batches] == [False, False, True]


def test_what_others_shut_away_is_told_and_not_taken_for_nothing(tmp_path, monkeypatch):
    (tmp_path / "box" / "cur").mkdir(parents=True)
    (tmp_path / "box" / "cur" / "1.a").write_bytes(b"From: a@platform.example\n\nx")
    real = Path.stat

    def shut(path, **how):
        if path.name == "1.a":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, **how)

    monkeypatch.setattr(Path, "stat", shut)
    with pytest.raises(SourceError, match=r"1\.a cannot be read: Permission denied"):
        list(FileSource("maildir", tmp_path / "box").poll(wanted()))


def test_a_folder_whose_mails_are_all_gone_is_an_empty_mount_point(tmp_path):
    (tmp_path / "a.eml").write_bytes(b"From: a@platform.example\n\nx")
    source = FileSource("eml", tmp_path)
    known = frozenset(mail.uid for batch in source.poll(wanted()) for mail in batch.mails)
    assert known
    (tmp_path / "a.eml").unlink()
    assert [batch.mails for batch in source.poll(wanted())] == [()]
    with pytest.raises(SourceError, match="no platform's mail any more"):
        list(source.poll(wanted(known)))


@pytest.mark.parametrize(
    ("kind", "name", "sentence"),
    [("mbox", "box", "is no mbox"), ("eml", "", "none is called .eml"), ("maildir", "", "is no Maildir")],
)
def test_a_mailbox_of_another_kind_is_not_an_empty_one(tmp_path, kind, name, sentence):
    (tmp_path / "box").write_bytes(b"\x7fELF, or whatever else lies there\n")
    with pytest.raises(SourceError, match=sentence):
        poll(kind, tmp_path / name)
