"""The clocks of a deal over time, drawn as wide as there is room."""

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tui.plot import Plot, drawn, legend
from tui.prose import Line, wrap
from tui.tones import Piece, content
from tui.words import Words


class ClockPlot(Widget):
    """A heading, the rows, the legend; nothing at all while no clock runs."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._plot: Plot | None = None
        self._words: Words | None = None
        self._below: tuple[Line, ...] = ()

    def show(self, plot: Plot | None, words: Words, below: tuple[Line, ...] = ()) -> None:
        """Take other clocks. `below`: what must be said of them."""
        self._plot, self._words, self._below = plot, words, below
        self.display = plot is not None
        self.refresh(layout=True)

    def _lines(self, cells: int) -> list[tuple[Piece, ...]]:
        if self._plot is None or self._words is None:
            return []
        heading = (Piece(self._words("heading_plot"), "heading"),)
        is_plain = self.app.has_class("-plain")  # for screen readers the legend says it all
        return [
            heading,
            *([] if is_plain else drawn(self._plot, cells, self._words)),
            *legend(self._plot, cells),
            *wrap(self._below, cells),
        ]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """How many lines it takes at that width."""
        return len(self._lines(width))

    def render(self) -> Content:
        """All lines."""
        return Content("\n").join([content(*pieces) for pieces in self._lines(self.content_size.width)])
