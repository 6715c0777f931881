"""Which deal a notice belongs to: by reference first, then by names, or the user decides."""

from dataclasses import replace

import pytest

from otosata.deals.event import Deal
from otosata.deals.matching import Candidate, Found, Match, Opens, Unclear, match
from otosata.deals.names import fold_name
from otosata.deals.notice import Notice
from otosata.deals.vocabulary import Actor, Evidence

SPACES = {"message": "proposal"}


def notice(client: str = "", title: str = "", **refs: str) -> Notice:
    """A client's message on CrowdWorks."""
    return Notice(
        "crowdworks", "crowdworks/x", "message", Actor.CLIENT, Evidence.FRAGMENT, client, title, tuple(refs.items())
    )


def deal(number: int, client: str = "", title: str = "", *, is_open: bool = True, **refs: str) -> Candidate:
    """A deal as the matcher sees it."""
    return Candidate(Deal(f"crowdworks-{number}", "crowdworks", client, title, None, tuple(refs.items())), is_open)


def by_ref(number: int) -> Match:
    return Found(f"crowdworks-{number}", by_guess=False)


def by_names(number: int) -> Match:
    return Found(f"crowdworks-{number}", by_guess=True)


CASES = {
    "a reference decides, whatever the names say": (
        notice("青空商店", "チラシ", contract="7"),
        [deal(1, "白雲堂", "ロゴ", contract="7"), deal(2, "青空商店", "チラシ")],
        by_ref(1),
    ),
    "messages and proposals share their numbers": (notice(message="12"), [deal(1, proposal="12")], by_ref(1)),
    "a job's number is no contract's number": (notice("青空商店", job="12"), [deal(1, contract="12")], Opens()),
    "a closed deal is still found by reference": (
        notice("青空商店", contract="7"),
        [deal(1, "青空商店", is_open=False, contract="7")],
        by_ref(1),
    ),
    "names find the one open deal": (notice("青空商店", "チラシ"), [deal(1, "青空商店", "チラシ")], by_names(1)),
    "spellings of one name are equal": (
        notice("ｱｵｿﾞﾗ 様", "ﾁﾗｼ（春）"),
        [deal(1, "アオゾラ", "チラシ(春)")],
        by_names(1),
    ),
    "a client alone is enough where he has one open deal": (
        notice("青空商店"),
        [deal(1, "青空商店", "チラシ"), deal(2, "白雲堂")],
        by_names(1),
    ),
    "another title of the same client is another deal": (
        notice("青空商店", "ロゴ"),
        [deal(1, "青空商店", "チラシ")],
        Opens(),
    ),
    "the title chooses between two deals of one client": (
        notice("青空商店", "ロゴ"),
        [deal(1, "青空商店", "チラシ"), deal(2, "青空商店", "ロゴ")],
        by_names(2),
    ),
    "two open deals of one client are left to the user": (
        notice("青空商店"),
        [deal(1, "青空商店", "チラシ"), deal(2, "青空商店", "ロゴ")],
        Unclear(("crowdworks-1", "crowdworks-2"), "several open deals fit its names"),
    ),
    "a closed deal is not found by name": (notice("青空商店"), [deal(1, "青空商店", is_open=False)], Opens()),
    "another number of the same kind is another deal": (
        notice("青空商店", contract="8"),
        [deal(1, "青空商店", contract="7")],
        Opens(),
    ),
    "a title alone never moves a clock": (
        notice("", "ロゴ制作"),
        [deal(1, "青空商店", "ロゴ制作")],
        Unclear(("crowdworks-1",), "only the title fits, and other clients may use the same one"),
    ),
    "two deals under one reference are left to the user": (
        notice(contract="7"),
        [deal(1, contract="7"), deal(2, contract="7")],
        Unclear(("crowdworks-1", "crowdworks-2"), "its references name several deals"),
    ),
    "a notice that names nothing is left to the user": (
        notice(),
        [deal(1, "青空商店")],
        Unclear((), "it names neither a client nor a job nor a reference"),
    ),
    "the first notice of an unknown client opens a deal": (notice("青空商店"), [], Opens()),
    "an inquiry of a client with a job under way is another deal": (
        replace(notice("青空商店"), kind="quote_request"),
        [replace(deal(1, "青空商店"), is_early=False)],
        Opens(),
    ),
    "a second inquiry belongs to the first": (
        replace(notice("青空商店"), kind="quote_request"),
        [deal(1, "青空商店")],
        by_names(1),
    ),
    "another platform's deals do not count": (
        notice("青空商店"),
        [Candidate(Deal("lancers-1", "lancers", "青空商店"), is_open=True)],
        Opens(),
    ),
}


@pytest.mark.parametrize(("notice", "deals", "expected"), CASES.values(), ids=CASES)
def test_a_notice_finds_its_deal(notice: Notice, deals: list[Candidate], expected: Match) -> None:
    assert match(notice, deals, SPACES) == expected


@pytest.mark.parametrize("name", ["山田 花子", "山田　花子", "山田花子 様", "山田花子さん", "ﾔﾏﾀﾞ", "さん"])
def test_folding_a_name_is_stable(name: str) -> None:
    assert fold_name(fold_name(name)) == fold_name(name)
    assert fold_name(name)
