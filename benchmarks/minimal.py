"""The smallest Textual app: one line of text. What our first frame is compared with."""

from textual.app import App, ComposeResult
from textual.widgets import Static

LINE = "one line of text"


class Minimal(App[None]):
    """Shows it."""

    def compose(self) -> ComposeResult:
        """The line."""
        yield Static(LINE)


if __name__ == "__main__":
    Minimal().run()
