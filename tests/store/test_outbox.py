"""The outbox: nothing said twice, nothing lost, whoever else is at it."""

import datetime as dt
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from otosata.store.outbox import Announcement, LetterState, NewLetter
from otosata.store.store import Store
from tests.store.build import NOON, at
from tests.store.test_processes import PATIENCE, together

LEASE = dt.timedelta(minutes=5)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "otosata.db"


def letter(key: str, channel: str = "chat", hours: float = 0) -> NewLetter:
    return NewLetter(key, channel, '{"title": "…"}', at(hours))


def fill(store: Store, *keys: str, channel: str = "chat") -> None:
    for key in keys:
        store.outbox.put(letter(key, channel), NOON)


def states(store: Store) -> dict[str, str]:
    return {one.key: one.state.value for one in store.outbox.letters()}


def test_a_letter_is_claimed_once_and_sent(path: Path) -> None:
    with Store.open(path) as mine, Store.open(path) as other:
        fill(mine, "a")
        claimed = mine.outbox.claim(("chat",), NOON, LEASE)
        assert claimed is not None
        assert not claimed.unsure
        assert other.outbox.claim(("chat",), NOON, LEASE) is None
        mine.outbox.sent(claimed, NOON)
        assert other.outbox.claim(("chat",), at(1), LEASE) is None
        assert states(mine) == {"a": "sent"}


def test_a_letter_whose_sender_died_is_claimed_by_another_as_a_repeat(path: Path) -> None:
    with Store.open(path) as store:
        fill(store, "a")
        dead = store.outbox.claim(("chat",), NOON, LEASE)
        again = store.outbox.claim(("chat",), NOON + LEASE, LEASE)
        assert dead is not None
        assert again is not None
        assert (again.attempts, again.unsure) == (2, True)
        store.outbox.postpone(dead, at(9), "late", unsure=False)  # it was not dead, only slow: no say any more
        store.outbox.bury(dead, "late", NOON)
        assert states(store) == {"a": "waiting"}
        store.outbox.sent(dead, NOON)  # but that it got through is good news from anybody
        assert states(store) == {"a": "sent"}


def test_a_postponed_letter_waits_and_keeps_why(path: Path) -> None:
    with Store.open(path) as store:
        fill(store, "a")
        claimed = store.outbox.claim(("chat",), NOON, LEASE)
        assert claimed is not None
        store.outbox.postpone(claimed, at(1), "503", unsure=True)
        assert store.outbox.claim(("chat",), NOON + LEASE, LEASE) is None
        assert store.outbox.next_due() == at(1)
        again = store.outbox.claim(("chat",), at(1), LEASE)
        assert again is not None
        assert (again.error, again.unsure, again.attempts) == ("503", True, 2)


def test_letters_come_in_order_and_only_for_the_channels_asked(path: Path) -> None:
    with Store.open(path) as store:
        fill(store, "a", "b")
        fill(store, "c", channel="mail")
        found = [store.outbox.claim((channel,), NOON, LEASE) for channel in ("mail", "chat", "chat", "chat")]
        assert [one.key if one else None for one in found] == ["c", "a", "b", None]


def test_a_channel_that_wants_to_be_left_alone_is(path: Path) -> None:
    with Store.open(path) as store:
        fill(store, "a", "b")
        store.outbox.hold("chat", at(2))
        assert store.outbox.claim(("chat",), at(1), LEASE) is None
        assert store.outbox.claim(("chat",), at(2), LEASE) is not None


def test_the_dead_are_shown_until_they_are_sent_again(path: Path) -> None:
    with Store.open(path) as store:
        fill(store, "a", "b")
        for _ in range(2):
            claimed = store.outbox.claim(("chat",), NOON, LEASE)
            assert claimed is not None
            store.outbox.bury(claimed, "404", NOON)
        assert store.outbox.count(LetterState.DEAD) == 2
        first = store.outbox.letters(LetterState.DEAD)[0]
        assert first.error == "404"
        assert store.outbox.revive((first.id,), at(1)) == 1
        assert states(store) == {"a": "waiting", "b": "dead"}
        assert store.outbox.revive((), at(1)) == 2


def test_letters_for_a_channel_that_is_gone_are_given_up(path: Path) -> None:
    with Store.open(path) as store:
        fill(store, "a")
        fill(store, "b", channel="gone")
        store.outbox.bury_all_but(("chat",), "no such channel", at(23))
        assert states(store) == {"a": "waiting", "b": "waiting"}  # perhaps another process knows it already
        store.outbox.bury_all_but(("chat",), "no such channel", at(25))
        assert states(store) == {"a": "waiting", "b": "dead"}


def test_sent_letters_are_forgotten_after_a_while_and_no_others(path: Path) -> None:
    with Store.open(path) as store:
        fill(store, "a", "b")
        claimed = store.outbox.claim(("chat",), NOON, LEASE)
        assert claimed is not None
        store.outbox.sent(claimed, NOON)
        store.outbox.forget(at(1))
        assert states(store) == {"b": "waiting"}


def test_what_is_said_and_what_is_to_be_sent_are_one_transaction(path: Path) -> None:
    with Store.open(path) as store:
        seen: list[object] = []

        def plan(before: object) -> Announcement:
            seen.append(before)
            return Announcement((letter("a"),), {"deal:lancers-1": "critical"})

        assert [one.key for one in store.outbox.announce(NOON, plan)] == ["a"]
        assert store.outbox.announce(at(1), plan) == ()  # the same key is the same letter
        assert seen == [None, {"deal:lancers-1": "critical"}]

        def broken(_: object) -> Announcement:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            store.outbox.announce(at(2), broken)
        store.outbox.announce(at(3), lambda _: Announcement((), {}))
        store.outbox.announce(at(4), plan)
        assert seen[-1] == {}


def test_an_older_look_takes_nothing_back_unless_the_clock_was_wrong(path: Path) -> None:
    with Store.open(path) as store:
        store.outbox.announce(NOON, lambda _: Announcement((), {"x": "new"}))
        minute = dt.timedelta(minutes=1)
        assert store.outbox.announce(NOON - minute, lambda _: Announcement((letter("old"),), {})) == ()
        assert store.outbox.announce(at(-100), lambda _: Announcement((letter("right"),), {})) != ()


def _send_all(barrier: Barrier, path: Path, log: Path) -> None:
    barrier.wait(PATIENCE)
    log.touch()
    with Store.open(path) as store:
        while claimed := store.outbox.claim(("chat",), NOON, LEASE):
            with log.open("a", encoding="utf-8") as file:
                file.write(f"{claimed.key}\n")
            store.outbox.sent(claimed, NOON)


def test_two_processes_never_send_the_same_letter(path: Path, tmp_path: Path) -> None:
    with Store.open(path) as store:
        fill(store, *(f"letter-{number}" for number in range(100)))
    together(_send_all, (path, tmp_path / "one"), (path, tmp_path / "two"))
    sent = [line for name in ("one", "two") for line in (tmp_path / name).read_text("utf-8").split()]
    assert len(sent) == 100 == len(set(sent))
