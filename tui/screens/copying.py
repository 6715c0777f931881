"""Lets a screen copy text, and say what is known of whether it worked."""

from functools import partial

from textual import work

from tui.background import aside
from tui.clipboard import copy_natively
from tui.screens.toned import TonedScreen
from tui.widgets.toasts import tell


class Copier(TonedScreen):
    """A screen with something to copy."""

    @work(group="copies")
    async def copy(self, text: str, because: str = "") -> None:
        """Ask the terminal (OSC 52, which never answers) and the system's own program. `because`: said first."""
        self.app.copy_to_clipboard(text)
        tool = await aside(partial(copy_natively, text))
        said = self.words("copied_by", tool=tool) if tool else self.words("copied_perhaps")
        tell(self.app, f"{because}\n{said}" if because else said)
