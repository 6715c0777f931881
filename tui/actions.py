"""What the user can do: one table that feeds keys, key bar, help and command palette."""

from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do. Its words are the texts `tui.key_NAME` (a word or two) and `tui.help_NAME` (a sentence)."""

    name: str
    call: str
    """Textual's action: `screen.poll`."""
    keys: str
    """As Textual writes them, divided by commas."""
    shown: str
    """The key as people write it."""
    palette: bool = True
    """Whether it makes sense without a place on the screen."""


ACTIONS = (
    Action("move", "", "up,down,j,k", "↑↓ j k", palette=False),
    Action("open", "screen.open", "enter", "Enter"),
    Action("back", "screen.back", "escape", "Esc", palette=False),
    Action("poll", "screen.poll", "r", "r"),
    Action("all", "screen.all", "a", "a"),
    Action("language", "app.language", "l", "l"),
    Action("help", "app.help", "question_mark", "?"),
    Action("quit", "app.quit", "q", "q"),
)

NAMED = {action.name: action for action in ACTIONS}

BAR = ("help", "quit", "open", "poll", "all", "language")
"""What the key bar names over the list; in a narrow terminal the first of these stay longest."""

BAR_OF_DETAIL = ("back", "help", "quit", "poll", "language")
"""The same over the detail."""


def bindings(*names: str) -> list[Binding]:
    """Textual's bindings of the actions so named. The key bar is our own, so Textual's footer shows none."""
    return [Binding(action.keys, action.call, show=False) for action in ACTIONS if action.name in names]
