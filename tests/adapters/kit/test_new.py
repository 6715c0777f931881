"""A platform made of a few mails: how many questions it takes, and what it then knows."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from adapters.kit.golden import read_bytes, read_mail
from adapters.kit.lint import overlaps, unanchored
from adapters.kit.new import Made, Question, make
from adapters.located import load_located
from adapters.registry import load_adapters
from adapters.samples import check_samples
from adapters.teaching.propose import TeachError
from otosata.mail.model import Mail
from tests.adapters.kit.test_schema import WHOLE, plain
from tests.cli.mailbox import mail

MAILS = [read_mail(file) for file in sorted((Path(__file__).parents[3] / "examples" / "mails").glob("*.eml"))]
KNOWN = load_adapters()
TODAY = date(2026, 11, 27)
SENDER = "no-reply@mail.shirasagi.co.jp"


def made(mails: list[Mail], answers: Mapping[tuple[str, int], str] | None = None) -> Made:
    """Made with these answers, else with what is proposed."""

    def ask(question: Question) -> str:
        return (answers or {}).get((question.what, question.mail), "")

    return make(mails, KNOWN, ask, TODAY)


def one(subject: str, body: str = "") -> Mail:
    return read_bytes(mail(subject, body, sender=SENDER))


def test_three_mails_take_fewer_than_ten_questions_and_are_then_known() -> None:
    result = made(MAILS)
    assert result.questions < 10
    read = [result.adapter.recognise(each) for each in MAILS]
    assert [(notice.kind, notice.client, notice.title) for notice in read if notice] == [
        ("offer", "山田 花子", "挿絵"),
        ("contract", "", "挿絵"),
        ("message", "山田 花子", ""),
    ]
    assert {notice.refs for notice in read if notice} == {(("job", "4567"),)}


def test_the_file_is_right_by_every_means_of_the_kit() -> None:
    result = made(MAILS)
    assert check_samples(result.adapter) == ()
    assert unanchored(result.adapter) == ()
    assert [pair for pair in overlaps(result.adapter) if not pair.same] == []
    jsonschema.validate(plain(load_located(result.text).data), WHOLE)


def test_other_clients_and_titles_are_known_too() -> None:
    result = made([one("[シラサギ] 山田さんから「挿絵」のメッセージが届きました")])
    notice = result.adapter.recognise(one("[シラサギ] 佐藤さんから「表紙」のメッセージが届きました"))
    assert notice is not None
    assert (notice.client, notice.title) == ("佐藤", "表紙")
    other = result.adapter.recognise(one("[シラサギ] 佐藤さんから「表紙」の評価が届きました"))
    assert other is not None
    assert other.kind == "unrecognised"


def test_answers_lie_over_what_is_proposed() -> None:
    answers = {("id", -1): "sagi", ("name", -1): "白鷺", ("event", 0): "message:me", ("fields", 0): "- / 挿絵"}
    result = made([one("[シラサギ] 山田さんから「挿絵」のメッセージが届きました")], answers)
    assert (result.id, result.adapter.platform.name.ja) == ("sagi", "白鷺")
    notice = result.adapter.recognise(one("[シラサギ] 山田さんから「表紙」のメッセージが届きました"))
    assert notice is not None
    assert (notice.kind, notice.actor, notice.client, notice.title) == ("message", "me", "", "表紙")


def test_mails_of_one_template_are_asked_about_once() -> None:
    subjects = [f"[シラサギ] {name}さんから「{title}」のメッセージが届きました" for name, title in ("山a", "川b")]
    result = made([one(subject) for subject in subjects])
    assert result.questions == 4
    assert [rule.id for rule in result.adapter.recogniser.rules] == ["message"]


def test_noise_has_no_fields_to_ask_for() -> None:
    result = made([one("[シラサギ] 今週の新着案件のお知らせ")], {("event", 0): "newsletter"})
    assert result.questions == 3


def test_the_platform_is_known_by_its_domain_with_two_endings() -> None:
    text = "https://www.shirasagi.co.jp/rooms/12 https://example.org/rooms/99"
    result = made([one("[シラサギ] 山田さんから「挿絵」のメッセージが届きました", text)])
    assert result.id == "shirasagi"
    assert result.adapter.refs_in("https://shirasagi.co.jp/rooms/345?x") == (("talkroom", "345"),)
    assert result.adapter.refs_in("https://example.org/rooms/99") == ()


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({("id", -1): "lancers"}, "there is a platform 'lancers' already"),
        ({("id", -1): "Ä"}, "is no id"),
        ({("event", 0): "mesage"}, "is no event"),
        ({("event", 0): "contract:me"}, "is never done by 'me'"),
    ],
)
def test_an_answer_that_is_off_is_said(answers: Mapping[tuple[str, int], str], said: str) -> None:
    with pytest.raises(TeachError, match=said):
        made([one("[シラサギ] 山田さんから「挿絵」のメッセージが届きました")], answers)


def test_a_mail_without_a_sender_makes_no_platform() -> None:
    with pytest.raises(TeachError, match="sender"):
        made([read_bytes(b"Subject: x\n\n")])
