"""Says why a deal reads as it does: which mail or hand entry set each clock, and which threshold made the level."""

from collections.abc import Sequence

from textual.content import Content

from otosata.deals.duration import WAITING, Span
from otosata.deals.event import Event
from otosata.deals.levels import ALWAYS, Alarm
from otosata.mail.model import Verdict
from otosata.store.values import MailRow, Origin
from otosata.why import Cause, Why
from tui.cells import steady
from tui.tones import Piece, content
from tui.words import Words

_VERDICT_TONES = {Verdict.VERIFIED: "ok", Verdict.UNVERIFIED: "warn", Verdict.FAILED: "critical"}


def why(explained: Why, words: Words) -> Content:
    """The explanation, one paragraph."""
    pieces: list[Piece | str] = [Piece(words("heading_why"), "heading")]
    if explained.alarm:
        pieces += ["\n", *_alarm(explained.alarm, explained, words)]
    for causes in _by_event(explained.causes):
        pieces += ["\n", *_cause(causes, explained, words)]
    return content(*pieces)


def _alarm(alarm: Alarm, explained: Why, words: Words) -> list[Piece | str]:
    level = Piece(words(f"level_{alarm.level.word}"), alarm.level.word)
    pieces: list[Piece | str] = [level, f"  {threshold(alarm, words)}"]
    if alarm.at != ALWAYS:
        pieces.append(Piece(f"  {words('since', at=words.full(alarm.at, explained.reading.now))}", "dim"))
    if explained.stage_source and explained.stage_source.rule and alarm.origin == "stage":
        pieces.append(Piece(f"  {steady(explained.stage_source.rule)}", "dim"))
    return pieces


def threshold(alarm: Alarm, words: Words) -> str:
    """`沈黙 7日以上`, `期限まで 1日以内`; several must all be met."""
    return words("and").join(_span(span, words, before=alarm.before_limit) for span in alarm.threshold)


def _span(span: Span, words: Words, *, before: bool) -> str:
    amount = words(f"unit_{span.unit.value}", n=span.amount)
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


def _cause(causes: Sequence[Cause], explained: Why, words: Words) -> list[Piece | str]:
    event, origin = causes[0].event, causes[0].origin
    names = words("and").join(words(f"cause_{cause.of}") for cause in causes)
    said = words(f"event_{event.kind}")
    when = words.full(event.at, explained.reading.now)
    pieces: list[Piece | str] = [Piece(names, "strong"), f"  {when}  {words(f'actor_{event.actor.value}')}  {said}"]
    return pieces + _origin(origin, event, words)


def _origin(origin: Origin | None, event: Event, words: Words) -> list[Piece | str]:
    if origin is not None and origin.mail is not None:
        return _mail(origin.mail, event, words)
    return [Piece(f"\n  {words('by_hand' if origin else 'origin_lost')}", "dim")]


def _mail(mail: MailRow, event: Event, words: Words) -> list[Piece | str]:
    pieces: list[Piece | str] = [
        Piece(f"\n  {steady(mail.subject)}", ""),
        Piece(f"  {steady(mail.sender or '')}", "dim"),
    ]
    rule = mail.notice.rule if mail.notice and mail.notice.rule else "-"
    pieces.append(Piece(f"\n  {steady(rule)}  {words(f'evidence_{event.evidence.value}')}  ", "dim"))
    if mail.verdict is not None:
        pieces.append(Piece(words(f"verdict_{mail.verdict.value}"), _VERDICT_TONES[mail.verdict]))
    if event.linked_by_guess:
        pieces.append(Piece(f"  {words('linked_by_guess')}", "warn"))
    return pieces
