"""`explain` judges mails from files, whatever they are, and touches nothing."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.mailbox import LANCERS, Mailbox, comment, mail
from tests.cli.program import Program


def save(folder: Path, name: str, data: bytes) -> str:
    """A file; its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return str(path)


def explained(otosata: Program, *words: str) -> list[Any]:
    """`explain --json`, which must succeed."""
    result = otosata("explain", *words, "--json")
    assert result.code == 0, result
    documents: list[Any] = result.document
    return documents


def separated(*mails: bytes) -> bytes:
    """An mbox."""
    return b"".join(b"From x@y Mon Jun  1 12:00:00 2026\n" + data.replace(b"\r\n", b"\n") + b"\n" for data in mails)


def test_a_comment_from_lancers(reader: Program, tmp_path: Path) -> None:
    file = save(tmp_path, "mail.eml", comment())
    (shown,) = explained(reader, file)
    expected = {
        "file": file,
        "from": LANCERS,
        "received": "2026-06-01T12:00:00+09:00",
        "recognised": True,
        "adapter": "lancers",
        "rule": "lancers/comment",
        "evidence": "verbatim",
        "event": "message",
        "actor": "client",
        "client": "田中",
        "title": "商品紹介文の作成",
        "refs": {"work": "4567890"},
        "contact": True,
        "deal": None,
        "problem": None,
    }
    assert {key: shown[key] for key in expected} == expected
    assert shown["subject"] == "[ランサーズ] 田中 さんから 商品紹介文の作成 のコメントが届いています"
    assert shown["authentication"]["verdict"] == "verified"
    assert shown["text_excerpt"].startswith("コメントが届いています。\nhttps://")
    assert "lancers/comment" in reader.done("explain", file)


def test_it_names_the_deal_it_would_touch_and_touches_nothing(
    reader: Program, mailbox: Mailbox, tmp_path: Path
) -> None:
    file = save(tmp_path, "mail.eml", comment(at="2026-06-01T12:20:00+09:00"))
    assert explained(reader, file)[0]["deal"] is None
    assert not list(reader.data.glob("*.db")), "explain made a ledger"
    mailbox.put(comment())
    reader("sync")
    before = reader.report("--all")["deals"]
    assert explained(reader, file)[0]["deal"] == "lancers-1"
    assert reader.report("--all")["deals"] == before


def test_files_of_every_kind_in_the_order_given(reader: Program, mailbox: Mailbox, tmp_path: Path) -> None:
    mbox = save(tmp_path, "box", separated(comment("一"), comment("二")))
    eml = save(tmp_path, "three.eml", comment("三"))
    folder = tmp_path / "many"
    save(folder, "a.eml", comment("四"))
    mailbox.put(comment("五"))
    shown = explained(reader, mbox, eml, str(folder), str(mailbox.path))
    assert [(one["file"], one["client"]) for one in shown] == [
        (mbox, "一"),
        (mbox, "二"),
        (eml, "三"),
        (str(folder), "四"),
        (str(mailbox.path), "五"),
    ]


def test_standard_input(reader: Program) -> None:
    done = reader.process("explain", "-", "--json", feed=comment())
    assert done.returncode == 0
    assert '"client": "田中"'.encode() in done.stdout
    done = reader.process("explain", "--json", "-", feed=separated(comment("一"), comment("二")))
    assert done.stdout.count(b'"file": "-"') == 2
    assert reader.process("explain", "-", "--json").returncode == 0


ODD = {
    "nothing": b"",
    "one line break": b"\n",
    "no mail at all": b"\x00\x01\x02 not a mail \xff\xfe" * 50,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "a header without end": b"Subject: " + b"x" * 100_000,
    "two authors": mail("x").replace(b"To:", b"From: <other@example.org>\r\nTo:"),
    "parts within parts": b"From: a@b.jp\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n" * 2000,
    "an unknown charset": comment().replace(b"charset=utf-8", b"charset=klingon"),
    "a subject that is no text": mail("x").replace(b"Subject: x", b"Subject: =?utf-8?B?////?= =?x?Q?=?="),
}


@pytest.mark.parametrize("data", ODD.values(), ids=ODD)
def test_nothing_in_a_file_makes_it_fail(reader: Program, tmp_path: Path, data: bytes) -> None:
    file = save(tmp_path, "odd.eml", data)
    good = save(tmp_path, "good.eml", comment())
    shown = explained(reader, file, good)
    assert [one["file"] for one in shown] == [file, good]
    assert shown[1]["contact"]
    assert reader("explain", file).code == 0


def test_a_mail_that_cannot_be_parsed_says_so(reader: Program, tmp_path: Path) -> None:
    (shown,) = explained(reader, save(tmp_path, "x.eml", b""))
    assert shown["problem"]
    assert (shown["event"], shown["contact"], shown["recognised"]) == (None, False, False)


def test_a_file_that_is_not_there_is_named_and_the_others_are_judged(reader: Program, tmp_path: Path) -> None:
    good = save(tmp_path, "good.eml", comment())
    result = reader("explain", str(tmp_path / "missing.eml"), good, "--json")
    assert result.code == 2
    assert "missing.eml" in result.err
    assert [one["file"] for one in result.document] == [good]


def test_mail_of_friends_belongs_to_nobody(reader: Program, tmp_path: Path) -> None:
    (shown,) = explained(reader, save(tmp_path, "x.eml", mail("お元気ですか", sender="friend@example.org")))
    assert (shown["event"], shown["adapter"], shown["rule"], shown["evidence"]) == (None, None, None, None)
    assert (shown["recognised"], shown["contact"]) == (False, False)


def test_a_login_code_is_not_shown(reader: Program, tmp_path: Path) -> None:
    file = save(tmp_path, "x.eml", mail("[ランサーズ] ログイン認証コードのお知らせ", "認証コード: 483920"))
    (shown,) = explained(reader, file)
    assert (shown["event"], shown["contact"]) == ("account", False)
    assert "483920" not in reader("explain", file, "--json").out + reader("explain", file).out


def test_a_mail_that_no_rule_knows(reader: Program, tmp_path: Path) -> None:
    (shown,) = explained(reader, save(tmp_path, "x.eml", mail("[ランサーズ] 見たことのない知らせ")))
    assert (shown["event"], shown["adapter"], shown["rule"]) == ("unrecognised", "lancers", None)
    assert (shown["recognised"], shown["contact"]) == (False, False)


FORWARDED = """---------- Forwarded message ---------
差出人: ランサーズ <noreply@lancers.co.jp>
日付: 2026年6月1日(月) 12:00
件名: [ランサーズ] 田中 さんから 商品紹介文の作成 のコメントが届いています
宛先: <me@work.example>

コメントが届いています。
https://www.lancers.jp/work/detail/4567890
"""


def test_forwarded_mail_is_never_a_contact(otosata: Program, mailbox: Mailbox, tmp_path: Path) -> None:
    otosata.configure(mailbox.account("main", 'forwarders = ["me@work.example"]\nauthentication = "off"'))
    subject = "Fwd: [ランサーズ] 田中 さんから 商品紹介文の作成 のコメントが届いています"
    data = mail(subject, FORWARDED, sender="me@work.example")
    (shown,) = explained(otosata, save(tmp_path, "x.eml", data))
    assert shown["contact"] is False
    mailbox.put(data)
    otosata("sync")
    assert otosata.report("--all")["deals"] == []


SUBJECT = "[ランサーズ] 田中 さんから 商品紹介文の作成 のコメントが届いています"
SPOOFED = {
    "refused by the server": mail(SUBJECT, verdict="failed"),
    "marks of a server that is not ours": mail(SUBJECT, verdict="unverified", head=(
        "Authentication-Results: mx.attacker.example; dmarc=pass header.from=lancers.co.jp\r\n")),
    "another domain's signature": mail(SUBJECT, verdict="unverified").replace(
        b"Received:", b"Authentication-Results: mx.example.net; dkim=pass header.d=evil.example\r\nReceived:", 1),
    "a look-alike domain": mail(SUBJECT, sender="noreply@lancers.co.jp.evil.example"),
    "the address in the name": mail(SUBJECT, sender="x@evil.example").replace(
        b"From: <x@evil.example>", b'From: "noreply@lancers.co.jp" <x@evil.example>'),
    "two authors": mail(SUBJECT).replace(b"To:", b"From: <x@evil.example>\r\nTo:"),
    "an author within an author": mail(SUBJECT).replace(
        b"From: <noreply@lancers.co.jp>", b"From: <noreply@lancers.co.jp>, <x@evil.example>"),
    "our own server's marks below a foreign hop": mail(SUBJECT, verdict="unverified").replace(
        b"From: <", b"Received: from x by mail.attacker.example; Mon, 01 Jun 2026 12:00:00 +0900\r\n"
        b"Authentication-Results: mx.example.net; dmarc=pass header.from=lancers.co.jp\r\nFrom: <", 1),
}  # fmt: skip


UNPROVEN = ("marks of a server that is not ours", "our own server's marks below a foreign hop")
"""Nobody whose word counts says anything of these: under `prefer` they count like any unverified mail, marked."""


@pytest.mark.parametrize("policy", ["require", "prefer"])
@pytest.mark.parametrize("name", SPOOFED)
def test_a_spoofed_mail_is_no_contact(
    otosata: Program, mailbox: Mailbox, tmp_path: Path, name: str, policy: str
) -> None:
    otosata.configure(mailbox.account("main", f'authentication = "{policy}"'))
    (shown,) = explained(otosata, save(tmp_path, "x.eml", SPOOFED[name]))
    assert shown["authentication"]["verdict"] != "verified" or shown["event"] is None
    assert shown["contact"] == (policy == "prefer" and name in UNPROVEN)


def test_the_account_named_decides(otosata: Program, mailbox: Mailbox, tmp_path: Path) -> None:
    strict, lax = Mailbox.at(tmp_path / "S"), Mailbox.at(tmp_path / "L")
    otosata.configure(
        strict.account("strict", 'authentication = "require"') + lax.account("lax", 'authentication = "off"')
    )
    file = save(tmp_path, "x.eml", comment(verdict="failed"))
    plain = save(tmp_path, "y.eml", comment(verdict="unverified"))
    judged = {
        name: [one["contact"] for one in explained(otosata, file, plain, "--account", name)]
        for name in ("strict", "lax")
    }
    assert judged == {"strict": [False, False], "lax": [True, True]}
    assert [one["contact"] for one in explained(otosata, file, plain)] == [False, False]


def test_without_any_account_nobodys_marks_are_believed(otosata: Program, tmp_path: Path) -> None:
    (shown,) = explained(otosata, save(tmp_path, "x.eml", comment()))
    assert (shown["authentication"]["verdict"], shown["contact"]) == ("unverified", True)


def test_the_excerpt_has_at_most_500_characters(reader: Program, tmp_path: Path) -> None:
    (shown,) = explained(reader, save(tmp_path, "x.eml", mail(SUBJECT, "長い\n" * 1000)))
    assert len(shown["text_excerpt"]) <= 500
    assert shown["text_excerpt"].count("\n") > 100
