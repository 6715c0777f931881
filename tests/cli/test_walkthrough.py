"""The walk-through of the documentation, run as it stands: every command, and what it prints."""

import io
import re
import shlex
import shutil

import pytest

from cli.main import run
from cli.session import Streams
from tests.cli.program import ROOT, Program

PAGE = (ROOT / "docs" / "new-platform.md").read_text(encoding="utf-8")
HOME = "~/.config/otosata"
"""Where the page says that the configuration is."""
NOW = "2026-11-27T12:00:00+09:00"


def steps() -> list[tuple[str, str]]:
    """(command, what the page shows that it prints), in the order of the page."""
    blocks = re.findall(r"^```console\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    parts = [part for block in blocks for part in re.split(r"^\$ otosata ", block, flags=re.MULTILINE) if part]
    return [(command, shown) for command, _, shown in (part.partition("\n") for part in parts)]


def pattern(shown: str) -> re.Pattern[str]:
    """`…` stands for whatever is there."""
    return re.compile(re.escape(shown.rstrip("\n")).replace("…", ".*?"), re.DOTALL)


@pytest.fixture
def user(otosata: Program, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Somebody with the example's mails in a folder, and nothing configured."""
    shutil.copytree(ROOT / "examples" / "mails", otosata.folder / "mails")
    otosata.configure("")
    monkeypatch.chdir(otosata.folder)
    return otosata


def test_the_page_does_what_it_shows(user: Program) -> None:
    assert len(steps()) >= 6
    for command, shown in steps():
        result = user(*shlex.split(command), now=NOW)
        assert result.code in (0, 1), (command, result)
        printed = result.out.rstrip("\n").replace(str(user.folder), HOME)
        assert pattern(shown).fullmatch(printed), f"{command}\n{printed}"


def test_the_deal_is_a_working_one(user: Program) -> None:
    for command, _ in steps():
        user(*shlex.split(command), now=NOW)
    reading = user.reading("shirasagi-1", now=NOW)
    assert (reading["client"], reading["title"], reading["stage"]) == ("山田 花子", "挿絵", "working")
    assert reading["advice"] == [{"id": "MY_TURN", "text": "Your turn: no answer from you for 4 days."}]


def test_without_options_the_proposals_are_taken(user: Program) -> None:
    mails = [str(file) for file in sorted((user.folder / "mails").glob("*.eml"))]
    assert "shirasagi/offer" in user.done("adapters", "new", *mails)
    again = user("adapters", "new", *mails)
    assert again.code == 2
    assert "there is a platform 'shirasagi' already" in again.err


def test_a_mail_that_nobody_can_guess_needs_a_word(user: Program) -> None:
    path = user.folder / "odd.eml"
    path.write_text("From: a@odd.example\nTo: b@example.net\nSubject: zzz qqq\n\nx\n", encoding="utf-8")
    result = user("adapters", "new", str(path))
    assert result.code == 2
    assert "--says" in result.err


class Answers(io.StringIO):
    """Somebody at a keyboard."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_on_a_terminal_eight_questions_are_asked(user: Program, monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    keyboard = Answers("sagi\n白鷺\n" + "\n" * 6)
    monkeypatch.setattr("sys.stdin", keyboard)
    out, err = Answers(), Answers()
    mails = [str(file) for file in sorted((user.folder / "mails").glob("*.eml"))]
    assert run(["adapters", "new", *mails, "--lang", lang], Streams(out, err), user.own_environ()) == 0
    assert keyboard.read() == ""
    assert len(re.findall(r"\[[^\[\]]*\] ", err.getvalue())) == 8
    assert "【シラサギ】山田 花子さんから「挿絵」のご相談が届きました" in err.getvalue()
    assert out.getvalue().count("sagi/") == 3


def test_nobody_who_answers_is_an_interruption(user: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Answers())
    mails = [str(file) for file in (user.folder / "mails").glob("*.eml")]
    assert run(["adapters", "new", *mails], Streams(Answers(), Answers()), user.own_environ()) == 130
    assert not (user.folder / "adapters").exists()
