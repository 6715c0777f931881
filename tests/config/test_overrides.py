"""The user's thresholds laid over a platform's."""

from collections.abc import Mapping

import pytest

from config.model import ClientOverride, DealOverride, PlatformOverride, RowOverride, Settings, StageOverride
from config.overrides import apply, apply_deal, for_deal
from otosata.deals.duration import Span, parse_span
from otosata.deals.event import Deal
from otosata.deals.names import fold_name
from otosata.deals.platform import Platform
from otosata.deals.vocabulary import Level


def spans(*texts: str) -> tuple[Span, ...]:
    """Durations from their notation."""
    return tuple(parse_span(text) for text in texts)


@pytest.fixture
def lancers(platforms: Mapping[str, Platform]) -> Platform:
    """Lancers as it is shipped."""
    return platforms["lancers"]


def stage_override(**row: object) -> PlatformOverride:
    """An override of `working`."""
    return PlatformOverride(stages={"working": StageOverride(RowOverride(**row))})  # type: ignore[arg-type]  # short in tests


def test_nothing_said_nothing_changed(lancers: Platform) -> None:
    assert apply(lancers, PlatformOverride()) == lancers
    assert apply_deal(lancers, DealOverride()) == lancers


def test_a_named_level_is_replaced_and_the_others_stay(lancers: Platform) -> None:
    laid = apply(lancers, stage_override(elapsed={Level.NOTICE: spans("9d")})).stages["working"].row
    assert laid.elapsed[Level.NOTICE] == spans("9d")
    assert laid.elapsed[Level.WARN] == lancers.stages["working"].row.elapsed[Level.WARN]
    assert laid.stale == lancers.stages["working"].row.stale


def test_other_stages_stay(lancers: Platform) -> None:
    laid = apply(lancers, stage_override(elapsed={Level.NOTICE: spans("9d")}))
    assert {id_: stage for id_, stage in laid.stages.items() if id_ != "working"} == {
        id_: stage for id_, stage in lancers.stages.items() if id_ != "working"
    }


def test_an_empty_list_takes_the_level_away(lancers: Platform) -> None:
    laid = apply(lancers, stage_override(elapsed={Level.WARN: ()})).stages["working"].row
    assert set(laid.elapsed) == {Level.NOTICE, Level.CRITICAL}


def test_a_limit_keeps_what_the_platform_says_about_its_outcome(lancers: Platform) -> None:
    override = PlatformOverride(stages={"reminder_filed": StageOverride(RowOverride(limit=parse_span("100h@filing")))})
    laid, before = apply(lancers, override).stages["reminder_filed"].limit, lancers.stages["reminder_filed"].limit
    assert laid is not None
    assert before is not None
    assert (str(laid.span), laid.outcome) == ("100h@filing", before.outcome)


def test_rows_of_a_turn(lancers: Platform) -> None:
    override = StageOverride(rows={"asked": RowOverride(elapsed={Level.WARN: spans("12h")})})
    laid = apply(lancers, PlatformOverride(stages={"started_unfunded": override})).stages["started_unfunded"]
    assert laid.rows["asked"].elapsed[Level.WARN] == spans("12h")
    assert laid.rows["asked"].elapsed[Level.NOTICE] == spans("1d")
    assert laid.row == lancers.stages["started_unfunded"].row


def test_my_names_asked_and_the_limit_of_the_deal(lancers: Platform) -> None:
    override = PlatformOverride(
        my_names=frozenset({"yamada"}),
        asked=RowOverride(elapsed={Level.CRITICAL: spans("3d")}),
        deal_limit=RowOverride(before={Level.WARN: spans("20d")}),
    )
    laid = apply(lancers, override)
    assert laid.my_names == {"yamada"}
    assert laid.asked is not None
    assert laid.asked.elapsed == {Level.NOTICE: spans("1d"), Level.WARN: spans("2d"), Level.CRITICAL: spans("3d")}
    assert laid.deal_limit is not None
    assert laid.deal_limit.row.before == {Level.WARN: spans("20d"), Level.CRITICAL: spans("7d")}


def test_a_deals_thresholds_count_in_every_open_stage_where_time_raises_a_level(lancers: Platform) -> None:
    laid = apply_deal(lancers, DealOverride(row=RowOverride(elapsed={Level.CRITICAL: spans("2d")})))
    for id_, stage in lancers.stages.items():
        expected = spans("2d") if stage.row.elapsed and not stage.over else stage.row.elapsed.get(Level.CRITICAL)
        assert laid.stages[id_].row.elapsed.get(Level.CRITICAL) == expected, id_
    assert Level.CRITICAL not in laid.stages["hourly_timesheet"].row.elapsed  # it pays itself: nobody is waited for


def test_a_deals_stage_lies_over_the_deal(lancers: Platform) -> None:
    stage = StageOverride(RowOverride(elapsed={Level.CRITICAL: spans("4d")}))
    override = DealOverride(row=RowOverride(elapsed={Level.CRITICAL: spans("2d")}), stages={"working": stage})
    laid = apply_deal(lancers, override)
    assert laid.stages["working"].row.elapsed[Level.CRITICAL] == spans("4d")
    assert laid.stages["reported"].row.elapsed[Level.CRITICAL] == spans("2d")


def test_a_clients_thresholds_lie_between_the_platforms_and_the_deals(lancers: Platform) -> None:
    client = ClientOverride(RowOverride(elapsed={Level.WARN: spans("9d"), Level.NOTICE: spans("8d")}))
    deal = DealOverride(RowOverride(elapsed={Level.WARN: spans("2d")}))
    settings = Settings(clients={fold_name("山田 さん"): client}, deals={"lancers-1": deal})
    one, two, other = (
        for_deal(lancers, settings, Deal(id_, "lancers", name)).stages["working"].row.elapsed
        for id_, name in (("lancers-1", "山田さん"), ("lancers-2", "山田"), ("lancers-3", "佐藤"))
    )
    assert (one[Level.WARN], one[Level.NOTICE]) == (spans("2d"), spans("8d"))
    assert two[Level.WARN] == spans("9d")
    assert other == lancers.stages["working"].row.elapsed


def test_the_users_reminder_messages_replace_the_adapters_and_add_to_them(lancers: Platform) -> None:
    laid = apply(lancers, PlatformOverride(templates={"A": "まいど", "mine": "よろしく"}))
    assert laid.templates["A"].text.of("ja") == laid.templates["A"].text.of("en") == "まいど"
    assert laid.templates["mine"].text.of("ja") == "よろしく"
    assert laid.templates["B"] == lancers.templates["B"]
