"""The app that is there at once: it opens on the last picture of the list, and loads the program behind it."""

from collections.abc import Callable
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from textual import work
from textual.screen import Screen

from config.texts.catalogue import language
from tui.app import STYLES, OtosataApp
from tui.background import aside
from tui.remembered import Remembered, recall
from tui.screens.lobby import Lobby
from tui.speech import Glossary

if TYPE_CHECKING:
    from config.desk import Desk


FRAME: list[str | PurePath] = [path for path in STYLES if Path(path).stem in ("tones", "frame")]
"""The styles of the very first frame; the main screen brings all others."""


class EarlyApp(OtosataApp):
    """Becomes the app itself as soon as the desk is there."""

    def __init__(self, picture: Remembered, find: Callable[[], "Desk"], *, light: bool, plain: bool = False) -> None:
        self._begin(light=light, styles=FRAME)
        self._picture = picture
        self._find = find
        self._lobby = Lobby(picture, Glossary(picture.lang or language(None), picture.texts))
        self.failure: Exception | None = None
        """Why there is no desk."""
        self.set_theme(picture.theme)
        self.set_plain(plain=plain or picture.plain)

    def get_default_screen(self) -> Screen[None]:
        """The lobby."""
        return self._lobby

    def on_mount(self) -> None:
        """Load the program, once the lobby has been seen."""
        self.call_after_refresh(self._load)

    @work
    async def _load(self) -> None:
        try:
            desk = await aside(self._prepare)
        except Exception as error:  # told by whoever opened the app, in the words of the command line
            self.failure = error
            self.exit(return_code=1)
            return
        self.settle_in(desk)
        self.main.before = self._picture
        self.main.begin_at = self._lobby.selected
        await self.push_screen(self.main)

    def _prepare(self) -> "Desk":
        """The desk; and everything the main screen is made of, imported beside the first one."""
        import tui.screens.main  # noqa: F401, PLC0415 - this is the load that must not hold up the first frame

        return self._find()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In the lobby nothing can be done yet but leave."""
        return super().check_action(action, parameters) if self.is_settled else action in ("quit", "suspend_process")


def open_early(
    folder: Path, find: Callable[[], "Desk"], demo: Callable[[str], object], *, light: bool, plain: bool = False
) -> int:
    """Show the screen until the user quits; the exit code. What `find` raises is raised here, the screen being gone.

    `folder`: where the data are. `demo`: runs the demo in the language given; the app is there again when it ends.
    `light`: whether the terminal's background is. `plain`: asked for by option.
    """
    while True:
        app = EarlyApp(recall(folder), find, light=light, plain=plain)
        app.run()
        if app.failure is not None:
            raise app.failure
        if not app.wants_demo:
            return app.return_code or 0
        demo(app.words.lang)
