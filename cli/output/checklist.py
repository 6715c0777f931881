"""The platform's steps as lines: what each asks for, and whether it is met."""

from collections.abc import Iterator
from datetime import tzinfo

from cli.output.words import moment_text
from config.texts.catalogue import Catalogue
from config.texts.conditions import actual_text, coming, item_text
from otosata.deals.checklist import Item, State
from otosata.why import Why

_GLYPHS = {State.MET: "✓", State.UNMET: "✗", State.UNKNOWN: "?"}


def step_lines(why: Why, words: Catalogue, zone: tzinfo) -> Iterator[str]:
    """A paragraph a step, an item a line."""
    for step in why.steps:
        advised = words.t("conditions.advised" if step.is_advised else "conditions.not_advised")
        yield ""
        yield f"{step.name.of(words.lang)}: {advised}"
        for item in step.items:
            text = item_text(item, why.rules.platform.stages, words)
            yield f"  {_GLYPHS[item.state]} {text}{_beside(item, why, words, zone)}"


def _beside(item: Item, why: Why, words: Catalogue, zone: tzinfo) -> str:
    """What there is, when that will do, and the rule's number, in brackets."""
    later = coming(item, why.reading.now)
    parts = (
        words.t(f"conditions.{item.state.value}") if item.state is not State.MET else "",
        actual_text(item, why.rules.platform.stages, words),
        words.t("conditions.later", at=moment_text(later, words.lang, zone)) if later else "",
        item.source.rule,
    )
    return f" ({', '.join(part for part in parts if part)})"
