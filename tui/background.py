"""Runs blocking work beside the screen, on a thread that never keeps the program from ending."""

import asyncio
import contextlib
import threading
from collections.abc import Callable


async def aside(work: Callable[[], object]) -> None:
    """Wait for `work`, done on a daemon thread; what it raises is raised here.

    Not Textual's own thread workers: those belong to asyncio's executor, which is waited for at the end, so `q` would
    hang for as long as a mail server does.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def settle(error: BaseException | None) -> None:
        if done.cancelled():
            return
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)

    def run() -> None:
        error: BaseException | None = None
        try:
            work()
        except BaseException as raised:  # handed over, not swallowed
            error = raised
        with contextlib.suppress(RuntimeError):  # the screen has been closed meanwhile: nobody waits any more
            loop.call_soon_threadsafe(settle, error)

    threading.Thread(target=run, name="poll", daemon=True).start()
    await done
