"""Steps of thresholds, and what is tried of them."""

import pytest

from otosata.deals.duration import Span, parse_span
from tui.tuning import Trial, stepped

PATH = ("platforms", "lancers", "stages", "working", "warn")


def spans(text: str) -> tuple[Span, ...]:
    """Durations from their notation."""
    return tuple(parse_span(part) for part in text.split())


@pytest.mark.parametrize(
    ("text", "by", "moved"),
    [
        ("3d 2bd", 1, "4d 2bd"),
        ("4d 2bd", 1, "5d 3bd"),
        ("5d 3bd", -1, "4d 2bd"),
        ("1d 1bd", -1, "1d 1bd"),
        ("7d@silence", 1, "8d@silence"),
        ("36h", 1, "48h"),
        ("12h", -1, "12h"),
        ("1h@purchase", -1, "1h@purchase"),
        ("1h@purchase", 1, "13h@purchase"),
        ("0h", -1, "0h"),
        ("16bh", -1, "12bh"),
        ("999d", 1, "999d"),
        ("24h 12h", 1, "36h 24h"),
        ("", 1, ""),
    ],
)
def test_all_parts_of_a_threshold_move_together(text: str, by: int, moved: str) -> None:
    assert stepped(spans(text), by) == spans(moved)


def test_back_at_the_start_nothing_is_tried() -> None:
    trial = Trial().moved(PATH, spans("5d 3bd"), 1)
    assert trial.written == (("platforms.lancers.stages.working.warn", '["6d", "3bd"]'),)
    assert trial.moved(PATH, spans("5d 3bd"), -1) == Trial()


def test_a_level_is_taken_away_and_given_back() -> None:
    off = Trial().off(PATH, spans("5d"))
    assert off.written == (("platforms.lancers.stages.working.warn", "[]"),)
    assert off.off(PATH, spans("5d")) == Trial()
    assert off.without(PATH) == Trial()
