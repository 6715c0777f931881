"""The sentences of the faces in the user's language, read from one TOML file a language."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LANGUAGES = ("ja", "en")
FALLBACK = "ja"
_LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Texts by key: `[check]` holds `check.no_mailbox`."""

    lang: str
    texts: Mapping[str, str]

    @staticmethod
    @cache
    def of(lang: str) -> "Catalogue":
        """The catalogue of `ja` or `en`; read once."""
        if lang not in LANGUAGES:
            raise ValueError(f"no texts in {lang!r}; there are {', '.join(LANGUAGES)}")
        import tomllib  # noqa: PLC0415 - the app's first frame knows the few texts it needs by heart

        source = Path(__file__).with_name(f"{lang}.toml").read_text("utf-8")
        sections = tomllib.loads(source)
        return Catalogue(
            lang, {f"{area}.{key}": text for area, texts in sections.items() for key, text in texts.items()}
        )

    def t(self, key: str, /, **values: object) -> str:
        """The text with its `{placeholders}` filled in. KeyError: no such text, or a value is missing."""
        text = self.texts[key]
        return text.format(**values) if values else text.format()


def language(option: str | None, configured: str = "auto", environ: Mapping[str, str] = os.environ) -> str:
    """The language to speak: option, OTOSATA_LANG, configuration, the locale of the environment, Japanese."""
    for wanted in (option, environ.get("OTOSATA_LANG"), configured):
        if wanted in LANGUAGES:
            return wanted
    for name in _LOCALES:
        if locale := environ.get(name):
            # C and POSIX name no language: cron and containers run with them
            return _language_of(locale)
    return FALLBACK


def _language_of(locale: str) -> str:
    word = locale.replace("-", "_").partition("_")[0].partition(".")[0].lower()
    if word in LANGUAGES:
        return word
    return FALLBACK if word in {"c", "posix"} else "en"
