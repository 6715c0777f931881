"""Teaching: which words of a mail are what, the rule that is made of them, groups of mails, guesses."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.recognise import TomlAdapter
from adapters.registry import load_adapters
from adapters.samples import check_samples
from adapters.teaching.build import Meaning, build
from adapters.teaching.clusters import Unknown, cluster, compared
from adapters.teaching.guess import Guesser, examples_of
from adapters.teaching.propose import Part, TeachError, Wish, read_mails
from adapters.teaching.words import NOBODY, Known
from otosata.deals.vocabulary import KINDS, Actor, Role
from otosata.mail.model import Authentication, Mail, Verdict

ADAPTERS = {adapter.id: adapter for adapter in load_adapters()}
LANCERS = ADAPTERS["lancers"]
MESSAGE = Meaning("message", Actor.CLIENT)
KNOWN = Known.of([("lancers-1", "青空デザイン", "商品紹介文の作成"), ("lancers-2", "", "LP制作")], ["鈴木 花"])


def mail(subject: str, text: str = "", *, bulk: bool = False) -> Mail:
    """A verified mail of Lancers."""
    links = tuple(word for word in text.split() if word.startswith("https://"))
    verified = Authentication(Verdict.VERIFIED, "test")
    return Mail("<1@x>", "0", subject, "noreply@lancers.co.jp", "", None, text, links, verified, bulk)


def parts(*mails: Mail, known: Known = NOBODY, wish: Wish | None = None) -> list[dict[str, str]]:
    """The fields of each mail."""
    found = read_mails(mails, [one.text for one in mails], known, wish or Wish())
    return [{part.name: part.text for part in one.parts} for one in found]


def taught(*mails: Mail, known: Known = NOBODY, wish: Wish | None = None, phrase: str = "") -> TomlAdapter:
    """Lancers, after a message of the client's was taught from these mails."""
    readings = read_mails(mails, [one.text for one in mails], known, wish or Wish())
    draft = build(LANCERS, readings, MESSAGE, phrase=phrase)
    return LANCERS.reading(LANCERS.document.over(draft.layer))


def said(adapter: TomlAdapter, subject: str, text: str = "", *, bulk: bool = False) -> tuple[str, str, str]:
    """Event, client and title of a mail."""
    found = adapter.recognise(mail(subject, text, bulk=bulk))
    assert found is not None
    return found.kind, found.client, found.title


# ---------------------------------------------------------------------------------------------- which words are what


@pytest.mark.parametrize(
    ("subject", "fields"),
    [
        ("[ランサーズ] 田中 さんからお便りです", {"client": "田中"}),
        ("[ランサーズ] 田中　花子様より『LP制作』のお便りです", {"client": "田中 花子", "title": "LP制作"}),
        ("[ランサーズ] 新着メッセージが田中さんから届きました", {"client": "田中"}),
        ("[ランサーズ] 青空デザイン 商品紹介文の作成 お便り", {"client": "青空デザイン", "title": "商品紹介文の作成"}),
        ("[ランサーズ] 「別の件」の連絡: LP制作", {"title": "LP制作"}),
        ("[ランサーズ] 鈴木 花 さんが LP制作 を納めました", {"me": "鈴木 花", "title": "LP制作"}),
        ("[ランサーズ] お便りが3件あります", {}),
        ("You have a note from Dana Smith", {"client": "Dana Smith"}),
    ],
)
def test_names_are_told_by_deals_brackets_and_what_stands_behind_them(subject: str, fields: dict[str, str]) -> None:
    assert parts(mail(subject), known=KNOWN) == [fields]


def test_of_known_names_that_begin_alike_the_longest_is_meant() -> None:
    known = Known.of([("a", "青空", ""), ("b", "青空デザイン", "青空の絵")])
    found = [(slot.start, slot.end, slot.deal) for slot in known.slots("青空と青空デザインと青空の絵、青空")]
    assert found == [(0, 2, "a"), (3, 9, "b"), (10, 14, "b"), (15, 17, "a")]


def test_a_name_says_of_which_deal_it_is() -> None:
    (reading,) = read_mails([mail("[ランサーズ] LP制作 のお便り")], [""], KNOWN)
    assert reading.parts == (Part("title", "LP制作", True, 8, "known", "lancers-2"),)


def test_where_mails_of_one_template_differ_stands_a_title() -> None:
    found = parts(mail("[ランサーズ] 記事作成 のお便りがあります"), mail("[ランサーズ] ロゴ のお便りがあります"))
    assert found == [{"title": "記事作成"}, {"title": "ロゴ"}]


@pytest.mark.parametrize(
    ("fields", "result"),
    [
        ({"client": "田中"}, {"client": "田中", "title": "新着"}),
        ({"title": ""}, {"client": "田中 太郎"}),
        ({"client": "", "title": "記事作成"}, {"title": "記事作成"}),
        ({"job": "77"}, {"client": "田中 太郎", "title": "新着", "job": "77"}),
    ],
)
def test_the_users_word_lies_over_the_proposal(fields: dict[str, str], result: dict[str, str]) -> None:
    one = mail("[ランサーズ] 田中 太郎さんから「新着」のお便り", "案件: 記事作成\n番号: 77")
    assert parts(one, wish=Wish(fields)) == [result]


def test_words_that_are_nowhere_are_an_error() -> None:
    with pytest.raises(TeachError, match="佐藤"):
        parts(mail("[ランサーズ] 田中さんからお便り"), wish=Wish({"client": "佐藤"}))


# ------------------------------------------------------------------------------------------------------- the rule


def test_a_rule_knows_the_next_mail_of_the_template_and_no_other() -> None:
    adapter = taught(mail("[ランサーズ] 田中 さんから「記事作成」のお便りが3通あります"))
    assert said(adapter, "[ランサーズ] 佐藤 健さんから「ロゴ」のお便りが12通あります") == ("message", "佐藤 健", "ロゴ")
    for other in (
        "[ランサーズ] 佐藤さんから「ロゴ」のお便りが12通ありました",
        "[ランサーズ] 運営さんから「ロゴ」のお便りが1通あります",
        "佐藤さんから「ロゴ」のお便りが12通あります",
        "Re: [ランサーズ] 佐藤さんから「ロゴ」のお便りが12通あります",
    ):
        assert said(adapter, other)[0] == "unrecognised", other
    assert said(adapter, "[ランサーズ] 佐藤さんから「ロゴ」のお便りが1通あります", bulk=True)[0] == "unrecognised"


def test_a_name_taken_from_the_text_is_read_there_in_the_next_mail() -> None:
    text = "いつもありがとうございます。\n依頼者: {}\n■ 案件\n{}\n本文"
    one = mail("[ランサーズ] 大切なお便りが届きました", text.format("田中", "記事作成"))
    adapter = taught(one, wish=Wish({"client": "田中", "title": "記事作成"}))
    found = said(adapter, "[ランサーズ] 大切なお便りが届きました", text.format("佐藤 健", "ロゴ"))
    assert found == ("message", "佐藤 健", "ロゴ")


def test_a_phrase_parts_two_mails_with_one_subject() -> None:
    adapter = taught(mail("[ランサーズ] お便りがあります", "田中です。\n返事が届きました。"), phrase="返事が届きました")
    assert said(adapter, "[ランサーズ] お便りがあります", "返事が届きました。")[0] == "message"
    assert said(adapter, "[ランサーズ] お便りがあります", "アンケートのお願い")[0] == "unrecognised"


def test_a_rule_of_names_alone_is_refused() -> None:
    with pytest.raises(TeachError, match="too little"):
        taught(mail("[ランサーズ] 田中 さん"))


def test_where_all_differs_no_rule_is_made() -> None:
    with pytest.raises(TeachError, match=r"too little|no template"):
        taught(mail("[ランサーズ] あああ"), mail("[ランサーズ] 佐藤さんの件"), wish=Wish({"title": "", "client": ""}))


def test_no_more_of_a_text_is_kept_than_its_rule_needs() -> None:
    one = mail("[ランサーズ] お便りがあります", "秘密の話\n依頼者: 田中\nほかの秘密\n返事が届きました。\n終わり")
    readings = read_mails([one], [one.text], NOBODY, Wish({"client": "田中"}))
    draft = build(LANCERS, readings, MESSAGE, phrase="返事が届きました")
    assert draft.table["samples"][0]["body"] == "依頼者: 田中\n返事が届きました。"
    adapter = LANCERS.reading(LANCERS.document.over(draft.layer))
    assert [problem for problem in check_samples(adapter) if problem.file == "<taught>"] == []


def test_what_sounds_like_advertising_is_known_by_its_very_words() -> None:
    adapter = taught(mail("[ランサーズ] 運営サポート社 さんから返事のお便りです"))
    assert said(adapter, "[ランサーズ] 運営サポート社 さんから返事のお便りです")[:2] == ("message", "運営サポート社")
    assert said(adapter, "[ランサーズ] 運営さんから返事のお便りです")[0] == "unrecognised"


def test_a_rule_of_several_mails_covers_each_and_those_between() -> None:
    adapter = taught(*(mail(f"[ランサーズ] {title} のお便りが届いています") for title in ("記事", "ロゴ制作", "LP")))
    assert said(adapter, "[ランサーズ] 相談の件 のお便りが届いています") == ("message", "", "相談の件")


NAMES = (
    "[ランサーズ] ",
    "【継続】",
    "お便り",
    "メッセージ",
    "届いています",
    "田中",
    "鈴木 花",
    "商品紹介文の作成",
    "Dana",
    "a" * 90,
)
SIGNS = (
    "さんから",
    "様より",
    "「",
    "」",
    "『LP』",
    "(",
    ")*",
    "+",
    "\\",
    "{1,}",
    "^$",
    "の",
    "が",
    " ",
    "\t",
    "１２",
    "3",
    "①",
    "㈱",
    "ﾊﾟ",
)
WORDS = st.sampled_from((*NAMES, *SIGNS))
HOSTILE = st.lists(WORDS | st.text(max_size=6), max_size=14).map("".join)
CAPTURE = re.compile(
    r"\(\?P<\w+>(?:(?:\.|\[[^\]]*\])\{[01],\d+\}\??|\\d\{1,\d+\}\+|(?:\\.|[^\\()])*)\)|\.\{0,\d+\}\?|\\d\{1,\d+\}\+| \?"
)
"""What a rule may hold beside literal letters: bounded captures."""


@settings(max_examples=300, deadline=None)
@given(subject=HOSTILE, text=HOSTILE, client=st.none() | HOSTILE)
@example(subject="[ランサーズ] " + "さんから" * 120, text="", client=None)
@example(subject="「" * 250 + "」" * 250, text="", client=None)
def test_a_rule_knows_the_mail_it_was_made_of_whatever_stands_there(
    subject: str, text: str, client: str | None
) -> None:
    one = mail(subject, text)
    wish = Wish({} if client is None else {"client": client})
    try:
        readings = read_mails([one], [text], KNOWN, wish)
        draft = build(LANCERS, readings, MESSAGE)
    except TeachError:
        return
    mine = LANCERS.named(frozenset({"鈴木 花"}))
    found = mine.reading(LANCERS.document.over(draft.layer)).recognise(one)
    assert found is not None
    assert (found.rule, found.kind) == ("lancers/taught-1", "message")
    for pattern in (draft.table["subject"], *draft.table.get("body", ())):
        rest = re.sub(r"\\.", "", CAPTURE.sub("", pattern.removeprefix("^").removesuffix("$")))
        assert not set("*+?{}()[]|.") & set(rest), pattern
        assert len(re.findall(r"\.\{|\]\{1,\d+\}\??\) \?", pattern)) <= 2, pattern


# --------------------------------------------------------------------------------------------------------- groups

TEMPLATES = (
    "[ランサーズ] {client} さんから {title} のお便りが届いています",
    "[ランサーズ] {title} の仮払いが完了しました",
    "[ランサーズ] {title} の支払いが確定しました",
    "[ランサーズ] 「{title}」の契約が成立しました",
    "[ランサーズ] {client}様から見積り相談が届きました（No:{number}）",
    "[ランサーズ] お便りが届いています",
    "[ランサーズ] メッセージが届いています",
    "Note from {latin} about your work",
)


def test_ten_thousand_mails_fall_into_their_templates() -> None:
    mails, titles, clients = (
        [],
        ("記事作成", "ロゴ", "【急募】相談記事の執筆", "LP制作 100件"),
        ("田中", "佐藤 健", "さんかく堂"),
    )
    for number in range(10_000):
        words = {"client": clients[number % 3], "title": titles[number % 4], "number": number, "latin": "Dana Smith"}
        mails.append(Unknown(number, "lancers", TEMPLATES[number % len(TEMPLATES)].format(**words)))
    groups = cluster(mails, {})
    assert sorted(len({mail % len(TEMPLATES) for mail in group.mails}) for group in groups) == [1] * len(TEMPLATES)
    assert sum(len(group.mails) for group in groups) == 10_000


def test_news_with_the_same_ending_is_no_template() -> None:
    subjects = [
        "メッセージ機能リニューアルのお知らせ",
        "システムメンテナンスのお知らせ",
        "【承諾】が選択されました",
        "【差し戻し】が選択されました",
    ]
    groups = cluster([Unknown(n, "lancers", f"[ランサーズ] {subject}") for n, subject in enumerate(subjects)], {})
    assert [len(group.mails) for group in groups] == [1, 1, 1, 1]


@given(st.lists(HOSTILE, max_size=8))
def test_every_mail_is_in_one_group(subjects: list[str]) -> None:
    groups = cluster(
        [Unknown(number, "lancers", subject) for number, subject in enumerate(subjects)], {"lancers": KNOWN}
    )
    assert sorted(mail for group in groups for mail in group.mails) == list(range(len(subjects)))


# --------------------------------------------------------------------------------------------------------- guesses


def test_a_guess_is_what_the_most_similar_sample_says() -> None:
    found = Guesser.of(ADAPTERS.values()).guess("[ココナラ] 「ロゴ」の検収を完了しました")
    assert found is not None
    assert (found.event, found.actor, found.rule) == ("accept", Actor.CLIENT, "crowdworks/accept")
    assert found.is_deals


@pytest.mark.parametrize(
    "subject", ["システムメンテナンスのお知らせ", "利用規約改定のお知らせ", "見たことのない知らせ", "", "「" * 500]
)
def test_nothing_is_guessed_where_no_sample_is_similar(subject: str) -> None:
    assert Guesser.of(ADAPTERS.values()).guess(f"[ランサーズ] {subject}") is None


def test_guesses_about_samples_are_mostly_right_without_looking_at_the_sample_itself() -> None:
    examples = [example for adapter in ADAPTERS.values() for example in examples_of(adapter)]
    right = wrong = 0
    for place, one in enumerate(examples):
        found = Guesser([*examples[:place], *examples[place + 1 :]]).guess(one.subject)
        if found and one.event in KINDS and KINDS[one.event].role is not Role.NOISE:
            right += (found.event, found.actor) == (one.event, one.actor)
            wrong += (found.event, found.actor) != (one.event, one.actor)
    assert right > 4 * wrong


def test_a_subject_is_compared_as_rules_see_it() -> None:
    assert compared("［ランサーズ］　①\n２") == "[ランサーズ] 1 2"
