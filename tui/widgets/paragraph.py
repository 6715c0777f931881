"""A paragraph that breaks its lines to the width it is given."""

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tui.prose import Line, wrap
from tui.tones import content


class Paragraph(Widget):
    """As high as its text needs."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._lines: tuple[Line, ...] = ()

    def show(self, lines: tuple[Line, ...]) -> None:
        """Take other text; nothing in it is read as markup."""
        if lines != self._lines:
            self._lines = lines
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """How many lines it takes at that width."""
        return len(wrap(self._lines, width))

    def render(self) -> Content:
        """The broken lines."""
        return Content("\n").join([content(*pieces) for pieces in wrap(self._lines, self.content_size.width)])
