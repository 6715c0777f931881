"""Reads ahead on a thread: while one batch is decoded and stored, the server already looks for the next."""

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

AHEAD = 1
"""So many finished batches wait at most: a mailbox is not to be held in memory."""
_LOOK_UP_SECONDS = 0.2
"""How often a reader that waits for room looks whether anybody still wants what it has."""


@dataclass(frozen=True, slots=True)
class _Failure:
    error: BaseException


class _End:
    """Nothing follows."""


class _Reader(Generic[T]):
    def __init__(self, items: Iterator[T]) -> None:
        self._items = items
        self._queue: queue.Queue[T | _Failure | _End] = queue.Queue(AHEAD)
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._run, name="read ahead", daemon=True)

    def __iter__(self) -> Iterator[T]:
        self._thread.start()
        while not isinstance(item := self._queue.get(), _End):
            if isinstance(item, _Failure):
                raise item.error
            yield item

    def leave(self) -> bool:
        """Tell the thread that nobody wants more; whether it was still at work."""
        self._left.set()
        return self._thread.is_alive()

    def _run(self) -> None:
        try:
            for item in self._items:
                if not self._put(item):
                    return
        except BaseException as error:  # raised again where the items are used
            self._put(_Failure(error))
        else:
            self._put(_End())

    def _put(self, item: T | _Failure | _End) -> bool:
        while not self._left.is_set():
            with suppress(queue.Full):
                self._queue.put(item, timeout=_LOOK_UP_SECONDS)
                return True
        return False


def ahead(items: Iterator[T], abandon: Callable[[], None]) -> Iterator[T]:
    """The same items in the same order, each made while the one before is used; an error comes after what preceded it.

    `abandon` is called where the items are left before their end: it must end whatever the thread waits for.
    """
    reader = _Reader(items)
    ended = False
    try:
        yield from reader
        ended = True
    finally:
        if reader.leave() and not ended:
            abandon()
