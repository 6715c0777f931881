"""The first start: nothing is configured yet, so the ways to begin are offered, the quickest first."""

from textual.app import ComposeResult

from tui.prose import line
from tui.screens.page import Page
from tui.screens.setup import SetupScreen
from tui.tones import Piece
from tui.widgets.paragraph import Paragraph
from tui.widgets.pick_list import Entry, PickList
from tui.words import Words

WAYS = ("demo", "address", "files", "none")
"""The ways to begin: each has the texts `start_WAY` and `start_WAY_more`."""


class StartScreen(Page):
    """Lies over the empty main screen until the user has chosen."""

    NAME = "start"
    AUTO_FOCUS = "#ways"

    def compose_page(self) -> ComposeResult:
        """A greeting, the ways, and what to know before."""
        yield Paragraph(id="greeting")
        yield PickList(id="ways")
        yield Paragraph(id="promise")

    def show(self) -> None:
        """In the words of the moment."""
        greeting = (line(Piece(self.words("start_greeting"), "strong")), line(self.words("start_what")))
        self.query_one("#greeting", Paragraph).show(greeting)
        ways = [entry for way in WAYS for entry in _way(way, self.words)]
        self.query_one("#ways", PickList).show(ways)
        self.query_one("#promise", Paragraph).show((line(Piece(self.words("start_promise"), "dim")),))

    def picked(self, key: str) -> None:
        """Begin that way."""
        if key == "demo":
            self.run_worker(self.app.run_action("app.demo"))
        elif key == "none":
            self.dismiss()
        else:
            self.app.switch_screen(SetupScreen(self.desk, self.words, files=key == "files"))


def _way(way: str, words: Words) -> tuple[Entry, Entry]:
    """What it is called, and below it what it takes."""
    name, more = words(f"start_{way}"), words(f"start_{way}_more")
    return (
        Entry(way, lambda _: (Piece(name, "strong"),)),
        Entry("", lambda _: (Piece("  "), Piece(more, "dim"))),
    )
