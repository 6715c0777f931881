"""From the flat table of values to the immutable Settings."""

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from config.keys import ACCOUNTS
from config.layers import Value
from config.model import (
    COLUMNS,
    SORTS,
    Account,
    AccountType,
    AuthenticationPolicy,
    CalendarSettings,
    ChannelSettings,
    ClientOverride,
    Closed,
    DealOverride,
    Details,
    HeartbeatSettings,
    NotifySettings,
    PlatformOverride,
    Private,
    QuietLets,
    RowOverride,
    ScreenSettings,
    Secret,
    SecretKind,
    Settings,
    StageOverride,
    Tls,
    View,
)
from config.notify_keys import CHANNELS
from config.threshold_keys import SUB_ROWS
from otosata.deals.duration import Span
from otosata.deals.names import fold_name
from otosata.deals.vocabulary import ALARMING, Level

Values = Mapping[tuple[str, ...], Value]
T = TypeVar("T")
_LEVELS = {level.word: level for level in Level}


class _Branch:
    """The values below one path."""

    def __init__(self, values: Values, path: tuple[str, ...] = ()) -> None:
        self._values = {key[len(path) :]: value for key, value in values.items() if key[: len(path)] == path}

    def get(self, name: str, kind: type[T]) -> T | None:
        """The value of a key right below; None where nobody says anything."""
        found = self._values.get((name,))
        if found is None:
            return None
        if not isinstance(found.value, kind):
            raise TypeError(f"{found.dotted} was read as {type(found.value).__name__}, not as {kind.__name__}")
        return found.value

    def need(self, name: str, kind: type[T]) -> T:
        """The value of a key that has a default in the table, so that somebody always says something."""
        found = self.get(name, kind)
        if found is None:
            raise KeyError(name)
        return found

    def text(self, name: str) -> str:
        """A text; empty where nobody says anything."""
        return self.get(name, str) or ""

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; empty where nobody says anything."""
        return tuple(str(text) for text in self.get(name, tuple) or ())

    def below(self, *path: str) -> "_Branch":
        """The values below a further path."""
        return _Branch(self._values, path)

    def names(self) -> tuple[str, ...]:
        """The names right below, in order of appearance."""
        return tuple(dict.fromkeys(key[0] for key in self._values))


def build(values: Values, accounts: Iterable[str]) -> Settings:
    """The settings that the merged values stand for."""
    root = _Branch(values)
    platforms, clients, deals, channels = (root.below(part) for part in ("platforms", "clients", "deals", CHANNELS))
    return Settings(
        accounts=tuple(_account(name, root.below(ACCOUNTS, name)) for name in accounts),
        platforms={name: _platform(platforms.below(name)) for name in platforms.names()},
        clients={fold_name(name): _client(clients.below(name)) for name in clients.names()},
        deals={name: _deal(deals.below(name)) for name in deals.names()},
        calendar=_calendar(root.below("calendar")),
        screen=_screen(root),
        language=root.need("language", str),
        interval=root.need("interval", dt.timedelta),
        stale_after=root.get("stale_after", dt.timedelta),
        look_back=root.need("look_back", dt.timedelta),
        notify=_notify(root.below("notify")),
        channels=tuple(_channel(name, channels.below(name)) for name in channels.names()),
        heartbeat=_heartbeat(root.below("heartbeat")),
    )


def _account(name: str, keys: _Branch) -> Account:
    return Account(
        name=name,
        type=AccountType(keys.need("type", str)),
        host=keys.text("host"),
        port=keys.need("port", int),
        user=keys.text("user"),
        secret=_secret(keys),
        folders=keys.texts("folders"),
        tls=Tls(keys.need("tls", str)),
        ca_file=keys.get("ca_file", Path),
        authentication=AuthenticationPolicy(keys.need("authentication", str)),
        authserv_ids=frozenset(text.strip().lower() for text in keys.texts("authserv_ids")),
        forwarders=keys.texts("forwarders"),
        path=keys.get("path", Path),
        timeout=keys.need("timeout", dt.timedelta),
        interval=keys.get("interval", dt.timedelta),
    )


def _secret(keys: _Branch) -> Secret:
    return Secret(
        kind=SecretKind(keys.need("secret", str)),
        command=keys.texts("command"),
        env=keys.text("env"),
        file=keys.get("file", Path),
        token_url=keys.text("token_url"),
        client_id=keys.text("client_id"),
        scope=keys.text("scope"),
    )


def _notify(keys: _Branch) -> NotifySettings:
    return NotifySettings(
        limit_before=keys.need("limit_before", dt.timedelta),
        remind_every=keys.need("remind_every", dt.timedelta),
        reminders=keys.need("reminders", int),
        blind_after=keys.need("blind_after", dt.timedelta),
        digest=keys.get("digest", dt.time),
        quiet_hours=keys.get("quiet_hours", tuple),
        quiet_lets=QuietLets(keys.need("quiet_lets", str)),
    )


def _channel(name: str, keys: _Branch) -> ChannelSettings:
    return ChannelSettings(
        name=name,
        type=keys.text("type"),
        secret=_secret(keys),
        to=keys.texts("to"),
        server=keys.text("server"),
        template=keys.text("template"),
        host=keys.text("host"),
        port=keys.need("port", int),
        user=keys.text("user"),
        sender=keys.text("from"),
        level=_LEVELS[keys.need("level", str)],
        on=frozenset(keys.texts("on")),
        platforms=frozenset(keys.texts("platforms")),
        details=Details(keys.need("details", str)),
        private=keys.need("private_addresses", str) == Private.ALLOW,
        ca_file=keys.get("ca_file", Path),
    )


def _heartbeat(keys: _Branch) -> HeartbeatSettings | None:
    if not keys.text("secret"):
        return None
    private = keys.need("private_addresses", str) == Private.ALLOW
    return HeartbeatSettings(_secret(keys), private, keys.get("ca_file", Path))


def _calendar(keys: _Branch) -> CalendarSettings:
    return CalendarSettings(
        timezone=keys.need("timezone", str),
        country=keys.need("country", str),
        closed=_closed(keys),
        working_hours=keys.need("working_hours", tuple),
    )


def _closed(keys: _Branch) -> tuple[Closed, ...]:
    return tuple(item for item in keys.get("closed", tuple) or () if isinstance(item, Closed))


def _screen(root: _Branch) -> ScreenSettings:
    keys, views, screen = root.below("keys"), root.below("views"), root.below("screen")
    return ScreenSettings(
        theme=screen.need("theme", str),
        plain=screen.need("plain", bool),
        columns=screen.texts("columns") or COLUMNS,
        keys={name: keys.texts(name) for name in keys.names()},
        views=tuple(_view(name, views.below(name)) for name in views.names()),
    )


def _view(name: str, keys: _Branch) -> View:
    return View(name, keys.text("query"), keys.get("sort", str) or SORTS[0])


def _platform(keys: _Branch) -> PlatformOverride:
    return PlatformOverride(
        my_names=frozenset(keys.texts("my_names")),
        stages=_stages(keys.below("stages")),
        asked=_row(keys.below("asked")),
        deal_limit=_row(keys.below("deal_limit")),
        closed=_closed(keys),
        templates={name: keys.below("templates").text(name) for name in keys.below("templates").names()},
    )


def _client(keys: _Branch) -> ClientOverride:
    return ClientOverride(row=_row(keys), stages=_stages(keys.below("stages")))


def _deal(keys: _Branch) -> DealOverride:
    return DealOverride(row=_row(keys), stages=_stages(keys.below("stages")), due=keys.get("due", dt.date))


def _stages(keys: _Branch) -> dict[str, StageOverride]:
    return {name: _stage(keys.below(name)) for name in keys.names()}


def _stage(keys: _Branch) -> StageOverride:
    rows = {sub: row for sub in SUB_ROWS if (row := _row(keys.below(sub)))}
    return StageOverride(row=_row(keys), rows=rows)


def _row(keys: _Branch) -> RowOverride:
    elapsed = {level: _spans(keys, level.word) for level in ALARMING}
    before = {level: _spans(keys, f"{level.word}_before") for level in ALARMING}
    return RowOverride(
        elapsed={level: spans for level, spans in elapsed.items() if spans is not None},
        before={level: spans for level, spans in before.items() if spans is not None},
        stale=_spans(keys, "stale"),
        limit=keys.get("limit", Span),
    )


def _spans(keys: _Branch, name: str) -> tuple[Span, ...] | None:
    spans = keys.get(name, tuple)
    return None if spans is None else tuple(span for span in spans if isinstance(span, Span))
