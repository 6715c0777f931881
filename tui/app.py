"""The full-screen app: opens the main screen, speaks the user's language, looks as he wants it, ends."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.command import CommandPalette
from textual.filter import LineFilter
from textual.screen import Screen
from textual.theme import ThemeProvider

from config.texts.catalogue import LANGUAGES, Catalogue
from tui.actions import Place, bindings, places_of, possible
from tui.doors import behind
from tui.keymap import keymap_of
from tui.plain import PlainFilter
from tui.screens.toned import TonedScreen

if TYPE_CHECKING:
    from config.desk import Desk as RealDesk
    from config.model import ScreenSettings, Settings
    from tui.desk import Desk
    from tui.screens.doing import Changed
    from tui.screens.main import MainScreen
    from tui.words import Words

RENEW_SECONDS = 0.4
"""How often the configuration's files are looked at: one that is saved shows within a second, a broken one too."""
STYLES: list[str | PurePath] = [*sorted((Path(__file__).parent / "styles").glob("*.tcss"))]
"""Every file of styles; a screen's own has the screen's name."""
_THEMES = {"light": "textual-light", "dark": "textual-dark"}


class OtosataApp(App[None]):
    """Holds the words and the doors; everything else is the screens' business."""

    TITLE = "otosata"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.APP)]

    desk: "Desk"
    words: "Words"
    main: "MainScreen"

    def __init__(self, desk: "Desk", words: "Words", interval: timedelta, *, light: bool = False) -> None:
        self._begin(light=light, styles=STYLES)
        self._settle(desk, words, interval)

    def _begin(self, *, light: bool, styles: list[str | PurePath]) -> None:
        super().__init__(css_path=styles)
        self.is_settled = False
        """Whether the desk is there."""
        self.wants_demo = False
        """The user has left it for the demo."""
        self._light = light
        self.own_keys: dict[str, str] = {}
        """Action → its keys, where the user has given it other ones."""

    def _settle(self, desk: "Desk", words: "Words", interval: timedelta) -> None:
        from tui.screens.main import MainScreen  # noqa: PLC0415 - the very first frame does without it

        self.desk, self.words = desk, words
        self.main = MainScreen(desk, words, interval)
        self._configured = (desk.lang, desk.settings.calendar.timezone)
        self.is_settled = True
        self.look(desk.settings.screen)

    def settle_in(self, desk: "RealDesk") -> None:
        """Become the app that the configuration behind the desk wants."""
        from tui.words import Words  # noqa: PLC0415 - as above

        words = Words.of(desk.lang, desk.settings.calendar.timezone)
        self._settle(desk, words, shortest_interval(desk.settings))

    def on_mount(self) -> None:
        """Look after the configuration's files from now on."""
        self.set_interval(RENEW_SECONDS, self.renew)
        self.app_resume_signal.subscribe(self, self._resumed)

    def _resumed(self, _: object) -> None:
        """The user is back from his shell: nobody knows how long he was away."""
        if self.is_settled:
            self.main.tick()

    def on_main_screen_empty(self) -> None:
        """Where there is nothing yet, offer the ways to begin."""
        self.call_after_refresh(self.action_show, "start")

    def action_renew(self) -> None:
        """Take what the program itself has just saved."""
        self.renew()

    def renew(self) -> None:
        """Take a configuration that has been saved; one that is broken is told of by the overview."""
        if not (self.is_settled and self.desk.renew()):
            return
        self.look(self.desk.settings.screen)
        wanted = (self.desk.lang, self.desk.settings.calendar.timezone)
        if wanted != self._configured:  # a language chosen by key stays, until the file asks for another
            from tui.words import Words  # noqa: PLC0415 - as above

            lang = wanted[0] if wanted[0] != self._configured[0] else self.words.lang
            self._configured = wanted
            self.speak(Words.of(lang, wanted[1]))
        self.main.pace(shortest_interval(self.desk.settings))
        self.main.reload()

    # ------------------------------------------------------------------ looks

    def look(self, screen: "ScreenSettings") -> None:
        """Take theme, plainness and keys; what is wrong with them is told on the main screen."""
        wrong = [] if self.set_theme(screen.theme) else [("unknown_theme", {"name": screen.theme})]
        self.own_keys, complaints = keymap_of(screen.keys)
        self.set_keymap(self.own_keys)
        self.set_plain(plain=screen.plain)
        self.main.complaints = (*wrong, *complaints)

    def set_theme(self, name: str) -> bool:
        """Take a theme: `auto`, `light`, `dark`, or a theme's name; whether there is one."""
        wanted = _THEMES["light" if self._light else "dark"] if name == "auto" else _THEMES.get(name, name)
        known = wanted in self.available_themes
        self.theme = wanted if known else _THEMES["dark"]
        return known

    def set_plain(self, *, plain: bool) -> None:
        """Leave out lines and glyphs, or not."""
        self._plain = PlainFilter(enabled=plain)
        self.set_class(plain, "-plain")

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own, and ours for screen readers."""
        plain = getattr(self, "_plain", None)
        return [*super().get_line_filters(), *([plain] if plain and plain.enabled else [])]

    # ------------------------------------------------------------------ actions

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

    def action_command_palette(self) -> None:
        """Find what to do by its name."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder=self.words("palette_find"), id="--command-palette"))

    def search_themes(self) -> None:
        """Choose the colours of the screen."""
        self.push_screen(CommandPalette([ThemeProvider], placeholder=self.words("palette_themes")))

    def _runner(self, call: str) -> Callable[[], object]:
        return lambda: self.call_later(self.run_action, call)

    def action_show(self, door: str) -> None:
        """Open the screen behind a door."""
        self.push_screen(behind(door, self.desk, self.words))

    async def on_changed(self, message: "Changed") -> None:
        """Something was done by hand, on whatever screen."""
        self.main.done(message.act)
        await self.main.read()
        if message.made:
            self.main.go(message.made)
        for screen in self.screen_stack:
            if isinstance(screen, TonedScreen):
                screen.ledger_changed()

    def action_language(self) -> None:
        """Speak the next language, on every screen."""
        from tui.words import Words  # noqa: PLC0415 - as above

        following = LANGUAGES[(LANGUAGES.index(self.words.lang) + 1) % len(LANGUAGES)]
        self.speak(Words(Catalogue.of(following), self.words.zone))

    def speak(self, words: "Words") -> None:
        """Use these words, on every screen."""
        self.words = words
        for screen in self.screen_stack:
            if isinstance(screen, TonedScreen):
                screen.speak(self.words)


def make(desk: "RealDesk", *, light: bool = False) -> OtosataApp:
    """The app as the configuration behind the desk wants it."""
    from tui.words import Words  # noqa: PLC0415 - as above

    words = Words.of(desk.lang, desk.settings.calendar.timezone)
    return OtosataApp(desk, words, shortest_interval(desk.settings), light=light)


def shortest_interval(settings: "Settings") -> timedelta:
    """Time between two polls: that of the mailbox that is asked most often."""
    return min((settings.interval_of(account) for account in settings.accounts), default=settings.interval)


def run(desk: "RealDesk", demo: Callable[[str], object], *, light: bool = False) -> int:
    """Show the screen until the user quits; the exit code. The terminal must be one.

    `demo`: runs the demo in the language given; the app is there again when it ends. `light`: the background is.
    """
    while True:
        app = make(desk, light=light)
        app.run()
        if not app.wants_demo:
            return app.return_code or 0
        demo(app.words.lang)
