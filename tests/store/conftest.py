"""A ledger on disk for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from otosata.store.store import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "otosata.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path) as opened:
        yield opened
