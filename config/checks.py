"""What the single values cannot tell: whether they fit together, and whether the adapters know the names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config import kinds
from config.key import Kind
from config.keys import ACCOUNTS
from config.layers import KeyPath, Value, dotted
from config.model import Account, AccountType, Secret, SecretKind, Settings, Tls
from config.notify_checks import check_channels
from config.problems import Collector, Origin, is_file
from config.secret_checks import ALL_SECRET_KEYS, SECRET_KEYS, secret_file_problem
from otosata.deals.duration import WAITING, Span
from otosata.deals.names import fold_name
from otosata.deals.platform import Platform, Stage
from otosata.deals.vocabulary import Turn

Values = Mapping[KeyPath, Value]
Platforms = Mapping[str, Platform]

_HIGHER = {"notice": ("warn", "critical"), "warn": ("critical",)}
_ELAPSED_LEVELS = frozenset({"notice", "warn", "critical"})
_SUB_ROW = 6
"""Parts of a path such as `platforms.lancers.stages.working.asked.warn`."""
_DAY = 24
_SERVER_KEYS = ("host", "port", "user", "tls", "ca_file", "secret", "folders", "timeout")


@dataclass(frozen=True, slots=True)
class Written:
    """What was written where, for problems that concern more than one value."""

    values: Values
    accounts: Mapping[str, Origin]
    """Where each account begins."""
    failed: frozenset[KeyPath]
    """Keys whose value did not read: told already, and no reason to complain that something is missing."""
    tables: Mapping[tuple[Path | None, KeyPath], Origin] = field(default_factory=dict)
    """Where each table of each file begins."""


def check(settings: Settings, written: Written, platforms: Platforms | None, problems: Collector) -> None:
    """Note everything that is wrong with the merged configuration."""
    for account in settings.accounts:
        _Account(account, written, problems).check()
    check_channels(settings, written.values, written.failed, platforms, problems)
    _check_levels(written.values, problems)
    _check_clients(written, problems)
    if platforms is not None:
        _Names(written, platforms, problems).check()


def platform_of_deal(deal_id: str, platforms: Platforms) -> Platform | None:
    """The platform that a deal's id names: `lancers-3` → lancers."""
    fitting = [id_ for id_ in platforms if deal_id.startswith(f"{id_}-")]
    return platforms[max(fitting, key=len)] if fitting else None


class _Account:
    """The checks of one account."""

    def __init__(self, account: Account, written: Written, problems: Collector) -> None:
        self._account, self._all, self._problems = account, written, problems

    def check(self) -> None:
        if self._failed("type"):
            return
        if self._account.type is AccountType.IMAP:
            self._need("host", self._account.host, '"imap.example.com"')
            self._need("user", self._account.user, '"me@example.com"')
            self._refuse(("path",), f'type = "{AccountType.IMAP}"')
            self._check_connection()
            if not self._failed("secret"):
                self._check_secret(self._account.secret)
        else:
            self._need("path", self._account.path, '"~/Mail"')
            self._refuse((*_SERVER_KEYS, *ALL_SECRET_KEYS), f'type = "{self._account.type}"')

    def _place(self, name: str) -> Origin:
        """Where the key stands; where the account begins, if nobody wrote it."""
        value = self._written(name)
        return value.origin if value else self._all.accounts[self._account.name]

    def _failed(self, name: str) -> bool:
        return (ACCOUNTS, self._account.name, name) in self._all.failed

    def _written(self, name: str) -> Value | None:
        value = self._all.values.get((ACCOUNTS, self._account.name, name))
        return value if value is not None and value.origin.layer != "default" else None

    def _say(self, code: str, name: str, /, **values: object) -> None:
        self._problems.add(code, self._place(name), dotted((ACCOUNTS, self._account.name, name)), **values)

    def _need(self, name: str, value: object, example: str, because: str = "") -> None:
        if not value and not self._failed(name):
            because = because or f'type = "{self._account.type}"'
            self._say("missing_key", name, name=name, example=f"{name} = {example}", because=because)

    def _refuse(self, names: tuple[str, ...], because: str) -> None:
        for name in names:
            if self._written(name):
                self._say("key_without_use", name, name=name, because=because)

    def _check_connection(self) -> None:
        if self._account.port == 143 and self._account.tls is Tls.IMPLICIT:
            self._say("port_143", "port")
        if self._account.tls is Tls.OFF:
            from otosata.mail.account import is_loopback  # noqa: PLC0415 - only an odd configuration asks

            if not is_loopback(self._account.host):
                self._say("tls_off", "tls", host=self._account.host)
        if self._account.ca_file is not None and not is_file(self._account.ca_file):
            self._say("no_such_ca_file", "ca_file", path=self._account.ca_file)

    def _check_secret(self, secret: Secret) -> None:
        because = f'secret = "{secret.kind}"'
        self._refuse(tuple(name for name in ALL_SECRET_KEYS if name not in SECRET_KEYS[secret.kind]), because)
        if secret.kind is SecretKind.COMMAND:
            self._need("command", secret.command, '["pass", "show", "mail"]', because)
        elif secret.kind is SecretKind.ENV:
            self._need("env", secret.env, '"MAIL_PASSWORD"', because)
        elif secret.kind is SecretKind.FILE:
            self._need("file", secret.file, '"~/.config/otosata/secret"', because)
            self._check_secret_file(secret.file)
        elif secret.kind is SecretKind.OAUTH2 and not secret.command:
            self._need("token_url", secret.token_url, '"https://…"', because)
            self._need("client_id", secret.client_id, '"…"', because)
            if secret.token_url and not secret.token_url.startswith("https://"):
                self._say("not_https", "token_url")

    def _check_secret_file(self, file: Path | None) -> None:
        if file is not None and (found := secret_file_problem(file)):
            code, values = found
            self._say(code, "file", **values)


class _Names:
    """Whether the adapters know the platforms and stages that the configuration names."""

    def __init__(self, written: Written, platforms: Platforms, problems: Collector) -> None:
        self._written, self._values = written, written.values
        self._platforms, self._problems = platforms, problems
        self._told: set[KeyPath] = set()

    def check(self) -> None:
        for path, value in self._values.items():
            if path[0] == "platforms":
                self._check_platform(path, value)
            elif path[0] == "clients":
                self._check_client_stage(path, value)
            elif path[0] == "deals":
                platform = platform_of_deal(path[1], self._platforms)
                if platform is not None:
                    self._check_stage(path, value, platform)
                else:
                    self._tell("unknown_deal_platform", path[:2], value, self._platforms)

    def _check_platform(self, path: KeyPath, value: Value) -> None:
        platform = self._platforms.get(path[1])
        if platform is None:
            self._tell("unknown_platform", path[:2], value, self._platforms)
            return
        self._check_stage(path, value, platform)
        if path[2] == "deal_limit" and platform.deal_limit is None:
            self._tell("no_deal_limit", path[:3], value, ())

    def _check_stage(self, path: KeyPath, value: Value, platform: Platform) -> None:
        if path[2] != "stages":
            return
        stage = platform.stages.get(path[3])
        if stage is None:
            self._tell("unknown_stage", path[:4], value, platform.stages)
        elif stage.over:
            self._tell("stage_is_over", path[:4], value, ())
        elif not is_reachable(platform, stage.id):
            self._tell("stage_unreachable", path[:4], value, ())
        elif len(path) == _SUB_ROW and not row_counts(stage, path[4]):
            self._tell("row_never_counts", path[:5], value, (stage.counts.value,))
        else:
            self._check_against_limit(path, value, stage)

    def _check_client_stage(self, path: KeyPath, value: Value) -> None:
        """A client may be met on any platform: one that has the stage is enough."""
        if path[2] == "stages" and not any(path[3] in platform.stages for platform in self._platforms.values()):
            stages = {stage: None for platform in self._platforms.values() for stage in platform.stages}
            self._tell("unknown_stage", path[:4], value, stages)

    def _check_against_limit(self, path: KeyPath, value: Value, stage: Stage) -> None:
        """A level that begins when the platform's date is over, and one that counts back from a date there is not."""
        limit = self._limit(path, stage)
        if path[-1].endswith("_before"):
            if limit is None and value.value:
                self._problems.add("no_stage_limit", value.origin, value.dotted, name=path[3])
        elif limit is not None and path[-1] in _ELAPSED_LEVELS and _comes_after(value, limit):
            self._problems.warn(
                "after_limit", value.origin, value.dotted, value=_shown(value), limit=limit, latest=latest_before(limit)
            )

    def _limit(self, path: KeyPath, stage: Stage) -> Span | None:
        """The hard date that counts in that row: the configured one, else the adapter's."""
        for written in ((*path[:-1], "limit"), (*path[:4], "limit")):
            if (value := self._values.get(written)) is not None and isinstance(value.value, Span):
                return value.value
        row = stage.rows.get(path[4]) if len(path) == _SUB_ROW else stage.row
        rule = (row.limit if row else None) or stage.limit
        return rule.span if rule else None

    def _tell(self, code: str, path: KeyPath, value: Value, valid: Iterable[str]) -> None:
        """Say it once, however many keys stand below the wrong name."""
        if path in self._told:
            return
        self._told.add(path)
        known = sorted(valid)
        likely = kinds.nearest(path[-1], known) or ", ".join(known)
        begin = self._written.tables.get((value.origin.file, path), value.origin)
        self._problems.add(code, self._problems.at(begin, path[-1]), dotted(path), name=path[-1], likely=likely)


def is_reachable(platform: Platform, stage: str) -> bool:
    """Whether any event, or a limit that has passed, leads there."""
    targets = {transition.to for transitions in platform.transitions.values() for transition in transitions}
    return stage in targets or any(other.after_limit == stage for other in platform.stages.values())


def row_counts(stage: Stage, row: str) -> bool:
    """Whether a further row of a stage is ever asked: while the turn is the stage's, its own levels are."""
    return stage.counts.value != row and not (row == "asked" and stage.counts is Turn.ME)


def _comes_after(value: Value, limit: Span) -> bool:
    """Whether the level can only begin when the date has passed. A date that a mail names tells nothing."""
    spans = _spans(value)
    if not spans or not limit.amount:
        return False
    return any(span.hours >= limit.hours for span in spans if span.clock in (WAITING, limit.clock))


def latest_before(limit: Span) -> str:
    """A threshold that leaves some time: three quarters of the way to the date."""
    hours = max(limit.hours * 3 // 4, 1)
    return f'"{hours // _DAY}d"' if hours % _DAY == 0 else f'"{hours}h"'


def _check_clients(written: Written, problems: Collector) -> None:
    """Whether one client is written under two names."""
    first: dict[str, Value] = {}
    for path, value in written.values.items():
        if path[0] != "clients":
            continue
        known = first.setdefault(fold_name(path[1]), value)
        name, other = path[1], known.path[1]
        if other != name:
            begin = problems.at(written.tables.get((value.origin.file, path[:2]), value.origin), name)
            problems.add("duplicate_client", begin, dotted(path[:2]), name=name, other=other, first=known.origin)
            first[fold_name(path[1])] = value


def _check_levels(values: Values, problems: Collector) -> None:
    """Whether the levels written in one table come in their order.

    One alone may well be set apart from the adapter's others: to be alarmed at once is a wish, not a mistake.
    """
    for path, value in values.items():
        word, _, suffix = path[-1].partition("_")
        if value.key.kind is not Kind.SPANS or word not in _HIGHER:
            continue
        for high in _HIGHER[word]:
            above = values.get((*path[:-1], f"{high}_{suffix}" if suffix else high))
            if above is None or not _wrong_order(value, above, before=bool(suffix)):
                continue
            problems.add(
                "levels_out_of_order",
                above.origin,
                above.dotted,
                low=path[-1],
                low_value=_shown(value),
                high=above.path[-1],
                high_value=_shown(above),
            )
            break


def _wrong_order(low: Value, high: Value, *, before: bool) -> bool:
    """Whether the higher level comes first. Lists on different clocks cannot be compared."""
    lower, higher = _spans(low), _spans(high)
    if not lower or not higher or len({(span.clock, span.waited) for span in (*lower, *higher)}) > 1:
        return False
    return _hours(lower) < _hours(higher) if before else _hours(lower) > _hours(higher)


def _hours(spans: tuple[Span, ...]) -> int:
    """The least time that must pass; a business date is at least one date."""
    return max(span.hours for span in spans)


def _spans(value: Value) -> tuple[Span, ...]:
    return tuple(span for span in value.value if isinstance(span, Span)) if isinstance(value.value, tuple) else ()


def _shown(value: Value) -> str:
    return ", ".join(str(span) for span in _spans(value))
