"""Runs blocking work beside the screen, on a thread that never keeps the program from ending."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from functools import partial
from typing import TypeVar

T = TypeVar("T")


async def aside(work: Callable[[], T]) -> T:
    """What `work` returns, done on a daemon thread; what it raises is raised here.

    Not Textual's own thread workers: those belong to asyncio's executor, which is waited for at the end, so `q` would
    hang for as long as a mail server does.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(tell: Callable[[], None]) -> None:
        if not done.cancelled():
            tell()

    def run() -> None:
        try:
            tell = partial(done.set_result, work())
        except BaseException as raised:  # handed over, not swallowed
            tell = partial(done.set_exception, raised)
        with contextlib.suppress(RuntimeError):  # the screen has been closed meanwhile: nobody waits any more
            loop.call_soon_threadsafe(settle, tell)

    threading.Thread(target=run, name="poll", daemon=True).start()
    return await done
