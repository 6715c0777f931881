"""The detail pane: everything about the deal under the cursor."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll

from otosata.deals.event import Ledger
from otosata.deals.reading import Reading
from otosata.why import Why
from tui import facts, reasons
from tui.actions import Place, bindings
from tui.checklists import checklists
from tui.plot import plot_of
from tui.prose import line
from tui.tones import Piece
from tui.widgets.act_menu import ActMenu
from tui.widgets.clock_plot import ClockPlot
from tui.widgets.paragraph import Paragraph
from tui.words import Words


class Detail(VerticalScroll, can_focus=True):
    """Shows one deal; scrolls."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.DETAIL,)
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Place.DETAIL),
        Binding("k", "scroll_up", show=False),
        Binding("j", "scroll_down", show=False),
    ]

    _deal = ""

    def compose(self) -> ComposeResult:
        """Two halves, side by side where there is room."""
        yield Paragraph(id="title")
        with Container(id="halves"):
            with Vertical():
                yield Paragraph(id="advice")
                yield ClockPlot(id="plot")
                yield Paragraph(id="facts")
                yield ActMenu(id="acts")
            with Vertical():
                yield Paragraph(id="steps")
                yield Paragraph(id="timeline")
                yield Paragraph(id="why")

    def show(self, reading: Reading | None, ledger: Ledger | None, why: Why | None, words: Words) -> None:
        """Draw the deal, or nothing; another deal is shown from its top."""
        self.set_class(reading is None or ledger is None, "-empty")
        if reading is None or ledger is None:
            return
        if reading.deal.id != self._deal:
            self._deal = reading.deal.id
            self.scroll_home(animate=False)
        parts = {
            "title": facts.title(reading, words),
            "advice": facts.advice(reading, words),
            "facts": facts.facts(reading, words),
            "steps": checklists(why, words) if why else (),
            "timeline": facts.timeline(ledger, words, reading.now),
            "why": reasons.why(why, words) if why else (),
        }
        for name, text in parts.items():
            paragraph = self.query_one(f"#{name}", Paragraph)
            paragraph.display = bool(text)
            paragraph.show(text)
        blind = (line(Piece(words("plot_blind"), "unknown")),) if reading.unknown else ()
        self.query_one(ClockPlot).show(plot_of(reading, ledger, words), words, blind)
        self.query_one(ActMenu).show(words)
