"""The published schema of adapter files says what the reader says."""

import datetime
import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from adapters.kit.schema import adapter_schema
from adapters.registry import BUILT_IN, built_in_path
from tests.adapters.test_reader import GOOD

ROOT = Path(__file__).parents[3]
WHOLE, OVER = adapter_schema(), adapter_schema(over=True)
FILES = [built_in_path(name) for name in BUILT_IN] + sorted((ROOT / "examples").rglob("*.toml"))


def plain(value: Any) -> Any:
    """TOML as JSON has it."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def wrong(text: str, schema: Any = WHOLE) -> list[str]:
    """What a validator says of a file."""
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(plain(tomllib.loads(text)))]


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(WHOLE)
    jsonschema.Draft202012Validator.check_schema(OVER)


@pytest.mark.parametrize("file", [file for file in FILES if file.name != "pyproject.toml"], ids=lambda file: file.stem)
def test_a_file_that_the_reader_takes_is_valid(file: Path) -> None:
    assert wrong(file.read_text(encoding="utf-8")) == []


def test_the_examples_of_the_documentation_are_valid() -> None:
    page = (ROOT / "docs" / "adapter-format.md").read_text(encoding="utf-8")
    blocks = [block.partition("```")[0] for block in page.split("```toml\n")[1:]]
    assert wrong("\n".join(blocks)) == []


@pytest.mark.parametrize(
    ("right", "wrong_one"),
    [
        ("subject = '^", "subjekt = '^"),
        ("notice = [", "notise = ["),
        ('name = { ja = "ビズシーク", ', "name = { "),
        ("last_checked = 2026-11-21", 'last_checked = "soon"'),
        ("last_checked = 2026-11-21\n", ""),
        ('id = "bizseek"\n', ""),
        ('"3d", "2bd"', '"3d", "2"'),
        ('"5d@silence"', '"5d@silense"'),
        ('turn = "me"', 'turn = "mine"'),
        ('contract = "w', 'contrakt = "w'),
        ("message.client = {", "message.platform = {"),
        ('"critical"]', '"critcal"]'),
        ('event = "message"', 'event = "mesage"'),
        ('event = "message"\n', ""),
        ('evidence = "user"', 'evidence = "sure"'),
        ("over = true", 'over = "yes"'),
        ("[transitions]", "[transition]"),
        ('waiting_at_least = "3d"', "waiting_at_least = 3"),
        ('client = "山田"', "client = 1"),
        ('trusted = ["info@bizseek.example"]', "trusted = [1]"),
    ],
)
def test_a_file_that_the_reader_refuses_is_not_valid(right: str, wrong_one: str) -> None:
    assert GOOD.count(right) >= 1
    assert wrong(GOOD) == []
    assert wrong(GOOD.replace(right, wrong_one, 1)) != []


def test_a_file_over_another_says_only_what_it_changes() -> None:
    text = '[stages.working]\nnotice = ["1d"]\n'
    assert wrong(text) != []
    assert wrong(text, OVER) == []
    assert wrong('[stages.working]\nnotise = ["1d"]\n', OVER) != []


def test_the_schema_in_the_documentation_is_that_of_the_program() -> None:
    published = (ROOT / "docs" / "adapter.schema.json").read_text(encoding="utf-8")
    assert json.loads(published) == WHOLE, "otosata adapters schema > docs/adapter.schema.json"
