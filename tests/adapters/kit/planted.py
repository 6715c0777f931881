"""Mails with private words planted in every place and encoding a mail has, and a search for them of its own."""

import base64
import html
import quopri
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.header import Header, decode_header
from urllib.parse import quote, unquote_plus

FAMILY = ("山﨑", "佐々木", "髙橋", "小鳥遊", "五十嵐", "御手洗", "Marchetti", "Öberg", "Vandermeer", "Okonkwo")
GIVEN = ("のぞみ", "健太郎", "エリカ", "はるき", "美咲", "Beatrix", "Søren", "Yevgenia", "トオル", "一")
FIRMS = ("有限会社つばめ工房", "カモメデザイン", "株式会社青嵐堂", "Blackthorn Studio", "ひだまり製作所")
TITLES = (
    "紅茶専門店の紹介文",
    "Podcast editing for Harbour",
    "猫カフェのロゴ",
    "縁結び神社のパンフレット",
    "決算書のひな形",
)
PHONES = ("090-{}-{}", "+81 80 {} {}", "03-{}-{}", "（050）{}-{}", "0120{}{}")
PLATFORMS = {
    "lancers": ("noreply@lancers.co.jp", "[ランサーズ] {client} さんから {title} のコメントが届いています"),
    "crowdworks": ("no-reply@crowdworks.jp", "【クラウドワークス】{title}について相談がありました"),
    "coconala": (
        "no-reply@mail.coconala.com",
        "[ココナラ] {client}さんからトークルームに連絡がありました (トークルームNo:{number})",
    ),
    "upwork": ("donotreply@upwork.com", "{client} sent you a message"),
    "fiverr": ("noreply@e.fiverr.com", "You've received messages from {client}"),
    "": ("no-reply@mail.shirasagi.example", "【シラサギ】{client}様より「{title}」のご連絡です"),
}
_CODED = re.compile(r"[A-Za-z0-9+/_-]{6,}")
CHARSETS = ("utf-8", "iso-2022-jp", "cp932", "euc-jp")


@dataclass(frozen=True)
class Planted:
    """A mail, and every private word in it."""

    data: bytes
    words: tuple[str, ...]
    platform: str


def mails(count: int) -> Iterator[Planted]:
    """Always the same ones."""
    for number in range(count):
        yield _mail(random.Random(number), number)  # noqa: S311 - no secret: the same mails at every run


def _mail(chance: random.Random, number: int) -> Planted:
    me = f"{chance.choice(FAMILY)} {chance.choice(GIVEN)}"
    client = f"{chance.choice(FAMILY)}{chance.choice(('', ' '))}{chance.choice(GIVEN)}"
    firm, title = chance.choice(FIRMS), chance.choice(TITLES)
    digits = [str(chance.randrange(1000, 10_000)) for _ in range(2)]
    phone = chance.choice(PHONES).format(*digits)
    order, room = f"Q{chance.randrange(16**7):07X}ZK", str(chance.randrange(10**7, 10**8))
    local = f"hidden.{chance.choice(('tsubaki', 'falke', 'orca'))}{number + 100}"
    address = f"{local}@himitsu{number}.example.jp"
    platform = chance.choice(tuple(PLATFORMS))
    sender, pattern = PLATFORMS[platform]
    subject = pattern.format(client=client, title=title, number=room)
    facts = {"me": me, "client": client, "firm": firm, "title": title, "phone": phone, "order": order, "room": room}
    charset = chance.choice(CHARSETS)
    head = _head(chance, facts, sender, subject, address, charset)
    body = _body(chance, facts, address, charset)
    words = {me, client, firm, title, phone, order, room, local, address, *digits, f"himitsu{number}"}
    words |= {part for name in (me, client) for part in name.split(" ") if len(part) > 1}
    return Planted(f"{head}\r\n".encode("ascii") + body, tuple(sorted(words)), platform)


def _head(chance: random.Random, facts: dict[str, str], sender: str, subject: str, address: str, charset: str) -> str:
    def word(text: str, name: str = "") -> str:
        try:
            return Header(text, chance.choice((charset, "utf-8")), maxlinelen=70, header_name=name).encode(
                linesep="\r\n"
            )
        except UnicodeEncodeError:
            return Header(text, "utf-8", maxlinelen=70, header_name=name).encode(linesep="\r\n")

    verp = address.replace("@", "=")
    secret = base64.b64encode(f"{facts['client']}|{facts['order']}".encode()).decode()
    lines = [
        f"Return-Path: <bounce+{verp}@{sender.partition('@')[2]}>",
        f"Delivered-To: {address}",
        f"Received: from mail.{facts['order'].lower()}.example ([203.0.113.7]) by mx.himitsu.example with ESMTPS id"
        f" {facts['order']}\r\n for <{address}>; Mon, 01 Jun 2026 12:00:00 +0900",
        f"DKIM-Signature: v=1; a=rsa-sha256; d={sender.partition('@')[2]}; s=k1;\r\n bh={secret};\r\n b={secret}",
        f"From: {word('シラサギ運営')} <{sender}>",
        f"To: {word(facts['me'], 'To')} <{address}>",
        f"Reply-To: {word(facts['client'])} <{facts['room']}+{verp}@reply.example>",
        f"Subject: {word(subject, 'Subject')}",
        "Date: Mon, 01 Jun 2026 12:00:00 +0900",
        f"Message-ID: <{facts['order']}.{facts['room']}@{sender.partition('@')[2]}>",
        f"X-Campaign: {secret}",
        f"X-Customer: {word(facts['firm'])}; phone={''.join(filter(str.isascii, facts['phone']))}",
        f"List-Unsubscribe: <https://click.example/u?e={quote(address)}&n={quote(facts['me'])}>",
        "MIME-Version: 1.0",
    ]
    return "\r\n".join(lines)


def _body(chance: random.Random, facts: dict[str, str], address: str, charset: str) -> bytes:
    hidden = base64.urlsafe_b64encode(f"to={facts['client']}&mail={address}".encode()).decode()
    links = (
        f"https://www.lancers.jp/work/detail/{facts['room']}",
        f"https://click.track{facts['room']}.example/ls/click?upn={hidden}&q={quote(facts['title'])}",
        f"https://example.org/go?to={quote('https://x.example/?n=' + quote(facts['client']), safe='')}",
    )
    text = "\r\n".join(
        (
            f"{facts['me']} 様",
            "",
            f"{facts['firm']}の{facts['client']}です。「{facts['title']}」についてご連絡いたします。",
            f"注文番号: {facts['order']}  ルーム {facts['room']}  お電話 {facts['phone']}",
            f"ご返信は {address} までお願いします。2026年6月3日 12:30 締切",
            *links,
            "",
        )
    )
    plain = _part("text/plain", text, charset, chance)
    page = _part("text/html", _page(chance, facts, text, links), charset, chance)
    both = _multipart("alternative", "----=_in_" + facts["order"], [plain, page])
    names = [f"{facts['title']}.pdf", f"{facts['client']}_{facts['order']}.png"]
    files = [_file(chance, name, facts) for name in names[: chance.randrange(3)]]
    inner = f"From: {address}\r\nSubject: {Header(facts['title'], 'utf-8').encode()}\r\n\r\n{facts['phone']}\r\n"
    if chance.random() < 0.3:
        files.append(b"Content-Type: message/rfc822\r\n\r\n" + inner.encode())
    return _multipart("mixed", "mark-" + facts["room"], [both, *files]) if files else both


def _page(chance: random.Random, facts: dict[str, str], text: str, links: tuple[str, ...]) -> str:
    def written(value: str) -> str:
        if chance.random() < 0.5:
            return "".join(f"&#{ord(letter)};" if not letter.isascii() else letter for letter in value)
        return html.escape(value)

    anchors = "".join(
        f'<a class="to-{facts["order"]}" href="{html.escape(link)}">{written(link)}</a>' for link in links
    )
    return (
        f"<html><head><title>{written(facts['title'])}</title><style>p {{ color: #333 }}</style>"
        f"<script>var who = '{facts['client']}';</script></head><body><!-- {facts['client']} {facts['order']} -->"
        f'<img src="https://pixel.example/{facts["room"]}.gif" alt="{written(facts["firm"])}" width="1">'
        f'<p title="{written(facts["me"])}">{"<br>".join(map(written, text.splitlines()))}</p>{anchors}</body></html>'
    )


def _part(kind: str, text: str, charset: str, chance: random.Random) -> bytes:
    label = charset
    try:
        data = text.encode(charset)
    except UnicodeEncodeError:
        label, data = "utf-8", text.encode()
    how = chance.choice(("base64", "quoted-printable", "8bit"))
    coded = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring, "8bit": bytes}[how](data)
    head = f'Content-Type: {kind}; charset="{label}"\r\nContent-Transfer-Encoding: {how}\r\n\r\n'
    return head.encode() + coded.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _file(chance: random.Random, name: str, facts: dict[str, str]) -> bytes:
    way = chance.randrange(3)
    if way == 0:
        shown = f"filename*=utf-8''{quote(name)}"
    elif way == 1:
        shown = f'filename="{Header(name, "utf-8", maxlinelen=500).encode()}"'
    else:
        shown = "\r\n ".join(
            f"filename*{place}*={chr(39) * 0 if place else 'utf-8' + chr(39) * 2}{piece};"
            for place, piece in enumerate(re.findall(r"(?:%..|[^%]){1,8}", quote(name)))
        ).rstrip(";")
    content = base64.encodebytes(f"{facts['client']} {facts['phone']}".encode()).decode()
    head = f'Content-Type: application/pdf; name="{facts["order"]}.pdf"\nContent-Disposition: attachment;\n {shown}\n'
    whole = f"{head}Content-Transfer-Encoding: base64\n\n{content}"
    return whole.replace("\r\n", "\n").replace("\n", "\r\n").encode()


def _multipart(kind: str, mark: str, parts: list[bytes]) -> bytes:
    joined = b"".join(b"--" + mark.encode() + b"\r\n" + part + b"\r\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{mark}"\r\n\r\n'.encode() + joined + f"--{mark}--\r\n".encode()


# ----------------------------------------------------------------------------------------------------- the search


def found(data: bytes, words: tuple[str, ...]) -> set[str]:
    """Which of the words are in the mail: as bytes of any charset, in headers, parts, links and base64."""
    texts = set(_texts(data))
    texts |= {decoded for text in texts for decoded in (unquote_plus(text), unquote_plus(unquote_plus(text)))}
    texts |= {html.unescape(text) for text in texts}
    texts |= {shown for run in {run for text in texts for run in _CODED.findall(text)} for shown in _decoded(run)}
    everything = "\n".join(texts).casefold()
    there = {word for word in words if word.casefold() in everything}
    return there | {word for word in words if len(word) > 1 and any(one in data for one in _bytes(word))}


def _texts(data: bytes) -> Iterator[str]:
    for part in message_from_bytes(data).walk():
        for value in part.values():
            yield str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            yield "".join(
                piece.decode(charset or "utf-8", "replace") if isinstance(piece, bytes) else piece
                for piece, charset in decode_header(str(value).replace("\r\n", ""))
            )
        yield str(part.get_filename() or "")
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            for charset in (part.get_content_charset() or "utf-8", *CHARSETS):
                yield payload.decode(charset, "replace")


def _decoded(run: str) -> Iterator[str]:
    for start in range(4):
        piece = run[start:].replace("-", "+").replace("_", "/")
        yield base64.b64decode(piece[: len(piece) // 4 * 4]).decode("utf-8", "replace")


def _bytes(word: str) -> Iterator[bytes]:
    for charset in ("utf-8", "cp932", "euc-jp", "utf-16-le"):
        try:
            yield word.encode(charset)
        except UnicodeEncodeError:
            continue
    if not word.isascii():
        try:
            yield word.encode("iso-2022-jp")[3:-3]
        except UnicodeEncodeError:
            return
