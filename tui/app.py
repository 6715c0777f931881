"""The full-screen app: opens the main screen, speaks the user's language, ends."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

from textual import on
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.screen import Screen

from config.model import Settings
from config.texts.catalogue import LANGUAGES, Catalogue
from otosata.store.errors import StoreError
from tui.actions import Place, bindings, places_of, possible
from tui.desk import Desk
from tui.doors import behind
from tui.screens.doing import Changed
from tui.screens.main import MainScreen
from tui.screens.toned import TonedScreen
from tui.words import Words

if TYPE_CHECKING:
    from config.desk import Desk as RealDesk

RENEW_SECONDS = 0.4
"""How often the configuration's files are looked at: one that is saved shows within a second, a broken one too."""
STYLES: list[str | PurePath] = [*sorted((Path(__file__).parent / "styles").glob("*.tcss"))]
"""Every file of styles; a screen's own has the screen's name."""


class OtosataApp(App[None]):
    """Holds the words and the doors; everything else is the screens' business."""

    TITLE = "otosata"
    CSS_PATH = STYLES
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.APP)]

    def __init__(self, desk: Desk, words: Words, interval: timedelta) -> None:
        super().__init__()
        self.words = words
        self.desk = desk
        self.main = MainScreen(desk, words, interval)
        self.wants_demo = False
        """The user has left it for the demo."""
        self._configured = (desk.lang, desk.settings.calendar.timezone)

    def on_mount(self) -> None:
        """Look after the configuration's files; where there is nothing yet, offer the ways to begin."""
        self.set_interval(RENEW_SECONDS, self.renew)
        with suppress(StoreError):  # the main screen says what is wrong with the ledger
            overview = self.desk.overview() if not self.desk.settings.accounts else None
            if overview and not overview.accounts and not overview.readings:
                self.call_after_refresh(self.action_show, "start")

    def action_renew(self) -> None:
        """Take what the program itself has just saved."""
        self.renew()

    def renew(self) -> None:
        """Take a configuration that has been saved; one that is broken is told of by the overview."""
        if not self.desk.renew():
            return
        wanted = (self.desk.lang, self.desk.settings.calendar.timezone)
        if wanted != self._configured:  # a language chosen by key stays, until the file asks for another
            lang = wanted[0] if wanted[0] != self._configured[0] else self.words.lang
            self._configured = wanted
            self.speak(Words(Catalogue.of(lang), ZoneInfo(wanted[1])))
        self.main.pace(shortest_interval(self.desk.settings))
        self.main.reload()

    def get_default_screen(self) -> Screen[None]:
        """The one screen that is always there."""
        return self.main

    def action_demo(self) -> None:
        """Leave for the demo; whoever has opened the app runs it."""
        self.wants_demo = True
        self.exit()

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The command palette: what can be done where the user is, then Textual's theme."""
        for action in possible(places_of(screen)):
            if action.palette:
                yield SystemCommand(
                    self.words(f"key_{action.name}"), self.words(f"help_{action.name}"), self._runner(action.call)
                )
        if screen is self.main:
            for title, help, call in self.main.choices():
                yield SystemCommand(title, help, self._runner(call))
        yield SystemCommand(self.words("key_theme"), self.words("help_theme"), self.action_change_theme)

    def _runner(self, call: str) -> Callable[[], object]:
        return lambda: self.call_later(self.run_action, call)

    def action_show(self, door: str) -> None:
        """Open the screen behind a door."""
        self.push_screen(behind(door, self.desk, self.words))

    @on(Changed)
    async def _read_anew(self, message: Changed) -> None:
        """Something was done by hand, on whatever screen."""
        self.main.done(message.act)
        await self.main.read()
        for screen in self.screen_stack:
            if isinstance(screen, TonedScreen):
                screen.ledger_changed()

    def action_language(self) -> None:
        """Speak the next language, on every screen."""
        following = LANGUAGES[(LANGUAGES.index(self.words.lang) + 1) % len(LANGUAGES)]
        self.speak(Words(Catalogue.of(following), self.words.zone))

    def speak(self, words: Words) -> None:
        """Use these words, on every screen."""
        self.words = words
        for screen in self.screen_stack:
            if isinstance(screen, TonedScreen):
                screen.speak(self.words)


def make(desk: "RealDesk") -> OtosataApp:
    """The app as the configuration behind the desk wants it."""
    words = Words(Catalogue.of(desk.lang), ZoneInfo(desk.settings.calendar.timezone))
    return OtosataApp(desk, words, shortest_interval(desk.settings))


def shortest_interval(settings: Settings) -> timedelta:
    """Time between two polls: that of the mailbox that is asked most often."""
    return min((settings.interval_of(account) for account in settings.accounts), default=settings.interval)


def run(desk: "RealDesk", demo: Callable[[str], object]) -> int:
    """Show the screen until the user quits; the exit code. The terminal must be one.

    `demo`: runs the demo in the language given; the app is there again when it ends.
    """
    while True:
        app = make(desk)
        app.run()
        if not app.wants_demo:
            return app.return_code or 0
        demo(app.words.lang)
