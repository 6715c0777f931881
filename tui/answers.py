"""How clients answer, in the lines of a list, and in the paragraphs about one of them."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import timedelta

from otosata.deals.habits import Habit, Wait
from tui.cells import fit, steady, width
from tui.columns import GAP, Column, Slot, share
from tui.plots import Scale, bar, spread
from tui.prose import Line, line
from tui.tones import Piece
from tui.widgets.pick_list import Entry
from tui.words import Words

_BUCKETS = (
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
    timedelta(days=14),
)
_MANY = 2
"""Reminders that are counted together with all above."""
_BAR = 24


def key_of(habit: Habit) -> str:
    """What the cursor keeps to."""
    return f"{habit.platform} {habit.client}"


def _columns(words: Words) -> tuple[Column, ...]:
    span = max(width(words("days", n=999)), width(words("hours", n=23)), width(words("answers_typical")))
    count = max(width(words("answers_answered")), len("999/999"))
    running = max(width(words("answers_running")), len("99") + 1 + width(words("days", n=99)))
    return (
        Column("name", 10, 26, keep=0, good=18),
        Column("answered", count, count, keep=2, right=True),
        Column("typical", span, span, keep=0, right=True),
        Column("plot", 16, 60, keep=4, good=24),
        Column("longest", span + 1, span + 1, keep=3, right=True),
        Column("running", running, running, keep=1, right=True),
    )


def scale_of(habits: Sequence[Habit]) -> Scale:
    """One scale for all, so that they can be compared."""
    return Scale.up_to(max((habit.lengths[-1] for habit in habits if habit.lengths), default=timedelta(days=1)))


def head(habits: Sequence[Habit], cells: int, words: Words) -> Iterator[Piece]:
    """The line above the list; over the plots stands their scale."""
    scale = scale_of(habits)
    for slot, gap in _places(cells, words):
        name, right = slot.column.name, slot.column.right
        text = scale.axis(slot.cells, words) if name == "plot" else words(f"answers_{name}")
        yield Piece(gap + fit(text, slot.cells, right=right))


def entries(habits: Sequence[Habit], words: Words) -> Iterator[Entry]:
    """A line for each platform, and its clients below."""
    scale = scale_of(habits)
    for habit in habits:
        yield _entry(habit, scale, words)


def _entry(habit: Habit, scale: Scale, words: Words) -> Entry:
    return Entry(key_of(habit), lambda cells: tuple(_row(habit, scale, cells, words)))


def _places(cells: int, words: Words) -> Iterator[tuple[Slot, str]]:
    for number, slot in enumerate(share(_columns(words), cells)):
        yield slot, " " * GAP if number else ""


def _row(habit: Habit, scale: Scale, cells: int, words: Words) -> Iterator[Piece]:
    for slot, gap in _places(cells, words):
        yield Piece(gap)
        if slot.column.name == "plot":
            yield from spread(habit, scale, slot.cells)
        else:
            piece = _cell(slot.column.name, habit, words)
            yield Piece(fit(piece.text, slot.cells, right=slot.column.right), piece.tone)


def _cell(name: str, habit: Habit, words: Words) -> Piece:
    match name:
        case "name":
            name = steady(habit.platform) if not habit.client else f"  {steady(habit.client)}"
            return Piece(name, "" if habit.client else "heading")
        case "answered":
            return Piece(f"{habit.answered}/{habit.answered + habit.running + habit.given_up}", "dim")
        case "typical":
            return _typical(habit, words)
        case "longest":
            mark = "" if habit.longest is None or habit.longest.answered else "+"
            return Piece(_span(habit.longest.length, words) + mark if habit.longest else "-", "dim")
        case _:
            return _running(habit, words)


def _typical(habit: Habit, words: Words) -> Piece:
    if habit.typical is None:
        return Piece("?" if habit.answered + habit.running else "-", "dim")
    return Piece(_span(habit.typical, words), "dim" if habit.is_anecdote else "strong")


def _running(habit: Habit, words: Words) -> Piece:
    if habit.longest_running is None:
        return Piece("")
    late = habit.late is not None and not habit.is_anecdote and habit.longest_running.length > habit.late
    return Piece(f"{habit.running} {_span(habit.longest_running.length, words)}", "warn" if late else "")


def _span(length: timedelta, words: Words) -> str:
    return words.span(length.total_seconds())


# ---------------------------------------------------------------------------------------------- about one of them


def about(habit: Habit, words: Words) -> Iterator[Line]:
    """What stands behind a line, in sentences."""
    title = [Piece(steady(habit.platform), "heading")]
    if habit.client:
        title = [Piece(steady(habit.client), "strong"), Piece("  "), Piece(steady(habit.platform), "dim")]
    yield line(*title, Piece("  "), Piece(words("answers_deals", n=habit.deals), "dim"))
    yield line(words("answers_sum", n=_total(habit), answered=habit.answered))
    yield line(*_typically(habit, words))
    if habit.longest is not None:
        yield line(*_longest(habit.longest, words))
    yield line()
    yield line(Piece(words("answers_measured"), "dim"))


def counts(habit: Habit, words: Words) -> Iterator[Line]:
    """The same in bars: times to the answer, and reminders before it."""
    yield from _times(habit, words)
    yield line()
    yield from _reminders(habit, words)


def _total(habit: Habit) -> int:
    return habit.answered + habit.running + habit.given_up


def _typically(habit: Habit, words: Words) -> Iterator[Piece | str]:
    if habit.is_anecdote:
        yield Piece(words("answers_few", n=habit.answered), "warn")
        return
    if habit.typical is None:
        yield words("answers_unknown")
        return
    yield words("answers_half", span=_span(habit.typical, words))
    if habit.early is not None and habit.late is not None:
        early, late = _span(habit.early, words), _span(habit.late, words)
        yield " " + words("answers_quarters", early=early, late=late)


def _longest(wait: Wait, words: Words) -> Iterator[Piece | str]:
    state = "answered" if wait.answered else "running" if wait.running else "given_up"
    yield words(f"answers_longest_{state}", span=words.long_span(int(wait.length.total_seconds())))
    yield Piece(f"  {steady(wait.deal)}", "dim")


def _times(habit: Habit, words: Words) -> Iterator[Line]:
    """How many answers came within each span."""
    labels = [words("answers_within", span=_span(limit, words)) for limit in _BUCKETS]
    numbers = [0] * (len(_BUCKETS) + 1)
    for length in habit.lengths:
        numbers[bisect_left(_BUCKETS, length)] += 1
    rows = [(label, number, "notice") for label, number in zip((*labels, words("answers_later")), numbers, strict=True)]
    rows.append((words("answers_waiting"), habit.running, "warn"))
    rows.append((words("answers_never"), habit.given_up, "dim"))
    yield line(Piece(words("heading_answers_times"), "heading"))
    yield from _bars(rows)


def _reminders(habit: Habit, words: Words) -> Iterator[Line]:
    """After how many reminders the answers came."""
    rows = []
    for count in range(_MANY + 1):
        more = count == _MANY
        number = sum(n for after, n in habit.after_reminders.items() if after == count or (more and after > count))
        rows.append((words(f"answers_reminders_{count}"), number, "notice"))
    yield line(Piece(words("heading_answers_reminders"), "heading"))
    yield from _bars(rows)


def _bars(rows: Sequence[tuple[str, int, str]]) -> Iterator[Line]:
    label = max(width(name) for name, _, _ in rows) + 2
    most = max(number for _, number, _ in rows)
    for name, number, tone in rows:
        yield line(Piece(fit(name, label), "dim"), Piece(f"{number:>3} "), Piece(bar(number, most, _BAR), tone))
