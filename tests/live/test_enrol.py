"""Setting up a mailbox against a real server: the wrong password, the wrong port, and then the first mails."""

import asyncio
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
from tests.screens.driving import Seen
from tui.app import make
from tui.widgets.field import Field

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


def test_the_first_run_on_the_screen_ends_in_the_deals_of_a_real_server(
    mailbox: Mailbox, safe: Safe, tmp_path: Path
) -> None:
    mailbox.deliver(comment(), datetime(2026, 6, 1, 3, tzinfo=UTC))
    before = mailbox.listing()
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    options = Options(config=tmp_path / "config.toml", data=tmp_path / "data", lang="ja")
    desk = Desk(assemble(options, {}), lambda: NOW)

    def fill(seen: Seen, **values: str) -> None:
        for part, value in values.items():
            seen.app.screen.query_one(f"#field-{part}", Field).value = value

    async def run() -> None:
        app = make(desk)
        async with app.run_test(size=(100, 40)) as pilot:
            seen = Seen(app, pilot)
            await seen.settle()
            await seen.press("down", "enter")
            server = mailbox.server
            host = f"localhost:{server.port}"
            fill(seen, address=mailbox.user, host=host, ca_file=str(server.ca_file), password="wrong")
            await seen.press("enter")
            assert "パスワードを拒否しました" in seen.text
            assert safe.held == {}
            fill(seen, password=PASSWORD)
            await seen.press("enter")
            assert "INBOX: 1通" in seen.text
            assert not desk.assembly.places.settings_file.exists()
            await seen.press("enter")
            await seen.settle()
            assert "1件の案件が見つかりました" in seen.text
            await seen.press("space", "enter")
            await seen.settle()
            assert [reading.is_over for reading in desk.overview().readings] == [True]
            await seen.press("L")
            assert PASSWORD not in seen.text

    asyncio.run(run())
    assert safe.held == {"otosata/main": PASSWORD}
    assert PASSWORD not in desk.assembly.places.settings_file.read_text("utf-8")
    assert {file.rpartition("/")[2]: data for file, data in mailbox.listing().items()} == {
        file.rpartition("/")[2]: data for file, data in before.items()
    }, "the mailbox is as it was"
