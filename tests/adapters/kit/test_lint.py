"""What is said of rules that begin anywhere, or that fit the same mails."""

from pathlib import Path

import pytest

from adapters.kit.examples import examples
from adapters.kit.lint import overlaps, unanchored
from adapters.recognise import TomlAdapter
from adapters.registry import load_adapters, read_over
from tests.adapters.test_reader import GOOD

ADAPTERS = load_adapters()
SECOND = """
[rules.second]
{what}
event = "{event}"
evidence = "user"
"""


def adapter_of(tmp_path: Path, text: str) -> TomlAdapter:
    path = tmp_path / "bizseek.toml"
    path.write_text(text, encoding="utf-8")
    return read_over(path)


def test_a_pattern_that_begins_or_ends_anywhere_is_named_with_its_line(tmp_path: Path) -> None:
    adapter = adapter_of(tmp_path, GOOD.replace("'^(?P<client>.+)さんから", "'(?P<client>.+)さんから"))
    (problem,) = unanchored(adapter)
    assert (problem.line, problem.message) == (10, "[rules.message] fits anywhere in a subject")
    assert unanchored(adapter_of(tmp_path, GOOD)) == ()


def test_a_fragment_is_meant_to_fit_anywhere(tmp_path: Path) -> None:
    text = GOOD.replace("'^(?P<client>.+)さんから", "'さんから").replace('evidence = "user"', 'evidence = "fragment"')
    assert unanchored(adapter_of(tmp_path, text)) == ()


@pytest.mark.parametrize(
    ("what", "event", "found"),
    [
        ("contains = ['メッセージが届きました']", "contract", [("message", "second", False)]),
        ("contains = ['検収されました']", "accept", []),
        (
            "subject = '^(?:お|山)田さんから(?:文|メッセージ)が届きました$'",
            "contract",
            [("message", "second", False)],
        ),
        ("contains = ['メッセージ']\nfrom = ['other@bizseek.example']", "contract", []),
    ],
)
def test_two_rules_that_fit_the_same_are_shown(
    tmp_path: Path, what: str, event: str, found: list[tuple[str, str, bool]]
) -> None:
    adapter = adapter_of(tmp_path, GOOD + SECOND.format(what=what, event=event))
    assert [(pair.first, pair.second, pair.same) for pair in overlaps(adapter)] == found


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.id)
def test_a_subject_made_from_a_pattern_fits_it(adapter: TomlAdapter) -> None:
    for rule in adapter.recogniser.rules:
        for subject in examples(rule):
            assert rule.subject is None or rule.subject.search(subject)
            assert all(fragment in subject for fragment in rule.contains)
