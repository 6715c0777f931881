"""What most tests of the commands start from."""

from pathlib import Path

import pytest

from tests.cli.mailbox import Mailbox
from tests.cli.program import Program


@pytest.fixture
def otosata(tmp_path: Path) -> Program:
    """The program with an empty configuration: no mailbox, no deals."""
    return Program(tmp_path).configure("")


@pytest.fixture
def mailbox(tmp_path: Path) -> Mailbox:
    """An empty Maildir."""
    return Mailbox.at(tmp_path / "Mail")


@pytest.fixture
def reader(otosata: Program, mailbox: Mailbox) -> Program:
    """The program with that Maildir as its account `main`, whose server's marks count."""
    return otosata.configure(mailbox.account("main"))
