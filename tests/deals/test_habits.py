"""Reply times are read off the ledger; what is unanswered is neither left out nor taken for an answer."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otosata.deals.event import Deal, Event, Ledger, Mark, MarkKind
from otosata.deals.habits import FEW, Wait, habit, habits, quantile, waits
from otosata.deals.vocabulary import KINDS, Actor

START = datetime(2026, 11, 1, tzinfo=UTC)
NOW = START + timedelta(days=30)


def at(day: float) -> datetime:
    return START + timedelta(days=day)


def ledger(story: str, client: str = "佐藤", number: int = 1, platform: str = "lancers") -> Ledger:
    """`me message 1, client message 3`: who, what, on which day of the month; `close 4` is the user's own word."""
    events, marks = [], []
    for place, words in enumerate(story.split(", ")):
        who, *what, day = words.split()
        if what:
            events.append(Event(at(float(day)), what[0], Actor(who), key=f"hand:{place}"))
        else:
            marks.append(Mark(at(float(day)), MarkKind(who)))
    return Ledger(Deal(f"{platform}-{number}", platform, client), tuple(events), tuple(marks))


TOLD = {
    "an answer ends the wait": ("me message 1, client message 3", ["2d answered 0"]),
    "an act is an answer too": ("me deliver 1, client accept 5", ["4d answered 0"]),
    "further words of mine are reminders": (
        "me message 1, me message 4, me message 6, client message 8",
        ["7d answered 2"],
    ),
    "a reminder filed is one": ("me deliver 1, me file_reminder 9, client message 10", ["9d answered 1"]),
    "a reminder filed before any word of mine begins no wait": ("me file_reminder 1, client message 2", []),
    "an application is no word of mine": ("me apply 1, client message 3", []),
    "what the platform says is no answer": (
        "me message 1, platform office_notice 2, client message 3",
        ["2d answered 0"],
    ),
    "each answer begins anew": (
        "me message 1, client message 2, me message 3, client message 7",
        ["1d answered 0", "4d answered 0"],
    ),
    "two words of the client are one answer": ("me message 1, client message 2, client message 5", ["1d answered 0"]),
    "without an answer it still runs": ("client message 1, me message 10", ["20d running 0"]),
    "a cancelled deal is answered no more": ("me message 1, platform cancelled 8", ["7d given-up 0"]),
    "nor one that the user closed": ("me message 1, me message 2, close 11", ["10d given-up 1"]),
    "but for one that he opened again": ("me message 1, close 11, reopen 12", ["29d running 0"]),
    "thanks at the end wait for nothing": (
        "me deliver 1, client accept 2, me message 3, client rate 4",
        ["1d answered 0"],
    ),
    "nor thanks after a rating": ("client accept 2, client rate 4, me message 5", []),
    "a client who comes back is waited for again": (
        "client accept 2, client message 9, me message 10, client message 11",
        ["1d answered 0"],
    ),
    "what happens later is not known yet": ("me message 1, client message 40", ["29d running 0"]),
}  # fmt: skip


@pytest.mark.parametrize(("story", "told"), TOLD.values(), ids=TOLD)
def test_a_story_is_told_as_waits(story: str, told: list[str]) -> None:
    def word(wait: Wait) -> str:
        end = "answered" if wait.answered else "running" if wait.running else "given-up"
        return f"{wait.length / timedelta(days=1):g}d {end} {wait.reminders}"

    assert [word(wait) for wait in waits(ledger(story), NOW)] == told


def wait(days: float, *, answered: bool = True) -> Wait:
    return Wait("d-1", at(0), at(days), answered, 0, running=not answered)


def test_an_unanswered_wait_moves_the_typical_time_up() -> None:
    answered = [wait(1), wait(2), wait(3)]
    assert quantile(answered, 0.5) == timedelta(days=2)
    assert quantile([*answered, wait(2.5, answered=False), wait(2.5, answered=False)], 0.5) == timedelta(days=3)


def test_where_most_wait_still_nothing_is_typical() -> None:
    assert quantile([wait(1), wait(9, answered=False), wait(9, answered=False)], 0.5) is None
    assert quantile([], 0.5) is None


lengths = st.lists(st.integers(0, 400), min_size=1, max_size=40)
mixed = st.lists(st.tuples(st.integers(0, 400), st.booleans()), max_size=40)
shares = st.sampled_from([0.25, 0.5, 0.75])


@given(lengths, shares)
def test_with_every_answer_there_it_is_the_ordinary_quantile(days: list[int], share: float) -> None:
    ordinary = sorted(days)[max(-int(-share * len(days) // 1), 1) - 1]
    assert quantile([wait(day) for day in days], share) == timedelta(days=ordinary)


@given(mixed)
def test_the_spread_lies_around_the_typical_time(found: list[tuple[int, bool]]) -> None:
    summed = habit("lancers", "", 1, [wait(days, answered=answered) for days, answered in found])
    known = [time for time in (summed.early, summed.typical, summed.late) if time is not None]
    assert known == sorted(known)
    assert (summed.early is not None) >= (summed.typical is not None) >= (summed.late is not None)
    assert summed.answered + summed.running + summed.given_up == len(found)


@given(mixed, st.integers(0, 400))
def test_one_who_still_waits_never_makes_the_client_look_quicker(found: list[tuple[int, bool]], days: int) -> None:
    before = [wait(day, answered=answered) for day, answered in found]
    typical, after = quantile(before, 0.5), quantile([*before, wait(days, answered=False)], 0.5)
    if typical is None or days >= typical.days:
        assert after is None or (typical is not None and after >= typical)


@st.composite
def histories(draw: st.DrawFn) -> Ledger:
    kinds = draw(st.lists(st.sampled_from(sorted(KINDS)), max_size=12))
    events = (
        Event(at(draw(st.integers(0, 60))), kind, draw(st.sampled_from(KINDS[kind].actors)), key=f"hand:{place}")
        for place, kind in enumerate(kinds)
    )
    return Ledger(Deal("lancers-1", "lancers", "佐藤"), tuple(events))


@given(histories())
def test_waits_of_a_deal_follow_one_another(told: Ledger) -> None:
    found = waits(told, NOW)
    assert all(wait.since <= wait.until <= NOW for wait in found)
    assert all(one.until <= other.since for one, other in pairwise(found))
    assert not any(wait.running for wait in found[:-1])


def test_the_platform_comes_first_and_then_its_clients() -> None:
    found = habits(
        (
            ledger("me message 1, client message 2, me message 3, client message 7, me message 20", "佐藤", 1),
            ledger("me message 1, me message 2, client message 4", "佐藤 様", 2),
            ledger("me message 1, client message 11", "鈴木", 3),
            ledger("me message 1, client message 2", "", 4),
            ledger("client message 2", "田中", 5),
            ledger("me message 1, client message 2", "佐藤", 1, "coconala"),
        ),
        NOW,
    )
    assert [(one.platform, one.client, one.deals, one.answered, one.running) for one in found] == [
        ("coconala", "", 1, 1, 0),
        ("coconala", "佐藤", 1, 1, 0),
        ("lancers", "", 5, 5, 1),
        ("lancers", "佐藤 様", 2, 3, 1),
        ("lancers", "鈴木", 1, 1, 0),
    ]
    sato = found[3]
    assert (sato.early, sato.typical, sato.late) == (timedelta(days=1), timedelta(days=3), timedelta(days=4))
    assert sato.after_reminders == {0: 2, 1: 1}
    assert sato.lengths == (timedelta(days=1), timedelta(days=3), timedelta(days=4))
    assert sato.longest is not None
    assert sato.longest == sato.longest_running
    assert (sato.longest.length, sato.longest.deal) == (timedelta(days=10), "lancers-1")
    assert sato.is_anecdote
    assert found[2].answered == FEW
    assert not found[2].is_anecdote
