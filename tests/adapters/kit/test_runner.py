"""The built-in adapters on their samples and golden mails, by the runner that users have; what it says of a mistake."""

from pathlib import Path

import pytest

from adapters.kit.runner import Report, Tried, run
from adapters.problems import LocatedError
from adapters.recognise import TomlAdapter
from adapters.registry import load_adapters, read_over
from tests.adapters.test_reader import GOOD
from tests.cli.mailbox import mail

GOLDEN = Path(__file__).parents[2] / "mails" / "golden"
ADAPTERS = load_adapters()
SENDER = "info@bizseek.example"


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.id)
def test_every_sample_and_golden_mail_of_a_built_in_adapter_comes_out_as_it_must(adapter: TomlAdapter) -> None:
    report = run(adapter, [GOLDEN / adapter.id])
    assert report.is_right, [tried for tried in report.golden if tried.wrong] + list(report.problems)
    mine = {"my_comment", "someones_comment"}  # whose comment it is depends on my name
    tried = {Path(tried.where).stem for tried in report.golden}
    assert tried == {rule.id for rule in adapter.recogniser.rules} - mine


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.id)
def test_where_two_rules_of_a_built_in_adapter_fit_they_say_the_same(adapter: TomlAdapter) -> None:
    assert [pair for pair in run(adapter).overlaps if not pair.same] == []


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A small adapter, and a folder for its golden mails beside it."""
    path = tmp_path / "bizseek.toml"
    path.write_text(GOOD, encoding="utf-8")
    (tmp_path / "bizseek").mkdir()
    return path


def golden(file: Path, subject: str, expected: str | None = None, name: str = "a") -> Report:
    """The report after one golden mail was put beside the file."""
    place = file.parent / "bizseek" / f"{name}.eml"
    place.write_bytes(mail(subject, sender=SENDER))
    if expected is not None:
        place.with_suffix(".toml").write_text(expected, encoding="utf-8")
    return run(read_over(file), [file.parent / "bizseek"])


def only(report: Report) -> Tried:
    (tried,) = report.golden
    return tried


def test_a_golden_mail_without_an_expected_file_is_wrong_until_it_is_written(file: Path) -> None:
    report = golden(file, "山田さんからメッセージが届きました")
    assert only(report).wrong == ("no expected file beside it",)
    assert not report.is_right
    made = only(run(read_over(file), [file.parent / "bizseek"], generate=True))
    assert (made.generated, made.wrong) == (True, ())
    written = (file.parent / "bizseek" / "a.toml").read_text(encoding="utf-8")
    assert written == ('rule = "bizseek/message"\nevent = "message"\nactor = "client"\nclient = "山田"\n')
    assert run(read_over(file), [file.parent / "bizseek"]).is_right


def test_what_comes_out_otherwise_is_named(file: Path) -> None:
    report = golden(file, "山田さんからメッセージが届きました", 'event = "message"\nclient = "佐藤"\n')
    assert "client should be '佐藤', but is '山田'" in only(report).wrong
    assert not report.is_right


def test_a_mail_of_nobody_expects_an_empty_event(file: Path) -> None:
    place = file.parent / "bizseek" / "b.eml"
    place.write_bytes(mail("山田さんからメッセージが届きました", sender="x@example.org"))
    place.with_suffix(".toml").write_text('event = ""\n', encoding="utf-8")
    tried = only(run(read_over(file), [place]))
    assert (tried.fires, tried.wrong) == (None, ())


@pytest.mark.parametrize("expected", ["event = 1\n", 'evint = "message"\n', "refs = 3\n", "= broken"])
def test_an_expected_file_that_is_wrong_is_named_with_its_line(file: Path, expected: str) -> None:
    with pytest.raises(LocatedError, match=r"a\.toml:1:"):
        golden(file, "x", expected)


def test_a_mail_that_no_rule_takes_shows_what_nearly_would(file: Path) -> None:
    tried = only(golden(file, "山田さんからメッセージが来ました", 'event = "unrecognised"\n'))
    assert tried.fires is None
    (miss,) = tried.nearly
    assert (miss.rule, miss.failed.name) == ("bizseek/message", "subject")
    assert miss.failed.fits == "^(?P<client>.+)さんからメッセージが"


def test_a_sample_that_comes_out_otherwise_is_a_problem_with_its_line(file: Path) -> None:
    file.write_text(GOOD.replace('client = "山田"', 'client = "佐藤"'), encoding="utf-8")
    report = run(read_over(file))
    assert [(problem.line, problem.message) for problem in report.problems] == [
        (17, "sample: client should be '佐藤', but is '山田'")
    ]
