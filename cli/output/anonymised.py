"""What `adapters anonymise` did to a mail, as a document and as lines."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cli.output.document import Json
from config.texts.catalogue import Catalogue

if TYPE_CHECKING:
    from adapters.kit.anonymise.mail import Anonymised


def anonymised_document(file: Path, made: "Anonymised", written: Path | None) -> Json:
    """One object of `adapters anonymise --json`."""
    return {
        "file": str(file),
        "written": str(written) if written else None,
        "replaced": made.totals,
        "places": made.changes,
        "rule": made.rule,
        "rule_after": made.rule_after,
        "left": [{"word": left.word, "where": left.where} for left in made.leftovers],
    }


def anonymised_lines(file: Path, made: "Anonymised", written: Path | None, words: Catalogue) -> Iterator[str]:
    """`adapters anonymise`"""
    yield f"{file} → {written}" if written else words.t("anonymise.refused", file=file)
    yield "  " + words.t("anonymise.replaced", counts=_counted(made.totals, words) or "0")
    yield from (f"    {place}: {_counted(kinds, words)}" for place, kinds in made.changes.items())
    if made.rule == made.rule_after:
        yield "  " + words.t("anonymise.same_rule", rule=made.rule or words.t("adapters.nothing_fires"))
    else:
        yield "  " + words.t("anonymise.other_rule", rule=made.rule or "-", after=made.rule_after or "-")
    yield from ("  " + words.t("anonymise.left", word=left.word, where=left.where) for left in made.leftovers)


def _counted(kinds: Mapping[str, int], words: Catalogue) -> str:
    return ", ".join(f"{words.t(f'anonymise.{kind}')} {count}" for kind, count in kinds.items())
