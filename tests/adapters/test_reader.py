"""What the reader says about a file that is wrong: file, line, what is allowed, and what was probably meant."""

import datetime
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from adapters.problems import Key, LocatedError
from adapters.reader import read_adapter
from adapters.registry import load_adapters
from adapters.samples import check_samples
from otosata.deals.duration import Span, Unit
from otosata.deals.platform import Transition
from otosata.deals.vocabulary import Level, Turn

GOOD = """\
id = "bizseek"
name = { ja = "ビズシーク", en = "Bizseek" }
last_checked = 2026-11-21
shared_advice = ["NUDGE_1", "NUDGE_2"]

[senders]
trusted = ["info@bizseek.example"]

[rules.message]
subject = '^(?P<client>.+)さんからメッセージが届きました$'
event = "message"
actor = "client"
evidence = "user"

[[rules.message.samples]]
subject = "山田さんからメッセージが届きました"
client = "山田"

[stages.working]
name = { ja = "作業中", en = "Working" }
turn = "me"
counts = "client"
notice = ["3d", "2bd"]
warn = ["5d@silence"]

[stages.done]
name = { ja = "完了", en = "Done" }
turn = "none"
over = true

[transitions]
contract = "working"
message.client = { none = "working" }
accept = "done"

[advice.ASK]
when = { stages = ["working"], levels = ["critical"], waiting_at_least = "3d" }
text = { ja = "{n}日です", en = "{n} days" }
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "bizseek.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_small_file_is_a_whole_adapter(tmp_path: Path) -> None:
    adapter = read_adapter(write(tmp_path, GOOD))
    working = adapter.platform.stages["working"]
    assert (adapter.id, adapter.senders) == ("bizseek", ("info@bizseek.example",))
    assert (working.turn, working.counts) == (Turn.ME, Turn.CLIENT)
    assert working.row.elapsed[Level.NOTICE] == (Span(3, Unit.DAYS), Span(2, Unit.BUSINESS_DAYS))
    assert working.row.elapsed[Level.WARN] == (Span(5, Unit.DAYS, "silence"),)
    assert adapter.platform.transitions["message", "client"] == (Transition("working", frozenset({"none"})),)
    assert [advice.id for advice in adapter.platform.advice] == ["ASK", "NUDGE_1", "NUDGE_2"]


@pytest.mark.parametrize(
    ("right", "wrong", "line", "said"),
    [
        ("subject = '^", "subjekt = '^", 10, "unknown key 'subjekt' in [rules.message] (did you mean 'subject'?)"),
        ("notice = [", "notise = [", 23, "unknown key 'notise' in [stages.working] (did you mean 'notice'?)"),
        ('name = { ja = "ビズシーク", ', "name = { ", 2, "[name] lacks 'ja' (write a string)"),
        ("last_checked = 2026-11-21", 'last_checked = "soon"', 3, "last_checked must be a date such as 2026-11-21"),
        ('"NUDGE_2"]', '"NUGDE_2"]', 4, "'NUGDE_2' is not among the shared advice (did you mean 'NUDGE_2'?)"),
        ('"3d", "2bd"', '"3d", "2"', 23, "'2' has no unit; write \"2d\" for days"),
        ('"5d@silence"', '"5d@silense"', 24, "runs from nothing we know (did you mean 'silence'?)"),
        ('turn = "me"', 'turn = "mine"', 21, "turn: 'mine' is no turn"),
        (
            'contract = "working"',
            'contract = "werking"',
            32,
            "contract: 'werking' is no stage (did you mean 'working'?)",
        ),
        ("none = ", "nowhere = ", 33, "'nowhere' is no stage"),
        ('contract = "w', 'contrakt = "w', 32, "'contrakt' is no event (did you mean 'contract'?)"),
        ("message.client = {", "message.platform = {", 33, "'platform' never does 'message'"),
        ('stages = ["working"]', 'stages = ["worked"]', 37, "stages: 'worked' is no stage (did you mean 'working'?)"),
        ('"critical"]', '"critcal"]', 37, "levels: 'critcal' is no level (did you mean 'critical'?)"),
        ("{n}日です", "{m}日です", 38, "unknown placeholder {m}"),
        ('event = "message"', 'event = "mesage"', 11, "event: 'mesage' is no event (did you mean 'message'?)"),
        ('actor = "client"\n', "", 9, "[rules.message] lacks 'actor' (allowed: client, me)"),
        ('evidence = "user"', 'evidence = "sure"', 13, "evidence: 'sure' is no evidence"),
        ("(?P<client>.+)", "(?P<client>.+", 10, "subject: bad pattern: missing ), unterminated subpattern"),
        ("(?P<client>.+)", "(?P<klient>.+)", 10, "subject: unknown group 'klient' (did you mean 'client'?)"),
        ("(?P<client>.+)", "(?P<client>(?:.+)+)", 10, "a repetition inside a repetition"),
        ("さんから", "さん（様）から", 10, "can never fit, since mail is compared in its NFKC form"),
        ('"info@bizseek.example"', '"bizseek.example"', 7, "'bizseek.example' is no sender"),
        ("[stages.done]", "[stages.working]", 26, "twice"),
        ("[transitions]", "[transition]", 31, "unknown key 'transition' (did you mean 'transitions'?)"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, right: str, wrong: str, line: int, said: str) -> None:
    assert GOOD.count(right) >= 1
    path = write(tmp_path, GOOD.replace(right, wrong, 1))
    with pytest.raises(LocatedError) as caught:
        read_adapter(path)
    assert any(
        problem.file == str(path) and problem.line == line and said in str(problem) for problem in caught.value.problems
    ), str(caught.value)


def _paths(value: Any, key: Key = ()) -> list[Key]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [key, *(path for name, child in children for path in _paths(child, (*key, name)))]


@pytest.mark.parametrize(
    "wrong", [1, -1, "x", "", "3d", True, [], [1], {}, {"x": 1}, [{}], datetime.date(2026, 1, 1)], ids=repr
)
def test_a_value_of_another_type_is_a_problem_with_a_line_or_none_but_never_a_crash(
    tmp_path: Path, wrong: object
) -> None:
    for key in _paths(tomllib.loads(GOOD)):
        if not key:
            continue
        data = tomllib.loads(GOOD)
        inner: Any = data
        for part in key[:-1]:
            inner = inner[part]
        inner[key[-1]] = wrong
        try:
            check_samples(read_adapter(write(tmp_path, tomli_w.dumps(data))))
        except LocatedError as error:
            assert all(problem.line >= 1 for problem in error.problems)


def test_all_mistakes_are_named_in_one_run(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace('"5d@silence"', '"5"').replace('turn = "me"', 'turn = "mine"'))
    with pytest.raises(LocatedError) as caught:
        read_adapter(path)
    assert [problem.line for problem in caught.value.problems] == [21, 24]


def test_a_rule_that_would_fit_every_mail_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace("subject = '^(?P<client>.+)さんからメッセージが届きました$'\n", ""))
    with pytest.raises(LocatedError, match="would fit every mail"):
        read_adapter(path)


def test_the_examples_of_the_documentation_are_one_whole_adapter(tmp_path: Path) -> None:
    page = Path(__file__).parents[2] / "docs" / "adapter-format.md"
    blocks = re.findall(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    adapter = read_adapter(write(tmp_path, "\n".join(blocks)))
    assert check_samples(adapter) == ()
    assert adapter.platform.advice[0].id == "BZ_ASK"


# --------------------------------------------------------------------------------------------- the user's folder


def test_the_users_platform_stands_beside_the_built_in_ones(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    assert [adapter.id for adapter in load_adapters(tmp_path)][-1] == "bizseek"


def test_a_users_file_lies_over_the_built_in_one_key_by_key(tmp_path: Path) -> None:
    (tmp_path / "lancers.toml").write_text('[stages.working]\nnotice = ["1d"]\n[senders]\ntrusted = ["a@b.example"]\n')
    before = {adapter.id: adapter for adapter in load_adapters()}
    after = {adapter.id: adapter for adapter in load_adapters(tmp_path)}
    assert list(after) == list(before)
    working = after["lancers"].platform.stages["working"]
    assert working.row.elapsed[Level.NOTICE] == (Span(1, Unit.DAYS),)
    assert working.row.elapsed[Level.WARN] == before["lancers"].platform.stages["working"].row.elapsed[Level.WARN]
    assert after["lancers"].senders == ("a@b.example",)
    assert after["coconala"].platform == before["coconala"].platform


def test_a_users_rule_is_tried_before_the_built_in_ones(tmp_path: Path) -> None:
    (tmp_path / "taught.toml").write_text(
        'id = "crowdworks"\n[rules.mine]\ncontains = "相談"\nevent = "message"\nactor = "client"\nevidence = "user"\n',
        encoding="utf-8",
    )
    (crowdworks,) = (adapter for adapter in load_adapters(tmp_path) if adapter.id == "crowdworks")
    assert crowdworks.recogniser.rules[0].id == "mine"


def test_mistakes_of_all_the_users_files_are_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "lancers.toml").write_text('[stages.working]\nnotice = ["3"]\n')
    (tmp_path / "x.toml").write_text("a = \n")
    (tmp_path / "coconala.toml").write_text("[rules.r]\nsubject = '('\nevent = 'fund'\nevidence = 'user'\n")
    with pytest.raises(LocatedError) as caught:
        load_adapters(tmp_path)
    found = {(Path(problem.file).name, problem.line) for problem in caught.value.problems}
    assert found == {("lancers.toml", 2), ("x.toml", 1), ("coconala.toml", 2)}


def test_a_mistake_in_a_built_in_table_that_the_user_overlays_is_the_users(tmp_path: Path) -> None:
    (tmp_path / "lancers.toml").write_text("\n\n[advice.LAN_FILE.when]\nstages = ['nowhere']\n")
    with pytest.raises(LocatedError, match=r"lancers\.toml:4:1: stages: 'nowhere' is no stage"):
        load_adapters(tmp_path)
