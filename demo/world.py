"""Turns the data of mailbox.toml into mails dated relative to a given now, and into what is entered by hand."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr
from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from demo.mails import DemoMail
from otosata.deals.event import Deal, Event
from otosata.deals.names import fold
from otosata.deals.vocabulary import Actor

TOKYO = ZoneInfo("Asia/Tokyo")
PROVIDER = "mx.demo.example"
"""The authserv-id that stands on top of every mail, as a real provider's does."""
BOUNDARY = "----=_otosata_demo"
"""The same each time: the same now, the same bytes."""
_AGE = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?")
_LINK = re.compile(r"https://[\w./?=&#-]+")


@dataclass(frozen=True, slots=True)
class HandEntry:
    """Something that leaves no mail: whose deal it belongs to, and the event to enter."""

    deal: Deal
    """As far as the data knows it; its `id` is empty. `deal_of` finds the real one."""
    event: Event


@dataclass(frozen=True, slots=True)
class Story:
    """A deal of the world with what otosata should make of it."""

    deal: Deal
    events: tuple[Event, ...]
    """What its mails announce and its acts are, in no order."""
    stage: str
    level: str
    advice: frozenset[str]


def mails(now: datetime) -> tuple[DemoMail, ...]:
    """The whole mailbox, oldest first."""
    found = (_mail(raw, now, number) for number, raw in enumerate(_all_mails()))
    return tuple(sorted(found, key=lambda mail: mail.arrived))


def my_name() -> str:
    """How 佐倉 つばさ is called on the platforms."""
    return str(_world()["me"]["name"])


def hand_entries(now: datetime) -> tuple[HandEntry, ...]:
    """What the demo enters by hand after its first sync, oldest first."""
    found = [HandEntry(_deal(raw), _event(act, now)) for raw in _world()["deals"] for act in raw.get("acts", ())]
    return tuple(sorted(found, key=lambda entry: entry.event.at))


def deal_of(wanted: Deal, deals: Iterable[Deal]) -> Deal | None:
    """The one deal that has a reference, else the title and client, of the wanted one; None where there is none."""
    mine = [deal for deal in deals if deal.platform == wanted.platform]
    by_ref = [deal for deal in mine if set(deal.refs) & set(wanted.refs)]
    by_name = [
        deal for deal in mine if (fold(deal.client), fold(deal.title)) == (fold(wanted.client), fold(wanted.title))
    ]
    return next(iter(by_ref or by_name), None)


def stories(now: datetime) -> tuple[Story, ...]:
    """Every deal with its events as the data has them, so that the data can be tested without mails."""
    return tuple(
        Story(
            _deal(raw),
            tuple(_event(entry, now) for entry in (*raw["mails"], *raw.get("acts", ()))),
            raw["stage"],
            raw["level"],
            frozenset(raw["advice"]),
        )
        for raw in _world()["deals"]
    )


def age(text: str) -> timedelta:
    """`8d4h`, `5h30m`. Raises ValueError for anything else."""
    match = _AGE.fullmatch(text)
    if not text or match is None:
        raise ValueError(f"not an age: {text!r}")
    days, hours, minutes = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


@cache
def _world() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "mailbox.toml").read_text(encoding="utf-8"))


def _all_mails() -> list[dict[str, Any]]:
    world = _world()
    of_deals = [{"platform": deal["platform"], **mail} for deal in world["deals"] for mail in deal["mails"]]
    return [{**world["senders"].get(mail.get("platform"), {}), **mail} for mail in (*of_deals, *world["mails"])]


def _at(raw: Mapping[str, Any], now: datetime) -> datetime:
    """Whole seconds, as IMAP keeps them; never after now."""
    return now.replace(microsecond=0) - age(raw["age"])


def _deal(raw: Mapping[str, Any]) -> Deal:
    refs = tuple(raw.get("refs", {}).items())
    return Deal("", raw["platform"], raw.get("client", ""), raw.get("title", ""), refs=refs)


def _event(raw: Mapping[str, Any], now: datetime) -> Event:
    """An act (mine unless `by` says otherwise), or what a mail announces (the client's)."""
    by = raw.get("by", "client" if "subject" in raw else "me")
    return Event(
        at=_at(raw, now).astimezone(UTC),
        kind=raw["event"],
        actor=Actor(by),
        date=_day(raw["date"], now) if "date" in raw else None,
        finished=raw.get("finished", False),
        note=raw.get("note", ""),
    )


def _day(text: str, now: datetime) -> date:
    """The date in Japan that long ago."""
    return (now - age(text)).astimezone(TOKYO).date()


# ---------------------------------------------------------------------------------------------- bytes of a mail


def _mail(raw: Mapping[str, Any], now: datetime, number: int) -> DemoMail:
    arrived = _at(raw, now).astimezone(TOKYO)
    me = _world()["me"]
    sender = raw.get("from") or raw["address"]
    charset = raw.get("charset", "utf-8")
    host = sender.partition("@")[2]
    message = _body(raw, charset)
    stamp = format_datetime(arrived)
    headers = {
        "Authentication-Results": _results(host, spoofed=raw.get("verdict") == "spoofed"),
        "Received": f"from out.{host} (out.{host} [192.0.2.25])\r\n by {PROVIDER} with ESMTPS;\r\n {stamp}",
        "Date": stamp,
        "From": formataddr((raw["name"], sender), charset) if raw.get("name") else sender,
        "To": formataddr((me["name"], me["address"]), charset),
        "Subject": Header(raw["subject"], charset).encode(linesep="\r\n"),
        "Message-ID": f"<{arrived:%Y%m%d%H%M%S}.{number}@{host}>",
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return DemoMail(head.encode("ascii") + message, arrived)


def _results(host: str, *, spoofed: bool) -> str:
    """What the demo's provider found out about the sender (RFC 8601)."""
    if spoofed:
        return (
            f"{PROVIDER};\r\n spf=softfail smtp.mailfrom=lancers-comment.example;\r\n"
            f" dkim=none;\r\n dmarc=fail (p=quarantine) header.from={host}"
        )
    return (
        f"{PROVIDER};\r\n spf=pass smtp.mailfrom=bounce@{host};\r\n"
        f" dkim=pass header.d={host} header.s=s1;\r\n dmarc=pass (p=quarantine) header.from={host}"
    )


def _body(raw: Mapping[str, Any], charset: str) -> bytes:
    """MIME headers, an empty line and the body; UTF-8 as base64, ISO-2022-JP as it is (7 bit)."""
    text = raw["text"].strip() + "\n"
    part: MIMEText | MIMEMultipart = MIMEText(raw.get("banner", "").lstrip() + text, "plain", charset)
    if raw.get("form") == "html":
        alternatives = MIMEMultipart("alternative", BOUNDARY)
        alternatives.attach(part)
        alternatives.attach(MIMEText(_html(text), "html", charset))
        part = alternatives
    return part.as_bytes(policy=compat32.clone(linesep="\r\n"))


def _html(text: str) -> str:
    paragraphs = escape(text.strip()).replace("\n", "<br>\n").split("<br>\n<br>\n")
    linked = (_LINK.sub(lambda link: f'<a href="{link[0]}">{link[0]}</a>', paragraph) for paragraph in paragraphs)
    return '<html lang="ja"><body>\n' + "".join(f"<p>{paragraph}</p>\n" for paragraph in linked) + "</body></html>\n"
