"""Mails as the platforms send them, written by hand, and a Maildir to put them into."""

import json
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from pathlib import Path

SERVER = "mx.example.net"
"""The authserv-id of the mailbox's own server."""
LANCERS = "noreply@lancers.co.jp"


def marks(verdict: str, sender: str = LANCERS) -> str:
    """What the mailbox's server says of a mail that claims to be from `sender`: verified, unverified or failed."""
    domain = sender.rpartition("@")[2]
    said = {"verified": f"dkim=pass header.d={domain}", "failed": f"dmarc=fail header.from={domain}"}
    return f"Authentication-Results: {SERVER}; {said[verdict]}\r\n" if verdict in said else ""


def mail(
    subject: str,
    body: str = "",
    *,
    sender: str = LANCERS,
    at: str = "2026-06-01T12:00:00+09:00",
    verdict: str = "verified",
    head: str = "",
) -> bytes:
    """A plain text mail in UTF-8."""
    when = format_datetime(datetime.fromisoformat(at))
    text = (
        f"{marks(verdict, sender)}"
        f"Received: from mail.lancers.co.jp by {SERVER}; {when}\r\n"
        f"{head}From: <{sender}>\r\nTo: me@example.net\r\nDate: {when}\r\n"
        f"Message-ID: <{abs(hash((subject, body, at)))}@lancers.co.jp>\r\n"
        f"Subject: {Header(subject, 'utf-8', maxlinelen=10_000).encode()}\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    return text.encode() + body.replace("\n", "\r\n").encode()


def comment(
    client: str = "田中",
    title: str = "商品紹介文の作成",
    *,
    job: str = "4567890",
    at: str = "2026-06-01T12:00:00+09:00",
    verdict: str = "verified",
) -> bytes:
    """Lancers: a client has written."""
    link = f"https://www.lancers.jp/work/detail/{job}\n" if job else ""
    subject = f"[ランサーズ] {client} さんから {title} のコメントが届いています"
    return mail(subject, f"コメントが届いています。\n{link}", at=at, verdict=verdict)


@dataclass(frozen=True)
class Mailbox:
    """A Maildir."""

    path: Path

    @classmethod
    def at(cls, path: Path) -> "Mailbox":
        """Make it."""
        for part in ("cur", "new", "tmp"):
            (path / part).mkdir(parents=True)
        return cls(path)

    def put(self, data: bytes) -> None:
        """Deliver a mail."""
        place = len(list((self.path / "new").iterdir())) + 1
        (self.path / "new" / f"1780000000.{place}.host").write_bytes(data)

    def account(self, name: str, more: str = "") -> str:
        """Its table in config.toml."""
        keys = f'name = "{name}"\ntype = "maildir"\npath = {json.dumps(str(self.path))}\nauthserv_ids = ["{SERVER}"]\n'
        return f"[[accounts]]\n{keys}{more}\n"
