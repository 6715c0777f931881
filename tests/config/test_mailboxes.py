"""What is known of mailboxes is put together from configuration, health and ledger; a real desk tells it too."""

from datetime import UTC, datetime
from pathlib import Path

from config.assembly import assemble
from config.desk import Desk
from config.mailboxes import mailboxes
from config.model import Account, AccountType, AuthenticationPolicy, Secret, SecretKind
from config.places import Options
from otosata.judge import Policy
from otosata.overview import AccountHealth
from otosata.overview import AccountState as Health
from otosata.store.values import AccountState, MailState

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def health(name: str) -> AccountHealth:
    return AccountHealth(name, "imap", Health.OK, NOW)


def test_what_a_mail_must_prove_is_learned_configured_or_not_known_yet() -> None:
    accounts = (
        Account("learned", host="a", user="me"),
        Account("named", host="a", user="me", authserv_ids=frozenset({"mx.example.com"})),
        Account("new", host="a", user="me"),
        Account("off", host="a", user="me", authentication=AuthenticationPolicy.OFF),
        Account("files", type=AccountType.MAILDIR, path=Path("/mail")),
    )
    states = (AccountState("learned", policy="require", sampled_mails=60),)
    stored = {"learned": {MailState.EVENT: 3}}
    found = mailboxes(accounts, [health(account.name) for account in accounts], states, stored)
    assert [(one.account.name, one.policy, one.is_learned) for one in found] == [
        ("learned", Policy.REQUIRE, True),
        ("named", Policy.REQUIRE, True),
        ("new", Policy.PREFER, True),
        ("off", Policy.OFF, False),
        ("files", Policy.PREFER, False),
    ]
    assert found[0].stored == {MailState.EVENT: 3}
    assert found[1].stored == {}
    assert [one.place for one in found[::4]] == ["me @ a:993", "/mail"]


def test_only_a_password_in_the_keyring_can_be_entered() -> None:
    accounts = (
        Account("keyring", host="a", user="me"),
        Account("file", host="a", user="me", secret=Secret(SecretKind.FILE, file=Path("/secret"))),
        Account("mail", type=AccountType.MBOX, path=Path("/mbox")),
    )
    found = mailboxes(accounts, [health(account.name) for account in accounts], (), {})
    assert [one.keeps_password_in_keyring for one in found] == [True, False, False]


MAIL = b"From: noreply@lancers.co.jp\r\nSubject: hello\r\nDate: Thu, 19 Nov 2026 09:00:00 +0900\r\n\r\nhello\r\n"


def test_a_real_desk_tells_of_its_mailboxes_and_what_reading_them_took(tmp_path: Path) -> None:
    (tmp_path / "mails").mkdir()
    (tmp_path / "mails" / "a.eml").write_bytes(MAIL)
    config = tmp_path / "config.toml"
    config.write_text(f'[[accounts]]\nname = "files"\ntype = "eml"\npath = "{tmp_path / "mails"}"\n', encoding="utf-8")
    desk = Desk(assemble(Options(config=config, data=tmp_path / "data"), {}), lambda: NOW)
    (before,) = desk.mailboxes()
    assert before.health.state is Health.NEVER
    (report,) = desk.poll()
    assert report.took.total_seconds() > 0
    (after,) = desk.mailboxes()
    assert after.health.state is Health.OK
    assert sum(after.stored.values()) == 1
    assert desk.acts() == ()
