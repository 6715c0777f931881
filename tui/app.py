"""The full-screen app: opens the main screen, speaks the user's language, ends."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar
from zoneinfo import ZoneInfo

from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.screen import Screen

from config.texts.catalogue import LANGUAGES, Catalogue
from tui.actions import ACTIONS, bindings
from tui.desk import Desk
from tui.screens.help import HelpScreen
from tui.screens.main import MainScreen
from tui.words import Words

if TYPE_CHECKING:
    from config.desk import Desk as RealDesk


class OtosataApp(App[None]):
    """Holds the words; everything else is the screens' business."""

    TITLE = "otosata"
    CSS_PATH = ["styles/tones.tcss", "styles/main.tcss", "styles/help.tcss"]  # noqa: RUF012 - Textual declares it without ClassVar
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("language", "help", "quit")]

    def __init__(self, desk: Desk, words: Words, interval: timedelta) -> None:
        super().__init__()
        self.words = words
        self._main = MainScreen(desk, words, interval)

    def get_default_screen(self) -> Screen[None]:
        """The one screen that is always there."""
        return self._main

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The command palette: our actions, then Textual's theme."""
        for action in ACTIONS:
            if action.palette:
                yield SystemCommand(
                    self.words(f"key_{action.name}"), self.words(f"help_{action.name}"), self._runner(action.call)
                )
        yield SystemCommand(self.words("key_theme"), self.words("help_theme"), self.action_change_theme)

    def _runner(self, call: str) -> Callable[[], object]:
        return lambda: self.call_later(self.run_action, call)

    def action_language(self) -> None:
        """Speak the next language."""
        following = LANGUAGES[(LANGUAGES.index(self.words.lang) + 1) % len(LANGUAGES)]
        self.words = Words(Catalogue.of(following), self.words.zone)
        self._main.speak(self.words)

    def action_help(self) -> None:
        """Show what the keys do."""
        self.push_screen(HelpScreen(self.words))


def make(desk: "RealDesk") -> OtosataApp:
    """The app as the configuration behind the desk wants it."""
    settings = desk.assembly.settings
    intervals = [settings.interval_of(account) for account in settings.accounts]
    words = Words(desk.assembly.catalogue, ZoneInfo(settings.calendar.timezone))
    return OtosataApp(desk, words, min(intervals, default=settings.interval))


def run(desk: "RealDesk") -> int:
    """Show the screen until the user quits; the exit code. The terminal must be one."""
    app = make(desk)
    app.run()
    return app.return_code or 0
