"""The filter that the user types: what each word of it lets through, and what is said where it means nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otosata.deals.reading import Reading
from otosata.query import EXAMPLES, FIELDS, QueryError, parse, text_of
from tests.screens.world import FixedDesk, troubled

READINGS = FixedDesk().overview().readings
UNKNOWN = troubled().overview().readings


def passing(text: str, readings: tuple[Reading, ...] = READINGS) -> str:
    """The numbers of the deals that pass, in order."""
    query = parse(text)
    return " ".join(sorted(reading.deal.id.removeprefix("lancers-") for reading in readings if query.matches(reading)))


@pytest.mark.parametrize(
    ("text", "deals"),
    [
        ("", "1 2 3 4 5 6 7 8 9"),
        ("   ", "1 2 3 4 5 6 7 8 9"),
        ("佐藤", "2"),
        ("みどり 商事", "1"),
        ('"ロゴ 制作"', ""),
        ("ロゴ制作", "2"),
        ("hanako", "4"),
        ("ＨＡＮＡＫＯ", "4"),
        ("アオイ", "3"),
        ("ｱｵｲ", "3"),
        ("lancers-6", "6"),
        ("完了報告", ""),
        ("platform:lancers", "1 2 3 4 5 6 7 8 9"),
        ("platform:coconala", ""),
        ("-platform:lancers", ""),
        ("platform:coconala,lancers 佐藤", "2"),
        ("ｐｌａｔｆｏｒｍ：lancers　佐藤", "2"),
        ("level:critical", "1 2 8"),
        ("level:>=warn", "1 2 3 8"),
        ("level:>warn", "1 2 8"),
        ("level:<=notice", "4 5 6 7 9"),
        ("level:緊急", "1 2 8"),
        ("level:warn,notice", "3 4"),
        ("level:unknown", ""),
        ("turn:me", "3 5"),
        ("turn:自分", "3 5"),
        ("-turn:me", "1 2 4 6 7 8 9"),
        ("turn:me level:>=warn", "3"),
        ("stage:working", "1 3 4 8"),
        ("stage:作業中", "1 3 4 8"),
        ("stage:escrow", "2"),
        ("client:佐藤", "2"),
        ("client:ロゴ", ""),
        ("title:ロゴ", "2"),
        ("title:ec", "6"),
        ("id:lancers-7", "7"),
        ("silence:>10d", "1 6"),
        ("silence:10", "1 6"),
        ("silence:>=2w", ""),
        ("silence:<3h", "5"),
        ("silence:<1日", "5"),
        ("waiting:>5d", "1 2 6 8"),
        ("limit:<3d", "3"),
        ("limit:4d", "3 6"),
        ("unanswered:3", "1"),
        ("unanswered:=0", "3 5 7 9"),
        ("is:inferred", "3"),
        ("is:unfunded", "2"),
        ("is:snoozed", "8"),
        ("is:over", "9"),
        ("-is:snoozed level:critical", "1 2"),
        ("is:snoozed,inferred", "3 8"),
    ],
)
def test_what_passes(text: str, deals: str) -> None:
    assert passing(text) == deals


@pytest.mark.parametrize(
    ("text", "deals"),
    [
        ("level:unknown", "1 3 4 5 6 7 8"),
        ("level:不明", "1 3 4 5 6 7 8"),
        ("level:>=critical", "1 2 3 4 5 6 7 8"),
        ("level:critical", "2"),
        ("level:ok", "9"),
        ("level:<=notice", "9"),
    ],
)
def test_a_deal_whose_mail_could_not_be_read_may_be_as_loud_as_any_but_is_never_called_quiet(
    text: str, deals: str
) -> None:
    assert passing(text, UNKNOWN) == deals


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("platfrom:lancers", "there is no field 'platfrom'", "did you mean 'platform'?"),
        ("x:y", "there is no field 'x'", "fields: platform level"),
        ("level:", "level: says nothing", "level:>=warn"),
        ('client:""', "client: says nothing", "client:佐藤"),
        ("-", "a bare - turns nothing round", "-platform:lancers"),
        ("level:loud", "there is no level 'loud'", "levels: ok notice warn critical unknown"),
        ("level:>unknown", "there is no level 'unknown'", "levels:"),
        ("turn:you", "there is no turn 'you'", "turns: client me platform none"),
        ("silence:>soon", "'soon' is no time span", "silence:>7d"),
        ("unanswered:many", "'many' is no number", "unanswered:2"),
        ("is:snozed", "no deal is ever 'snozed'", "did you mean 'snoozed'?"),
        ("is:green", "no deal is ever 'green'", "states: inferred"),
    ],
)
def test_what_means_nothing_is_said_with_a_way_out(text: str, message: str, hint: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(f"佐藤 {text}")
    assert str(caught.value) == message
    assert hint in caught.value.hint


def test_words_beside_one_that_means_nothing_still_filter() -> None:
    with pytest.raises(QueryError) as caught:
        parse("turn:me level: x:y")
    assert caught.value.unfinished
    others = caught.value.others
    assert [reading.deal.id for reading in READINGS if others.matches(reading)] == ["lancers-3", "lancers-5"]


@pytest.mark.parametrize(
    ("text", "wants"), [("is:over", True), ("is:lost", True), ("-is:over", False), ("is:inferred", False), ("", False)]
)
def test_a_filter_may_ask_for_what_is_over(text: str, wants: bool) -> None:
    assert parse(text).wants_over is wants


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_has_an_example_that_works(field: str) -> None:
    assert EXAMPLES[field].startswith(f"{field}:")
    parse(EXAMPLES[field])


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_filter_or_an_error_with_a_message(text: str) -> None:
    try:
        query = parse(text)
    except QueryError as error:
        assert str(error)
    else:
        for reading in READINGS:
            assert query.matches(reading) == query.matches(reading, text_of(reading))
