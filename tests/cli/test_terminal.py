"""What a terminal sees: a table that fits, with room for what to do; colours; the app's door."""

import io

import pytest
from rich.cells import cell_len

from cli.main import run
from cli.session import Streams
from tests.cli.program import NOON, Program
from tests.cli.test_exit_codes import LATER, story


class Terminal(io.StringIO):
    """A stream that says it is one."""

    def isatty(self) -> bool:
        return True


def on_terminal(otosata: Program, *words: str, now: str = NOON, **environ: str) -> str:
    """What a terminal shows."""
    out = Terminal()
    run([*words, "--now", now], Streams(out, Terminal()), otosata.own_environ(environ))
    return out.getvalue()


@pytest.mark.parametrize("width", [80, 100, 200])
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_table_fits_and_says_what_to_do(
    otosata: Program, monkeypatch: pytest.MonkeyPatch, width: int, lang: str
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    deal = story(otosata)
    otosata.deal("とても長い名前の株式会社ひだまり企画制作事務所", at="2026-05-20T12:00+09:00")
    lines = on_terminal(otosata, "deals", "--lang", lang, now=LATER["critical"], NO_COLOR="1").splitlines()
    assert max(cell_len(line) for line in lines) <= width
    heading = {"ja": "できること", "en": "What to do"}[lang]
    (advice,) = otosata("show", deal, "--json", "--lang", lang, now=LATER["critical"]).document["advice"]
    begin = advice["text"][:15]
    if width == 200:
        assert heading in lines[0]
        assert len(lines) == 3
        assert begin in lines[2]
    else:
        assert heading not in lines[0]
        assert [line.startswith("    → ") for line in lines] == [False, False, True, False, True]
        assert lines[4].startswith(f"    → {begin}")


def test_check_is_a_table_on_a_terminal_with_the_status_below(otosata: Program) -> None:
    story(otosata)
    lines = on_terminal(otosata, "check", "--no-sync", now=LATER["critical"]).splitlines()
    assert lines[0].split()[:2] == ["Level", "Deal"]
    assert lines[-1] == "OTOSATA CRITICAL: 1 critical, 0 ok (oldest: lancers-1 7d 1h)"


@pytest.mark.parametrize(("environ", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_colours_unless_forbidden(otosata: Program, environ: dict[str, str], coloured: bool) -> None:
    story(otosata)
    assert ("\x1b[" in on_terminal(otosata, "deals", **environ)) == coloured
    assert "\x1b[" in on_terminal(otosata, "deals", "--color", "always", **environ)


def test_without_a_command_the_app_opens_on_a_terminal_only(otosata: Program) -> None:
    opened: list[object] = []

    def door(desk: object) -> int:
        opened.append(desk)
        return 0

    environ = otosata.own_environ()
    assert run([], Streams(Terminal(), Terminal()), environ, door) == 0
    assert run([], Streams(io.StringIO(), Terminal()), environ, door) == 2
    assert run([], Streams(Terminal(), Terminal()), environ) == 2
    assert len(opened) == 1


def test_why_says_in_words_what_the_advice_is(otosata: Program) -> None:
    deal = story(otosata)
    (advice,) = otosata.reading(deal, now=LATER["critical"])["advice"]
    assert f"→ {advice['text']} ({advice['id']})" in otosata.done("why", deal, now=LATER["critical"])
