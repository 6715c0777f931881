"""What bars of terminals and desktops are given, in the form each of them reads."""

import json
import re

import pytest

from tests.cli.program import Program
from tests.cli.test_exit_codes import LATER, story

STATUS = {"ok": "ok", "notice": "ok", "warn": "warning", "critical": "critical"}


def bar(otosata: Program, wanted: str, level: str) -> str:
    story(otosata)
    return otosata("check", "--no-sync", "--format", wanted, now=LATER[level]).out


@pytest.mark.parametrize("level", LATER)
def test_waybar_gets_an_object_whose_class_is_the_status(otosata: Program, level: str) -> None:
    found = json.loads(bar(otosata, "waybar", level))
    assert found.keys() == {"text", "alt", "tooltip", "class"}
    assert found["class"] == found["alt"] == STATUS[level]
    assert ("田中" in found["tooltip"]) == (level != "ok")


def test_a_tooltip_is_markup_and_a_name_is_not(otosata: Program) -> None:
    otosata.deal("<b>田中</b> & 佐藤")
    found = json.loads(otosata("check", "--no-sync", "--format", "waybar", now=LATER["critical"]).out)
    assert "&lt;b&gt;田中&lt;/b&gt; &amp; 佐藤" in found["tooltip"]
    assert "<" not in found["tooltip"]


@pytest.mark.parametrize("level", LATER)
def test_i3blocks_gets_three_lines_the_last_a_colour(otosata: Program, level: str) -> None:
    full, short, colour = bar(otosata, "i3blocks", level).splitlines()
    assert full.startswith(STATUS[level].upper())
    assert len(short) < 12
    assert re.fullmatch("#[0-9a-f]{6}", colour)


def test_tmux_gets_a_coloured_word_and_is_given_its_colour_back(otosata: Program) -> None:
    assert bar(otosata, "tmux", "critical") == "#[fg=red]◉ 1#[default]\n"
    assert bar(otosata, "tmux", "ok") == "#[fg=green]◦#[default]\n"


@pytest.mark.parametrize("wanted", ["status-line", "waybar", "i3blocks", "tmux"])
def test_no_bar_stays_empty_when_the_configuration_is_broken(otosata: Program, wanted: str) -> None:
    otosata.configure("interval = ")
    result = otosata("check", "--format", wanted)
    assert result.code == 3
    shown = json.loads(result.out)["class"] if wanted == "waybar" else result.out
    assert "unknown" in shown.lower() or "?" in shown
    assert "no mailbox" not in result.out
    assert wanted == "tmux" or "config.toml:1:" in result.out
