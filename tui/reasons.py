"""Says why a deal reads as it does: which mail or hand entry set each clock, and which threshold made the level."""

from collections.abc import Iterator, Sequence

from otosata.deals.duration import WAITING, Span
from otosata.deals.event import Event
from otosata.deals.levels import ALWAYS, Alarm
from otosata.mail.model import Verdict
from otosata.store.values import MailRow
from otosata.why import Cause, Why
from tui.cells import steady
from tui.facts import heading
from tui.prose import Line, line
from tui.tones import Piece
from tui.words import Words

_VERDICT_TONES = {Verdict.VERIFIED: "ok", Verdict.UNVERIFIED: "warn", Verdict.FAILED: "critical"}
_GAP = "  "


def why(explained: Why, words: Words) -> tuple[Line, ...]:
    """The explanation, one paragraph."""
    lines = [heading("why", words)]
    if explained.alarm:
        lines.append(line(*_alarm(explained.alarm, explained, words), hang=2))
    for causes in _by_event(explained.causes):
        lines += _cause(causes, explained, words)
    return tuple(lines)


def _alarm(alarm: Alarm, explained: Why, words: Words) -> Iterator[Piece | str]:
    yield Piece(words(f"levels.{alarm.level.word}"), alarm.level.word)
    yield _GAP + threshold(alarm, words)
    if alarm.at != ALWAYS:
        yield Piece(_GAP + words("since", at=words.full(alarm.at, explained.reading.now)), "dim")
    if explained.stage_source and explained.stage_source.rule and alarm.origin == "stage":
        yield Piece(_GAP + steady(explained.stage_source.rule), "dim")


def threshold(alarm: Alarm, words: Words) -> str:
    """`沈黙が 7日以上`, `期限まで 1日以内`; several must all be met."""
    return words("and").join(_span(span, words, before=alarm.before_limit) for span in alarm.threshold)


def _span(span: Span, words: Words, *, before: bool) -> str:
    amount = words(f"units.{span.unit.value}", n=span.amount)
    if before and not span.waited:
        return words("threshold_before", amount=amount)
    clock = words(f"clock_{span.clock}") if span.clock in {WAITING, "silence"} else steady(span.clock)
    return words("threshold", clock=clock, amount=amount)


def _by_event(causes: Sequence[Cause]) -> list[list[Cause]]:
    """One mail often sets several clocks: named once."""
    found: dict[Event, list[Cause]] = {}
    for cause in causes:
        found.setdefault(cause.event, []).append(cause)
    return list(found.values())


def _cause(causes: Sequence[Cause], explained: Why, words: Words) -> Iterator[Line]:
    event, origin = causes[0].event, causes[0].origin
    names = words("and").join(words(f"cause_{cause.of}") for cause in causes)
    actor, said = words(f"actors.{event.actor.value}"), words(f"events.{event.kind}")
    when = words.full(event.at, explained.reading.now)
    yield line(Piece(names, "strong"), f"  {when}  {actor}  {said}", hang=2)
    if origin is not None and origin.mail is not None:
        yield from _mail(origin.mail, event, words)
    else:
        yield line("  ", Piece(words("by_hand" if origin else "origin_lost"), "dim"))


def _mail(mail: MailRow, event: Event, words: Words) -> Iterator[Line]:
    yield line("  ", steady(mail.subject), _GAP, Piece(steady(mail.sender or ""), "dim"), hang=2)
    rule = mail.notice.rule if mail.notice and mail.notice.rule else "-"
    pieces = [Piece("  "), Piece(f"{steady(rule)}  {words(f'evidence.{event.evidence.value}')}", "dim")]
    if mail.verdict is not None:
        pieces += [Piece(_GAP), Piece(words(f"verdicts.{mail.verdict.value}"), _VERDICT_TONES[mail.verdict])]
    if event.linked_by_guess:
        pieces.append(Piece(_GAP + words("linked_by_guess"), "warn"))
    yield line(*pieces, hang=2)
