"""Reading ahead: the same items in the same order, whatever happens to either side."""

import threading
from collections.abc import Iterator

import pytest

from otosata.mail.ahead import ahead


def nothing() -> None:
    """There is nothing to end."""


def test_the_items_come_in_their_order() -> None:
    assert list(ahead(iter(range(100)), nothing)) == list(range(100))


def test_the_next_item_is_made_while_one_is_used() -> None:
    second_is_made = threading.Event()

    def items() -> Iterator[int]:
        yield 1
        second_is_made.set()
        yield 2

    for item in ahead(items(), nothing):
        assert second_is_made.wait(10), item


def test_an_error_comes_after_what_was_read_before_it() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise OSError("the server has gone")

    read = ahead(items(), nothing)
    assert next(read) == 1
    with pytest.raises(OSError, match="the server has gone"):
        next(read)


def test_what_the_reader_waits_for_is_ended_when_the_items_are_left() -> None:
    server_answers, reader_ends = threading.Event(), threading.Event()

    def items() -> Iterator[int]:
        yield 1
        server_answers.wait()
        reader_ends.set()

    read = ahead(items(), server_answers.set)
    assert next(read) == 1
    read.close()
    assert reader_ends.wait(10)


def test_nothing_is_abandoned_at_the_end() -> None:
    abandoned: list[str] = []
    assert list(ahead(iter("ab"), lambda: abandoned.append("?"))) == ["a", "b"]
    assert abandoned == []


def test_a_reader_does_not_run_away_from_who_uses_the_items() -> None:
    made: list[int] = []
    room = threading.Event()

    def items() -> Iterator[int]:
        for number in range(1000):
            made.append(number)
            if len(made) == 3:
                room.set()
            yield number

    read = ahead(items(), nothing)
    assert next(read) == 0
    assert room.wait(10)
    assert len(made) == 3, "one is used, one waits, one is in hand"
    read.close()
