"""One line for the bar of a terminal or desktop, in the language of each bar: plain, waybar, i3blocks, tmux.

waybar: https://man.archlinux.org/man/waybar-custom.5 (`return-type: json`); i3blocks: a block's full text, short text
and colour on a line each; tmux: `#[fg=…]` inside `status-right`, where `#` itself is written `##`.
"""

import json
from collections.abc import Callable, Mapping, Sequence

from otosata.overview import Overview, Status

_GLYPHS = {Status.OK: "◦", Status.WARNING: "▴", Status.CRITICAL: "◉", Status.UNKNOWN: "?"}
_COLOURS = {Status.OK: "#5faf5f", Status.WARNING: "#d7af5f", Status.CRITICAL: "#d75f5f", Status.UNKNOWN: "#af87d7"}
_TMUX = {Status.OK: "green", Status.WARNING: "yellow", Status.CRITICAL: "red", Status.UNKNOWN: "magenta"}
_LOUD = ("critical", "warn", "unknown")

Bar = Callable[[Overview, str, Sequence[str]], str]


def plain(overview: Overview, said: str, _: Sequence[str]) -> str:
    """The first line without its performance data."""
    return f"{overview.status.value.upper()}: {said}"


def waybar(overview: Overview, said: str, lines: Sequence[str]) -> str:
    """A JSON object; its tooltip is Pango markup, its class the status."""
    tooltip = "\n".join([plain(overview, said, lines), *lines])
    value = {
        "text": _short(overview),
        "alt": overview.status.value,
        "tooltip": tooltip.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
        "class": overview.status.value,
    }
    return json.dumps(value, ensure_ascii=False)


def i3blocks(overview: Overview, said: str, lines: Sequence[str]) -> str:
    """Full text, short text, colour."""
    return "\n".join((plain(overview, said, lines), _short(overview), _COLOURS[overview.status]))


def tmux(overview: Overview, _: str, __: Sequence[str]) -> str:
    """A coloured word or two."""
    return f"#[fg={_TMUX[overview.status]}]{_short(overview).replace('#', '##')}#[default]"


BARS: Mapping[str, Bar] = {"status-line": plain, "waybar": waybar, "i3blocks": i3blocks, "tmux": tmux}
"""The formats of `check --format`, each made of the overview, what it comes to, and a line for each deal that is
not ok."""


def _short(overview: Overview) -> str:
    """A glyph, and how many deals need a look: `◉ 1 ▴ 2`, `◦`."""
    levels = overview.summary.levels
    glyphs = {"critical": _GLYPHS[Status.CRITICAL], "warn": _GLYPHS[Status.WARNING], "unknown": "?"}
    counted = [f"{glyphs[word]} {levels[word]}" for word in _LOUD if levels[word]]
    return " ".join(counted) or _GLYPHS[overview.status]
