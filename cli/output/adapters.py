"""The platforms and how well their mail is known, as a document and as a table."""

from collections import Counter
from typing import TYPE_CHECKING

from cli.output.document import SCHEMA_VERSION, Json
from cli.output.table import columns
from config.texts.catalogue import Catalogue
from otosata.deals.vocabulary import Evidence

if TYPE_CHECKING:
    from adapters.recognise import TomlAdapter
    from adapters.registry import Found
    from otosata.overview import Overview


def list_document(known: "Found", overview: "Overview") -> Json:
    """`adapters list --json`"""
    states = {health.id: health for health in overview.adapters}
    return {
        "schema_version": SCHEMA_VERSION,
        "adapters": [
            {
                "id": adapter.id,
                "name": {"ja": adapter.platform.name.ja, "en": adapter.platform.name.en},
                "origin": [origin.value for origin in known.origins[adapter.id]],
                "package": _package(adapter, known),
                "files": list(adapter.document.files[1:]),
                "rules": _by_evidence(adapter),
                "last_checked": adapter.last_checked.isoformat() if adapter.last_checked else None,
                "state": "stale" if states[adapter.id].stale else "ok",
            }
            for adapter in known.adapters
        ],
        "broken": [
            {"id": broken.offer.platform, "package": broken.offer.package, "why": broken.why} for broken in known.broken
        ],
    }


def list_lines(known: "Found", overview: "Overview", words: Catalogue, width: int) -> list[str]:
    """`adapters list`"""
    states = {health.id: health for health in overview.adapters}
    head = [words.t(f"adapters.column_{name}") for name in ("id", "name", "origin", "rules", "checked", "state")]
    rows = [
        (
            adapter.id,
            adapter.platform.name.of(words.lang),
            origin_text(adapter, known, words),
            _rules(adapter, words),
            adapter.last_checked.isoformat() if adapter.last_checked else "-",
            words.t("adapters.stale" if states[adapter.id].stale else "adapters.ok"),
        )
        for adapter in known.adapters
    ]
    return columns(head, rows, width)


def origin_text(adapter: "TomlAdapter", known: "Found", words: Catalogue) -> str:
    """`built-in + your file`"""
    names = {origin.value: words.t(f"adapters.origin_{origin.name.lower()}") for origin in known.origins[adapter.id]}
    if package := _package(adapter, known):
        names["package"] = package
    return " + ".join(names.values())


def _package(adapter: "TomlAdapter", known: "Found") -> str | None:
    offer = known.packages.get(adapter.id)
    return offer.package if offer else None


def _by_evidence(adapter: "TomlAdapter") -> dict[str, int]:
    counted = Counter(rule.evidence for rule in adapter.recogniser.rules)
    return {evidence.value: counted[evidence] for evidence in Evidence}


def _rules(adapter: "TomlAdapter", words: Catalogue) -> str:
    counted = _by_evidence(adapter)
    parts = ", ".join(f"{words.t(f'evidence.{name}')} {count}" for name, count in counted.items() if count)
    return f"{sum(counted.values())} ({parts})" if parts else "0"
