"""What becomes of a mail: whose it is, what it announces, and what no rule may ever claim."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.located import load_located
from adapters.recognise import TomlAdapter, is_from
from adapters.registry import load_adapters
from adapters.tables import layer_of
from otosata.adapter import Adapter
from otosata.deals.notice import IGNORED, Notice
from otosata.deals.vocabulary import KINDS, Actor, Evidence
from otosata.mail.model import Authentication, Forwarded, Mail, Verdict

ADAPTERS = {adapter.id: adapter for adapter in load_adapters()}
CROWDWORKS, LANCERS, COCONALA = (ADAPTERS[name] for name in ("crowdworks", "lancers", "coconala"))
SENDERS = {
    "crowdworks": "no-reply@crowdworks.jp",
    "lancers": "noreply@lancers.co.jp",
    "coconala": "no-reply@mail.coconala.com",
}


def mail(sender: str | None, subject: str, text: str = "", *links: str) -> Mail:
    return Mail(
        message_id="<1@example>",
        digest="0",
        subject=subject,
        sender=sender,
        sender_name="クラウドワークス",
        received=None,
        text=text,
        links=links,
        authentication=Authentication(Verdict.UNVERIFIED, "test"),
    )


def read(platform: str, subject: str, text: str = "", *links: str) -> Notice:
    notice = ADAPTERS[platform].recognise(mail(SENDERS[platform], subject, text, *links))
    assert notice is not None
    return notice


def test_an_adapter_of_a_file_is_what_the_core_asks_for() -> None:
    adapters: tuple[Adapter, ...] = tuple(ADAPTERS.values())
    assert [adapter.id for adapter in adapters][:3] == ["crowdworks", "lancers", "coconala"]


# ------------------------------------------------------------------------------------------------------- senders


@pytest.mark.parametrize(
    ("sender", "owned"),
    [
        ("no-reply@crowdworks.jp", True),
        ("NO-REPLY@CrowdWorks.jp", True),
        ("office@sf.crowdworks.jp", True),
        ("no-reply@magazine.crowdworks.jp", True),
        ("no-reply@notcrowdworks.jp", False),
        ("no-reply@crowdworks.jp.example.com", False),
        ("crowdworks.jp@example.com", False),
        ("", False),
    ],
)
def test_a_sender_is_the_platforms_by_address_or_domain(sender: str, owned: bool) -> None:
    assert CROWDWORKS.owns(sender) is owned


def test_a_listed_address_says_nothing_about_its_domain() -> None:
    assert is_from("a@b.example", ("a@b.example",))
    assert not is_from("c@b.example", ("a@b.example",))


@pytest.mark.parametrize("sender", [None, "someone@example.com", "noreply@lancers.jp"])
def test_mail_of_strangers_is_nobodys_whatever_it_says(sender: str | None) -> None:
    subject = "[ランサーズ] 田中 さんから 商品紹介文の作成 のコメントが届いています"
    assert all(adapter.recognise(mail(sender, subject)) is None for adapter in ADAPTERS.values())


def test_an_ignored_sender_is_noise_even_with_the_words_of_a_notice() -> None:
    subject = "【クラウドワークス】記事作成について相談がありました"
    notice = CROWDWORKS.recognise(mail("no-reply@magazine.crowdworks.jp", subject))
    assert notice is not None
    assert (notice.kind, notice.is_noise, notice.is_contact) == ("newsletter", True, False)


# ------------------------------------------------------------------------------------------------ what is unknown


@pytest.mark.parametrize(
    ("platform", "subject"),
    [
        ("crowdworks", "【クラウドワークス】ご契約に関するご案内"),
        ("crowdworks", "【クラウドワークス】大切なお知らせ"),
        ("lancers", "[ランサーズ] 何かのお知らせ"),
        ("coconala", "[ココナラ] おひねりをもらいました"),
        ("coconala", ""),
    ],
)
def test_trusted_mail_that_no_rule_knows_is_shown_and_no_contact(platform: str, subject: str) -> None:
    notice = read(platform, subject)
    assert (notice.kind, notice.rule, notice.actor) == ("unrecognised", None, Actor.PLATFORM)
    assert not notice.is_noise
    assert not notice.is_contact


def test_unknown_mail_still_names_the_deal_its_links_lead_to() -> None:
    link = "https://crowdworks.jp/contracts/777?from=mail"
    notice = read("crowdworks", "【クラウドワークス】大切なお知らせ", "", link)
    assert (notice.refs, notice.url) == ((("contract", "777"),), link)


def test_a_mail_with_links_to_several_jobs_names_none_of_them() -> None:
    links = ("https://crowdworks.jp/public/jobs/1", "https://crowdworks.jp/public/jobs/2")
    notice = read("crowdworks", "【クラウドワークス】大切なお知らせ", "", *links)
    assert (notice.refs, notice.url) == ((), None)


def test_the_link_to_a_thread_says_more_than_those_to_other_jobs() -> None:
    thread = "https://www.lancers.jp/work/proposals/5/suzuki"
    links = ("https://www.lancers.jp/work/detail/6", thread, "https://www.lancers.jp/work/detail/7")
    notice = read("lancers", "[ランサーズ] 田中 さんから 記事 のコメントが届いています", "", *links)
    assert (notice.refs, notice.url) == ((("work", "5"),), thread)


def test_the_link_to_another_room_is_not_the_one_to_open() -> None:
    subject = "[ココナラ] はなこさんからトークルームに連絡がありました (トークルームNo:77)"
    notice = read("coconala", subject, "", "https://coconala.com/talkrooms/88", "https://coconala.com/talkrooms/77")
    assert (notice.refs, notice.url) == ((("talkroom", "77"),), "https://coconala.com/talkrooms/77")
    assert read("coconala", subject, "", "https://coconala.com/talkrooms/88").url is None


def test_a_look_alike_link_names_nothing() -> None:
    links = ("https://crowdworks.jp.example.com/contracts/1", "https://example.com/crowdworks.jp/contracts/1")
    assert read("crowdworks", "【クラウドワークス】大切なお知らせ", "", *links).refs == ()


@pytest.mark.parametrize(
    ("platform", "url", "refs"),
    [
        ("crowdworks", "https://crowdworks.jp/contracts/12", (("contract", "12"),)),
        ("crowdworks", "https://crowdworks.jp/messages/12?ref=um_invitation", (("message", "12"),)),
        ("lancers", "https://www.lancers.jp/work/proposals/34/suzuki", (("work", "34"),)),
        ("lancers", "https://www.lancers.jp/work/proposal/56", (("proposal", "56"),)),
        ("coconala", " https://coconala.com/talkrooms/78 ", (("talkroom", "78"),)),
        ("coconala", "coconala.com/mypage/direct_message/9", (("dm", "9"),)),
        ("coconala", "https://coconala.com/mypage", ()),
        ("upwork", "https://www.upwork.com/ab/messages/rooms/x", ()),
        ("coconala", "", ()),
    ],
)
def test_a_link_pasted_by_hand_names_its_deal(platform: str, url: str, refs: tuple[tuple[str, str], ...]) -> None:
    assert ADAPTERS[platform].refs_in(url) == refs


# --------------------------------------------------------------------------------------------- names and numbers


@pytest.mark.parametrize(
    "number", [" (トークルームNo:1)", "（トークルームNo:1）", "（トークルームNo：1）", "(トークルームNo: 1)"]
)
def test_every_spelling_of_a_room_number_is_read(number: str) -> None:
    notice = read("coconala", f"[ココナラ] はなさんからトークルームに連絡がありました{number}")
    assert (notice.client, notice.refs, notice.evidence) == ("はな", (("talkroom", "1"),), Evidence.VERBATIM)


def test_the_room_number_of_the_subject_counts_before_those_in_the_text() -> None:
    text = "トークルームNo：2\nトークルームNo：3"
    notice = read("coconala", "[ココナラ] はなさんからトークルームに連絡がありました (トークルームNo:1)", text)
    assert notice.refs == (("talkroom", "1"),)


@pytest.mark.parametrize("name", ["田中", "さん太郎", "A [B] (C)", "★☆", "さんから さんから", "ﾀﾅｶ"])
def test_names_of_every_kind_are_read_from_a_comment(name: str) -> None:
    notice = read("lancers", f"[ランサーズ] {name} さんから 題名 のコメントが届いています")
    assert notice.kind == "message"
    assert notice.client.replace("タナカ", "ﾀﾅｶ") in {name, name.partition(" さんから")[0]}


@pytest.mark.parametrize(
    ("mine", "kind", "actor"),
    [
        ("鈴木 花", "message", Actor.ME),
        ("田中", "unrecognised", Actor.PLATFORM),
        (None, "unrecognised", Actor.PLATFORM),
    ],
)
def test_a_comment_under_my_name_is_mine_and_any_other_waits_for_me(mine: str | None, kind: str, actor: Actor) -> None:
    adapter = LANCERS.named(frozenset({mine})) if mine else LANCERS
    notice = adapter.recognise(mail(SENDERS["lancers"], "[ランサーズ] 鈴木 花 さんが 商品紹介文 にコメントしました"))
    assert notice is not None
    assert (notice.kind, notice.actor, notice.title) == (kind, actor, "商品紹介文")
    assert notice.is_contact is False


# ------------------------------------------------------------------------------------------------------ guesses


@pytest.mark.parametrize(
    "subject",
    [
        "契約率アップのご案内",
        "メッセージ機能リニューアルのお知らせ",
        "仮払いキャンペーンが開始されました",
        "メッセージを送信しました",
        "返信率アップ！メッセージの書き方をご紹介",
        "検収までの流れ",
        "キャンセルリクエストの仕様変更のお知らせ",
        "評価が届く!おすすめ案件10選",
        "山田様限定セミナーのご案内",
        "運営から新着メッセージが届きました",
        "差し戻しを減らすコツ",
        "契約書テンプレート配布中",
    ],
)
@pytest.mark.parametrize(
    ("platform", "prefix"),
    [("crowdworks", "【クラウドワークス】"), ("lancers", "[ランサーズ] "), ("coconala", "[ココナラ] ")],
)
def test_advertising_that_sounds_like_a_notice_is_no_contact(platform: str, prefix: str, subject: str) -> None:
    notice = read(platform, prefix + subject)
    assert not notice.is_contact
    assert notice.kind in {"unrecognised", "newsletter"}


def test_a_title_in_quotes_may_sound_like_advertising() -> None:
    notice = read("crowdworks", "【クラウドワークス】「おすすめ家電10選」の仮払いが完了しました")
    assert (notice.kind, notice.title, notice.evidence) == ("fund", "おすすめ家電10選", Evidence.INFERRED)


def test_bulk_mail_is_never_guessed_to_be_a_contact_but_known_words_are() -> None:
    guess = mail(SENDERS["crowdworks"], "【クラウドワークス】山田様から新着メッセージが届きました")
    known = mail(SENDERS["crowdworks"], "【クラウドワークス】記事作成について相談がありました")
    kinds = [found.kind for each in (guess, known) if (found := CROWDWORKS.recognise(replace(each, bulk=True)))]
    assert kinds == ["unrecognised", "offer"]


# ---------------------------------------------------------------------------------------------------- forwarded


def test_a_notice_forwarded_by_hand_is_understood_but_never_a_contact() -> None:
    subject = "[ココナラ] はなさんからトークルームに連絡がありました (トークルームNo:1)"
    carried = Forwarded("no-reply@mail.coconala.com", subject, "quoted block")
    notice = COCONALA.recognise(replace(mail("me@example.com", f"Fwd: {subject}"), forwarded=carried))
    assert notice is not None
    assert (notice.kind, notice.client, notice.refs) == ("message", "はな", (("talkroom", "1"),))
    assert (notice.evidence, bool(notice.doubt), notice.is_contact) == (Evidence.INFERRED, True, False)


def test_a_forwarded_mail_is_judged_by_what_it_forwards() -> None:
    carried = Forwarded("someone@example.com", "こんにちは", "quoted block")
    assert COCONALA.recognise(replace(mail("me@example.com", "[ココナラ] x"), forwarded=carried)) is None


def test_a_client_who_quotes_a_forwarded_mail_is_still_heard() -> None:
    subject = "[ココナラ] はなさんからトークルームに連絡がありました (トークルームNo:1)"
    carried = Forwarded("someone@example.com", "こんにちは", "quoted block")
    notice = COCONALA.recognise(replace(mail(SENDERS["coconala"], subject), forwarded=carried))
    assert notice is not None
    assert (notice.kind, notice.is_contact) == ("message", True)


# -------------------------------------------------------------------------------------------------------- bodies


def test_the_banner_of_a_crowdworks_mail_is_cut_off_before_its_text_is_shown() -> None:
    line = "=" * 60
    banner = (
        f"{line}\nこのメールはHTMLメールを自動変換して作成しております。\n転送するなどしてご覧ください。\n{line}\n\n"
    )
    assert CROWDWORKS.readable(f"{banner}はじめまして。\n{line}\n署名") == f"はじめまして。\n{line}\n署名"
    assert CROWDWORKS.readable("はじめまして。") == "はじめまして。"


def test_a_login_code_goes_nowhere() -> None:
    notice = read("lancers", "[ランサーズ] ログイン認証コード", "123456", "https://www.lancers.jp/work/detail/1")
    assert (notice.kind, notice.is_noise, notice.refs, notice.url) == ("account", True, (), None)
    assert "123456" not in repr(notice)


PIECES = st.sampled_from(
    [
        *(
            "【クラウドワークス】",
            "[ランサーズ] ",
            "[ココナラ]",
            "さんから",
            "様から",
            " のコメント",
            "が届いています",
            "が届きました",
        ),
        *(
            "「",
            "」",
            "について",
            "相談がありました",
            "メッセージ",
            "仮払い",
            "契約",
            "(トークルームNo:",
            "：",
            "）",
            "1",
        ),
        *("\x00", "\ud800", "𠮷", " ", "İ"),
    ]
)
SUBJECTS = st.lists(PIECES | st.text(max_size=5), max_size=12).map("".join)


@given(
    adapter=st.sampled_from(list(ADAPTERS.values())),
    subject=SUBJECTS,
    text=SUBJECTS,
    links=st.lists(st.text(max_size=20).map(lambda tail: f"https://crowdworks.jp/{tail}"), max_size=3),
)
def test_no_mail_makes_it_fail(adapter: TomlAdapter, subject: str, text: str, links: list[str]) -> None:
    sender = next(sender for sender in adapter.senders)
    notice = adapter.recognise(mail(f"x{sender}" if sender.startswith("@") else sender, subject, text, *links))
    assert notice is not None
    assert notice.kind in KINDS or notice.kind == IGNORED


# ------------------------------------------------------------------------------------------------ what a rule can ask

CAREFUL = """
[rules.mine]
subject = '^\\[ランサーズ\\] (?P<client>.+)さんからお便りです$'
body = ['^案件: (?P<title>.+)$', '返信']
bulk = false
guarded = true
event = "message"
actor = "client"
evidence = "user"
"""
LETTER = "返信をお待ちしています\n案件: 記事作成\n"


@pytest.mark.parametrize(
    ("subject", "text", "bulk", "kind"),
    [
        ("[ランサーズ] 田中さんからお便りです", LETTER, False, "message"),
        ("[ランサーズ] 田中さんからお便りです", "案件: 記事作成", False, "unrecognised"),
        ("[ランサーズ] 田中さんからお便りです", LETTER, True, "unrecognised"),
        ("[ランサーズ] 運営さんからお便りです", LETTER, False, "unrecognised"),
    ],
    ids=["all of it", "a part of the text missing", "bulk", "like advertising"],
)
def test_a_careful_rule_asks_for_all_it_names(subject: str, text: str, bulk: bool, kind: str) -> None:
    document = LANCERS.document.over(layer_of(load_located(CAREFUL)))
    found = LANCERS.reading(document).recognise(replace(mail(SENDERS["lancers"], subject, text), bulk=bulk))
    assert found is not None
    assert (found.kind, found.client, found.title) == (kind, *(("田中", "記事作成") if kind == "message" else ("", "")))


def test_a_rule_taken_out_of_a_document_is_tried_no_more() -> None:
    over = LANCERS.document.over(layer_of(load_located(CAREFUL)))
    without = LANCERS.reading(over.without(("rules", "mine")))
    assert [rule.id for rule in without.recogniser.rules] == [rule.id for rule in LANCERS.recogniser.rules]
