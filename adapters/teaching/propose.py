"""Which words of a mail are the client, the title, a reference: proposed by what is known, corrected by the user."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from adapters.folding import Folded, normalise
from adapters.recognise import TomlAdapter
from adapters.teaching.clusters import compared, with_free
from adapters.teaching.words import CLIENT, FREE, ME, NOBODY, NUMBER, TITLE, Known, Slot, slots_of, tag_end
from otosata.mail.model import Mail

NAMES = (CLIENT, TITLE, ME)
"""Fields that a rule reads as words; references are the other ones."""
_DIFF_MOST = 200
"""Characters of a subject that are compared with another's."""
_COMMON_LEAST = 3
"""So many letters in a row must be the same in two subjects to count as the template's."""


class TeachError(ValueError):
    """No rule can be made of this; `hint` says what would help."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Part:
    """A field with the words that hold it."""

    name: str
    """`client`, `title`, `me` or a kind of reference."""
    text: str
    """As the mail writes it, in the compared form."""
    in_subject: bool
    start: int
    """Place in the compared subject or text."""
    why: str
    """As in `Slot`."""
    deal: str = ""

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Reading:
    """A mail in the compared form, with its fields."""

    mail: Mail
    subject: str
    text: str
    parts: tuple[Part, ...]
    slots: tuple[Slot, ...] = ()
    """Whatever varies in the subject."""

    def part(self, name: str) -> Part | None:
        """The field of that name."""
        return next((part for part in self.parts if part.name == name), None)


@dataclass(frozen=True, slots=True)
class Wish:
    """The user's word on the fields of the first mail: the words, `""` for none; a field left out is proposed."""

    fields: Mapping[str, str] = field(default_factory=dict)
    phrase: str = ""
    """Words of the text that must be there."""


NO_WISH = Wish()


def as_seen(adapter: TomlAdapter, mail: Mail) -> Mail:
    """A mail as the adapter's rules see it: of one that was forwarded by hand, what it forwards."""
    if mail.forwarded is None or (mail.sender is not None and adapter.owns(mail.sender)):
        return replace(mail, forwarded=None)
    told = mail.forwarded
    return replace(mail, sender=told.sender.lower(), subject=told.subject, forwarded=None)


def read_mails(
    mails: Sequence[Mail], readable: Sequence[str], known: Known = NOBODY, wish: Wish = NO_WISH
) -> tuple[Reading, ...]:
    """Propose the fields of each mail. `readable`: their texts without banners. TeachError: a word is in no mail."""
    differing = _differing([compared(mail.subject) for mail in mails], known)
    found = []
    for place, (mail, text) in enumerate(zip(mails, readable, strict=True)):
        subject, body = compared(mail.subject), Folded(text).text
        slots = differing[place]
        proposed = _proposed(subject, slots)
        if place == 0:
            proposed = _corrected(proposed, subject, body, wish)
        found.append(Reading(mail, subject, body, proposed, slots))
    kept = {part.name for part in found[0].parts} | (
        set(NAMES) - {name for name, text in wish.fields.items() if not text}
    )
    several = len({one.subject for one in found}) > 1
    return tuple(_without_parts(one, kept, several) for one in found)


def _without_parts(reading: Reading, kept: set[str], several: bool) -> Reading:
    """The mail without the fields that the user does not want; what they held may vary, where several mails show it."""
    parts = tuple(part for part in reading.parts if part.name in kept)
    if not several:
        return replace(reading, parts=parts)
    slots = tuple(slot if slot.kind == NUMBER else replace(slot, why="differs") for slot in reading.slots)
    return replace(reading, parts=parts, slots=slots)


def _differing(subjects: Sequence[str], known: Known) -> list[tuple[Slot, ...]]:
    """The slots of each subject, with those that show only where subjects of one template differ."""
    found = [slots_of(subject, known) for subject in subjects]
    if len(set(subjects)) < 2:
        return [_set_apart(subject, slots) for subject, slots in zip(subjects, found, strict=True)]
    wide = [with_free(subject, slots) for subject, slots in zip(subjects, found, strict=True)]
    tails = {_tail(subject, slots) for subject, slots in zip(subjects, wide, strict=True)}
    if len(tails) == 1 and None not in tails:
        return wide
    return [
        _with_gaps(subject, slots, [other for other in subjects if other != subject])
        for subject, slots in zip(subjects, found, strict=True)
    ]


def _set_apart(subject: str, slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """The slots, and the words before the tail where a space sets them apart: `ロゴ制作 の仮払いが…`."""
    wide = with_free(subject, slots)
    free = next((slot for slot in wide if slot.kind == FREE), None)
    return wide if free is not None and subject[free.end : free.end + 1] == " " else slots


def _tail(subject: str, slots: Sequence[Slot]) -> str | None:
    free = next((slot for slot in slots if slot.kind == FREE), None)
    return subject[free.end :] if free else None


def _with_gaps(subject: str, slots: tuple[Slot, ...], others: Sequence[str]) -> tuple[Slot, ...]:
    """The slots, and each stretch outside them that some other subject does not have."""
    same = [True] * len(subject)
    for other in others[:8]:
        matcher = SequenceMatcher(None, subject[:_DIFF_MOST], other[:_DIFF_MOST], autojunk=False)
        common = [False] * len(subject)
        for block in matcher.get_matching_blocks():
            at_an_end = block.a == 0 or block.a + block.size == len(subject)
            if block.size >= _COMMON_LEAST or at_an_end:
                common[block.a : block.a + block.size] = [True] * block.size
        same = [mine and its for mine, its in zip(same, common, strict=True)]
    found = list(slots)
    place = tag_end(subject)
    while place < len(subject):
        if same[place]:
            place += 1
            continue
        end = next((later for later in range(place, len(subject)) if same[later]), len(subject))
        if not any(place < slot.end and slot.start < end for slot in found):
            found.append(Slot(place, end, FREE, "differs"))
        place = end
    return tuple(sorted(found, key=lambda slot: slot.start))


def _proposed(subject: str, slots: Sequence[Slot]) -> tuple[Part, ...]:
    """One slot for each name: a known one before a quoted one before any other, then the first."""
    surest = ("known", "quoted", "honorific", "capital", "tail", "differs")
    found: dict[str, Part] = {}
    for slot in sorted(slots, key=lambda slot: (surest.index(slot.why) if slot.why in surest else 9, slot.start)):
        name = TITLE if slot.kind == FREE else slot.kind
        text = subject[slot.start : slot.end].strip()
        if slot.kind != NUMBER and name not in found and text:
            start = slot.start + subject[slot.start : slot.end].index(text)
            found[name] = Part(name, text, True, start, slot.why, slot.deal)
    return tuple(sorted(found.values(), key=lambda part: part.start))


def _corrected(proposed: tuple[Part, ...], subject: str, text: str, wish: Wish) -> tuple[Part, ...]:
    """The proposal with the user's word laid over it; what overlaps with his word gives way."""
    said = [_find(name, words, subject, text) for name, words in wish.fields.items() if words]
    kept = [
        part
        for part in proposed
        if part.name not in wish.fields
        and not any(one.in_subject and one.start < part.end and part.start < one.end for one in said)
    ]
    return tuple(sorted((*kept, *said), key=lambda part: (not part.in_subject, part.start)))


def _find(name: str, words: str, subject: str, text: str) -> Part:
    wanted = normalise(words)
    for where, in_subject in ((subject, True), (text, False)):
        start = where.find(wanted, tag_end(subject) if in_subject else 0)
        if start < 0 and in_subject:
            start = where.find(wanted)
        if wanted and start >= 0:
            return Part(name, wanted, in_subject, start, "said")
    raise TeachError(
        f"{words!r} stands neither in the subject nor in the text", f"write the {name} exactly as the mail does"
    )
