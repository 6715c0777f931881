"""TOML as a person would write it says what it was given."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.kit.writing import block, inline, listed, quoted


@given(st.text())
def test_any_text_comes_back(text: str) -> None:
    written = f"a = {quoted(text)}\nb = {block(text)}\nc = {listed([text])}\nd = {inline({'x': text})}\n"
    assert tomllib.loads(written) == {"a": text, "b": text, "c": [text], "d": {"x": text}}


@pytest.mark.parametrize(
    ("text", "written"),
    [("山田", '"山田"'), (r"^\[a\]$", r"'^\[a\]$'"), ("it's", '"it\'s"'), ('say "x"', "'say \"x\"'")],
)
def test_a_pattern_stands_in_single_quotes(text: str, written: str) -> None:
    assert quoted(text) == written


def test_several_lines_stay_several_lines() -> None:
    assert block("a\nb\n") == '"""\na\nb\n"""'
