"""Values on one line of TOML read back as what they were."""

import datetime as dt
import tomllib

from hypothesis import given
from hypothesis import strategies as st

from config.inline import inline

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_LEAVES = _TEXTS | st.booleans() | st.integers(-(2**60), 2**60) | st.dates() | st.times()


@given(st.recursive(_LEAVES, lambda below: st.lists(below, max_size=3) | st.dictionaries(_TEXTS, below, max_size=3)))
def test_whatever_is_written_reads_back(value: object) -> None:
    assert tomllib.loads(f"x = {inline(value)}") == {"x": value}


def test_it_looks_as_people_write_it() -> None:
    assert inline(["5d", "3bd"]) == '["5d", "3bd"]'
    closed = [dt.date(2026, 12, 30), {"from": dt.date(2026, 12, 31), "to": dt.date(2027, 1, 4)}]
    assert inline(closed) == "[2026-12-30, { from = 2026-12-31, to = 2027-01-04 }]"
