"""A full screen over the main one: its title and the state of the mail on top, the keys at the bottom."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from otosata.overview import Overview
from tui.actions import Place, bindings
from tui.screens.main import MainScreen
from tui.screens.polling import TICK_SECONDS
from tui.screens.toned import OverScreen
from tui.widgets.health import Mailing, TopLine
from tui.widgets.key_bar import KeyBar
from tui.widgets.pick_list import PickList
from tui.words import Words


class Page(OverScreen):
    """Base of such screens. A subclass says what stands between top and keys, and fills it in with `show`."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.PAGE, Place.OVER)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.PAGE)]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual declares it without ClassVar
    VERTICAL_BREAKPOINTS = [(0, "-short"), (18, "-tall")]  # noqa: RUF012 - as above
    NAME: ClassVar[str]
    """The text of its title is `tui.title_NAME`."""

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield TopLine(classes="top")
        yield from self.compose_page()
        yield KeyBar(self.words, id="keys")

    def compose_page(self) -> ComposeResult:
        """What stands between."""
        raise NotImplementedError

    @property
    def main(self) -> MainScreen:
        """The screen below, which knows the deals."""
        return next(screen for screen in self.app.screen_stack if isinstance(screen, MainScreen))

    @property
    def overview(self) -> Overview | None:
        """All deals as the main screen has read them last."""
        return self.main.overview

    def on_mount(self) -> None:
        """Fill in; time passes here as well, and a poll that ends below shows."""
        top = self.query_one(TopLine)
        top.words, top.title = self.words, self.words(f"title_{self.NAME}")
        self.watch(self.main.query_one(TopLine), "mailing", self.mailing_changed)
        self.set_interval(TICK_SECONDS, self.show_anew)
        self.show_anew()

    def mailing_changed(self, mailing: Mailing) -> None:
        """The read below goes on, or has ended."""
        was = self.query_one(TopLine).mailing
        self.query_one(TopLine).mailing = mailing
        if was.syncing and not mailing.syncing:
            self.show_anew()

    @on(PickList.Picked)
    def _clicked(self, message: PickList.Picked) -> None:
        self.picked(message.key)

    def action_pick(self) -> None:
        """Open what is under the cursor of the list."""
        if key := self.query_one(PickList).key:
            self.picked(key)

    def picked(self, key: str) -> None:
        """What opening means here."""

    def show_anew(self) -> None:
        """Show what the main screen knows by now."""
        self.query_one(TopLine).overview = self.overview
        self.show()

    def ledger_changed(self) -> None:
        """Show what is known now."""
        self.show_anew()

    def speak(self, words: Words) -> None:
        """Show everything in another language."""
        top = self.query_one(TopLine)
        top.words, top.title = words, words(f"title_{self.NAME}")
        super().speak(words)
