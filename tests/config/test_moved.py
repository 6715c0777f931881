"""Keys of an earlier notation: each leads to one that there is, and the page on the configuration names both."""

from pathlib import Path

import pytest

from config.keys import VERSION, find
from config.moved import MOVED, Moved, moved

PAGE = (Path(__file__).parent.parent.parent / "docs" / "configuration.md").read_text("utf-8")


@pytest.mark.parametrize("entry", MOVED, ids=lambda entry: ".".join(entry.old))
def test_an_old_key_leads_to_one_that_there_is(entry: Moved) -> None:
    assert find(entry.old) is None
    assert find(entry.new) is not None
    assert 1 < entry.since <= VERSION
    assert f"| {entry.since} | `{'.'.join(entry.old)}" in PAGE
    assert moved(entry.old) is entry


def test_what_is_no_number_stays_for_its_reader_to_refuse() -> None:
    (entry,) = (entry for entry in MOVED if entry.new == ("look_back",))
    assert [entry.convert(raw) for raw in (90, "soon", True)] == ["90d", "soon", True]
