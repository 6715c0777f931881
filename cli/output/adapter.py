"""One platform with everything its file says, as a document and as lines."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from cli.output.adapters import origin_text
from cli.output.document import SCHEMA_VERSION, Json
from config.texts.catalogue import Catalogue

if TYPE_CHECKING:
    from adapters.recognise import TomlAdapter
    from adapters.registry import Found

_CONDITIONS = ("contains", "unless", "body", "from", "links_at_least", "bulk", "guarded", "note")
_VALUES = ("client", "title", "refs", "url")
_LEVELS = ("notice", "warn", "critical", "notice_before", "warn_before", "critical_before", "stale")
_Table = Mapping[str, Any]


def show_document(adapter: "TomlAdapter", known: "Found") -> Json:
    """`adapters show --json`: `document` is the file in the form of `adapters schema`, its layers laid together."""
    offer = known.packages.get(adapter.id)
    return {
        "schema_version": SCHEMA_VERSION,
        "id": adapter.id,
        "origin": [origin.value for origin in known.origins.get(adapter.id, ())],
        "package": offer.package if offer else None,
        "files": list(adapter.document.files[1:]),
        "document": _plain(adapter.document.data),
    }


def _plain(value: object) -> object:
    match value:
        case dict():
            return {key: _plain(inner) for key, inner in value.items()}
        case list():
            return [_plain(inner) for inner in value]
        case date():
            return value.isoformat()
    return value


def show_lines(adapter: "TomlAdapter", known: "Found", words: Catalogue) -> Iterator[str]:
    """`adapters show`"""
    data = adapter.document.data
    sources = data.get("sources", {})
    origin = origin_text(adapter, known, words) if adapter.id in known.origins else ""
    checked = adapter.last_checked.isoformat() if adapter.last_checked else "-"
    yield f"{adapter.id}  {adapter.platform.name.of(words.lang)}  {origin}".rstrip()
    yield words.t("adapters.checked", date=checked)
    yield from (f"  {file}" for file in adapter.document.files[1:])
    yield from _section(words, "senders", _senders(adapter, words))
    yield from _section(words, "rules", _rules(data.get("rules", {}), words))
    for part in ("links", "numbers", "fields"):
        yield from _section(words, part, (f"  {kind}: {_value(found)}" for kind, found in data.get(part, {}).items()))
    yield from _section(words, "look_alikes", (f"  {one['subject']}" for one in data.get("look_alikes", ())))
    yield from _section(words, "unknown", (f"  {gap.of(words.lang)}" for gap in adapter.unknown))
    yield from _section(words, "stages", _stages(data, words, sources))
    yield from _section(words, "advice", _advice(data.get("advice", {}), words, sources))
    yield from _section(words, "sources", (f"  {_source(name, sources, words)}" for name in sources))


def _section(words: Catalogue, name: str, lines: Iterator[str]) -> Iterator[str]:
    """A heading and what stands under it; nothing where there is nothing."""
    found = list(lines)
    if found:
        yield ""
        yield words.t(f"adapters.part_{name}")
        yield from found


def _senders(adapter: "TomlAdapter", words: Catalogue) -> Iterator[str]:
    yield from (f"  {sender}" for sender in adapter.senders)
    for sender, word in adapter.ignored.items():
        yield f"  {sender}  ({words.t(f'events.{word}')})"


def _rules(rules: _Table, words: Catalogue) -> Iterator[str]:
    for name, rule in rules.items():
        actor = words.t(f"actors.{rule['actor']}") if "actor" in rule else ""
        says = " ".join(part for part in (words.t(f"events.{rule['event']}"), f"({actor})" if actor else "") if part)
        yield f"  {name}: {says}, " + words.t(f"evidence.{rule['evidence']}")
        for key in ("subject", *_CONDITIONS):
            if key in rule:
                yield f"      {key}: {_value(rule[key])}"
        for sample in rule.get("samples", ()):
            values = ", ".join(f"{key} = {_value(sample[key])}" for key in _VALUES if key in sample)
            yield f"      {words.t('adapters.sample')}: {sample['subject']}" + (f"  → {values}" if values else "")


def _stages(data: _Table, words: Catalogue, sources: _Table) -> Iterator[str]:
    for name, stage in data.get("stages", {}).items():
        turn = words.t(f"turns.{stage['turn']}")
        yield f"  {name}: {stage['name'][words.lang]} ({turn})"
        yield from _levels(stage, "      ")
        for who, row in stage.get("rows", {}).items():
            yield from _levels(row, f"      rows.{who} ")
        if "source" in stage:
            yield f"      {_source(stage['source'], sources, words)}"
    over = data.get("deal_limit")
    if over:
        yield f"  {over['id']}: {over['name'][words.lang]}"
        yield from _levels(over, "      ")
        if "source" in over:
            yield f"      {_source(over['source'], sources, words)}"


def _levels(row: _Table, indent: str) -> Iterator[str]:
    for level in _LEVELS:
        if level in row:
            spans = row[level]
            yield f"{indent}{level}: {' + '.join(spans) if isinstance(spans, list) else spans}"
    limit = row.get("limit")
    if limit:
        yield f"{indent}limit: {limit['after'] if isinstance(limit, dict) else limit}"


def _advice(advice: _Table, words: Catalogue, sources: _Table) -> Iterator[str]:
    for name, rule in advice.items():
        yield f"  {rule.get('id', name)}: {rule['text'][words.lang]}"
        if "when" in rule:
            yield f"      when: {_value(rule['when'])}"
        if "source" in rule:
            yield f"      {_source(rule['source'], sources, words)}"


def _source(name: str, sources: _Table, words: Catalogue) -> str:
    source = sources.get(name, {})
    says = source.get("says", {}).get(words.lang, "")
    where = ", ".join(
        str(part) for part in (source.get("confidence"), source.get("page"), source.get("checked")) if part
    )
    return f"{name}: {says} ({where})"


def _value(value: object) -> str:
    """A text as it stands, several with a bar between them, anything else as JSON."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return " | ".join(value)
    return value if isinstance(value, str) else json.dumps(_plain(value), ensure_ascii=False)
