"""The whole state of things at a moment: every deal's reading, and the health of what feeds them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from config.assembly import Assembly
from config.model import Account
from config.problems import Problem as Mistake
from config.vigilance import adapters_health
from otosata.deals.event import Ledger, MarkKind
from otosata.deals.reading import Reading, read
from otosata.overview import BROKEN_PACKAGE, NO_ADAPTER, AccountHealth, Overview, Problem, account_health, survey
from otosata.store.store import Store
from otosata.store.values import AccountState, MailRow, MailState

UNREADABLE_SHOWN = timedelta(days=14)
"""So long a mail is told of that names a platform as its sender and could not be read."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which deals a question is about; empty: all."""

    platform: str = ""
    client: str = ""
    account: str = ""

    def has(self, reading: Reading, accounts: frozenset[str]) -> bool:
        """Whether the deal is meant."""
        deal = reading.deal
        return (
            (not self.platform or deal.platform == self.platform)
            and (not self.client or self.client.casefold() in deal.client.casefold())
            and (not self.account or self.account in accounts)
        )


EVERYTHING = Selection()


def look_out(
    assembly: Assembly, mistakes: Sequence[Mistake], store: Store, selection: Selection, now: datetime
) -> Overview:
    """All deals, or the selected ones. `mistakes`: what is wrong with the configuration since it was read last."""
    with store.snapshot():
        ledgers = store.ledgers()
        feeds = store.accounts_of_deals()
        states = {state.account: state for state in store.account_states()}
        counts = {found.adapter: found for found in store.adapter_counts()}
        waiting = store.mails(state=MailState.TRIAGE)
        unreadable = store.mails(state=MailState.QUARANTINE)
        given_up = store.count_given_up()
    found = [(ledger, reading_of(assembly, ledger, now)) for ledger in ledgers]
    readings = [reading for _, reading in found if reading]
    problems = [
        *_configuration(assembly, mistakes),
        *_broken_packages(assembly),
        *(_orphan(ledger) for ledger, reading in found if reading is None and not _is_closed(ledger)),
        *_unreadable(assembly, unreadable, now),
        *_given_up(assembly, given_up),
    ]
    return survey(
        [one for one in readings if selection.has(one, feeds.get(one.deal.id, frozenset()))],
        feeds,
        mailboxes_health(assembly, states, now, selection.account),
        adapters_health(assembly.toml_adapters, counts, ledgers, readings, waiting, now),
        problems,
        triage=len(waiting),
        now=now,
    )


def reading_of(assembly: Assembly, ledger: Ledger, now: datetime) -> Reading | None:
    """A deal now; None for a platform whose adapter is not installed."""
    rules = assembly.rules(ledger.deal, now)
    return read(ledger, rules, now) if rules else None


def mailboxes_health(
    assembly: Assembly, states: Mapping[str, AccountState], now: datetime, only: str = ""
) -> list[AccountHealth]:
    """Whether each configured mailbox can be believed, in the order of the configuration."""
    return [
        _mailbox_health(assembly, account, states.get(account.name, AccountState(account.name)), now)
        for account in assembly.settings.accounts
        if only in ("", account.name)
    ]


def _mailbox_health(assembly: Assembly, account: Account, state: AccountState, now: datetime) -> AccountHealth:
    return account_health(
        account.name,
        account.type.value,
        last=state.last_complete_poll,
        error=state.error,
        hint=state.hint,
        now=now,
        stale=assembly.settings.stale_after_of(account),
        present=datetime.now(UTC),
    )


def _configuration(assembly: Assembly, mistakes: Sequence[Mistake]) -> Iterator[Problem]:
    """What is wrong with the files since they were read last, and what should be written otherwise in them."""
    words = assembly.catalogue
    if mistakes:
        more = words.t("check.config_more", count=len(mistakes) - 1) if len(mistakes) > 1 else ""
        text = words.t("check.config_broken", problem=mistakes[0].short, more=more)
        yield Problem("configuration", text, mistakes[0].hint)
    for warning in assembly.loaded.warnings:
        yield Problem(warning.code, warning.short, warning.hint)


def _broken_packages(assembly: Assembly) -> Iterator[Problem]:
    """Platforms that installed packages should bring and do not."""
    for one in assembly.found.broken:
        yield Problem(
            BROKEN_PACKAGE,
            f"the package {one.offer.package} with the platform {one.offer.platform!r} is left out: {one.why}",
            "update or uninstall the package",
        )


def _orphan(ledger: Ledger) -> Problem:
    return Problem(
        NO_ADAPTER,
        f"{ledger.deal.id}: no adapter for the platform {ledger.deal.platform!r} is installed",
        "put its adapter file back, or close the deal",
    )


def _unreadable(assembly: Assembly, mails: Sequence[MailRow], now: datetime) -> Iterator[Problem]:
    """Mail that names a platform as its sender and could not be read: somebody's word may be in it."""
    recent = [mail for mail in mails if mail.received is None or mail.received > now - UNREADABLE_SHOWN]
    if recent:
        words = assembly.catalogue
        text = words.t("check.unreadable", count=len(recent), why=recent[-1].why)
        yield Problem("unreadable_mail", text, words.t("check.unreadable_hint"))


def _given_up(assembly: Assembly, count: int) -> Iterator[Problem]:
    """Notifications that nobody got."""
    if count:
        words = assembly.catalogue
        yield Problem("notification_given_up", words.t("outbox.gone", n=count), words.t("outbox.gone_hint"))


def _is_closed(ledger: Ledger) -> bool:
    """Whether the user's last word is that the deal is over."""
    words = [mark.kind for mark in ledger.marks if mark.kind in (MarkKind.CLOSE, MarkKind.REOPEN)]
    return words[-1:] == [MarkKind.CLOSE]
