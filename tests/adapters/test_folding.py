"""What is compared is normalised; what is shown stands as the client wrote it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.folding import Folded, normalise
from adapters.registry import load_adapters
from otosata.mail.model import Authentication, Mail, Verdict


def shown(text: str, part: str) -> str:
    """The words of the text that `part` of its compared form stands for."""
    folded = Folded(text)
    start = folded.text.index(part)
    return folded.words(start, start + len(part))


@pytest.mark.parametrize(
    ("text", "part", "words"),
    [
        ("【急募】ＬＰ制作①（継続）について", "LP制作1(継続)", "ＬＰ制作①（継続）"),
        ("件名： ﾃﾞｻﾞｲﾝ　第２弾！", "デザイン 第2弾!", "ﾃﾞｻﾞｲﾝ　第２弾！"),
        ("㈱山田　様から", "(株)山田", "㈱山田"),
        ("㍿ の件", "株式会社", "㍿"),
        ("か\u3099くせい さん", "がくせい", "か\u3099くせい"),
        ("山田🎨デザイン さん", "山田🎨デザイン", "山田🎨デザイン"),
        ("一行目\nお仕事： ＬＰ\n三行目", "LP", "ＬＰ"),
        ("plain words", "plain", "plain"),
    ],
)
def test_a_part_is_read_back_as_it_was_written(text: str, part: str, words: str) -> None:
    assert shown(text, part) == words


def test_nothing_is_read_back_as_nothing() -> None:
    assert Folded("ＡＢ").words(1, 1) == ""


@given(st.text(max_size=40), st.data())
def test_whatever_is_read_back_folds_to_what_was_found(line: str, data: st.DataObject) -> None:
    folded = Folded(line.replace("\n", " "))
    start = data.draw(st.integers(0, len(folded.text)))
    end = data.draw(st.integers(start, len(folded.text)))
    assert normalise(folded.text[start:end]) in normalise(folded.words(start, end))


@given(st.text(max_size=40))
def test_a_whole_line_is_read_back_whole(line: str) -> None:
    folded = Folded(line.replace("\n", " "))
    words = folded.words(0, len(folded.text))
    assert words in {folded.original.strip(), folded.text}


@pytest.mark.parametrize(
    ("platform", "sender", "subject", "client", "title"),
    [
        (
            "crowdworks",
            "no-reply@crowdworks.jp",
            "【クラウドワークス】（急募）ＬＰ①について相談がありました",
            "",
            "（急募）ＬＰ①",
        ),
        (
            "lancers",
            "noreply@lancers.co.jp",
            "［ランサーズ］ 山田　花（ＡＢ） さんから 【継続】記事　第２弾 のコメントが届いています",
            "山田　花（ＡＢ）",
            "【継続】記事　第２弾",
        ),
        (
            "coconala",
            "no-reply@mail.coconala.com",
            "[ココナラ] ﾈｺ🌸（プロ）さんからトークルームに連絡がありました（トークルームNo：１２）",
            "ﾈｺ🌸（プロ）",
            "",
        ),
    ],
)
def test_names_of_a_notice_stand_as_in_the_subject(
    platform: str, sender: str, subject: str, client: str, title: str
) -> None:
    adapter = next(one for one in load_adapters() if one.id == platform)
    notice = adapter.recognise(letter(sender, subject))
    assert notice is not None
    assert (notice.client, notice.title) == (client, title)


def letter(sender: str, subject: str) -> Mail:
    """A mail of nothing but sender and subject."""
    origin = Authentication(Verdict.UNVERIFIED, "test")
    return Mail("<1@example>", "0", subject, sender, "", None, "", (), origin)
