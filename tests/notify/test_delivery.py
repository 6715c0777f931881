"""The outbox is emptied: at least once, repeats marked, the dead shown; killed at any step, nothing is lost."""

import json
import os
import signal
import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.assembly import Assembly, assemble
from config.desk import Desk
from config.herald import Herald
from config.places import Options
from otosata.notify import http
from otosata.notify.channel import Channel
from otosata.notify.delivery import GONE, LEASE, Marks, deliver
from otosata.notify.http import Line
from otosata.notify.message import Message
from otosata.notify.outcome import GIVE_UP_AFTER
from otosata.notify.services import Endpoint
from otosata.store.outbox import LetterState, NewLetter
from otosata.store.store import Store
from tests.cli.program import NOON, Program
from tests.notify.server import Reply, Service, hang_up, service, status

NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)
MARKS = Marks("[repeat] ", lambda at: f"as of {at}")


def channel(there: Service, name: str = "hook", path: str = "/in") -> Channel:
    return Channel(
        name, "webhook", lambda: there.url + path, Endpoint(), line=Line(private=True, seconds=5, deadline=5)
    )


def put(store: Store, *keys: str, to: str = "hook") -> None:
    for key in keys:
        message = Message(key, "level", "warn", f"title {key}", (), NOW.isoformat(), "lancers-1", "lancers")
        store.outbox.put(NewLetter(key, to, message.to_json(), NOW), NOW)


class Clock:
    """Stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with Store.open(tmp_path / "data" / "otosata.db") as opened:
        yield opened


def titles(there: Service) -> list[str]:
    return [json.loads(got.body)["title"] for got in there.got]


def test_what_is_due_is_sent_in_order(store: Store) -> None:
    with service() as there:
        put(store, "a", "b")
        deliver(store.outbox, [channel(there)], Clock(), MARKS)
        assert titles(there) == ["title a", "title b"]
        assert {letter.state for letter in store.outbox.letters()} == {LetterState.SENT}


def test_a_channel_that_fails_is_left_alone_and_the_others_go_on(store: Store) -> None:
    with service() as down, service() as up:
        put(store, "a", "b")
        put(store, "c", to="other")
        down.usual = status(503)
        clock = Clock()
        deliver(store.outbox, [channel(down), channel(up, "other")], clock, MARKS)
        assert (len(down.got), titles(up)) == (1, ["title c"])
        down.usual = status(200)
        clock.later(minutes=1)
        deliver(store.outbox, [channel(down), channel(up, "other")], clock, MARKS)
        assert titles(down) == ["title a", "title a", "title b"]  # 503 took nothing: no repeat


def test_a_service_that_asks_for_time_gets_it_for_all_its_letters(store: Store) -> None:
    with service() as there:
        put(store, "a", "b")
        there.replies.append(status(429, Retry_After="600"))
        clock = Clock()
        deliver(store.outbox, [channel(there)], clock, MARKS)
        clock.later(minutes=9)
        deliver(store.outbox, [channel(there)], clock, MARKS)
        assert len(there.got) == 1
        clock.later(minutes=1)
        deliver(store.outbox, [channel(there)], clock, MARKS)
        assert titles(there) == ["title a", "title a", "title b"]


def test_what_may_have_arrived_is_marked_as_a_repeat(store: Store) -> None:
    with service() as there:
        put(store, "a")
        there.replies.append(hang_up)
        clock = Clock()
        deliver(store.outbox, [channel(there)], clock, MARKS)
        clock.later(minutes=1)
        deliver(store.outbox, [channel(there)], clock, MARKS)
        assert titles(there) == ["title a", "[repeat] title a"]
        assert [json.loads(got.body)["repeat"] for got in there.got] == [False, True]
        assert len({got.headers["Idempotency-Key"] for got in there.got}) == 1


def test_a_message_that_comes_late_says_when_it_was_true(store: Store) -> None:
    with service() as there:
        put(store, "a")
        clock = Clock()
        clock.later(hours=1)
        deliver(store.outbox, [channel(there)], clock, MARKS)
        assert json.loads(there.got[0].body)["lines"] == [f"as of {NOW.isoformat()}"]


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410, 302])
def test_a_refused_message_is_given_up_and_stays_to_be_seen(store: Store, code: int) -> None:
    with service() as there:
        put(store, "a", "b")
        there.replies.append(status(code, b"bad /in and more"))
        deliver(store.outbox, [channel(there, path="/in/secretpath")], Clock(), MARKS)
        first, second = store.outbox.letters()
        assert (first.state, second.state) == (LetterState.DEAD, LetterState.SENT)
        assert first.error.startswith(f"HTTP {code}")


def test_after_days_of_trying_a_message_is_given_up(store: Store) -> None:
    with service() as there:
        put(store, "a")
        there.usual = status(503)
        clock, passes = Clock(), 0
        while store.outbox.count(LetterState.WAITING):
            deliver(store.outbox, [channel(there)], clock, MARKS)
            clock.later(hours=1)
            passes += 1
        assert clock.now - NOW > GIVE_UP_AFTER
        assert store.outbox.letters()[0].error.startswith("HTTP 503")


def test_a_machine_that_slept_for_a_week_has_not_tried_for_a_week(store: Store) -> None:
    with service() as there:
        put(store, "a")
        clock = Clock()
        clock.later(days=7)
        there.replies.append(status(503))  # the network is not up yet
        deliver(store.outbox, [channel(there)], clock, MARKS)
        clock.later(minutes=1)
        deliver(store.outbox, [channel(there)], clock, MARKS)
        assert store.outbox.count(LetterState.SENT) == 1


def test_letters_of_a_channel_that_was_taken_out_are_given_up(store: Store) -> None:
    put(store, "a", to="gone")
    clock = Clock()
    clock.later(days=2)
    deliver(store.outbox, [], clock, MARKS)
    assert [(letter.state, letter.error) for letter in store.outbox.letters()] == [(LetterState.DEAD, GONE)]


# A day of outage, and killed at every step

DAY = (
    *((4.8, True),),
    *((5.05, False), (5.35, False), (5.65, False), (5.95, False)),
    *((6.1, True), (7.1, True)),
)
"""When somebody looks (days after noon), and whether the service is up; warn comes at 5 days, critical at 7."""
OUTAGE: tuple[Reply, ...] = (status(503, Retry_After="120"), status(500), status(429, Retry_After="60"), hang_up)


@pytest.fixture
def world(tmp_path: Path) -> Program:
    """Two deals whose clients were asked at noon."""
    program = Program(tmp_path)
    program.configure("")
    for client in ("田中", "佐藤"):
        deal = program.deal(client)
        program.done("log", deal, "message", "--by", "me", "--at", NOON)
    return program


class Kill:
    """Kills this process at its n-th step: a write to the ledger, or an end of a request."""

    def __init__(self, step: int) -> None:
        self.left = step

    def step(self, *_: object) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(self, sql: str) -> None:
        if sql.startswith(("BEGIN IMMEDIATE", "COMMIT", "INSERT", "UPDATE", "DELETE")):
            self.step()

    def arm(self) -> None:
        connect, send = sqlite3.connect, http.send

        def counting(*arguments: Any, **named: Any) -> sqlite3.Connection:
            connection: sqlite3.Connection = connect(*arguments, **named)
            connection.set_trace_callback(self.statement)
            return connection

        def sending(*arguments: Any) -> Any:
            self.step()
            answer = send(*arguments)
            self.step()
            return answer

        sqlite3.connect = counting  # type: ignore[assignment]
        http.send = sending


def by_clock(there: Service, clock: Path) -> Reply:
    """Up or down as the hour says: the service's own clock is the file that every look writes."""

    def reply(handler: Any) -> None:
        number = int(clock.read_text())
        up = DAY[number][1]
        (status(200) if up else OUTAGE[number % len(OUTAGE)])(handler)
        if up:
            body = json.loads(there.got[-1].body)
            there.accepted.append((body["id"], body["repeat"]))

    return reply


def run(assembly: Assembly, clock: Path, first: int) -> None:
    """Look at each of the day's times, from one on."""
    for number in range(first, len(DAY)):
        clock.write_text(str(number))
        now = datetime.fromisoformat(NOON) + timedelta(days=DAY[number][0])
        desk = Desk(assembly, lambda now=now: now)  # type: ignore[misc]
        herald = Herald(desk)
        herald.announce(desk.overview())
        herald.deliver()


def afterwards(assembly: Assembly) -> None:
    """Send once more, when the lease of whoever died in the last look is over."""
    now = datetime.fromisoformat(NOON) + timedelta(days=DAY[-1][0]) + 2 * LEASE
    Herald(Desk(assembly, lambda: now)).deliver()


def killed_at(step: int, assembly: Assembly, clock: Path) -> bool:
    """Live the day in a child that is killed at that step; False: it lived through it."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            Kill(step).arm()
            run(assembly, clock, 0)
            code = 0
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, -signal.SIGKILL)
    return code != 0


def test_a_day_of_outage_killed_at_every_step_loses_nothing_and_repeats_at_most_once(world: Program) -> None:
    with service() as there:
        secret = world.folder / "hook"
        secret.write_text(f"{there.url}/in/secretpath")
        secret.chmod(0o600)
        world.configure(
            f'[channels.hook]\ntype = "webhook"\nsecret = "file"\nfile = "{secret}"\nprivate_addresses = "allow"\n'
        )
        ledger, clock = world.data / "otosata.db", world.folder / "clock"
        whole = {file.name: file.read_bytes() for file in world.data.iterdir()}
        assembly = assemble(Options(config=world.config, data=world.data), {})
        there.usual = by_clock(there, clock)

        def again() -> None:
            for file in world.data.iterdir():
                file.unlink()
            for name, data in whole.items():
                (world.data / name).write_bytes(data)
            there.got.clear()
            there.accepted.clear()

        there.accepted.clear()
        run(assembly, clock, 0)
        expected = {id_ for id_, _ in there.accepted}
        assert len(expected) == len(there.accepted) == 1 + 2 + 2 + 2  # start, warn, reminder, critical
        step = repeats = 0
        while True:
            step += 1
            again()
            if not killed_at(step, assembly, clock):
                break
            run(assembly, clock, int(clock.read_text()))
            afterwards(assembly)
            arrived = [id_ for id_, _ in there.accepted]
            assert set(arrived) == expected, step
            for id_ in expected:
                marks = [repeat for known, repeat in there.accepted if known == id_]
                assert len(marks) == 1 or (len(marks) == 2 and marks[1]), (step, marks)
            repeats += len(arrived) > len(expected)
            with Store.open(ledger, read_only=True) as store:
                assert {letter.state for letter in store.outbox.letters()} == {LetterState.SENT}
        assert step > 50
        assert 0 < repeats < step / 5  # only where the answer was on its way


def test_a_keyring_that_waits_for_somebody_holds_nobody_up(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("otosata.notify.channel.SECRET_SECONDS", 0.05)
    unlocked = threading.Event()

    def locked() -> str:
        unlocked.wait(60)
        return "https://hook.example"

    put(store, "a")
    (done,) = deliver(store.outbox, [Channel("hook", "webhook", locked)], Clock(), MARKS)
    unlocked.set()
    assert (done.outcome.unsure, done.outcome.hint) == (False, "Is the keyring locked?")
    assert store.outbox.count(LetterState.WAITING) == 1
