"""`otosata demo COMMAND`: any command on a fictional mailbox; nothing of the user's is read or written."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import Program
from tests.cli.test_documents import KEYS


@pytest.fixture
def user(otosata: Program) -> Program:
    """Somebody whose configuration would break any command that read it."""
    otosata.now = None
    return otosata.configure('[[accounts]]\nname = "poison"\nhost = "192.0.2.1"\nuser = 5\nnonsense = true\n')


def everything(folder: Path) -> dict[str, bytes]:
    """All files and what is in them."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_check_on_the_demo(user: Program) -> None:
    before = everything(user.folder)
    result = user("demo", "check", "--json")
    document: Any = result.document
    assert (result.code, document["status"]) == (2, "critical")
    assert document.keys() == set(KEYS[""].split())
    assert [account["state"] for account in document["accounts"]] == ["ok"]
    assert {deal["level"] for deal in document["deals"]} == {"ok", "notice", "warn", "critical"}
    assert document["summary"]["triage"] > 0
    assert everything(user.folder) == before


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (("demo", "deals"), 0, "lancers-1"),
        (("demo", "why", "lancers-1"), 0, "lancers/"),
        (("demo", "show", "lancers-1", "--lang", "ja"), 0, "lancers-1"),
        (("demo", "triage"), 0, "ランサーズ"),
        (("demo", "--now", "2027-03-01T09:00:00+09:00", "check"), 2, "OTOSATA CRITICAL: "),
        (("--now", "2027-03-01T09:00:00+09:00", "demo", "check"), 2, "OTOSATA CRITICAL: "),
        (("demo", "accounts"), 0, "demo\timap\tok"),
        (("demo", "config", "path"), 0, "config.toml"),
        (("demo", "show", "nobody-1"), 2, ""),
        (("demo", "check", "--nonsense"), 3, "OTOSATA UNKNOWN: "),
        (("demo", "fly"), 2, ""),
        (("demo",), 2, ""),
        (("demo", "--config", "x", "--data", "y", "deals"), 0, "lancers-1"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_any_command_works_on_the_demo(user: Program, words: tuple[str, ...], code: int, part: str) -> None:
    before = everything(user.folder)
    result = user(*words)
    assert result.code == code, result
    assert part in result.out
    assert everything(user.folder) == before


def test_the_demo_plays_at_the_time_given(user: Program) -> None:
    document = user("demo", "--now", "2027-03-01T09:00:00+09:00", "check", "--json").document
    assert document["now"] == "2027-03-01T09:00:00+09:00"
    assert all("2026-03-01" < (deal["last_contact"] or "2027") < "2027-03-01T09" for deal in document["deals"])


def test_what_is_done_in_the_demo_is_gone_after_it(user: Program) -> None:
    assert user("demo", "close", "lancers-1").code == 0
    assert "lancers-1" in user("demo", "deals").out
