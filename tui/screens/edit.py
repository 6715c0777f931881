"""Changes one setting: picked or typed, checked while it is typed, with what it would move today."""

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.timer import Timer
from textual.widgets import Input

from config.adjust import Section, Setting, Step, as_toml
from config.key import Kind
from config.problems import ConfigError
from config.write import NotWritableError
from otosata.store.errors import StoreError
from tui.actions import Place, bindings
from tui.background import aside
from tui.desk import Desk
from tui.prose import Line, line
from tui.screens.toned import TonedModal
from tui.settings import OF_DEALS, choices, heading, label, moved
from tui.tones import Piece
from tui.widgets.field import Field
from tui.widgets.key_bar import KeyBar
from tui.widgets.paragraph import Paragraph
from tui.widgets.pick_list import Entry, PickList
from tui.words import Words

PAUSE_SECONDS = 0.25
"""So long nothing must be typed before it is tried."""


class EditScreen(TonedModal):
    """Lies over the settings; Enter keeps what stands there, Esc leaves everything as it is."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.EDIT, Place.OVER)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.EDIT)]
    AUTO_FOCUS = "PickList, Field"

    def __init__(
        self, desk: Desk, words: Words, section: Section, setting: Setting, *, kept: Callable[[Step], None]
    ) -> None:
        super().__init__(desk, words)
        self._section, self._setting, self._kept = section, setting, kept
        self._pause: Timer | None = None

    @property
    def _choices(self) -> tuple[str, ...]:
        return choices(self._setting, list(self.app.available_themes))

    def compose(self) -> ComposeResult:
        """What it is, the choices or a line to type into, what is wrong or would move, keys."""
        with Vertical(classes="box"):
            yield Paragraph(id="edit-title")
            if self._choices:
                yield PickList(id="edit-choices")
            else:
                yield Field(self._setting.typed, self._setting.example, id="edit-field", compact=True)
            yield Paragraph(id="edit-told")
            yield KeyBar(self.words, id="edit-keys")

    def show(self) -> None:
        """Fill in."""
        name = label(self._section, self._setting, self.words)
        title = [line(Piece(name, "heading"), "  ", Piece(heading(self._section, self.words), "dim"))]
        title.append(line(self._setting.key.text(self.words.lang)))
        if self._setting.key.kind is Kind.SPANS:
            title.append(line(Piece(self.words("edit_spans"), "dim")))
        self.query_one("#edit-title", Paragraph).show(tuple(title))
        for pick_list in self.query(PickList):
            lines = [_choice(word, in_force=word == self._setting.text) for word in self._choices]
            pick_list.show(lines, key=self._setting.text)
        self._tell((line(Piece(self.words("edit_empty"), "dim")),) if not self._choices else ())

    @property
    def _typed(self) -> str:
        return self.query_one(PickList).key if self._choices else self.query_one("#edit-field", Field).value

    def _tell(self, lines: tuple[Line, ...]) -> None:
        self.query_one("#edit-told", Paragraph).show(lines)

    # ------------------------------------------------------------------ trying

    @on(Input.Changed)
    @on(PickList.Moved)
    def _edited(self) -> None:
        """Try it as soon as the user pauses."""
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE_SECONDS, self._try)

    @work(exclusive=True, group="try")
    async def _try(self) -> None:
        of_deals = self._section.name in OF_DEALS
        toml = as_toml(self._setting.key, self._typed) or self._setting.beneath
        changes = [(self._setting.dotted, toml)] if toml else []
        try:
            found = await aside(partial(self.desk.shifts, changes, of_deals=of_deals))
        except ConfigError as error:
            self._tell((line(Piece(complaint(error, self.words), "alarm")),))
        except StoreError as error:
            self._tell((line(Piece(self.words.said(str(error)), "alarm")),))
        else:
            self._tell(tuple(moved(found, self.words)) if of_deals else ())

    # ------------------------------------------------------------------ keeping

    @on(Input.Submitted)
    @on(PickList.Picked)
    def action_keep_setting(self) -> None:
        """Write it; what does not fit stays here, with what is wrong."""
        if self._typed.strip() == self._setting.typed:
            self.dismiss()
        else:
            self._keep(as_toml(self._setting.key, self._typed))

    @work(exclusive=True, group="keep")
    async def _keep(self, toml: str | None) -> None:
        try:
            step = await aside(partial(self.desk.change, self._setting, toml))
        except (ConfigError, NotWritableError) as error:
            self._tell((line(Piece(complaint(error, self.words), "alarm")),))
        else:
            self.dismiss()
            self._kept(step)


def complaint(error: ConfigError | NotWritableError, words: Words) -> str:
    """What is wrong and what helps, in one sentence; where, if it is not what has just been typed."""
    if isinstance(error, ConfigError):
        first = error.problems[0]
        text, hint = words.said(first.short if first.file else first.message), words.said(first.hint)
        return words("cure", text=text, hint=hint) if hint else text
    return words.said(f"{error.file} cannot be written: {error.reason}")


def _choice(word: str, *, in_force: bool) -> Entry:
    return Entry(
        word, lambda _: (Piece("[x] " if in_force else "[ ] ", "key"), Piece(word, "strong" if in_force else ""))
    )
