"""Deals and mails in any number, of the three platforms by turns; the same ones at each run."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path

from otosata.deals.event import Deal, Event, Ledger
from otosata.deals.vocabulary import Actor
from otosata.store.store import Store

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
_ME, _CLIENT = Actor.ME, Actor.CLIENT

_STORIES: dict[str, tuple[tuple[str, Actor], ...]] = {
    "crowdworks": (("apply", _ME), ("message", _CLIENT), ("contract", _CLIENT), ("fund", _CLIENT), ("message", _ME)),
    "lancers": (("offer", _CLIENT), ("message", _ME), ("contract", _CLIENT), ("fund", _CLIENT), ("message", _CLIENT)),
    "coconala": (("quote_request", _CLIENT), ("quote", _ME), ("purchase", _CLIENT), ("message", _CLIENT)),
}
"""How a deal begins; then messages go to and fro, with a draft now and then."""
_GOES_ON = (("message", _ME), ("message", _CLIENT), ("draft", _ME), ("message", _CLIENT), ("message", _ME))

SUBJECTS = (
    ("crowdworks", "no-reply@crowdworks.jp", "【クラウドワークス】青空商店{n}さんからメッセージが届いています"),
    ("lancers", "noreply@lancers.co.jp", "[ランサーズ] 青空商店{n} さんから チラシ制作{n} のコメントが届いています"),
    ("coconala", "no-reply@mail.coconala.com", "【ココナラ】青空商店{n}様からメッセージが届いています"),
    ("coconala", "no-reply@mail.coconala.com", "今月のおすすめのお知らせ{n}"),  # no rule knows it: all are tried
)
_TEXT = "佐倉 つばさ 様\r\n\r\nメッセージが届いています。\r\n「先日の件、よろしくお願いいたします。」\r\n\r\n" * 6


def ledgers(deals: int, events: int) -> list[Ledger]:
    """So many deals with so many events each, the last one hours to weeks old."""
    return [_ledger(number, events, platform) for number, platform in zip(range(deals), cycle(_STORIES), strict=False)]


def year_of_ledgers(deals: int, events: int, span: timedelta) -> list[Ledger]:
    """The same deals, their events spread over the time before now: hours to weeks lie between two of them."""
    pause = span / max(events, 1)
    return [
        replace(
            ledger,
            events=tuple(
                replace(event, at=NOW - span + place * pause + timedelta(hours=(number + 7 * place) % 97))
                for place, event in enumerate(ledger.events)
            ),
        )
        for number, ledger in enumerate(ledgers(deals, events))
    ]


def _ledger(number: int, count: int, platform: str) -> Ledger:
    acts = [*_STORIES[platform][:count], *islice(cycle(_GOES_ON), max(count - len(_STORIES[platform]), 0))]
    last = NOW - timedelta(hours=1 + number * 7 % 500)
    events = tuple(
        Event(last - timedelta(hours=11 * (count - 1 - place)), kind, actor, key=f"hand:{place + 1}")
        for place, (kind, actor) in enumerate(acts)
    )
    refs = (("work" if platform == "lancers" else "talkroom" if platform == "coconala" else "contract", str(number)),)
    return Ledger(Deal(f"{platform}-{number}", platform, f"青空商店{number}", f"チラシ制作{number}", refs=refs), events)


def store_of(database: Path, deals: list[Ledger]) -> None:
    """A ledger on disk that holds these deals, entered by hand."""
    with Store.open(database) as store:
        for ledger in deals:
            with store.acting("deals add", None, NOW, {}) as act:
                act.open_deal(ledger.deal)
                for event in ledger.events:
                    act.add_event(event)


def notifications(count: int) -> list[bytes]:
    """Mails as the platforms send them: two MIME parts, encoded words, a mark of the provider."""
    return [_notification(number) for number in range(count)]


def _notification(number: int) -> bytes:
    _, sender, form = SUBJECTS[number % len(SUBJECTS)]
    host = sender.partition("@")[2]
    subject = _word(form.format(n=number))
    html = (
        f"<html><body><p>{_TEXT.replace(chr(13) + chr(10), '<br>')}</p><a href='https://{host}/'>開く</a></body></html>"
    )
    head = (
        f"Authentication-Results: mx.provider.example; dmarc=pass header.from={host}\r\n"
        f"Received: from out.{host} (out.{host} [192.0.2.1]) by mx.provider.example;\r\n"
        " Fri, 20 Nov 2026 09:00:00 +0900\r\n"
        f"Date: Fri, 20 Nov 2026 09:00:00 +0900\r\nFrom: {_word('事務局')} <{sender}>\r\nTo: me@example.jp\r\n"
        f"Message-ID: <{number}@{host}>\r\nSubject: {subject}\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="b"\r\n\r\n'
    )
    parts = "".join(
        f"--b\r\nContent-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        f"{base64.encodebytes(text.encode()).decode()}\r\n"
        for kind, text in (("plain", _TEXT), ("html", html))
    )
    return f"{head}{parts}--b--\r\n".encode()


def letter(number: int) -> bytes:
    """Somebody else's mail, which is none of our business; 25 KB, as mails in real mailboxes have."""
    body = "こんにちは。来週の予定を送ります。\r\n" * 460
    return (
        f"From: friend{number % 97}@elsewhere.example\r\nTo: me@example.jp\r\nSubject: m{number}\r\n"
        f"Message-ID: <letter{number}@elsewhere.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}"
    ).encode()


def _word(text: str) -> str:
    """An encoded word (RFC 2047), as long as it gets: senders do not fold either."""
    return f"=?UTF-8?B?{base64.b64encode(text.encode()).decode()}?="
