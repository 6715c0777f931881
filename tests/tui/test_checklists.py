"""The checklist of a step on the screen: each state by its shape, what there is beside it, and the rule."""

import pytest

from adapters.registry import load_adapters
from config.calendar import business_calendar
from config.model import CalendarSettings
from otosata.deals.event import Deal, Event, Ledger
from otosata.deals.reading import Rules, read
from otosata.why import explain
from tests.screens.world import NOW, hand, mail, words
from tests.tui.test_facts import said
from tui.checklists import checklists

LANCERS = next(adapter.platform for adapter in load_adapters() if adapter.id == "lancers")
RULES = Rules(LANCERS, business_calendar(CalendarSettings(), NOW))


def shown(*events: Event, lang: str = "ja", blind: bool = False) -> str:
    ledger = Ledger(Deal("lancers-1", "lancers", "佐藤"), events)
    reading = read(ledger, RULES, NOW)
    why = explain(reading.blinded() if blind else reading, lambda _: None, RULES)
    return said(checklists(why, words(lang)))


LATE = (mail(12, "contract"), mail(11, "fund"), mail(10, "message"), hand(1.5, "message"))


@pytest.mark.parametrize(
    "sentence",
    [
        "連絡催促申請  まだ",
        "✓ 相手の沈黙が 7日以上  いま 10日  LA-01",
        "✗ 返事のない連絡が 3通以上  まだ  いま 1通  LA-03",
        "✗ 待ちが 3日以上  まだ  いま 1日  11/21(土) 21:00 に満たす  LA-03",
        "? 仕上がった仕事は先に完了報告  不明  LA-12",
        "✓ 計画変更の承認待ち・連絡催促申請済み ではない  LA-01",
        "? 固定報酬のプロジェクトか直接依頼  不明  サービスの画面で確かめる  LA-01",
    ],
)
def test_each_condition_has_its_state_its_value_and_its_rule(sentence: str) -> None:
    assert sentence in shown(*LATE)


def test_what_is_open_says_so() -> None:
    asked = (*LATE[:3], hand(9, "message"), hand(7, "message"), hand(5, "message"))
    assert "連絡催促申請  できます" in shown(*asked)
    assert "Filing a reminder (連絡催促申請)  open to you" in shown(*asked, lang="en")


def test_while_mail_cannot_be_read_nothing_is_said_to_be_met() -> None:
    assert "✓" not in shown(*LATE, blind=True)
    assert "✗" not in shown(*LATE, blind=True)


def test_a_plan_change_is_named_as_what_stands_in_the_way() -> None:
    text = shown(*LATE, hand(1, "plan_change_request"))
    assert "✗ 計画変更の承認待ち・連絡催促申請済み ではない" in text


def test_a_stage_without_steps_has_no_list() -> None:
    assert shown(hand(3, "apply")) == ""
