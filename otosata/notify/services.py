"""The services that take messages by HTTP, as a table: where to, in which form, what their answers mean."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from string import Template
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from otosata.notify import neutral
from otosata.notify.http import Answer, Request
from otosata.notify.message import Message, cut, cut_bytes
from otosata.notify.outcome import SENT, Outcome, Result, retry_after, until_epoch

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a channel's messages go."""

    secret: str = field(default="", repr=False)
    """The whole address for slack, discord, teams, ntfy and webhook; for the others the key."""
    to: str = field(default="", repr=False)
    """Room, user or group."""
    server: str = ""
    """Of services that people run themselves."""
    template: str = ""
    """Body of a webhook, with `$title` and the like; empty: our own document."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service: its page, its form, its answers."""

    name: str
    page: str
    """Where the facts of this row stand."""
    checked: str
    """When they were read there."""
    build: Callable[[Message, Endpoint], Request]
    accepted: frozenset[int] = frozenset({200})
    known: frozenset[int] = frozenset()
    """It has the message already."""
    patience: tuple[str, Callable[[str, datetime], timedelta | None]] = ("Retry-After", retry_after)
    """The header that says how long to wait, and how it reads."""

    def outcome(self, answer: Answer, now: datetime) -> Outcome:
        """What an answer comes to."""
        status = answer.status
        if status in self.accepted or status in self.known:
            return SENT
        header, read = self.patience
        wait = read(answer.headers.get(header.lower(), ""), now)
        said = f"HTTP {status}: {' '.join(answer.text.split())[:120]}".rstrip(": ")
        if 300 <= status < 400:
            return Outcome(Result.REFUSED, f"HTTP {status}: a redirect, which is not followed")
        if status in _TEMPORARY or status >= 500:
            return Outcome(Result.LATER, said, unsure=status in _UNSURE, wait=wait)
        return Outcome(Result.REFUSED, said)


_TEMPORARY = frozenset({408, 425, 429})
_UNSURE = frozenset({408, 500, 502, 504})
"""Answers from somebody on the way, or from a service that stumbled: it may have the message."""


def _text(message: Message) -> str:
    return "\n".join((message.title, *message.lines))


def _link(message: Message) -> str:
    return f"\n{message.url}" if message.url else ""


def _json(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


def _form(values: Mapping[str, str]) -> bytes:
    return urlencode(values).encode()


def _slack(message: Message, to: Endpoint) -> Request:
    text = cut(neutral.slack(neutral.unlinked(_text(message))), 3000) + neutral.slack(_link(message))
    document = {"text": text, "mrkdwn": False, "unfurl_links": False, "unfurl_media": False}
    return Request(to.secret, _json(document), JSON)


def _discord(message: Message, to: Endpoint) -> Request:
    """`wait=true`: the answer comes when the message is there, not before. Flag 4: no previews of links."""
    where = urlsplit(to.secret)
    query = urlencode({**dict(parse_qsl(where.query)), "wait": "true"})
    text = cut(neutral.discord(_text(message)), 1400) + (f"\n<{message.url}>" if message.url else "")
    document = {"content": text, "allowed_mentions": {"parse": []}, "flags": 4}
    return Request(where._replace(query=query).geturl(), _json(document), JSON)


def _chatwork(message: Message, to: Endpoint) -> Request:
    """`self_unread`: the key is the user's own, and his own words would not count as unread."""
    text = cut(neutral.chatwork(_text(message)), 5000) + _link(message)
    url = f"https://api.chatwork.com/v2/rooms/{quote(to.to, safe='')}/messages"
    return Request(url, _form({"body": text, "self_unread": "1"}), {**FORM, "X-ChatWorkToken": to.secret})


def _teams(message: Message, to: Endpoint) -> Request:
    """Plain runs of text: a TextBlock would read markdown. At most 28 KB."""

    def block(text: str, **style: str) -> dict[str, object]:
        run = {"type": "TextRun", "text": cut_bytes(neutral.unlinked(text), 2000), **style}
        return {"type": "RichTextBlock", "inlines": [run]}

    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [block(message.title, weight="Bolder"), *(block(line) for line in message.lines[:10])],
        "actions": [{"type": "Action.OpenUrl", "title": _host(message.url), "url": message.url}] if message.url else [],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return Request(to.secret, _json({"type": "message", "attachments": [attachment]}), JSON)


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


def _line(message: Message, to: Endpoint) -> Request:
    """The retry key lets LINE take a message once, however often it is sent within 24 hours."""
    document = {"to": to.to, "messages": [{"type": "text", "text": cut(_text(message), 4000) + _link(message)}]}
    heads = {**JSON, "Authorization": f"Bearer {to.secret}", "X-Line-Retry-Key": message.id}
    return Request("https://api.line.me/v2/bot/message/push", _json(document), heads)


def _ntfy(message: Message, to: Endpoint) -> Request:
    """The topic is the last part of the address; `https://:TOKEN@…` carries an access token."""
    where = urlsplit(to.secret)
    above, _, topic = where.path.rstrip("/").rpartition("/")
    document: dict[str, object] = {
        "topic": topic,
        "title": cut(message.title, 200),
        "message": cut_bytes(message.body, 3500),
        "priority": 4 if message.is_urgent else 3,
    }
    if message.url:
        document["click"] = message.url
    return Request(_without_user(to.secret, f"{above}/"), _json(document), {**JSON, **_login(to.secret)})


def _login(url: str) -> dict[str, str]:
    import base64  # noqa: PLC0415 - only addresses with a login

    where = urlsplit(url)
    if where.password is None and where.username is None:
        return {}
    if not where.username:
        return {"Authorization": f"Bearer {where.password}"}
    pair = f"{where.username}:{where.password or ''}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _without_user(url: str, path: str) -> str:
    where = urlsplit(url)
    return where._replace(netloc=where.netloc.rpartition("@")[2], path=path, fragment="").geturl()


def _gotify(message: Message, to: Endpoint) -> Request:
    document: dict[str, object] = {
        "title": message.title,
        "message": cut(message.body + _link(message), 4000),
        "priority": 8 if message.is_urgent else 5,
        "extras": {"client::display": {"contentType": "text/plain"}},
    }
    return Request(f"{to.server.rstrip('/')}/message", _json(document), {**JSON, "X-Gotify-Key": to.secret})


def _pushover(message: Message, to: Endpoint) -> Request:
    values = {
        "token": to.secret,
        "user": to.to,
        "title": cut(message.title, 250),
        "message": cut(message.body, 1024),
        "priority": "1" if message.is_urgent else "0",
    }
    if message.url and len(message.url) <= 512:
        values["url"] = message.url
    return Request("https://api.pushover.net/1/messages.json", _form(values), FORM)


def webhook_values(message: Message) -> dict[str, object]:
    """What a webhook tells, and what a template may use."""
    return {
        "id": message.id,
        "repeat": message.repeat,
        "kind": message.kind,
        "level": message.level,
        "deal": message.deal,
        "platform": message.platform,
        "title": message.title,
        "lines": list(message.lines),
        "url": message.url,
        "at": message.at,
    }


def _webhook(message: Message, to: Endpoint) -> Request:
    values = webhook_values(message)
    content = filled(to.template, values) if to.template else json.dumps({"schema_version": 1, **values})
    heads = {**JSON, **_login(to.secret), "Idempotency-Key": message.id}
    return Request(_without_user(to.secret, urlsplit(to.secret).path), content.encode(), heads)


def filled(template: str, values: Mapping[str, object]) -> str:
    """A template's JSON with what stands behind `$title` and the like, escaped for the inside of a JSON text.

    KeyError or ValueError: the template is broken, or is no JSON when filled.
    """
    inside = {name: _inside(value) for name, value in values.items()}
    content = Template(template).substitute(inside, body=_inside("\n".join(map(str, _lines(values)))))
    json.loads(content)
    return content


def _inside(value: object) -> str:
    if isinstance(value, bool):
        return json.dumps(value)
    text = "\n".join(map(str, value)) if isinstance(value, list) else str(value)
    return json.dumps(text)[1:-1]


def _lines(values: Mapping[str, object]) -> list[object]:
    lines = values.get("lines")
    return lines if isinstance(lines, list) else []


_2XX = frozenset(range(200, 300))

SERVICES: Mapping[str, Service] = {
    service.name: service
    for service in (
        Service(
            "slack",
            "https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/",
            "2026-11-27",
            _slack,
        ),
        Service(
            "discord",
            "https://docs.discord.com/developers/resources/webhook#execute-webhook",
            "2026-11-27",
            _discord,
            accepted=frozenset({200, 204}),
        ),
        Service(
            "chatwork",
            "https://developer.chatwork.com/reference/post-rooms-room_id-messages",
            "2026-11-27",
            _chatwork,
            patience=("X-RateLimit-Reset", until_epoch),
        ),
        Service(
            "teams",
            "https://learn.microsoft.com/connectors/teams/#microsoft-teams-webhook",
            "2026-11-27",
            _teams,
            accepted=frozenset({200, 202}),
        ),
        Service(
            "line",
            "https://developers.line.biz/en/docs/messaging-api/retrying-api-request/",
            "2026-11-27",
            _line,
            known=frozenset({409}),
        ),
        Service("ntfy", "https://docs.ntfy.sh/publish/#publish-as-json", "2026-11-27", _ntfy),
        Service("gotify", "https://gotify.net/docs/pushmsg", "2026-11-27", _gotify),
        Service(  # its page could not be read from here: these are the facts that several client libraries agree on
            "pushover",
            "https://pushover.net/api",
            "2026-11-27",
            _pushover,
            patience=("X-Limit-App-Reset", until_epoch),
        ),
        Service("webhook", "docs/notifications.md", "2026-11-27", _webhook, accepted=_2XX),
    )
}
"""By the word that the configuration uses."""
