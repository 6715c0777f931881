"""The real program in a real terminal: whatever mails and names contain, nothing of it steers the terminal."""

import os
import re
import signal
import sys
import unicodedata
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from otosata.deals.event import Deal, Event
from otosata.deals.vocabulary import Actor
from otosata.store.store import Store
from tests.cli.mailbox import mail
from tests.screens.terminal import DARK, LIGHT, Terminal, terminal
from tests.screens.test_looks import GLYPHS
from tests.tui.test_cells import BIDI, HOSTILE
from tui.actions import ACTIONS, Place
from tui.doors import DOORS

ROOT = Path(__file__).parent.parent.parent
NOW = datetime.now(UTC)
TAG = "31337"
"""In every sequence below, so that it is told from the screen's own."""
SEQUENCES = (
    f"\x1b[{TAG}m red",
    f"\x1b[{TAG};1H moved",
    f"\x1b[?{TAG}h mode",
    f"\x1b]0;{TAG}\x07 title",
    f"\x1b]52;c;{TAG}\x1b\\ clipboard",
    f"\x1b]8;;https://evil.example/{TAG}\x07link\x1b]8;;\x07",
    f"\x1bP{TAG}q\x1b\\ sixel",
    f"\x1b_G{TAG}\x1b\\ picture",
    f"\x1b^{TAG}\x1b\\ private",
    f"\x9b{TAG}m C1 CSI",
    f"\x9d52;c;{TAG}\x9c C1 OSC",
    f"\x90{TAG}\x9c C1 DCS",
    f"\r{TAG} over the line",
    f"\b\b\b{TAG}",
)
CONTROLS = tuple(f"甲{chr(code)}{TAG}乙" for code in (*range(0x20), *range(0x7F, 0xA0)))
DIRECTIONS = tuple(
    f"甲{chr(code)}{TAG}乙"
    for code in (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x2028, 0xFEFF)
)
PAYLOADS = (*SEQUENCES, *CONTROLS, *DIRECTIONS, *HOSTILE)

OURS = re.compile(
    r"\x1b\[[0-9;:?<=>]*[ -/]*[@-~]"  # CSI: colours, places, modes
    r"|\x1b[78=>]|\x1b\(B"
    r"|\x1b\]11;\?\x1b\\"  # the question for the background
    r"|\x1b\]22;[a-z-]*\x07"  # the shape of the mouse's pointer
)
"""What the program itself sends."""
PATHS = {"setup": ("M", "n"), "rules": ("T", "r")}
"""Keys that lead to doors which have none on the main screen."""


def test_there_are_enough_payloads() -> None:
    assert len(set(PAYLOADS)) >= 60


def storable(text: str) -> bool:
    """Lone surrogates never get into SQLite."""
    return text.encode("utf-8", "ignore").decode() == text


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A ledger whose names are raw payloads, as if the border had a hole, and mails that carry them."""
    (tmp_path / "mails").mkdir()
    (tmp_path / "config.toml").write_text(
        f'language = "ja"\n[[accounts]]\nname = "main"\ntype = "eml"\npath = "{tmp_path / "mails"}"\n', "utf-8"
    )
    for number, text in enumerate(PAYLOADS):
        at = (NOW - timedelta(hours=number + 1)).isoformat()
        subject = f"[ランサーズ] {text} さんから {text} のコメントが届いています" if number % 2 else text
        data = mail(subject.encode("utf-8", "replace").decode(), text.encode("utf-8", "replace").decode(), at=at)
        (tmp_path / "mails" / f"{number}.eml").write_bytes(data)
    with Store.open(tmp_path / "data" / "otosata.db") as store:
        for number, text in enumerate(filter(storable, PAYLOADS)):
            at = NOW - timedelta(days=1 + number % 20)
            with store.acting("deals add", None, NOW, {"client": text, "note": text}) as act:
                act.open_deal(
                    Deal("", ("lancers", "coconala", "crowdworks")[number % 3], text, text, f"https://a/{text}")
                )
                act.add_event(Event(at, "message", Actor.CLIENT, note=text))
    own = {"OTOSATA_CONFIG": f"{tmp_path / 'config.toml'}", "OTOSATA_DATA": f"{tmp_path / 'data'}"}
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("OTOSATA", "COV"))}
    return clean | own | {"PYTHONPATH": str(ROOT)}


def keys_to(door: str) -> tuple[str, ...]:
    """The keys that lead from the main screen to a door."""
    if door in PATHS:
        return PATHS[door]
    opening = next(
        action for action in ACTIONS if action.call == f"app.show('{door}')" and action.place in (Place.MAIN, Place.APP)
    )
    return ({"question_mark": "?"}.get(opening.keys, opening.keys),)


def check(screen: Terminal) -> None:
    """Nothing but our own sequences steers the terminal, and the program still runs."""
    screen.settle(0.2)
    said = screen.said.decode("utf-8")
    assert not re.search(rf"[\x1b\x80-\x9f][^\x1b]{{0,6}}{TAG}", said)
    text = OURS.sub("", said)
    steering = [
        text[max(place - 20, 0) : place + 20]
        for place, character in enumerate(text)
        if character not in "\r\n"
        and (unicodedata.category(character) in {"Cc", "Cs"} or unicodedata.bidirectional(character) in BIDI)
    ]
    assert not steering
    assert not screen.has_ended


def test_no_payload_steers_the_terminal_or_ends_the_program_on_any_screen(
    environment: dict[str, str], tmp_path: Path
) -> None:
    command = (sys.executable, "-P", "-m", "launch")
    with terminal(command, environment, tmp_path) as screen:
        screen.wait_for("次 ")
        screen.settle(0.5)
        check(screen)
        for key in ("G", "g", *["\x1b[6~"] * 5, "a", "s", "l", "\r", *["j"] * 3, "\x1b", "l"):
            screen.press(key)
            screen.settle(0.2)
        check(screen)
        for door in DOORS:
            drawn = len(screen.said)
            for key in keys_to(door):
                screen.press(key)
                screen.settle(0.4)
            assert len(screen.said) - drawn > 400, f"{door} was not drawn"
            for key in ("\x1b[B", "\x1b[6~", "\x1b[F"):
                screen.press(key)
                screen.settle(0.2)
            check(screen)
            for _ in keys_to(door):
                screen.press("\x1b")
                screen.settle(0.4)
        screen.press("/")
        screen.settle(0.3)
        screen.press("\x1b[200~" + "".join(DIRECTIONS) + "\x1b[201~")
        screen.settle(0.3)
        check(screen)
        assert len(screen.said) > 50_000, "the screens were drawn"


def test_the_program_ends_with_its_terminal(environment: dict[str, str], tmp_path: Path) -> None:
    screen = Terminal((sys.executable, "-P", "-m", "launch"), environment, tmp_path)
    screen.wait_for("次 ")
    screen.settle(0.5)
    screen.hang_up()
    assert screen.end(10) != -9, "it had to be killed"


def test_it_can_be_suspended_and_resumed_in_another_size(environment: dict[str, str], tmp_path: Path) -> None:
    with terminal((sys.executable, "-P", "-m", "launch"), environment, tmp_path) as screen:
        screen.wait_for("次 ")
        screen.settle(0.5)
        screen.press("\x1a")
        screen.settle(0.5)
        assert screen.state == "T"
        assert b"\x1b[?1049l" in screen.said, "the shell's screen is back"
        screen.resize((60, 20))
        drawn = len(screen.said)
        os.kill(screen.pid, signal.SIGCONT)
        screen.wait_for("次 ")
        screen.settle(0.5)
        assert len(screen.said) - drawn > 1000, "everything is drawn anew"
        check(screen)


def test_it_follows_the_size_of_its_window(environment: dict[str, str], tmp_path: Path) -> None:
    with terminal((sys.executable, "-P", "-m", "launch"), environment, tmp_path) as screen:
        screen.wait_for("次 ")
        for size in ((40, 12), (200, 60), (20, 5), (120, 40)):
            screen.settle(0.3)
            screen.resize(size)
        screen.settle(0.5)
        screen.press("?")
        screen.wait_for("Enter")
        check(screen)


def test_the_plain_app_sends_no_glyph_from_its_first_frame_on(environment: dict[str, str], tmp_path: Path) -> None:
    with terminal((sys.executable, "-P", "-m", "launch", "--plain"), environment, tmp_path) as screen:
        screen.wait_for("次 ")
        screen.settle(0.5)
        for key in ("j", "\r", "\x1b", "?", "\x1b", "C"):
            screen.press(key)
            screen.settle(0.4)
        check(screen)
        assert not GLYPHS.findall(screen.said.decode("utf-8"))


def test_the_terminal_s_own_background_makes_the_app_light_or_dark(environment: dict[str, str], tmp_path: Path) -> None:
    backgrounds = set()
    for colour in (DARK, LIGHT):
        with terminal((sys.executable, "-P", "-m", "launch"), environment, tmp_path, colour=colour) as screen:
            screen.wait_for("次 ")
            screen.settle(0.5)
            counted = Counter(re.findall(rb"48;[0-9;]+?(?=m)", screen.said))
            backgrounds.add(counted.most_common(1)[0][0])
    assert len(backgrounds) == 2
