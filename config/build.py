"""From the flat table of values to the immutable Settings."""

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from config.keys import ACCOUNTS, SUB_ROWS
from config.layers import Value
from config.model import (
    Account,
    AccountType,
    AuthenticationPolicy,
    CalendarSettings,
    Closed,
    DealOverride,
    PlatformOverride,
    RowOverride,
    Secret,
    SecretKind,
    Settings,
    StageOverride,
    Tls,
)
from otosata.deals.duration import Span
from otosata.deals.vocabulary import Level

Values = Mapping[tuple[str, ...], Value]
_LEVELS = (Level.NOTICE, Level.WARN, Level.CRITICAL)
_DEFAULTS = Settings()
T = TypeVar("T")


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

    def need(self, name: str, kind: type[T], default: T) -> T:
        """The value of a key right below, or the default."""
        found = self.get(name, kind)
        return default if found is None else found

    def texts(self, name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(str(text) for text in self.need(name, tuple, default))

    def below(self, *path: str) -> "_Branch":
        """The values below a further path."""
        return _Branch(self._values, path)

    def names(self) -> tuple[str, ...]:
        """The names right below, in order of appearance."""
        return tuple(dict.fromkeys(key[0] for key in self._values))


def build(values: Values, accounts: Iterable[str]) -> Settings:
    """The settings that the merged values stand for."""
    root = _Branch(values)
    platforms, deals = root.below("platforms"), root.below("deals")
    return Settings(
        accounts=tuple(_account(name, root.below(ACCOUNTS, name)) for name in accounts),
        platforms={name: _platform(platforms.below(name)) for name in platforms.names()},
        deals={name: _deal(deals.below(name)) for name in deals.names()},
        calendar=_calendar(root.below("calendar")),
        language=root.need("language", str, "auto"),
        interval=root.need("interval", dt.timedelta, _DEFAULTS.interval),
        stale_after=root.get("stale_after", dt.timedelta),
        look_back_days=root.need("look_back_days", int, _DEFAULTS.look_back_days),
    )


def _account(name: str, keys: _Branch) -> Account:
    return Account(
        name=name,
        type=AccountType(keys.need("type", str, AccountType.IMAP)),
        host=keys.need("host", str, ""),
        port=keys.need("port", int, 993),
        user=keys.need("user", str, ""),
        secret=_secret(keys),
        folders=keys.texts("folders", ("INBOX",)),
        tls=Tls(keys.need("tls", str, Tls.IMPLICIT)),
        ca_file=keys.get("ca_file", Path),
        authentication=AuthenticationPolicy(keys.need("authentication", str, AuthenticationPolicy.AUTO)),
        authserv_ids=frozenset(text.strip().lower() for text in keys.texts("authserv_ids")),
        forwarders=keys.texts("forwarders"),
        path=keys.get("path", Path),
        timeout=keys.need("timeout", dt.timedelta, dt.timedelta(seconds=30)),
        interval=keys.get("interval", dt.timedelta),
    )


def _secret(keys: _Branch) -> Secret:
    return Secret(
        kind=SecretKind(keys.need("secret", str, SecretKind.KEYRING)),
        command=keys.texts("command"),
        env=keys.need("env", str, ""),
        file=keys.get("file", Path),
        token_url=keys.need("token_url", str, ""),
        client_id=keys.need("client_id", str, ""),
        scope=keys.need("scope", str, ""),
    )


def _calendar(keys: _Branch) -> CalendarSettings:
    return CalendarSettings(
        timezone=keys.need("timezone", str, "Asia/Tokyo"),
        country=keys.need("country", str, "JP"),
        closed=tuple(item for item in keys.need("closed", tuple, ()) if isinstance(item, Closed)),
    )


def _platform(keys: _Branch) -> PlatformOverride:
    return PlatformOverride(
        my_names=frozenset(keys.texts("my_names")),
        stages=_stages(keys.below("stages")),
        asked=_row(keys.below("asked")),
        deal_limit=_row(keys.below("deal_limit")),
    )


def _deal(keys: _Branch) -> DealOverride:
    return DealOverride(row=_row(keys), stages=_stages(keys.below("stages")), due=keys.get("due", dt.date))


def _stages(keys: _Branch) -> dict[str, StageOverride]:
    return {name: _stage(keys.below(name)) for name in keys.names()}


def _stage(keys: _Branch) -> StageOverride:
    rows = {sub: row for sub in SUB_ROWS if (row := _row(keys.below(sub)))}
    return StageOverride(row=_row(keys), rows=rows)


def _row(keys: _Branch) -> RowOverride:
    elapsed = {level: _spans(keys, level.word) for level in _LEVELS}
    before = {level: _spans(keys, f"{level.word}_before") for level in _LEVELS}
    return RowOverride(
        elapsed={level: spans for level, spans in elapsed.items() if spans is not None},
        before={level: spans for level, spans in before.items() if spans is not None},
        stale=_spans(keys, "stale"),
        limit=keys.get("limit", Span),
    )


def _spans(keys: _Branch, name: str) -> tuple[Span, ...] | None:
    spans = keys.get(name, tuple)
    return None if spans is None else tuple(span for span in spans if isinstance(span, Span))
