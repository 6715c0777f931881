"""The message catalogue: the same texts in both languages, and which language is spoken."""

import re
import string
import tomllib
from pathlib import Path

import pytest

from config.texts import catalogue
from config.texts.catalogue import LANGUAGES, Catalogue, language

FOLDER = Path(catalogue.__file__).parent


def placeholders(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_keys() -> None:
    assert Catalogue.of("ja").texts.keys() == Catalogue.of("en").texts.keys()


def test_both_languages_have_the_same_placeholders() -> None:
    ja, en = (Catalogue.of(lang).texts for lang in LANGUAGES)
    assert [key for key in ja if placeholders(ja[key]) != placeholders(en[key])] == []
    assert [key for key in ja if bool(ja[key].strip()) != bool(en[key].strip())] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_catalogue_is_sections_of_texts(lang: str) -> None:
    sections = tomllib.loads((FOLDER / f"{lang}.toml").read_text("utf-8"))
    assert all(isinstance(text, str) for texts in sections.values() for text in texts.values())


def test_placeholders_are_filled_in() -> None:
    assert Catalogue.of("en").t("problems.unknown_stage", name="wroking", key="x") == "there is no stage wroking"
    assert Catalogue.of("ja").t("problems.unknown_stage", name="{0}", key="x") == "{0} という段階はありません"


def test_an_unknown_text_is_a_bug() -> None:
    with pytest.raises(KeyError):
        Catalogue.of("ja").t("problems.no_such_text")


def test_there_is_no_third_language() -> None:
    with pytest.raises(ValueError, match="fr"):
        Catalogue.of("fr")


@pytest.mark.parametrize(
    ("option", "configured", "environ", "spoken"),
    [
        ("en", "ja", {"OTOSATA_LANG": "ja"}, "en"),
        (None, "ja", {"OTOSATA_LANG": "en"}, "en"),
        (None, "en", {"LANG": "ja_JP.UTF-8"}, "en"),
        (None, "auto", {"LANG": "ja_JP.UTF-8"}, "ja"),
        (None, "auto", {"LANG": "en_US.UTF-8"}, "en"),
        (None, "auto", {"LANG": "de_DE.UTF-8"}, "en"),
        (None, "auto", {"LC_ALL": "en_GB", "LANG": "ja_JP"}, "en"),
        (None, "auto", {"LC_MESSAGES": "en_GB", "LANG": "ja_JP"}, "en"),
        (None, "auto", {"LANG": "C.UTF-8"}, "ja"),
        (None, "auto", {"LANG": "POSIX"}, "ja"),
        (None, "auto", {"LC_ALL": "", "LANG": ""}, "ja"),
        (None, "auto", {}, "ja"),
    ],
)
def test_the_language_is_found(option: str | None, configured: str, environ: dict[str, str], spoken: str) -> None:
    assert language(option, configured, environ) == spoken


def test_every_text_that_the_program_asks_for_by_name_is_there() -> None:
    root = FOLDER.parent.parent
    asked = {
        (key, file.name)
        for room in ("cli", "config", "demo", "tui")
        for file in (root / room).rglob("*.py")
        for key in re.findall(r"""\bt\(\s*"([a-z_]+\.[a-z_.]+)"[,)]""", file.read_text("utf-8"))
    }
    assert asked
    assert sorted(pair for pair in asked if pair[0] not in Catalogue.of("en").texts) == []
