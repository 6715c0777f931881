"""What is known of a mailbox besides its mail: how it is read, what its polls came to, what its server adds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from config.model import Account, AuthenticationPolicy, SecretKind
from otosata.judge import Policy
from otosata.overview import AccountHealth
from otosata.store.values import AccountState, MailState
from otosata.sync import policy_of


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An account with all that the screen says of it."""

    account: Account
    health: AccountHealth
    state: AccountState
    stored: Mapping[MailState, int]
    """How many of its mails the ledger knows, by what became of them."""
    policy: Policy
    """What a mail must prove by now: as configured, or as learned from the server."""

    @property
    def place(self) -> str:
        """Where it is: server or folder."""
        if not self.account.is_imap:
            return str(self.account.path or "")
        return f"{self.account.user} @ {self.account.host}:{self.account.port}"

    @property
    def is_learned(self) -> bool:
        """Whether the policy was left to the program to find out."""
        return self.account.is_imap and self.account.authentication is AuthenticationPolicy.AUTO

    @property
    def keeps_password_in_keyring(self) -> bool:
        """Whether a new password can be entered here."""
        return self.account.is_imap and self.account.secret.kind is SecretKind.KEYRING


def mailboxes(
    accounts: Iterable[Account],
    health: Iterable[AccountHealth],
    states: Iterable[AccountState],
    stored: Mapping[str, Mapping[MailState, int]],
) -> tuple[Mailbox, ...]:
    """Put together what is known of each account, in the order of the configuration."""
    judged = {found.name: found for found in health}
    polled = {found.account: found for found in states}
    return tuple(
        _mailbox(account, judged[account.name], polled.get(account.name, AccountState(account.name)), stored)
        for account in accounts
    )


def _mailbox(
    account: Account, health: AccountHealth, state: AccountState, stored: Mapping[str, Mapping[MailState, int]]
) -> Mailbox:
    named = account.is_imap and bool(account.authserv_ids)
    policy = policy_of(account.authentication.value, state.policy, named=named)
    return Mailbox(account, health, state, stored.get(account.name, {}), policy)
