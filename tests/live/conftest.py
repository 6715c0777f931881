"""Starts the Dovecot that the live tests talk to; without one they fail, for a skipped test proves nothing."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live import dovecot

HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark everything in this folder `live`, and leave it out where the user asked for that."""
    live = [item for item in items if HERE in item.path.parents]
    for item in live:
        item.add_marker(pytest.mark.live)
    if os.environ.get("OTOSATA_NO_LIVE") == "1":
        config.hook.pytest_deselected(items=live)
        items[:] = [item for item in items if item not in live]


@pytest.fixture(scope="session")
def dovecot_server() -> Iterator[dovecot.Dovecot]:
    """One Dovecot for all live tests; stopped by its process id."""
    home = Path(tempfile.mkdtemp(prefix="otosata-live-"))  # pytest's own folders shut out the mail user
    home.chmod(0o755)
    process = None
    try:
        server, process = dovecot.start(home)
        yield server
    finally:
        if process:
            dovecot.stop(process)
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def mailbox(dovecot_server: dovecot.Dovecot) -> dovecot.Mailbox:
    """An empty mailbox of this test's own."""
    return dovecot_server.new_mailbox()
