"""How many steps a pattern can take at most: an upper bound from its shape, so that no mail can keep us busy.

Python's `re` tries alternatives one after the other and cannot be stopped. So a pattern is refused before it is used
unless its worst case, over the longest text it will ever see, stays below a budget. The bound counts in how many ways
each part can leave off (`ways`): a repetition whose next character it cannot take itself has one way, one that competes
with what follows has as many as that can stand in a text.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from adapters.shape import END, Choice, Edge, Letters, One, Pattern, Repeat, Shape, Shapes, TooComplexError, shape_of

BUDGET = 2_000_000
"""Steps. One takes some 4 ns, so that a match stays within 10 ms; `python -m benchmarks patterns` measures it."""
_DEEP = 8
"""So many characters ahead are compared to see whether two parts exclude each other."""
_NEWLINE = 10
_LINE_ENDS = Edge(frozenset((_NEWLINE, END)))
_WIDE = 64
"""So many different continuations are kept apart."""

Ahead = tuple[Letters, ...]
"""What may stand in each of the next places."""


def complaint(text: str, flags: int, length: int, *, from_start: bool = False) -> tuple[str, str] | None:
    """What is wrong with a pattern's time, and what to do; None where it stays within the budget."""
    try:
        steps = most_steps(text, flags, length, from_start=from_start)
    except TooComplexError as error:
        return str(error), "repeat one thing only"
    if steps <= BUDGET:
        return None
    said = f"could take {steps:,.0f} steps on {length:,} characters, {BUDGET:,} are allowed"
    return said, "begin it with ^, put fixed words between what varies, or write {1,60} for +"


@lru_cache(maxsize=2048)
def most_steps(text: str, flags: int, length: int, *, from_start: bool = False) -> float:
    """At most so many steps on a text of that length. `from_start`: the pattern is only tried at the beginning.

    TooComplexError: a repetition inside a repetition, or another part whose time nobody can foresee.
    """
    return bound(shape_of(text, flags), length, from_start=from_start)


def bound(pattern: Pattern, length: int, *, from_start: bool = False) -> float:
    """`most_steps` of shapes."""
    shapes = _without_sure_end(pattern)
    _, steps = _Cost(length).walk(shapes, ())
    steps += length  # what was left out
    if from_start or (pattern.at_start and not pattern.by_line):
        return steps
    if pattern.at_start:  # once a line; all lines together are no longer than one line of full length
        return steps + length
    return _from_anywhere(shapes, steps, length)


def _without_sure_end(pattern: Pattern) -> Shapes:
    """Without what cannot fail once it is reached: `.*$` takes the rest of the line whatever it is."""
    shapes = list(pattern.shapes)
    if shapes[-1:] == [_LINE_ENDS] and (run := _run_of(shapes[-2:-1])) and run[1] >= pattern.alphabet - {_NEWLINE}:
        del shapes[-1]
    while run := _run_of(shapes[-1:]):
        repeat, letters = run
        shapes[-1:] = [One(letters)] * repeat.least
        if repeat.least:
            break
    return tuple(shapes)


def _run_of(shapes: Sequence[Shape]) -> tuple[Repeat, Letters] | None:
    """A repetition of single characters without an end."""
    match shapes:
        case [Repeat((One(letters),), least, None, False) as repeat] if least <= _DEEP:
            return repeat, letters
    return None


def _from_anywhere(shapes: Shapes, steps: float, length: int) -> float:
    """A pattern that may begin at every character."""
    ahead = [way for way in _ahead(shapes) if way]
    starts = _places(ahead, length)
    if not ahead:
        return steps * length
    first = frozenset().union(*(way[0] for way in ahead))
    if not any(first & letters for letters in _endless(shapes)) and _Cost(1).walk(shapes, ())[0] <= _DEEP:
        # No repetition can run over a second beginning, so that all runs together are one pass over the text.
        return length * (_Cost(1).walk(shapes, ())[1] + 1) + steps
    return steps * starts


def _endless(shapes: Shapes) -> Iterator[Letters]:
    """What the repetitions that may be long can take."""
    for shape in shapes:
        match shape:
            case Repeat(body, _, most) if most is None or most > _DEEP:
                yield frozenset().union(*(_any(part) for part in body))
            case Repeat(body):
                yield from _endless(body)
            case Choice(branches):
                for branch in branches:
                    yield from _endless(branch)


def _any(shape: object) -> Letters:
    match shape:
        case One(letters):
            return letters
        case Repeat(body):
            return frozenset().union(*map(_any, body))
        case Choice(branches):
            return frozenset().union(*(_any(part) for branch in branches for part in branch))
    return frozenset()


class _Cost:
    """Ways and steps of shapes on a text of a certain length."""

    def __init__(self, length: int) -> None:
        self._length = length

    def walk(self, shapes: Shapes, after: Shapes) -> tuple[float, float]:
        """In how many ways the shapes can be left when `after` follows, and how many steps all of that takes."""
        ways, steps, sharing = 1.0, 0.0, 0
        for place, shape in enumerate(shapes):
            rest = (*shapes[place + 1 :], *after)
            its_ways, its_steps = self._one(shape, rest)
            if isinstance(shape, Repeat) and shape.most is None:
                # What the one takes the other cannot: n * n / 2 pairs, not n * n.
                its_steps /= sharing + 1
                if its_ways > _DEEP:
                    sharing += 1
                    its_ways /= sharing
            steps += ways * its_steps
            ways *= its_ways
        return ways, steps

    def _one(self, shape: Shape, rest: Shapes) -> tuple[float, float]:
        match shape:
            case One():
                return 1, 1
            case Edge(body=body):
                return 1, 1 + self.walk(body, ())[1]
            case Choice(branches):
                return self._choice(branches, rest)
            case Repeat(body, least, most, kept):
                ways, steps = self._repeat(body, least, most, rest)
                return (1 if kept else ways), steps

    def _choice(self, branches: tuple[Shapes, ...], rest: Shapes) -> tuple[float, float]:
        found = [self.walk(branch, rest) for branch in branches]
        ahead = [_ahead((*branch, *rest)) for branch in branches]
        most_ways, most_steps_of = 0.0, 0.0
        for mine in ahead:  # of branches that exclude each other only one is gone through
            rivals = [both for both, those in zip(found, ahead, strict=True) if _compete(mine, those)]
            most_ways = max(most_ways, sum(ways for ways, _ in rivals))
            most_steps_of = max(most_steps_of, sum(steps for _, steps in rivals))
        return most_ways, most_steps_of + len(branches)

    def _repeat(self, body: Shapes, least: int, most: int | None, rest: Shapes) -> tuple[float, float]:
        match body:
            case (One(letters),):
                return self._run(letters, least, most, rest)
        longest = self._length if most is None else most
        again: Shapes = (Choice((body, ())), *rest)
        ways, steps = self.walk(body, again if longest > 1 else rest)
        exclusive = not _compete(_ahead(body + again), _ahead(rest))
        if longest <= _DEEP:
            powers = [ways**times for times in range(least, longest + 1)]
            return (max(powers) if exclusive else sum(powers)), steps * sum(ways**times for times in range(longest))
        if ways > 1 or _can_be_nothing(body):
            raise TooComplexError("a repetition inside a repetition can take for ever")
        passes = self._length * (_Cost(1).walk(body, again)[1] + 1)
        return (1 if exclusive else min(longest, self._length) + 1), passes

    def _run(self, letters: Letters, least: int, most: int | None, rest: Shapes) -> tuple[float, float]:
        """The same characters again and again."""
        longest = min(self._length, self._length if most is None else most)
        choices = max(longest - least + 1, 1)
        ahead = _ahead(rest)
        if not ahead or () in ahead:  # nothing needs to follow: the first end is the last one
            return 1, longest
        inside = [way for way in ahead if all(places & letters for places in way)]
        ends = {end for way in ahead if way not in inside for end in _ends(way, letters)}
        return min(choices, _places(inside, self._length) + len(ends)), longest + choices * _try(rest)


def _ends(way: Ahead, letters: Letters) -> Iterator[int]:
    """How many of its own letters a run may leave to a way that goes on beyond its last one."""
    for place, allowed in enumerate(way):
        if allowed - letters:
            yield place
        if not allowed & letters:
            return


def _try(shapes: Shapes) -> int:
    """Steps until it is clear that these shapes do not begin here."""
    steps = 1
    for shape in shapes:
        match shape:
            case Choice(branches):
                return steps + sum(map(_try, branches))
            case Repeat(body, least):
                steps += _try(body)
                if least:
                    return steps
            case One():
                return steps
    return steps


def _places(ways: Iterable[Ahead], length: int) -> float:
    """In how many places of a text one of these can stand."""
    groups: dict[Letters, list[Ahead]] = {}
    for way in ways:
        groups.setdefault(way[0], []).append(way)
    near = (min(_distance(one, other) for one in group for other in group) for group in groups.values())
    return min(length, sum(length / distance for distance in near))


def _distance(one: Ahead, other: Ahead) -> int:
    """How close behind the one the other can begin."""
    for shift in range(1, len(one)):
        if all(mine & its for mine, its in zip(one[shift:], other, strict=False)):
            return shift
    return max(len(one), 1)


def _compete(ones: list[Ahead], others: list[Ahead]) -> bool:
    """Whether the same text can go on in both ways."""
    return any(all(mine & its for mine, its in zip(one, other, strict=False)) for one in ones for other in others)


def _can_be_nothing(shapes: Shapes) -> bool:
    return any(not way for way in _ahead(shapes, deep=1))


def _ahead(shapes: Shapes, deep: int = _DEEP) -> list[Ahead]:
    """What the text must look like where these shapes fit: some places of each way. An empty one: nothing needs to."""
    known, unknown = _ways(shapes, deep)
    return sorted(known | unknown, key=len)


def _ways(shapes: Shapes, deep: int) -> tuple[set[Ahead], set[Ahead]]:
    """The ways through these shapes, and those of which only the beginning is known."""
    ways: set[Ahead] = {()}
    begun: set[Ahead] = set()
    for shape in shapes:
        longer: set[Ahead] = set()
        for way in ways:
            known, unknown = _ways_of(shape, deep - len(way))
            longer |= {(*way, *more) for more in known}
            begun |= {(*way, *more) for more in unknown}
        begun |= {way for way in longer if len(way) >= deep}
        ways = _blurred({way for way in longer if len(way) < deep})
        begun = _blurred(begun)
        if not ways:
            break
    return ways, begun


def _blurred(ways: set[Ahead]) -> set[Ahead]:
    """Where there are many, fewer that allow at least as much: of one length and beginning, place by place."""
    if len(ways) <= _WIDE:
        return ways
    groups: dict[tuple[int, Ahead], list[Ahead]] = {}
    for way in ways:
        groups.setdefault((len(way), way[:1]), []).append(way)
    return {tuple(frozenset().union(*places) for places in zip(*group, strict=True)) for group in groups.values()}


def _ways_of(shape: Shape, room: int) -> tuple[set[Ahead], set[Ahead]]:
    """The ways of one shape, as `_ways` has them."""
    known: set[Ahead] = set()
    begun: set[Ahead] = set()
    match shape:
        case One(letters):
            known = {(letters,)}
        case Edge(letters):
            known, begun = ({()}, set()) if letters is None else (set(), {(letters,)})
        case Choice(branches):
            for branch in branches:
                more, more_begun = _ways(branch, room)
                known, begun = known | more, begun | more_begun
        case Repeat((One(letters),), least, most) if least > 1:
            way = (letters,) * min(least, room)
            known, begun = ({way}, set()) if most == least <= room else (set(), {way})
        case Repeat(body, least, most):
            known, begun = _ways(body, room)
            if most != 1:
                known, begun = {way for way in known if not way}, begun | {way for way in known if way}
            if least == 0:
                known = known | {()}
    return known, begun
