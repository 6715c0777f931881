"""The clocks over time in cells: what is drawn where, at every width."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otosata.deals.event import Event, Ledger
from otosata.deals.reading import Reading, read
from otosata.deals.vocabulary import Evidence
from tests.deals.test_properties import histories, moments, platforms
from tests.deals.test_properties import reading as any_reading
from tests.screens.world import NOW, FixedDesk, ago, deal, hand, mail, words
from tui.cells import width
from tui.plot import BEYOND, COMING, LIMIT, PAST, WROTE, drawn, legend, plot_of
from tui.plot import NOW as NOW_MARK
from tui.tones import Piece

DESK = FixedDesk()


def text(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


def story(*events: Event) -> tuple[Reading, Ledger]:
    ledger = deal(1, "佐藤", "ロゴ", *events)
    return read(ledger, DESK.rules, NOW), ledger


def rows(*events: Event, cells: int = 45, lang: str = "ja") -> list[str]:
    plot = plot_of(*story(*events), words(lang))
    assert plot is not None
    return [text(row) for row in drawn(plot, cells, words(lang))]


SILENT = (mail(12, "fund"), mail(10, "message"), hand(8, "message"), hand(4, "message"))


def test_each_clock_has_its_row_and_who_wrote_theirs() -> None:
    shown = rows(*SILENT)
    assert [row.split()[0] for row in shown[1:]] == ["相手", "自分", "沈黙", "待ち"]
    assert shown[0].split() == ["11/10", f"いま{NOW_MARK}"]
    assert shown[1].count(WROTE) == 1
    assert shown[2].count(WROTE) == 2


def test_a_clock_is_filled_up_to_now_and_carries_its_thresholds() -> None:
    silence, waiting = rows(*SILENT)[3:5]
    assert silence.count("◉") == 1, "critical counts silence"
    assert [glyph for glyph in waiting if glyph in "▸▴◉"] == ["▸", "▴"]
    assert silence.index(PAST) < waiting.index(PAST), "the wait began later"
    assert silence.rstrip().endswith(COMING)


def test_now_stands_above_the_border_between_past_and_future() -> None:
    shown = rows(*SILENT)
    here = width(shown[0][: shown[0].index(NOW_MARK)])
    silence = shown[3]
    border = width(silence[: silence.index(COMING)])
    assert abs(here - border) <= 1


def test_a_limit_near_has_its_mark_and_one_far_away_an_arrow() -> None:
    near = rows(mail(12, "fund", date(2026, 11, 24)), mail(10, "message"), hand(8, "message"))
    assert LIMIT in near[-1]
    assert BEYOND in rows(mail(9, "contract"), mail(8.8, "message"), hand(5.4, "message"))[-1], (
        "a year from the contract"
    )


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("cells", [10, 20, 38, 58, 120])
def test_no_row_is_wider_than_its_room(lang: str, cells: int) -> None:
    plot = plot_of(*story(*SILENT), words(lang))
    assert plot is not None
    for row in (*drawn(plot, cells, words(lang)), *legend(plot, cells)):
        assert width(text(row)) <= max(cells, 14)


def test_at_38_cells_everything_can_still_be_read() -> None:
    shown = rows(*SILENT, cells=38)
    assert NOW_MARK in shown[0]
    assert "◉" in shown[3]
    assert {"▸", "▴"} <= set(shown[4])


def test_the_legend_names_each_mark_with_its_date() -> None:
    plot = plot_of(*story(*SILENT), words())
    assert plot is not None
    said = [text(row).rstrip() for row in legend(plot, 38)]
    assert " ".join(said).split() == [
        *("▸", "注意", "11/15(日)", "09:00"),
        *("◉", "緊急", "11/17(火)", "09:00"),
        *("▴", "警告", "11/17(火)", "09:00"),
    ]
    assert all(width(row) <= 38 for row in said)


def test_nothing_is_drawn_while_no_clock_runs() -> None:
    assert plot_of(*story(), words()) is None
    over = story(mail(60, "contract"), mail(59, "fund"), hand(50, "deliver"), mail(48, "accept"))
    assert plot_of(*over, words()) is None


def test_noise_and_the_platform_s_own_notices_are_nobody_s_word() -> None:
    noise = replace(mail(3, "office_notice"), evidence=Evidence.VERBATIM)
    assert rows(*SILENT)[1].count(WROTE) == rows(*SILENT, replace(noise, at=ago(3)))[1].count(WROTE)


@given(platforms, histories, moments, st.integers(14, 130), st.sampled_from(["ja", "en"]))
@settings(max_examples=150, deadline=timedelta(seconds=5))
def test_any_history_fits(platform: str, history: list[Event], now: object, cells: int, lang: str) -> None:
    found = any_reading(platform, history, now)  # type: ignore[arg-type] - `moments` gives datetimes
    plot = plot_of(found, Ledger(found.deal, tuple(history)), words(lang))
    if plot is not None:
        for row in (*drawn(plot, cells, words(lang)), *legend(plot, cells)):
            assert width(text(row)) <= cells
