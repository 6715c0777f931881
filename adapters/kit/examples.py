"""Subjects that a pattern fits, made from the pattern itself."""

from collections.abc import Iterator

from adapters.notice_rules import NoticeRule
from adapters.shape import Choice, Edge, One, Repeat, Shapes, shape_of

_LIKED = [ord(letter) for letter in "山a1- "]
"""What stands for a name where a pattern takes nearly everything."""
_MOST = 12
"""Subjects a pattern."""
_FREE = 60
"""A part that takes so many characters takes nearly everything."""


def examples(rule: NoticeRule) -> tuple[str, ...]:
    """Subjects that fit the rule's pattern or fragments: each of its alternatives is in one of them."""
    if rule.subject is None:
        return (" ".join(rule.contains),) if rule.contains else ()
    shapes = shape_of(rule.subject.pattern, rule.subject.flags).shapes
    made = dict.fromkeys("".join(map(chr, _letters(shapes, turn))) for turn in range(_MOST))
    return tuple(subject for subject in made if rule.subject.search(subject))


def _letters(shapes: Shapes, turn: int) -> Iterator[int]:
    """One text; `turn` chooses the alternatives."""
    for shape in shapes:
        match shape:
            case One(letters):
                liked = [code for code in _LIKED if code in letters] if len(letters) > _FREE else []
                yield liked[0] if liked else min(letters)
            case Repeat(body, least, most):
                times = max(least, turn % 2) if most != 0 else 0
                for _ in range(times):
                    yield from _letters(body, turn // 2)
            case Choice(branches):
                yield from _letters(branches[turn % len(branches)], turn // len(branches))
            case Edge():
                pass
