"""What is said, in both languages, and how much of a deal is told."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from config.model import Details
from config.texts.catalogue import LANGUAGES, Catalogue
from config.wording import MOST_LINES, Wording
from otosata.deals.vocabulary import Level
from otosata.notify.facts import BlindFact, DealFact, Fact, ManyFacts, Sense, WholeFact
from otosata.notify.kinds import Kind
from otosata.notify.message import Message
from otosata.notify.neutral import WORD_JOINER
from otosata.overview import AccountState
from tests.notify.world import after, deal, mailbox, overview, wrote

NOW = after(7)
BAD = deal(NOW, client="田中商店")
MINE = deal(NOW, wrote(6.9), number=2)
NEAR = replace(BAD, limit=after(7.5))


def up(kind: Kind, before: Level = Level.WARN, number: int = 0, reading: object = BAD) -> DealFact:
    return DealFact(reading, frozenset({kind}), before, number)  # type: ignore[arg-type]


SAID: list[tuple[Fact, str, str]] = [
    (up(Kind.LEVEL), "緊急: lancers-1 連絡なし 7日", "critical: lancers-1 silent, 7d"),
    (
        up(Kind.REMINDER, Level.CRITICAL, 2),
        "まだ緊急: lancers-1 連絡なし 7日（2回目の再通知）",
        "still critical: lancers-1 silent, 7d, second reminder",
    ),
    (
        up(Kind.LEVEL, reading=MINE),
        "lancers-2 は良好になりました（これまで警告） あなたの番",
        "lancers-2 is ok now (was warn) your turn",
    ),
    (up(Kind.TURN, Level.OK, reading=MINE), "あなたの番です: lancers-2", "your turn: lancers-2"),
    (
        up(Kind.LIMIT, Level.CRITICAL, reading=NEAR),
        "期限が近づいています: lancers-1 2026/6/9 00:00（あと 12時間）",
        "hard date near: lancers-1 2026-06-09 00:00 (12h left)",
    ),
    (
        BlindFact(Sense.ACCOUNT, "main", after(6), "no network"),
        "メールを読めません: main",
        "mail cannot be read: main",
    ),
    (
        BlindFact(Sense.ACCOUNT, "main", after(6), over=True),
        "メールをまた読めるようになりました: main",
        "mail can be read again: main",
    ),
    (
        BlindFact(Sense.ADAPTER, "lancers", after(6), number=4),
        "まだ: 知らない形の通知メールが続いています: lancers（4回目の再通知）",
        "still: notification mails of an unknown form keep coming: lancers, 4th reminder",
    ),
    (
        WholeFact(Kind.DIGEST, overview(NOW, BAD, MINE)),
        "今日のまとめ 2026/6/8: 緊急 1",
        "digest of 2026-06-08: critical 1",
    ),
    (
        WholeFact(Kind.START, overview(NOW, MINE)),
        "otosata の通知を始めます: 警告なし（1件）",
        "otosata will keep you posted: no alarm (1 deals)",
    ),
    (ManyFacts((up(Kind.LEVEL),) * 7), "7件の案件に動きがあります", "7 deals have moved"),
]


def said(fact: Fact, lang: str = "en", details: Details = Details.NONE) -> Message:
    return Wording(Catalogue.of(lang), ZoneInfo("Asia/Tokyo"), details).message(fact, "chat", NOW)


@pytest.mark.parametrize(("fact", "ja", "en"), SAID, ids=[en for _, _, en in SAID])
def test_each_fact_has_its_title_in_both_languages(fact: Fact, ja: str, en: str) -> None:
    assert said(fact, "ja").title == ja
    assert said(fact, "en").title == en
    assert all("\n" not in line for line in said(fact).lines)


@pytest.mark.parametrize(
    ("details", "named"), [("none", ""), ("client", "田中商店"), ("full", "田中商店 「商品紹介文」")]
)
def test_no_more_is_told_than_the_channel_may_have(details: str, named: str) -> None:
    known = replace(BAD, deal=replace(BAD.deal, title="商品紹介文", url="https://www.lancers.jp/work/detail/1"))
    message = said(up(Kind.LEVEL, reading=known), details=Details(details))
    assert message.lines[0] == (named or "lancers / the client's turn")
    assert bool(message.url) is (details != "none")
    whole = said(WholeFact(Kind.DIGEST, overview(NOW, known)), details=Details(details))
    assert whole.lines[0] == " ".join(part for part in ("critical lancers-1", named, "silent, 7d") if part)


@pytest.mark.parametrize("url", ["javascript:x", "https://evil.example/|<!channel>", "http://x.example", "https://a b"])
def test_a_link_that_could_be_read_as_anything_else_is_left_out(url: str) -> None:
    known = replace(BAD, deal=replace(BAD.deal, url=url))
    assert said(up(Kind.LEVEL, reading=known), details=Details.FULL).url == ""


def test_why_a_mailbox_cannot_be_read_may_name_it_and_is_told_in_full_detail_only() -> None:
    fact = BlindFact(Sense.ACCOUNT, "main", after(6), "imap.example.com refused the password of me@example.com")
    assert not any("me@example.com" in line for line in said(fact).lines)
    told = " ".join(said(fact, details=Details.FULL).lines).replace(WORD_JOINER, "")
    assert "me@example.com" in told


def test_a_link_in_a_title_cannot_be_clicked_in_any_service() -> None:
    known = replace(BAD, deal=replace(BAD.deal, title="詳細は https://evil.example/login へ"))
    (named, *_) = said(up(Kind.LEVEL, reading=known), details=Details.FULL).lines
    assert "https:" not in named
    assert "evil.example" not in named
    assert "https://evil.example/login" in named.replace(WORD_JOINER, "")


def test_a_digest_names_what_needs_a_look_and_what_makes_it_doubtful() -> None:
    stale = mailbox(NOW, state=AccountState.STALE)
    lines = said(WholeFact(Kind.DIGEST, overview(NOW, BAD, account=stale))).lines
    assert lines == ("unknown lancers-1 silent, 7d", "mail was not read for a while: main")
    many = [deal(NOW, number=number) for number in range(1, 31)]
    lines = said(WholeFact(Kind.DIGEST, overview(NOW, *many))).lines
    assert lines[-1] == f"and {30 - MOST_LINES} more"
    assert said(WholeFact(Kind.DIGEST, overview(NOW))).lines == ("nothing needs you",)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_spans_are_days_and_below_a_day_hours(lang: str) -> None:
    words = Wording(Catalogue.of(lang), ZoneInfo("Asia/Tokyo"))
    spans = [words.span(timedelta(hours=hours)) for hours in (0.5, 23.9, 24, 47.9, 168)]
    assert spans == {"ja": ["0時間", "23時間", "1日", "1日", "7日"], "en": ["0h", "23h", "1d", "1d", "7d"]}[lang]
