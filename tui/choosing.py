"""Which deals the user wants to see, and in which order: what was typed, sorted by, or chosen as a view."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from config.model import SORTS, View
from otosata.query import EVERYTHING, QueryError, parse
from tui.shelf import Choice
from tui.words import Words


def views_of(configured: Sequence[View], words: Words) -> tuple[View, ...]:
    """The views to choose from: everything first, then the configured ones, or where there are none a few of ours."""
    everything = View(words("view_everything"))
    ours = (
        View(words("view_loud"), "level:>=warn -is:quiet"),
        View(words("view_mine"), "turn:me"),
        View(words("view_soon"), "limit:<7d", "limit"),
    )
    return (everything, *(configured or ours))


@dataclass(slots=True)
class Choosing:
    """What is chosen by now. Words that mean nothing (yet) filter nothing out; the others do."""

    text: str = ""
    choice: Choice = field(default_factory=Choice)
    error: QueryError | None = None
    view: str = ""
    """The name of the view, while it is exactly that."""

    @property
    def is_everything(self) -> bool:
        """Whether no deal is filtered out by what the user typed or chose."""
        return not self.text.strip()

    def type(self, text: str) -> None:
        """Filter by a text."""
        self.text, self.view, self.error = text, "", None
        try:
            self.choice = replace(self.choice, query=parse(text))
        except QueryError as error:
            self.error = error
            self.choice = replace(self.choice, query=error.others)

    def clear(self) -> None:
        """Filter nothing out."""
        self.text, self.view, self.error = "", "", None
        self.choice = replace(self.choice, query=EVERYTHING)

    def pick(self, view: View) -> None:
        """Filter and sort as a view does."""
        self.type(view.query)
        self.choice = replace(self.choice, sort=view.sort)
        self.view = view.name if view.query else ""

    def sort(self, name: str = "") -> None:
        """Sort so; without a name, by the next order."""
        following = name or SORTS[(SORTS.index(self.choice.sort) + 1) % len(SORTS)]
        self.choice = replace(self.choice, sort=following)

    def turn_over(self) -> None:
        """Show or hide the deals that are over."""
        self.choice = replace(self.choice, over=not self.choice.over)
