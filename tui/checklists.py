"""Says how far a deal is from the platform's steps: each condition with its state, what there is, and its rule."""

from collections.abc import Iterator

from config.texts.conditions import actual_text, coming, item_text
from otosata.deals.checklist import Item, State, Step
from otosata.why import Why
from tui.cells import steady
from tui.facts import heading
from tui.prose import Line, line
from tui.tones import Piece
from tui.words import Words

GLYPHS = {State.MET: "✓", State.UNMET: "✗", State.UNKNOWN: "?"}
"""One shape a state, so that colour is never alone; of one cell everywhere (UAX #11: neutral)."""
TONES = {State.MET: "ok", State.UNMET: "warn", State.UNKNOWN: "unknown"}


def checklists(why: Why, words: Words) -> tuple[Line, ...]:
    """The steps of the stage, the open ones first; nothing where the platform has none here."""
    if not why.steps:
        return ()
    return (heading("steps", words), *(part for step in why.steps for part in _step(step, why, words)))


def _step(step: Step, why: Why, words: Words) -> Iterator[Line]:
    advised = "advised" if step.is_advised else "not_advised"
    tone = "critical" if step.is_advised else "dim"
    yield line(Piece(steady(step.name.of(words.lang)), "strong"), Piece(f"  {words(f'conditions.{advised}')}", tone))
    for item in step.items:
        yield _item(item, why, words)


def _item(item: Item, why: Why, words: Words) -> Line:
    stages = why.rules.platform.stages
    text = steady(item_text(item, stages, words.catalogue))
    state = words(f"conditions.{item.state.value}") if item.state is not State.MET else ""
    beside = [state, steady(actual_text(item, stages, words.catalogue))]
    if later := coming(item, why.reading.now):
        beside.append(words("conditions.later", at=words.full(later, why.reading.now)))
    if item.source.rule:
        beside.append(steady(item.source.rule))
    said = "  ".join(part for part in beside if part)
    tone = TONES[item.state]
    return line(Piece(f"{GLYPHS[item.state]} ", tone), text, Piece(f"  {said}", "dim"), hang=2)
