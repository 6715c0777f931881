"""The log: what has happened while the app was open, and what was done by hand, the newest first."""

from textual.app import ComposeResult

from otosata.store.errors import StoreError
from tui.journal import broken, deal_of, entries, of_acts
from tui.prose import line
from tui.screens.page import Page
from tui.tones import Piece
from tui.widgets.paragraph import Paragraph
from tui.widgets.pick_list import PickList


class LogScreen(Page):
    """Polls, failures, what they found, settings, acts by hand; Enter leads to the deal of a line."""

    NAME = "log"
    AUTO_FOCUS = "#log"

    def compose_page(self) -> ComposeResult:
        """Where the lines come from, and the lines."""
        yield Paragraph(id="log-note")
        yield PickList(id="log")

    def show(self) -> None:
        """Put the journal and the acts of the ledger together."""
        notes = [*self.main.journal.notes]
        try:
            notes += of_acts(self.desk.acts())
        except StoreError as error:
            notes.append(broken(error, self.desk.now()))
        self.query_one("#log-note", Paragraph).show((line(Piece(self.words("log_from"), "dim")),))
        self.query_one("#log", PickList).show(list(entries(notes, self.desk.now(), self.words)))

    def picked(self, key: str) -> None:
        """Go to the deal of the line."""
        if deal := deal_of(key):
            self.main.go(deal)
            self.dismiss()
