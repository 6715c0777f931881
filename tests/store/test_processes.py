"""Two processes at once, and a process that is killed: nothing lost, nothing doubled, nothing half done."""

import multiprocessing as mp
import os
import signal
import sqlite3
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest

from otosata.deals.event import Deal, Mark, MarkKind
from otosata.store.store import Store
from otosata.store.values import MailState
from tests.store.build import NOON, at, by_hand, mail, message, notice, sync, waiting_mail

EACH = 200
PATIENCE = 120
"""Seconds until a process that hangs fails the test; nothing is measured with it."""


def together(work: Callable[..., None], *for_each: tuple[object, ...]) -> None:
    """Run `work(barrier, *arguments)` in a process for each tuple of arguments; all must end well."""
    context = mp.get_context("spawn")
    barrier = context.Barrier(len(for_each))
    processes = [context.Process(target=work, args=(barrier, *arguments)) for arguments in for_each]
    for process in processes:
        process.start()
    for process in processes:
        process.join(PATIENCE)
        if process.is_alive():
            process.kill()
    assert [process.exitcode for process in processes] == [0] * len(processes)


def _sync_many(barrier: Barrier, path: Path, first_uid: int) -> None:
    barrier.wait(PATIENCE)
    with Store.open(path) as store:
        for uid in range(first_uid, first_uid + EACH):
            sync(store, mail(uid), deal=None if uid % 10 == 1 else store.ledgers()[-1].deal.id)


def test_two_writers_lose_nothing(path: Path) -> None:
    together(_sync_many, (path, 1), (path, 10_001))
    with Store.open(path, read_only=True) as store:
        ledgers = store.ledgers()
        assert sum(len(ledger.events) for ledger in ledgers) == 2 * EACH == len(store.mails())
        assert [ledger.deal.id for ledger in ledgers] == [
            f"lancers-{number}" for number in range(1, 2 * EACH // 10 + 1)
        ]


def _log_many(barrier: Barrier, path: Path, deal: str) -> None:
    barrier.wait(PATIENCE)
    with Store.open(path) as store:
        for hours in range(EACH):
            with store.acting("log", deal, NOON) as act:
                act.add_event(by_hand(hours))


def _poll_the_same(barrier: Barrier, path: Path) -> None:
    barrier.wait(PATIENCE)
    with Store.open(path) as store:
        for uid in range(1, EACH + 1):
            with store.writing() as writer:
                stored = writer.add_mail(mail(uid))
                if stored is not None:
                    writer.add_event("lancers-1", message(), stored)


def test_entries_by_hand_and_a_sync_lose_nothing(path: Path) -> None:
    with Store.open(path) as store:
        sync(store, mail(10_000))
    together(_log_many, (path, "lancers-1"), (path, "lancers-1"))
    with Store.open(path, read_only=True) as store:
        assert len(store.ledgers()[0].events) == 2 * EACH + 1
        assert len({act.id for act in store.acts()}) == 2 * EACH


def test_two_polls_of_one_mailbox_double_nothing(path: Path) -> None:
    with Store.open(path) as store:
        sync(store, mail(10_000))
    together(_poll_the_same, (path,), (path,))
    with Store.open(path, read_only=True) as store:
        assert len(store.ledgers()[0].events) == EACH + 1 == len(store.mails())


def _open_new(barrier: Barrier, folder: Path) -> None:
    for number in range(15):
        barrier.wait(PATIENCE)
        with Store.open(folder / f"{number}" / "otosata.db") as store, store.writing() as writer:
            writer.open_deal("lancers", account="main", at=NOON)


def test_processes_that_make_the_ledger_at_once_make_one(tmp_path: Path) -> None:
    together(_open_new, *[(tmp_path,)] * 4)
    for number in range(15):
        with Store.open(tmp_path / f"{number}" / "otosata.db", read_only=True) as store:
            assert len(store.ledgers()) == 4


# Killed between any two steps


def _add_deal(store: Store) -> None:
    with store.acting("deals add", None, NOON) as act:
        act.open_deal(Deal("", "lancers", "田中", refs=(("job", "1"),)))
        act.add_event(by_hand(1))


def _assign_and_snooze(store: Store) -> None:
    with store.acting("triage assign", "lancers-1", NOON) as act:
        act.assign(3, "lancers-1")
        act.add_mark(Mark(NOON, MarkKind.SNOOZE, at(48)))


def _merge(store: Store) -> None:
    with store.acting("merge", "lancers-2", NOON) as act:
        act.merge("lancers-2", "lancers-1")


STORY: tuple[Callable[[Store], Any], ...] = (
    lambda store: sync(store, mail(1, said=notice(client="佐藤", refs=(("work", "1"),)))),
    lambda store: sync(store, mail(2, said=notice(title="サイト")), deal="lancers-1"),
    lambda store: waiting_mail(store, mail(3, state=MailState.TRIAGE)),
    _add_deal,
    _assign_and_snooze,
    _merge,
    lambda store: store.undo(None, NOON),
    lambda store: store.undo(None, NOON),
    lambda store: sync(store, mail(4), deal="lancers-1"),
)
"""Transactions of every kind, each a step that is done or not."""


def seen(store: Store) -> object:
    """All that a transaction can change, cursors among it."""
    return store.ledgers(include_merged=True), store.mails(), store.cursors("main"), store.acts()


def states_along(path: Path) -> list[object]:
    """What is seen before the story and after each part of it, when nobody is killed."""
    with Store.open(path) as store:
        states = [seen(store)]
        for part in STORY:
            part(store)
            states.append(seen(store))
    return states


def killed_at(step: int, path: Path) -> bool:
    """Tell the story in a child that kills itself before its `step`-th SQL statement; False: it got through."""
    child = os.fork()
    if child == 0:
        exit_code = 1
        try:
            _count_statements(step)
            with Store.open(path) as store:
                for part in STORY:
                    part(store)
            exit_code = 0
        finally:
            os._exit(exit_code)
    exit_code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert exit_code in (0, -signal.SIGKILL)
    return exit_code != 0


def _count_statements(step: int) -> None:
    connect, left = sqlite3.connect, [step]

    def count(_: str) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def counting(*arguments: Any, **named: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **named)
        connection.set_trace_callback(count)
        return connection

    sqlite3.connect = counting  # type: ignore[assignment]  # in the child alone, which ends here


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked child")
def test_killed_between_any_two_steps_the_ledger_is_as_after_a_whole_transaction(tmp_path: Path) -> None:
    states = states_along(tmp_path / "whole.db")
    assert len({repr(state) for state in states}) == len(STORY) + 1
    reached, step = [], 1
    while killed_at(step, path := tmp_path / f"{step}.db"):
        with Store.open(path, read_only=True) as store:
            assert seen(store) in states
            done = states.index(seen(store))
        reached.append(done)
        with Store.open(path) as store:  # and the next run takes up where it stopped
            for part in STORY[done:]:
                part(store)
            assert seen(store) == states[-1]
        step += 1
    assert reached == sorted(reached)
    assert set(reached) == set(range(len(STORY)))
