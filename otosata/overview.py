"""All deals at one moment, with the health of what feeds them: what `check`, the screen and webhooks show."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from otosata.deals.limits import passed_at
from otosata.deals.reading import LEVEL_WORDS, Reading

CLOCK_SKEW = timedelta(minutes=5)
"""So much may a clock have been put back since a poll."""


class Status(StrEnum):
    """The one word for everything; `check` makes its exit code of it."""

    OK = "ok"
    WARNING = "warning"
    CRITICAL = "critical"
    UNKNOWN = "unknown"


class AccountState(StrEnum):
    """Whether a mailbox can be believed."""

    OK = "ok"
    STALE = "stale"
    FAILED = "failed"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class AccountHealth:
    """A mailbox and its last poll."""

    name: str
    type: str
    state: AccountState
    last_complete_poll: datetime | None
    error: str | None = None
    hint: str | None = None
    is_ahead: bool = False
    """The poll was made by a clock that ran ahead, so nobody knows how old it is."""


class StaleReason(StrEnum):
    """Why an adapter no longer counts as understanding its platform."""

    UNKNOWN_MAIL = "unknown_mail"
    """A verified mail that sounds like a deal's, or names one, and that no rule knows."""
    IN_A_ROW = "in_a_row"
    """Many mails in a row that no rule knew."""
    SILENT = "silent"
    """It is used to hear more, and its sender goes on sending."""


@dataclass(frozen=True, slots=True)
class AdapterHealth:
    """What an adapter made of its platform's mail. `stale`: it meets mail that it does not know."""

    id: str
    recognised: int
    unrecognised: int
    last_recognised: datetime | None
    stale: bool = False
    reason: StaleReason | None = None
    named: frozenset[str] = frozenset()
    """The deals that the unknown mails name; empty: they may be about any of the platform."""
    usual_gap: timedelta | None = None
    """The time within which the next notice usually came; None where there are too few to tell."""

    def may_concern(self, reading: Reading) -> bool:
        """Whether what it did not understand may be about the deal."""
        deal = reading.deal
        return self.stale and deal.platform == self.id and not reading.is_over and deal.id in (self.named or {deal.id})


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the user should know or mend."""

    code: str
    message: str
    hint: str = ""


NO_ADAPTER = "no_adapter"
"""Code of the problem that a deal cannot be read at all."""
BROKEN_PACKAGE = "broken_package"
"""Code of the problem that a package's adapter is left out: nobody reads the mail of its platform."""
BLINDING = frozenset({NO_ADAPTER, BROKEN_PACKAGE})
"""Problems that keep deals from being fed."""


@dataclass(frozen=True, slots=True)
class Summary:
    """How many deals there are of each kind; over, snoozed and acknowledged ones count under no level."""

    deals: int
    levels: Mapping[str, int]
    """By `ok`, `notice`, `warn`, `critical`, `unknown`."""
    snoozed: int
    acknowledged: int
    triage: int


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything at `now`."""

    now: datetime
    status: Status
    summary: Summary
    readings: tuple[Reading, ...]
    """Open deals by urgency, then the ones that are over."""
    accounts: tuple[AccountHealth, ...]
    adapters: tuple[AdapterHealth, ...]
    problems: tuple[Problem, ...]

    @property
    def counted(self) -> tuple[Reading, ...]:
        """The deals that make the status."""
        return tuple(reading for reading in self.readings if counts(reading))

    @property
    def is_blind(self) -> bool:
        """Whether something that feeds the deals is not healthy: a mailbox, an adapter, or one that is missing."""
        return _is_blind(self.accounts, self.adapters, self.problems)

    @property
    def mail_age(self) -> timedelta | None:
        """Age of the oldest last complete poll; None where a mailbox was never read, or there is none."""
        polls = [account.last_complete_poll for account in self.accounts if not account.is_ahead]
        known = [poll for poll in polls if poll is not None]
        if not known or len(known) < len(self.accounts):
            return None
        return max(self.now - min(known), timedelta(0))


def counts(reading: Reading) -> bool:
    """Whether the deal takes part in the status."""
    return not reading.is_over and not reading.is_quiet


def account_health(
    name: str,
    kind: str,
    *,
    last: datetime | None,
    error: str | None,
    hint: str | None,
    now: datetime,
    stale: timedelta,
    present: datetime | None = None,
) -> AccountHealth:
    """Judge a mailbox: `last` complete poll, `error` of the latest attempt if that failed.

    `present`: the real time, where `now` may be another. A poll later than both is no sign of health.
    """
    is_ahead = last is not None and last > max(now, present or now) + CLOCK_SKEW
    if error is not None:
        state = AccountState.FAILED
    elif last is None:
        state = AccountState.NEVER
    else:
        state = AccountState.STALE if is_ahead or now - last > stale else AccountState.OK
    return AccountHealth(name, kind, state, last, error, hint, is_ahead)


def survey(
    readings: Sequence[Reading],
    feeds: Mapping[str, frozenset[str]],
    accounts: Sequence[AccountHealth],
    adapters: Sequence[AdapterHealth],
    problems: Sequence[Problem],
    *,
    triage: int,
    now: datetime,
) -> Overview:
    """Put the deals together with what feeds them.

    `feeds`: deal id → accounts whose mail is in its ledger; while one of them cannot be read, the deal is unknown.
    A deal that only the user has written to is known as well as he knows it. One whose mailboxes the user has
    taken out keeps its level, for its silence grows louder by itself; a problem says so.
    """
    blind = frozenset(account.name for account in accounts if account.state is not AccountState.OK)
    unfed = _unfed(readings, feeds, frozenset(account.name for account in accounts))
    problems = [*problems, *(_without_mailbox(deal, feeds[deal]) for deal in unfed)]

    def seen(reading: Reading) -> Reading:
        if any(adapter.may_concern(reading) for adapter in adapters if adapter.stale):
            reading = replace(reading, affected=True)
        return reading.blinded() if feeds.get(reading.deal.id, frozenset()) & blind else reading

    shown = sorted((seen(reading) for reading in readings), key=urgency)
    summary = _summary(shown, triage)
    return Overview(
        now=now,
        status=status_of(summary, blind=_is_blind(accounts, adapters, problems)),
        summary=summary,
        readings=tuple(shown),
        accounts=tuple(accounts),
        adapters=tuple(adapters),
        problems=tuple(problems),
    )


def _is_blind(
    accounts: Sequence[AccountHealth], adapters: Sequence[AdapterHealth], problems: Sequence[Problem]
) -> bool:
    return (
        any(account.state is not AccountState.OK for account in accounts)
        or any(adapter.stale for adapter in adapters)
        or any(problem.code in BLINDING for problem in problems)
    )


def status_of(
    summary: Summary,
    *,
    blind: bool,
    on_blind: Status = Status.UNKNOWN,
    warning: Callable[[int], bool] = bool,
    critical: Callable[[int], bool] = bool,
) -> Status:
    """The one word. `on_blind`: the status while a source is not healthy, unless something is critical already.

    `critical`: whether so many critical deals make it CRITICAL; `warning`: whether so many of warn and critical make
    it WARNING. One is enough unless somebody says otherwise.
    """
    if critical(summary.levels["critical"]):
        return Status.CRITICAL
    if blind and on_blind is not Status.OK:
        return on_blind
    return Status.WARNING if warning(summary.levels["warn"] + summary.levels["critical"]) else Status.OK


def _unfed(
    readings: Sequence[Reading], feeds: Mapping[str, frozenset[str]], accounts: frozenset[str]
) -> tuple[str, ...]:
    """Deals that hear nothing any more: none of the mailboxes that their mail came from is configured.

    Without any account the ledger is all there is, and the user knows.
    """
    sources = ((reading.deal.id, feeds.get(reading.deal.id)) for reading in readings if counts(reading))
    return tuple(deal for deal, names in sources if accounts and names and not names & accounts)


def _without_mailbox(deal: str, names: frozenset[str]) -> Problem:
    return Problem(
        "no_mailbox",
        f"{deal}: its mail came from {', '.join(sorted(names))}, which is no longer configured",
        "add the mailbox again, or close the deal",
    )


NEAR = timedelta(days=7)
"""A hard date presses from so long before on."""


def pressure(reading: Reading) -> float:
    """How hard the deal presses within its level: silence relative to its threshold, or a hard date that comes near.

    1.0: the loudest threshold is reached, or the date is there.
    """
    limits = [passed_at(limit) - reading.now for limit in (reading.limit, reading.deal_limit) if limit is not None]
    return max(reading.ratio or 0.0, *(min(1 - left / NEAR, 1.0) for left in limits), 0.0)


def urgency(reading: Reading) -> tuple[object, ...]:
    """Sort key: what needs a look first. Over and quiet deals last; then level, pressure, waiting."""
    return (
        reading.is_over,
        reading.is_quiet,
        reading.stale,
        -reading.level,
        -pressure(reading),
        -(reading.waiting_seconds or 0),
        reading.deal.id,
    )


def _summary(readings: Sequence[Reading], triage: int) -> Summary:
    counted = [reading.level_word for reading in readings if counts(reading)]
    open_ones = [reading for reading in readings if not reading.is_over]
    return Summary(
        deals=len(counted),
        levels={word: counted.count(word) for word in LEVEL_WORDS},
        snoozed=sum(reading.snoozed_until is not None for reading in open_ones),
        acknowledged=sum(reading.acknowledged for reading in open_ones),
        triage=triage,
    )
