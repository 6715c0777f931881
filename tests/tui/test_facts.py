"""The detail says what there is to do, where the deal stands, what has happened, and why."""

from dataclasses import replace
from datetime import date

import pytest

from otosata.deals.event import Event, Ledger, Mark, MarkKind
from otosata.deals.reading import Reading, read
from otosata.deals.vocabulary import Actor, Evidence
from otosata.mail.model import Verdict
from otosata.store.values import Origin
from otosata.why import Why, explain
from tests.screens.world import NOW, FixedDesk, ago, deal, hand, mail, origin, troubled, words
from tui import facts, reasons
from tui.prose import Line

DESK = FixedDesk()


def said(lines: tuple[Line, ...]) -> str:
    return "\n".join("".join(piece.text for piece in line.pieces) for line in lines)


def reading(number: int, desk: FixedDesk = DESK) -> Reading:
    return next(found for found in desk.overview().readings if found.deal.id == f"lancers-{number}")


def ledger(*events: Event, marks: tuple[Mark, ...] = ()) -> Ledger:
    return deal(1, "佐藤", "ロゴ", *events, marks=marks)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (1, "▸ 「連絡催促申請」ができます"),
        (1, "LAN_FILE  LA-01  公式  確認 2026-11-01"),
        (1, "https://example.com/help/42"),
        (2, "仮払いが確認できません。作業は始めない"),
        (3, "MY_TURN  otosata の目安"),
        (6, "連絡期限 11/24(火) 04:12。過ぎると支払い確定"),
        (7, "いまは何もしなくて大丈夫です"),
    ],
)
def test_each_advice_names_the_rule_behind_it(number: int, sentence: str) -> None:
    assert sentence in said(facts.advice(reading(number), words()))


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (1, "レベル      ◉ 緊急"),
        (1, "沈黙        11日 4時間  最後のメッセージ 11/9(月) 04:12"),
        (1, "待ち        10日 12時間  11/9(月) 21:00 から"),
        (1, "返信待ち    3通"),
        (1, "取引の期限  2027/10/31(日)  あと345日"),
        (4, "次の変化    警告  11/21(土) 18:36"),
        (6, "期限        11/24(火) 04:12  あと3日  過ぎると: 報告済みなら支払い確定"),
        (8, "緊急  11/24(火) 09:00まで休止"),
        (9, "段階        完了"),
    ],
)
def test_both_clocks_and_the_hard_dates_are_said(number: int, sentence: str) -> None:
    assert sentence in said(facts.facts(reading(number), words()))


def test_an_unknown_deal_says_what_it_was_when_it_was_last_known() -> None:
    assert "? 不明  最後に分かったときは 緊急" in said(facts.facts(reading(1, troubled()), words()))


def test_the_user_s_own_word_shows() -> None:
    acknowledged = ledger(mail(9, "contract"), marks=(Mark(ago(1), MarkKind.ACK, reason="電話した", key="hand:4"),))
    closed = ledger(mail(9, "contract"), marks=(Mark(ago(1), MarkKind.CLOSE, key="hand:5"),))
    assert "確認済み" in said(facts.facts(read(acknowledged, DESK.rules, NOW), words()))
    assert "終了（手動）" in said(facts.facts(read(closed, DESK.rules, NOW), words()))
    assert "自分  確認済みにした 電話した  手入力4" in said(facts.timeline(acknowledged, words(), NOW))


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (mail(1, "message"), "11/19(木) 09:00  相手  メッセージ  メール1"),
        (mail(1, "message", evidence=Evidence.INFERRED), "メッセージ (推定)  メール1"),
        (mail(1, "fund", date(2026, 12, 1)), "仮払い 12/1(火)  メール1"),
        (hand(1, "message", note="3通目"), "自分  メッセージ 3通目  手入力3"),
        (replace(hand(1, "draft"), finished=True), "作業の提示（納品前） （作業は完了）"),
        (replace(hand(1, "submit_task"), application_deadline=date(2026, 12, 1)), "タスク提出 応募期限 12/1"),
        (Event(ago(1), "office_notice", Actor.PLATFORM, key="mail:8"), "運営  運営からのお知らせ  メール8"),
    ],
)
def test_the_timeline_says_when_who_what_and_from_where(event: Event, sentence: str) -> None:
    assert sentence in said(facts.timeline(ledger(event), words(), NOW))


def test_the_timeline_begins_with_the_newest_and_tells_nothing_of_the_future() -> None:
    story = ledger(mail(3, "contract"), mail(1, "message"), hand(-1, "message"))
    lines = said(facts.timeline(story, words(), NOW)).splitlines()
    assert [line[:11] for line in lines[1:]] == ["11/19(木) 09", "11/17(火) 09"]
    assert "まだ何も起きていません" in said(facts.timeline(ledger(), words(), NOW))


def explained(story: Ledger, verdict: Verdict = Verdict.VERIFIED) -> str:
    def found(key: str) -> Origin | None:
        known = origin(key)
        return replace(known, mail=replace(known.mail, verdict=verdict)) if known and known.mail else known

    why: Why = explain(read(story, DESK.rules, NOW), found, DESK.rules)
    return said(reasons.why(why, words()))


def test_why_names_the_threshold_the_mails_and_the_hand_entries() -> None:
    text = explained(DESK.deals[0])
    assert "緊急  沈黙が 7日以上  11/16(月) 04:12 から  LA-01" in text
    assert "最後の連絡・沈黙  11/9(月) 04:12  相手  メッセージ" in text
    assert "【ランサーズ】メッセージが届きました  noreply@example.com" in text
    assert "lancers/message  文面が一致  送信元は本物" in text
    assert "待ち・番  11/9(月) 21:00  自分  メッセージ\n  手で入力" in text


def test_why_does_not_hide_a_doubt() -> None:
    guessed = replace(mail(1, "message"), evidence=Evidence.INFERRED, linked_by_guess=True)
    assert "推定  送信元は未確認  案件は名前から推定" in explained(ledger(guessed), Verdict.UNVERIFIED)
