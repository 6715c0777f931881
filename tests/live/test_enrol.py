"""Setting up a mailbox against a real server: the wrong password, the wrong port, and then the first mails."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import keyring
import pytest

from config.assembly import assemble
from config.desk import Desk
from config.enrol import Answers
from config.places import Options
from otosata.mail.source import SourceError
from tests.cli.mailbox import comment
from tests.cli.test_accounts import Safe
from tests.live.dovecot import PASSWORD, Mailbox

NOW = datetime(2026, 6, 5, tzinfo=UTC)


@pytest.fixture
def safe() -> Iterator[Safe]:
    """A keyring in memory."""
    before, held = keyring.get_keyring(), Safe()
    keyring.set_keyring(held)
    yield held
    keyring.set_keyring(before)


def answers(mailbox: Mailbox, password: str = PASSWORD, port: int = 0) -> Answers:
    server = mailbox.server
    host = f"localhost:{port or server.port}"
    return Answers(address=mailbox.user, host=host, password=password, ca_file=str(server.ca_file))


def test_from_a_wrong_password_to_the_first_deal(mailbox: Mailbox, safe: Safe, tmp_path: Path) -> None:
    mailbox.deliver(comment(), datetime(2026, 6, 1, 3, tzinfo=UTC))
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    options = Options(config=tmp_path / "config.toml", data=tmp_path / "data", lang="en")
    desk = Desk(assemble(options, {}), lambda: NOW)

    with pytest.raises(SourceError, match="refused the password") as refused:
        desk.try_answers(answers(mailbox, "wrong"))
    assert refused.value.permanent
    with pytest.raises(SourceError, match="no TLS with"):
        desk.try_answers(answers(mailbox, port=mailbox.server.plain_port))
    assert safe.held == {}
    assert not desk.assembly.places.settings_file.exists()

    candidate = desk.try_answers(answers(mailbox))
    assert candidate.found == (("INBOX", 1),)
    assert desk.keep_mailbox(candidate) == safe.name
    assert safe.held == {"otosata/main": PASSWORD}
    (report,) = desk.poll()
    assert report.error is None
    assert report.opened == ("lancers-1",)
    assert report.traffic.received > report.traffic.sent > 0
