"""Whatever stands in the files, loading ends with settings or with problems that have a place."""

import contextlib
import random
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.reader import read_adapter
from adapters.registry import built_in_path
from config import kinds
from config.keys import KEYS
from config.load import load
from config.places import Options
from config.problems import Bad, ConfigError, SeveralBad
from config.sample import sample
from tests.config import soak

PLATFORMS = {"lancers": read_adapter(built_in_path("lancers")).platform}
GOOD = re.sub(r"(?m)^#(?![ :])", "", sample("en")).encode()
PIECES = [
    b"",
    b"\n",
    b"=",
    b"[",
    b"]",
    b"{",
    b"}",
    b'"',
    b"'",
    b"#",
    b".",
    b",",
    b"-",
    b"0",
    b"\x00",
    b"\xff",
    b"\\u0000",
]
VALUES = [
    b"1",
    b"-1",
    b"1.5",
    b"inf",
    b"true",
    b'""',
    b'"x"',
    b"[]",
    b"[[]]",
    b"{}",
    b"[{}]",
    b"{a = 1}",
    b"2026-01-01",
]
VALUES += [
    b"2026-01-01T00:00:00Z",
    b"00:00:00",
    b'["3d", 3, []]',
    b'"99999d"',
    b"9" * 400,
    b'"\\u001b[2J"',
    b'"' + b"x" * 500 + b'"',
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_no_value_of_any_key_makes_reading_crash(value: bytes) -> None:
    raw = tomllib.loads(f"value = {value.decode()}")["value"]
    for key in KEYS:
        with contextlib.suppress(Bad, SeveralBad):
            kinds.read(key, raw)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """The sample with some bytes cut, put in or exchanged, and some values exchanged."""
    data = GOOD
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(data)))
        end = start + draw(st.sampled_from([0, 0, 1, 2, 20]))
        data = data[:start] + draw(st.sampled_from(PIECES)) + data[end:]
    lines = data.split(b"\n")
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(lines) - 1))
        key, equals, _rest = lines[place].partition(b"=")
        if equals:
            lines[place] = key + b"= " + draw(st.sampled_from(VALUES))
    return b"\n".join(lines)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=mutated())
def test_no_file_makes_loading_crash(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(data)
    try:
        load(Options(config=file, data=tmp_path, lang="en"), {}, PLATFORMS)
    except ConfigError as error:
        lines = data.count(b"\n") + 1
        for problem in error.problems:
            assert problem.file == file
            assert 1 <= problem.line <= lines
            assert problem.column >= 1
            assert str(problem).isprintable()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ_", max_size=30)
    | st.sampled_from(["ACCOUNTS", "ACCOUNTS__A", "DEALS", "CALENDAR__CLOSED", "PLATFORMS__LANCERS__STAGES__WORKING"]),
    text=st.text(max_size=40) | st.sampled_from([value.decode() for value in VALUES]),
)
def test_no_environment_makes_loading_crash(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("")
    try:
        load(Options(config=tmp_path / "config.toml", data=tmp_path, lang="ja"), {f"OTOSATA__{name}": text}, PLATFORMS)
    except ConfigError as error:
        assert all(problem.origin.name == f"OTOSATA__{name}" for problem in error.problems)


def test_a_few_hundred_of_the_mutated_files_of_the_soak(tmp_path: Path) -> None:
    dice = random.Random(7)  # noqa: S311 - no secret
    told = Counter[str]()
    for _ in range(300):
        told += soak.judge(tmp_path / "config.toml", soak.mutated(soak.SMALL, dice), PLATFORMS)
    assert told["accepted"] > 30
    assert told["refused"] > 30
