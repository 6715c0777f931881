"""What goes wrong is said in the user's language, and no sentence is forgotten."""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from config.texts.complaints import templates, translated
from tests.cli.program import ROOT, Program
from tests.cli.test_accounts import USAGE as ACCOUNTS
from tests.cli.test_exit_codes import USAGE

FIRST = {"Complaint": 1, "Problem": 1, "AnswerError": 1, "Outcome": 1}
"""Where the sentence stands among the arguments, behind the code; else it is the first."""
FOLDERS = ("adapters/teaching", "cli", "config", "otosata", "tui")
RAISED = {
    *("UsageError", "HandError", "ActError", "SourceError", "OutOfTimeError", "StoreError", "QueryError"),
    *("NoAnswerError", "GuardError", "TeachError", *FIRST),
}
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")
NAME = re.compile(r"\{\w*\}")


@cache
def named() -> Mapping[str, str]:
    """Sentences that stand in a constant of some module, by its name."""
    found: dict[str, str] = {}
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                match node:
                    case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))):
                        found[name] = text
    return found


def texts(node: ast.expr) -> Iterator[str]:
    """The sentences an argument may be, with {} for what varies."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in named():
            yield named()[name]
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)
        case ast.IfExp(body=one, orelse=other):
            yield from (*texts(one), *texts(other))


def raised() -> set[str]:
    """Every sentence and hint that is raised for the user to read."""
    found = set[str]()
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            if path.name == "problems.py":  # has texts of its own, in both languages
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                match node:
                    case ast.Call(func=ast.Name(id=name), args=arguments) if name in RAISED:
                        first = FIRST.get(name, 0)
                        found |= {text for argument in arguments[first : first + 2] for text in texts(argument)}
    return found


COMPOSED = {"{}: {}", "due: {}", "unknown key {}{}", "unknown placeholder {{}}"}
"""What an adapter's reader puts together; its parts are translated."""


def reported() -> set[str]:
    """Every sentence and hint with which the reader of adapter files complains."""
    found = set[str]()
    for path in (ROOT / "adapters").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(attr="report"), args=[_, *said]):
                    found |= {text for argument in said for text in texts(argument)}
                case ast.Call(func=ast.Name(id="TooComplexError"), args=[said]):
                    found |= set(texts(said))
    return {text for text in found - COMPOSED if "= {" not in text}


def general(sentence: str) -> str:
    """A template without the names of what varies."""
    return NAME.sub("{}", sentence)


def source() -> str:
    """All code, to find sentences in that stand in tables."""
    files = [
        path for folder in ("adapters", "cli", "config", "otosata", "tui") for path in Path(ROOT, folder).rglob("*.py")
    ]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_every_sentence_is_translated() -> None:
    known = {general(english) for english in templates()}
    assert not sorted(raised() - known - {"", "{} {}"})


def test_every_sentence_about_an_adapter_s_file_is_translated() -> None:
    known = {general(english) for english in templates()}
    assert not sorted(reported() - known - {""})


def test_a_broken_adapter_is_complained_of_in_japanese(otosata: Program) -> None:
    file = otosata.config.parent / "adapters" / "lancers.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('id = "lancers"\n[rules.x]\nsubjekt = "a"\nsubject = "(a+)+b"\nevent = 1\n', encoding="utf-8")
    for words in (("check",), ("adapters", "test"), ("adapters", "test", str(file))):
        result = otosata("--lang", "ja", *words)
        said = [line for line in f"{result.out}{result.err}".splitlines() if not EXCERPT.match(line)]
        assert "3:1: [rules.x] に 'subjekt' というキーはありません ('subject' のことですか)" in result.out + result.err
        assert all(JAPANESE.search(line) for line in said), said


def test_every_translation_belongs_to_a_sentence() -> None:
    file = ROOT / "config" / "texts" / "complaints.ja.toml"
    sections = tomllib.loads(file.read_text(encoding="utf-8"))
    ours = {english for name, part in sections.items() if name not in {"argparse", "tomllib"} for english in part}
    there, code = raised(), source()
    elsewhere = {english for english in ours if general(english) not in there}
    assert not [english for english in elsewhere if max(NAME.split(english), key=len).strip() not in code]


def test_no_translation_takes_what_it_does_not_mean() -> None:
    """A sentence of names and colons alone would fit every other one."""
    assert [english for english in templates() if not re.search("[A-Za-z]{2}", NAME.sub("", english))] == []


def test_both_languages_name_the_same_things() -> None:
    assert not [
        english
        for english, japanese in templates().items()
        if set(NAME.findall(english)) != set(NAME.findall(japanese))
    ]
    assert all(JAPANESE.search(japanese) for japanese in templates().values())


EXCERPT = re.compile(r" +\d* \| ")
"""A line of the user's file, and the caret below it."""


@pytest.mark.parametrize("words", USAGE.values(), ids=USAGE)
def test_mistakes_are_named_in_japanese(otosata: Program, words: tuple[str, ...]) -> None:
    otosata.deal()
    result = otosata("--lang", "ja", *words)
    assert result.code == 2
    assert all(JAPANESE.search(line) for line in result.err.splitlines()), result.err


@pytest.mark.parametrize("words", ACCOUNTS.values(), ids=ACCOUNTS)
def test_so_are_those_with_accounts(otosata: Program, words: tuple[str, ...]) -> None:
    result = otosata("--lang", "ja", "accounts", "add", *words, "--no-test")
    said = [line for line in result.err.splitlines() if not EXCERPT.match(line)]
    assert all(JAPANESE.search(line) for line in said), result.err


def test_the_language_is_found_even_where_nothing_else_can_be_read(otosata: Program) -> None:
    otosata.configure('language = "ja"\n')
    assert JAPANESE.search(otosata("fly", env={"OTOSATA_LANG": ""}).err)
    otosata.configure('language = "ja"\nnonsense = 1\n')
    assert JAPANESE.search(otosata("show", env={"OTOSATA_LANG": ""}).err)
    assert not JAPANESE.search(otosata("fly", env={"OTOSATA_LANG": "en"}).err)
    assert JAPANESE.search(otosata("check", "--lang", "ja", "--nonsense").out)
    assert JAPANESE.search(otosata("check", "--lang=ja", "--nonsense").out)


def test_a_mailbox_that_cannot_be_read_says_why_in_japanese(otosata: Program) -> None:
    otosata.environ["PASSWORD"] = "x"
    otosata.configure(
        '[[accounts]]\nname = "main"\nhost = "127.0.0.1"\nport = 9\nuser = "me"\ntls = "off"\n'
        'secret = "env"\nenv = "PASSWORD"\n'
    )
    result = otosata("check", "--lang", "ja")
    assert result.code == 3
    assert "接続できません" in result.err
    assert "確かめてください" in result.err
    assert "接続できません" in otosata("sync", "--lang", "ja").err


def test_a_ledger_that_cannot_be_read_is_named_in_japanese(otosata: Program) -> None:
    otosata.deal()
    database = otosata.data / "otosata.db"
    database.write_bytes(b"this is no ledger" * 1000)
    first, hint = otosata("deals", "--lang", "ja").err.splitlines()
    assert first == f"otosata: {database} は otosata の台帳ではありません"
    assert JAPANESE.search(hint)
    assert f"{database} は" in otosata("check", "--lang", "ja").out


@pytest.mark.parametrize("text", ["", "anything else", "there is no deal ", "{deal}", "there is no deal {x}\n{0}"])
def test_a_sentence_nobody_knows_stays(text: str) -> None:
    assert translated(text, "en") == text
    assert text in translated(text, "ja") or "{x}" in text
