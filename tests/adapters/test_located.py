"""Where a key stood in a TOML file, and what an unreadable file says."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from adapters.located import load_located
from adapters.problems import Key, LocatedError

TEXT = '''\
id = "lancers"                 # a comment with = and [brackets]
names = { ja = "ランサーズ", en = "Lancers" }
[senders]
trusted = [
  "noreply@lancers.co.jp",     # one
  "@lancers.jp",
]
stages.working.notice = ["3d", "2bd"]
"quoted.key" = 'literal \\'

[[rules]]
id = "comment"
subject = """
not a key = "[[rules]]"
"""
samples = [{ subject = "a, b ] }" }, { subject = "c" }]

[[rules]]
id = "second"
when.turn = "me"
  [rules.fields]
  title = "x"
[[rules.samples]]
subject = "one"
[[rules.samples]]
subject = "two"
'''


@pytest.mark.parametrize(
    ("key", "position"),
    [
        (("id",), (1, 1)),
        (("names",), (2, 1)),
        (("names", "en"), (2, 25)),
        (("senders",), (3, 1)),
        (("senders", "trusted", 0), (5, 3)),
        (("senders", "trusted", 1), (6, 3)),
        (("senders", "stages", "working", "notice"), (8, 1)),
        (("senders", "stages", "working", "notice", 1), (8, 32)),
        (("senders", "quoted.key"), (9, 1)),
        (("rules", 0), (11, 1)),
        (("rules", 0, "subject"), (13, 1)),
        (("rules", 0, "samples", 1, "subject"), (16, 40)),
        (("rules", 1), (18, 1)),
        (("rules", 1, "when", "turn"), (20, 1)),
        (("rules", 1, "fields", "title"), (22, 3)),
        (("rules", 1, "samples", 1, "subject"), (26, 1)),
    ],
)
def test_a_key_is_found_where_it_stands(key: Key, position: tuple[int, int]) -> None:
    assert load_located(TEXT).where(key) == position


def test_a_missing_key_is_placed_at_what_is_around_it() -> None:
    located = load_located(TEXT)
    assert located.where(("rules", 1, "event")) == (18, 1)
    assert located.where(("nothing",)) == (1, 1)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a = 1\nb =\n", 2, 4),
        ("a = 1\na = 2\n", 2, 6),
        ("[x]\ny = [1,\n", 2, 8),
        ("key\n", 1, 4),
    ],
)
def test_broken_toml_names_line_and_column(text: str, line: int, column: int) -> None:
    with pytest.raises(LocatedError) as caught:
        load_located(text, name="mine.toml")
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.column) == ("mine.toml", line, column)
    assert str(problem).startswith(f"mine.toml:{line}:{column}: ")


def test_a_file_in_another_charset_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "sjis.toml"
    path.write_bytes('a = 1\nname = "ココナラ"\n'.encode("cp932"))
    with pytest.raises(LocatedError, match=r"sjis\.toml:2:9: not UTF-8"):
        load_located(path)


def test_windows_line_ends_and_a_byte_order_mark_change_no_line(tmp_path: Path) -> None:
    path = tmp_path / "dos.toml"
    path.write_bytes("\ufeffa = 1\r\n[t]\r\nb = 2\r\n".encode())
    located = load_located(path)
    assert located.data == {"a": 1, "t": {"b": 2}}
    assert located.where(("t", "b")) == (3, 1)


def test_deep_nesting_is_an_error_and_no_crash() -> None:
    text = "a = " + "[" * 100_000
    with pytest.raises(LocatedError):
        load_located(text)


def _paths(value: Any, key: Key = ()) -> list[Key]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [key, *(path for name, child in children for path in _paths(child, (*key, name)))]


def test_every_path_of_a_document_has_a_position() -> None:
    located = load_located(TEXT)
    assert all(path in located._positions for path in _paths(located.data) if path)


VALUES = st.recursive(
    st.booleans() | st.integers(-99, 99) | st.text("a \"'[]{}#=,\\\n\tあ", max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab.-\"' あ", max_size=3), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abc", min_size=1, max_size=2), VALUES, max_size=4))
def test_whatever_a_writer_writes_every_path_is_found(data: dict[str, Any]) -> None:
    text = tomli_w.dumps(data)
    located = load_located(text)
    assert located.data == tomllib.loads(text)
    assert all(path in located._positions for path in _paths(located.data) if path)
