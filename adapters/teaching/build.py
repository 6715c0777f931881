"""The narrowest rule that covers the mails shown: literal pieces and bounded captures, nothing else."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from adapters.folding import normalise
from adapters.located import Located
from adapters.problems import LocatedError
from adapters.recognise import TomlAdapter
from adapters.tables import Data, Layer
from adapters.teaching.propose import NAMES, Part, Reading, TeachError
from adapters.teaching.words import NUMBER, TITLE, Slot, content, tag_end
from otosata.deals.notice import Notice
from otosata.deals.vocabulary import KINDS, Actor, Evidence

_MOST = {"client": 100, "me": 100, "title": 200, "gap": 120}
"""Characters that a capture may take; longer names are taken literally."""
_FREE_MOST = 2
"""Captures of any words in one pattern: with three, a hostile subject could keep a match busy."""
_SAMPLES_MOST = 3
_SPACES = re.compile(r" +")
_DIGITS = re.compile(r"\d+")
_SPACE = " ?"
_HONORIFICS = ("様", "氏")
_WORDS_LEAST, _LETTERS_LEAST = 2, 5
"""So many letters of words that mean something, or of any words, must stand in a subject besides names."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the mails announce."""

    event: str
    actor: Actor


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule with what it was made of."""

    id: str
    table: Data = field(repr=False)
    """As it stands in a platform's file under `[rules.ID]`."""
    readings: tuple[Reading, ...] = field(repr=False)
    literal: bool = False
    """Names are taken literally: it knows this client's mail only."""

    @property
    def layer(self) -> Layer:
        """As a layer over a platform's file."""
        data: Data = {"rules": {self.id: self.table}}
        return Layer(Located("<taught>", "", data), data)


def next_id(adapter: TomlAdapter) -> str:
    """`taught-3`: a name that no rule of the adapter has."""
    numbers = [int(rule.id[7:]) for rule in adapter.recogniser.rules if re.fullmatch(r"taught-\d{1,9}", rule.id)]
    return f"taught-{max(numbers, default=0) + 1}"


def build(
    adapter: TomlAdapter, readings: Sequence[Reading], meaning: Meaning, *, phrase: str = "", identity: str = ""
) -> Draft:
    """A rule that recognises each of the mails with its fields. TeachError where there is none.

    Several forms are tried, the most useful first: names as captures, as few letters as possible or as many; last the
    names as they stand.
    """
    identity = identity or next_id(adapter)
    if adapter.recogniser.sounds_like_advertising(readings[0].subject):
        forms = [Form(literal=True)]
    else:
        forms = [Form(), Form(greedy=True), Form(literal=True)]
    reasons: list[TeachError] = []
    for form in forms:
        try:
            draft = _draft(adapter, readings, meaning, form, phrase, identity)
        except TeachError as error:
            reasons.append(error)
            continue
        notices = [_notice(adapter, draft, reading) for reading in readings]
        if all(notices):
            return _with_samples(draft, [notice for notice in notices if notice], meaning)
    if reasons:
        raise reasons[0]
    raise TeachError(
        "these mails have no template in common that tells them from others", "teach them one by one, or name a phrase"
    )


def _notice(adapter: TomlAdapter, draft: Draft, reading: Reading) -> Notice | None:
    """What the rule makes of the mail; None where it does not recognise it, or reads another field than it should."""
    me = reading.part("me")
    known = adapter.named(frozenset({me.text})) if me else adapter
    try:
        notice = known.reading(adapter.document.over(draft.layer)).recognise(reading.mail)
    except LocatedError:
        return None
    if notice is None or notice.rule != f"{adapter.id}/{draft.id}":
        return None
    right = all(_field(notice, part) == part.text for part in reading.parts if part.name != "me")
    return notice if right else None


def _field(notice: Notice, part: Part) -> str:
    refs = dict(notice.refs)
    found = {"client": notice.client, "title": notice.title}.get(part.name, refs.get(part.name, ""))
    return normalise(found) if not notice.is_noise else part.text


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a rule."""

    greedy: bool = False
    literal: bool = False


def _draft(
    adapter: TomlAdapter,
    readings: Sequence[Reading],
    meaning: Meaning,
    form: Form,
    phrase: str,
    identity: str,
) -> Draft:
    first = readings[0]
    pieces = _pieces(first, form)
    subject = _pattern(first.subject, pieces, begins=True)
    bodies = [*_body_patterns(first, form), *([_phrase(first, phrase)] if phrase else [])]
    if not bodies:
        _check_words(first, pieces)
    senders = tuple(dict.fromkeys(_sender(reading) for reading in readings))
    bulk = {reading.mail.bulk for reading in readings}
    table: Data = {"subject": subject}
    if bodies:
        table["body"] = bodies
    table |= {"from": list(senders), "event": meaning.event, "evidence": Evidence.USER.value}
    if len(KINDS[meaning.event].actors) > 1:
        table["actor"] = meaning.actor.value
    if len(bulk) == 1:
        table["bulk"] = bulk.pop()
    if not form.literal and "(?P<" in f"{subject}{bodies}":
        table["guarded"] = True
    return Draft(identity, table, tuple(readings), form.literal and bool(first.parts))


def _sender(reading: Reading) -> str:
    if reading.mail.sender is None:
        raise TeachError("the mail's sender cannot be read")
    return reading.mail.sender


# ------------------------------------------------------------------------------------------------------- patterns


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the text: a capture, or words that stand as they are."""

    start: int
    end: int
    pattern: str = ""
    free: bool = False
    """Takes any words."""


def _pieces(reading: Reading, form: Form) -> list[_Piece]:
    """The captures of the subject, from left to right."""
    parts = [part for part in reading.parts if part.in_subject]
    pieces = [_capture(part, reading.subject, form) for part in parts]
    for slot in reading.slots:
        if any(slot.start < piece.end and piece.start < slot.end for piece in pieces):
            continue
        if slot.kind == NUMBER:
            pieces.append(_Piece(slot.start, slot.end, _number(slot.end - slot.start)))
        elif slot.why == "differs" and not form.literal:
            pieces.append(_gap(slot, reading.subject))
    pieces.sort(key=lambda piece: piece.start)
    if sum(piece.free for piece in pieces) > _FREE_MOST:
        raise TeachError("the mails differ in too many places", "teach them one by one")
    for left, right in pairwise(pieces):
        if left.free and right.free and not reading.subject[left.end : right.start].strip():
            raise TeachError("nothing stands between two names, so no rule could part them", "name one of them only")
    return pieces


def _capture(part: Part, text: str, form: Form) -> _Piece:
    """`(?P<client>.{1,100}?)`; between brackets everything up to the closing one."""
    most = _MOST.get(part.name, 0)
    if form.literal or (part.name in NAMES and len(part.text) > most):
        return _Piece(part.start, part.end, f"(?P<{part.name}>{_literal(part.text)})")
    if part.name not in NAMES:
        what = _number(len(part.text)) if part.text.isdecimal() else f"[\\w.-]{{1,{max(40, len(part.text))}}}"
        return _Piece(part.start, part.end, f"(?P<{part.name}>{what})")
    if outside := _brackets(part.start, part.end, text):
        return _Piece(part.start, part.end, f"(?P<{part.name}>[^{outside}]{{1,{most}}})")
    lazy = "" if form.greedy else "?"
    letters = "." if {"「", "」"} & set(part.text) or part.name == TITLE else "[^「」]"
    return _Piece(part.start, part.end, f"(?P<{part.name}>{letters}{{1,{most}}}{lazy})", free=True)


def _gap(slot: Slot, text: str) -> _Piece:
    """What varies and has no name."""
    if outside := _brackets(slot.start, slot.end, text):
        return _Piece(slot.start, slot.end, f"[^{outside}]{{0,{_MOST['gap']}}}")
    return _Piece(slot.start, slot.end, f".{{0,{_MOST['gap']}}}?", free=True)


def _brackets(start: int, end: int, text: str) -> str:
    """The brackets right around a stretch of the text that holds none of them; empty where there are none."""
    around = text[max(start - 1, 0) : start] + text[end : end + 1]
    for opening, closing in ("「」", "『』", '""', "“”"):
        if around == opening + closing and not {opening, closing} & set(text[start:end]):
            return opening if opening == closing else opening + closing
    return ""


def _number(length: int) -> str:
    """Numbers are never split: possessive, so that nothing is tried twice."""
    return f"\\d{{1,{max(20, length)}}}+"


def _pattern(text: str, pieces: Sequence[_Piece], *, begins: bool = False) -> str:
    """The whole line, from its beginning to its end; beside names and the tag a space may stand or be missing."""
    place, parts = 0, ["^"]
    tag = tag_end(text) if begins else 0
    if tag and all(piece.start >= tag for piece in pieces):
        parts += [_literal(text[:tag]), _SPACE]
        place = tag
    for piece in pieces:
        beside = _SPACE if piece.free else ""
        parts += [_literal(text[place : piece.start]), beside, piece.pattern, beside]
        place = piece.end
    parts.append(_literal(text[place:]))
    return re.sub(r"(?: \?){2,}", _SPACE, "".join(parts)) + "$"


def _literal(text: str) -> str:
    """Words as they are; a space may be missing."""
    return _SPACE.join(re.escape(word) for word in _SPACES.split(text))


def _check_words(reading: Reading, pieces: Sequence[_Piece]) -> None:
    """A rule of names alone would take every mail of the platform."""
    rest, place = "", tag_end(reading.subject)
    for piece in pieces:
        rest += f" {reading.subject[place : piece.start]}"
        place = max(place, piece.end)
    rest += f" {reading.subject[place:]}"
    words = [word for word in content(rest) if word not in _HONORIFICS]
    if sum(map(len, words)) < _WORDS_LEAST and len("".join(rest.split())) < _LETTERS_LEAST:
        raise TeachError(
            "besides the names the subject says too little to tell such mails from others",
            "name a phrase of the text with --phrase, or take no name from the subject",
        )


# ------------------------------------------------------------------------------------------------------- the text


def _body_patterns(reading: Reading, form: Form) -> Iterator[str]:
    """A pattern for each line of the text that holds a field; a line of nothing else with the line above it."""
    parts = [part for part in reading.parts if not part.in_subject]
    lines: dict[int, list[Part]] = {}
    for part in parts:
        lines.setdefault(reading.text.rfind("\n", 0, part.start) + 1, []).append(part)
    for start, inside in lines.items():
        end = reading.text.find("\n", start)
        line = reading.text[start : end if end >= 0 else len(reading.text)]
        pieces = [_capture(replace(part, start=part.start - start), line, form) for part in inside]
        pieces.sort(key=lambda piece: piece.start)
        if sum(piece.free for piece in pieces) > _FREE_MOST:
            raise TeachError("too many fields in one line of the text", "name one of them only")
        pattern = _pattern(line, pieces)
        covered = sum(piece.end - piece.start for piece in pieces)
        if len("".join(line.split())) - covered < 2 and not form.literal:
            pattern = f"{_above(reading.text, start)}{pattern.removeprefix('^')}"
        yield pattern


def _above(text: str, start: int) -> str:
    """The nearest line above that says something, as the label of the next one."""
    above = text[:start].rstrip("\n")
    label = above[above.rfind("\n") + 1 :]
    if not label:
        raise TeachError("nothing stands beside the name in the text", "name a field of the subject instead")
    return f"^{_masked(label)}\\n{{1,{max(3, start - len(above))}}}"


def _phrase(reading: Reading, phrase: str) -> str:
    wanted = normalise(phrase)
    if not wanted or wanted not in reading.text:
        raise TeachError(f"{phrase!r} does not stand in the text", "write the phrase exactly as the mail does")
    return _masked(wanted)


def _masked(text: str) -> str:
    """Words as they are, with any numbers."""
    place, parts = 0, []
    for match in _DIGITS.finditer(text):
        parts += [_literal(text[place : match.start()]), _number(len(match[0]))]
        place = match.end()
    return "".join((*parts, _literal(text[place:])))


# ------------------------------------------------------------------------------------------------------- samples


def _with_samples(draft: Draft, notices: Sequence[Notice], meaning: Meaning) -> Draft:
    """The rule with its mails beside it, and what it reads from them."""
    pairs = list(zip(draft.readings, notices, strict=True))[:_SAMPLES_MOST]
    samples = [_sample(reading, notice, meaning, draft.table.get("body", ())) for reading, notice in pairs]
    return replace(draft, table={**draft.table, "samples": samples})


def _sample(reading: Reading, notice: Notice, meaning: Meaning, bodies: Sequence[str]) -> Data:
    """The mail beside the rule, as far as the rule looks at it; a login code never."""
    is_secret = meaning.event == "account"
    subject = reading.mail.subject
    sample: Data = {"subject": _DIGITS.sub("0", subject) if is_secret else subject}
    if bodies and not is_secret:
        sample["body"] = "\n".join(_lines_of(reading.text, pattern) for pattern in bodies)
    if reading.mail.bulk:
        sample["bulk"] = True
    if me := reading.part("me"):
        sample["my_names"] = [me.text]
    return sample | {name: text for name, text in (("client", notice.client), ("title", notice.title)) if text}


def _lines_of(text: str, pattern: str) -> str:
    """The lines of the text that a pattern looks at: no more of a mail is kept than its rule needs."""
    found = re.search(pattern, text, re.MULTILINE)
    if found is None:
        return ""
    end = text.find("\n", found.end())
    return text[text.rfind("\n", 0, found.start()) + 1 : end if end >= 0 else len(text)]
