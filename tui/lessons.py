"""A lesson as lines: which words of a mail are what, the rule, what it would catch and move; and taught rules."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from adapters.teaching.build import Meaning
from adapters.teaching.propose import Wish
from config.groups import Group
from config.taught import TaughtRule
from config.teaching import Lesson, Move, Rehearsal, Teaching
from otosata.deals.reading import Reading
from otosata.deals.vocabulary import KINDS
from tui.cells import steady
from tui.prose import Line, line
from tui.tones import Piece
from tui.widgets.pick_list import Entry
from tui.words import Words

FIELDS = ("client", "title")
_EXAMPLES = 4
"""So many others of its group are looked at: where they differ stands a name."""
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Trial:
    """A lesson with what its rule would do."""

    lesson: Lesson
    found: Rehearsal


def tried(teaching: Teaching, mail: int, meaning: Meaning, typed: Mapping[str, str] | None) -> Trial:
    """Make the rule and try it out. `typed`: what stands in the fields; None: nobody has looked at them yet.

    Raises TeachError, StoreError.
    """
    phrase = (typed or {}).get("phrase", "")
    others = () if phrase else teaching.others_like(mail, _EXAMPLES)
    lesson = teaching.lesson([mail], others=others)
    if typed is not None:
        proposed = {name: proposal(lesson, name) for name in FIELDS}
        changed = {name: typed[name] for name in FIELDS if typed[name] != proposed[name]}
        if changed or phrase:
            lesson = teaching.lesson([mail], Wish(changed, phrase), others=others)
    lesson, draft = teaching.draft(lesson, meaning)
    return Trial(lesson, teaching.rehearse(lesson, draft))


def proposal(lesson: Lesson, name: str) -> str:
    """The words of the first mail that hold a field; empty for none."""
    part = lesson.readings[0].part(name)
    return part.text if part else ""


def group_lines(group: Group, words: Words) -> Iterator[Line]:
    """What is known of mails of one template."""
    if len(group.mails) > 1:
        yield line(Piece(words("teach_group", n=len(group.mails)), "dim"))
    guess = group.guess
    if guess is not None:
        event, actor = words(f"events.{guess.event}"), words(f"actors.{guess.actor.value}")
        text = words("teach.guess", event=event, actor=actor, like=steady(guess.like))
        yield line(Piece("▸ ", "notice"), Piece(text, "notice"), hang=2)


def rule_entries(rules: Iterable[TaughtRule], mails: Mapping[str, int], words: Words) -> list[Entry]:
    """A line a rule. `mails`: how many stored mails it knows, by its name."""
    return [_rule_entry(rule, mails.get(rule.name, 0), words) for rule in rules]


def _rule_entry(rule: TaughtRule, mails: int, words: Words) -> Entry:
    pieces = (
        Piece(f"{steady(rule.name)}  ", "dim"),
        Piece(f"{_announced(rule, words)}  ", "strong"),
        Piece(words("teach.known", count=mails)),
    )
    return Entry(rule.name, lambda _: pieces)


def _announced(rule: TaughtRule, words: Words) -> str:
    event = str(rule.table["event"])
    actor = rule.table.get("actor") or KINDS[event].actors[0].value
    return f"{words(f'actors.{actor}')} {words(f'events.{event}')}"


def rule_lines(rule: TaughtRule, words: Words) -> tuple[Line, ...]:
    """What a rule looks for, the mails that it was made of, and where it stands."""
    table = rule.table
    patterns = [table.get("subject", "-"), *table.get("body", ())]
    return (
        line(Piece(f"{steady(rule.name)}  ", "dim"), Piece(_announced(rule, words), "strong")),
        *(line(Piece(steady(str(pattern)), "dim"), hang=2) for pattern in patterns),
        *(line("  ", steady(str(sample.get("subject", ""))), hang=4) for sample in table.get("samples", ())),
        line(Piece(steady(str(rule.file)), "dim"), hang=2),
    )


def removal_lines(rule: TaughtRule, found: Rehearsal, words: Words) -> tuple[Line, ...]:
    """What would become of its mails and deals, were the rule forgotten."""
    return (
        line(Piece(words("forget_warn", rule=steady(rule.name)), "alarm")),
        line(Piece(words("teach.changes", count=len(found.changes)), "heading")),
        *(line("  ", steady(change.before.subject), hang=4) for change in found.changes[:_SHOWN]),
        *_more(len(found.changes), words),
        *_moved(found, words),
    )


def trial_lines(trial: Trial, words: Words) -> tuple[Line, ...]:
    """Everything that speaks for the rule and against it."""
    return tuple(_lines(trial, words))


def _lines(trial: Trial, words: Words) -> Iterator[Line]:
    found, first = trial.found, trial.lesson.readings[0]
    for part in first.parts:
        why = words(f"teach.why_{part.why}", deal=part.deal or "-")
        label = words(f"teach.field_{part.name}")
        yield line(f"{label}: ", Piece(steady(part.text), "strong"), Piece(f"  {why}", "dim"), hang=2)
    if found.draft is not None:
        patterns = [found.draft.table["subject"], *found.draft.table.get("body", ())]
        yield from (line(Piece(steady(pattern), "dim"), hang=2) for pattern in patterns)
        if found.draft.literal:
            yield line(Piece(words("teach.literal").strip(), "notice"))
    for conflict in found.conflicts:
        text = words("teach.conflict", rule=conflict.rule or "-", subject=steady(conflict.subject))
        yield line(Piece(text, "alarm"), hang=2)
    for change in found.taken:
        rule = (change.before.notice and change.before.notice.rule) or "-"
        text = words("teach.takes", id=change.before.id, rule=rule, subject=steady(change.before.subject))
        yield line(Piece(text, "alarm"), hang=2)
    yield line(Piece(words("teach.catches", count=len(found.others)), "heading"))
    for change in found.others[:_SHOWN]:
        yield line("  ", steady(change.before.subject), hang=4)
    yield from _more(len(found.others), words)
    yield from _moved(found, words)


def _moved(found: Rehearsal, words: Words) -> Iterator[Line]:
    yield line(Piece(words("teach.moves", count=len(found.moves)), "heading"))
    for move in found.moves[:_SHOWN]:
        yield line("  ", *_move(move, words), hang=4)
    yield from _more(len(found.moves), words)


def _more(count: int, words: Words) -> Iterator[Line]:
    if count > _SHOWN:
        yield line(Piece(words("teach.more", count=count - _SHOWN), "dim"))


def _move(move: Move, words: Words) -> tuple[Piece, ...]:
    known = move.after or move.before
    name = steady(known.deal.client or known.deal.title) if known else ""
    head = (Piece(f"{name or move.deal}  ", "strong"), Piece(f"{move.deal}  ", "dim"))
    if move.before is None:
        return (*head, Piece(f"{words('teach.opened')}  ", "notice"), *_state(move.after, words))
    if move.after is None:
        return (*head, Piece(words("teach.gone"), "warn"))
    was, will = _state(move.before, words), _state(move.after, words)
    if was == will:
        was, will = (*was, Piece("  "), *_waiting(move.before, words)), _waiting(move.after, words)
    return (*head, *was, Piece(" → "), *will)


def _waiting(reading: Reading, words: Words) -> tuple[Piece, ...]:
    """What else of a deal may move."""
    at = words.full(reading.waiting_since, reading.now) if reading.waiting_since else "-"
    return (Piece(words(f"turns.{reading.turn.value}")), Piece(f" {at}"))


def _state(reading: Reading | None, words: Words) -> tuple[Piece, ...]:
    if reading is None:
        return ()
    contact = reading.last_contact
    at = words.full(contact.at, reading.now) if contact else "-"
    return (Piece(words(f"levels.{reading.level_word}"), reading.level_word), Piece(f" {at}"))
