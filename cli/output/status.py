"""The status line of the Monitoring Plugins guidelines, and the plain report below it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from cli.output.words import age
from otosata.deals.reading import Reading
from otosata.overview import BLINDING, AccountState, Overview, Status

_WORDS = ("critical", "warn", "notice", "unknown", "ok")


@dataclass(frozen=True, slots=True)
class Limits:
    """The thresholds shown in the performance data: ranges of the guidelines, and ages of the mail."""

    warning: str
    critical: str
    mail_age_warning: timedelta
    mail_age_critical: timedelta


def first_line(overview: Overview, limits: Limits, more: Sequence[str] = ()) -> str:
    """`OTOSATA CRITICAL: 1 critical, 2 warn, 9 ok (oldest: …) | deals=12;;;0 …`: stands alone. `more`: said besides."""
    said = "; ".join([what(overview), *([", ".join(more)] if more else [])]).replace("|", "/")
    return f"OTOSATA {overview.status.value.upper()}: {said} | {_performance(overview, limits)}"


def what(overview: Overview) -> str:
    """How many deals there are of each level, the longest silence, and what could not be read."""
    blinding = [problem.message for problem in overview.problems if problem.code in BLINDING]
    if not overview.accounts and overview.status is Status.UNKNOWN and not blinding:
        return "no mailbox is configured"
    levels = overview.summary.levels
    counted = [f"{levels[word]} {word}" for word in _WORDS if levels[word] or word == "ok"]
    oldest = longest_silence(overview)
    tail = f" (oldest: {oldest.deal.id} {age(oldest.silence_seconds)})" if oldest else ""
    blind = [account for account in overview.accounts if account.state is not AccountState.OK]
    stale = [adapter.id for adapter in overview.adapters if adapter.stale]
    notes = [f"mailbox {account.name} {_said(account.state)}" for account in blind]
    notes += [f"adapter {name} meets mail that it does not know" for name in stale]
    return "; ".join([f"{', '.join(counted)}{tail}", *notes, *blinding])


def diagnosis(overview: Overview) -> Iterator[str]:
    """A line for each mailbox and adapter, whatever its state: what somebody needs who asks why the status is so."""
    for account in overview.accounts:
        polled = account.last_complete_poll
        when = f"last complete poll {polled.isoformat(timespec='seconds')}" if polled else "no complete poll"
        yield f"mailbox {account.name}: {account.type}, {account.state.value}, {when}"
    for adapter in overview.adapters:
        state = "stale" if adapter.stale else "ok"
        yield f"adapter {adapter.id}: {state}, recognised {adapter.recognised}, unrecognised {adapter.unrecognised}"


def _said(state: AccountState) -> str:
    return {"failed": "could not be read", "stale": "was not read lately", "never": "was never read"}[state.value]


def longest_silence(overview: Overview) -> Reading | None:
    """The counted deal whose client has been silent longest."""
    silent = [reading for reading in overview.counted if reading.silence_seconds is not None]
    return max(silent, key=lambda reading: reading.silence_seconds or 0, default=None)


def _performance(overview: Overview, limits: Limits) -> str:
    summary, oldest, old = overview.summary, longest_silence(overview), overview.mail_age
    silence = "U" if oldest is None else f"{oldest.silence_seconds}s"
    warn, critical = limits.mail_age_warning, limits.mail_age_critical
    mail_age = "U" if old is None else f"{max(int(old.total_seconds()), 0)}s"
    return " ".join(
        (
            f"deals={summary.deals};;;0",
            f"critical={summary.levels['critical']};;{limits.critical};0",
            f"warn={summary.levels['warn']};{limits.warning};;0",
            f"oldest_silence={silence};;;0",
            f"mail_age={mail_age};{int(warn.total_seconds())};{int(critical.total_seconds())};0",
            f"triage={summary.triage};;;0",
        )
    )
