"""Themes, keys of one's own, and the plain screen for screen readers."""

import re
from dataclasses import replace

import pytest

from config.model import ScreenSettings, Settings
from tests.screens.driving import Seen, drive
from tests.screens.world import FixedDesk
from tui.doors import DOORS
from tui.keymap import keymap_of
from tui.plain import spoken
from tui.screens.help import HelpScreen
from tui.terminal import is_light


def wanting(**screen: object) -> FixedDesk:
    """A desk whose configuration wants the screen so."""
    return FixedDesk(settings=Settings(screen=replace(ScreenSettings(), **screen)))


@pytest.mark.parametrize(
    ("theme", "taken"),
    [("auto", "textual-dark"), ("light", "textual-light"), ("dark", "textual-dark"), ("nord", "nord")],
)
def test_the_theme_is_the_configured_one(theme: str, taken: str) -> None:
    async def steps(seen: Seen) -> None:
        assert seen.app.theme == taken

    drive(steps, wanting(theme=theme))


def test_a_theme_that_is_not_there_is_said() -> None:
    async def steps(seen: Seen) -> None:
        assert "screen.theme: norrd という配色はありません" in seen.text

    drive(steps, wanting(theme="norrd"))


@pytest.mark.parametrize(
    ("said", "light"),
    [
        (b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?62c", True),
        (b"\x1b]11;rgb:fd/f6/e3\x07", True),
        (b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\", False),
        (b"\x1b[?62;22c", False),
        (b"", False),
        (b"\x1b]11;rgb:zz/zz/zz", False),
    ],
)
def test_a_terminal_s_answer_tells_light_from_dark(said: bytes, light: bool) -> None:
    assert is_light(said) is light


def test_keys_of_ones_own_work_in_place_of_ours_and_are_named() -> None:
    desk = wanting(keys={"poll": ("f5", "f6"), "help": ("H",)})

    async def steps(seen: Seen) -> None:
        assert desk.polls == 1
        await seen.press("f5")
        await seen.press("f6")
        assert desk.polls == 3
        await seen.press("r")
        assert desk.polls == 3, "the old key does nothing"
        assert "f5 取得" in seen.lines[-1]
        await seen.press("H")
        assert isinstance(seen.app.screen, HelpScreen)
        assert "f5 f6" in seen.text

    drive(steps, desk)


@pytest.mark.parametrize(
    ("keys", "keymap", "wrong"),
    [
        ({"filter": ["?"]}, {"filter": "question_mark"}, ["key_taken"]),
        ({"help": ["h"], "filter": ["?"]}, {"help": "h", "filter": "question_mark"}, []),
        ({"pol": ["f5"]}, {}, ["unknown_action"]),
        ({"move": ["x"]}, {}, ["unknown_action"]),
        ({"poll": []}, {}, []),
        ({"poll": ["f9"], "sort": ["f9"]}, {"poll": "f9", "sort": "f9"}, ["key_taken"]),
        ({"back": ["r"]}, {"back": "r"}, ["key_taken"]),
        ({"unfilter": ["B"], "back": ["B"]}, {"unfilter": "B", "back": "B"}, []),
    ],
)
def test_what_cannot_be_a_key_is_told(keys: dict[str, list[str]], keymap: dict[str, str], wrong: list[str]) -> None:
    found, complaints = keymap_of(keys)
    assert found == keymap
    assert [name for name, _ in complaints] == wrong


def test_a_wrong_key_is_said_on_the_screen() -> None:
    async def steps(seen: Seen) -> None:
        assert "keys: pol という動作はありません（poll のことですか）" in seen.text

    drive(steps, wanting(keys={"pol": ("f5",)}))


GLYPHS = re.compile("[\u2190-\u21ff\u2300-\u23ff\u2500-\u25ff\u2700-\u27bf\u2800-\u28ff]")


def sent(seen: Seen) -> str:
    """What reaches the terminal: every line through the filters."""
    filters = seen.app.get_line_filters()
    lines = []
    for strip in seen.app.screen._compositor.render_strips():
        segments = list(strip)
        for one in filters:
            segments = one.apply(segments, seen.app.screen.background_colors[1])
        lines.append("".join(segment.text for segment in segments))
    return "\n".join(lines)


@pytest.mark.parametrize("door", ["", *DOORS])
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_plain_screen_has_words_and_no_glyphs(door: str, lang: str) -> None:
    async def steps(seen: Seen) -> None:
        if door:
            seen.app.action_show(door)
            await seen.settle()
        assert not GLYPHS.findall(sent(seen))
        if not door:
            assert ("緊急" if lang == "ja" else "critical") in sent(seen)
            assert "\n> " in sent(seen), "the cursor is said too"

    drive(steps, wanting(plain=True), lang=lang)


def test_plain_keys_are_the_same() -> None:
    async def steps(seen: Seen) -> None:
        await seen.press("down", "enter")
        assert "Esc 戻る" in sent(seen)

    drive(steps, wanting(plain=True))


def test_every_glyph_is_as_wide_as_what_stands_for_it() -> None:
    assert spoken("› ◉ 緊急 ▰▰▱▱ ─│ → ok") == ">   緊急         > ok"
