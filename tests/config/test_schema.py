"""The schema says what the program says: both drafts read it, and what one refuses the other refuses too."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from jsonschema import Draft4Validator, Draft202012Validator

from config.key import Kind
from config.keys import KEYS, TREE
from config.sample import sample
from config.schema import _KINDS, schema
from config.texts.catalogue import LANGUAGES
from otosata.deals.platform import Platform

DRAFTS = (Draft4Validator, Draft202012Validator)


def as_json(value: object) -> object:
    """A TOML document as a validator for JSON sees it."""
    if isinstance(value, dict):
        return {key: as_json(below) for key, below in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def errors(text: str, platforms: Mapping[str, Platform], draft: Any) -> list[str]:
    """What the schema has against a document."""
    found = draft(schema(platforms, "en")).iter_errors(as_json(tomllib.loads(text)))
    return ["/".join(str(part) for part in error.path) for error in found]


@pytest.mark.parametrize("draft", DRAFTS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_both_drafts_accept_the_schema(draft: Any, lang: str, platforms: Mapping[str, Platform]) -> None:
    draft.check_schema(json.loads(json.dumps(schema(platforms, lang))))


@pytest.mark.parametrize("draft", DRAFTS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_file_is_fine_with_every_key_switched_on(
    draft: Any, lang: str, platforms: Mapping[str, Platform]
) -> None:
    assert errors(re.sub(r"(?m)^#(?![ :])", "", sample(lang)), platforms, draft) == []


def test_every_kind_of_value_has_its_schema() -> None:
    assert set(_KINDS) == set(Kind)


@pytest.mark.parametrize("draft", DRAFTS)
@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('langage = "ja"', ""),
        ('language = "de"', "language"),
        ("interval = 15", "interval"),
        ("[platforms.lancer]\nmy_names = []", "platforms"),
        ("[platforms.lancers.stages.workin]\nwarn = []", "platforms/lancers/stages"),
        ("[platforms.lancers.stages.done]\nwarn = []", "platforms/lancers/stages"),
        ("[platforms.lancers.stages.working]\nwarn = [3]", "platforms/lancers/stages/working/warn/0"),
        ('[platforms.lancers.stages.working]\nwarn = "3d"', "platforms/lancers/stages/working/warn"),
        ('[deals.lancers-1]\nwarn = ["3 days"]', "deals/lancers-1/warn/0"),
        ('[clients."山田"]\nwarn = ["3d@nothing"]', "clients/山田/warn/0"),
        ("[calendar]\nclosed = [{ from = 2026-01-01 }]", "calendar/closed/0"),
        ('[calendar]\nworking_hours = ["9-18"]', "calendar/working_hours/0"),
        ('[[accounts]]\nhost = "h"', "accounts/0"),
        ('[[accounts]]\nname = "a"\nport = 0', "accounts/0/port"),
    ],
)
def test_what_the_program_refuses_the_schema_refuses(
    text: str, place: str, draft: Any, platforms: Mapping[str, Platform], load_text: Any
) -> None:
    assert errors(text, platforms, draft) == [place]
    with pytest.raises(Exception, match=r"config\.toml:"):
        load_text(text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_key_is_described(lang: str, platforms: Mapping[str, Platform]) -> None:
    def leaves(node: dict[str, Any]) -> Iterator[str]:
        properties = node.get("properties", {})
        for below in (*properties.values(), node.get("items"), node.get("additionalProperties")):
            if isinstance(below, dict) and ("properties" in below or below.get("type") == "array"):
                yield from leaves(below)
            if isinstance(below, dict) and "description" in below:
                yield below["description"]

    described = set(leaves(schema(platforms, lang)))
    assert {key.text(lang) for key in KEYS} <= described
    assert set(TREE) == set(schema(platforms, lang)["properties"])  # type: ignore[call-overload]  # a dict


def test_the_installed_platforms_and_their_stages_are_offered(platforms: Mapping[str, Platform]) -> None:
    found: Any = schema(platforms, "ja")
    lancers = found["properties"]["platforms"]["properties"]["lancers"]
    assert lancers["description"] == "ランサーズ"
    assert "reminder_filed" in lancers["properties"]["stages"]["properties"]
    assert "done" not in lancers["properties"]["stages"]["properties"]
