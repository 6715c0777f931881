"""The settings: everything that can be set in the app, what is in force, and who says so."""

from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, VerticalScroll
from textual.widgets import Input

from config.adjust import Section, Setting, Step
from config.problems import ConfigError
from config.write import NotWritableError
from tui.actions import ACTIONS, Place, bindings
from tui.background import aside
from tui.cells import steady
from tui.journal import Note
from tui.prose import line
from tui.screens.edit import EditScreen, complaint
from tui.screens.page import Page
from tui.settings import about, entries
from tui.tones import Piece
from tui.widgets.field import Field
from tui.widgets.paragraph import Paragraph
from tui.widgets.pick_list import PickList


class SettingsScreen(Page):
    """Enter changes a setting; what would move today is shown before it is kept; u takes the last change back."""

    NAME = "settings"
    AUTO_FOCUS = "#settings"
    PLACES: ClassVar[tuple[Place, ...]] = (Place.SETTINGS, Place.PAGE, Place.OVER)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.SETTINGS)]

    _sections: tuple[Section, ...] = ()

    def compose_page(self) -> ComposeResult:
        """What came of the last change, the filter, the list, and what is said of a line of it."""
        yield Paragraph(id="settings-note")
        yield Field("", "", id="settings-filter", compact=True)
        with Container(id="settings-page"):
            yield PickList(id="settings")
            with VerticalScroll(id="settings-about"):
                yield Paragraph(id="settings-text")

    def show(self) -> None:
        """What is in force, as far as it fits the filter."""
        filtering = self.query_one("#settings-filter", Field)
        filtering.placeholder = self.words("settings_filter")
        wanted = filtering.value
        self.query_one("#settings", PickList).show(list(entries(self._sections, wanted, self.words)))
        self._about()

    def show_anew(self) -> None:
        """Read what is in force again, beside the screen: it costs a look into every platform's file."""
        super().show_anew()
        self._read()

    @work(exclusive=True, group="read")
    async def _read(self) -> None:
        names = [action.name for action in ACTIONS if action.call]
        self._sections = await aside(partial(self.desk.sections, names))
        self.show()

    @on(Input.Changed, "#settings-filter")
    def _filtered(self) -> None:
        self.show()

    @on(Input.Submitted, "#settings-filter")
    def _to_list(self) -> None:
        self.query_one("#settings").focus()

    @on(PickList.Moved, "#settings")
    def _about(self) -> None:
        found = self._found(self.query_one("#settings", PickList).key)
        self.query_one("#settings-text", Paragraph).show(tuple(about(*found, self.words)) if found else ())

    def _found(self, key: str) -> tuple[Section, Setting] | None:
        pairs = ((section, one) for section in self._sections for one in section.settings)
        return next((pair for pair in pairs if pair[1].dotted == key), None)

    def _say(self, text: str, tone: str = "") -> None:
        self.query_one("#settings-note", Paragraph).show((line(Piece(steady(text), tone)),))
        self.set_class(bool(text), "-noted")

    # ------------------------------------------------------------------ changing

    def picked(self, key: str) -> None:
        """Change the setting."""
        if found := self._found(key):
            self.app.push_screen(EditScreen(self.desk, self.words, *found, kept=self._kept))

    def action_find(self) -> None:
        """Type what to look for."""
        self.query_one("#settings-filter").focus()

    def action_to_default(self) -> None:
        """Let settings.toml say nothing of the setting any more."""
        found = self._found(self.query_one("#settings", PickList).key)
        if found is None:
            return
        if found[1].own is None:
            self._say(self.words("settings_not_own"), "dim")
        else:
            self._change(found[1])

    def action_take_back(self) -> None:
        """Undo the last change of a setting."""
        if not self.main.journal.changed:
            self._say(self.words("settings_no_change"), "dim")
        else:
            self._take_back(self.main.journal.changed[-1])

    @work(exclusive=True, group="settings")
    async def _change(self, setting: Setting) -> None:
        try:
            step = await aside(partial(self.desk.change, setting, None))
        except (ConfigError, NotWritableError) as error:
            self._say(complaint(error, self.words), "alarm")
        else:
            self._kept(step)

    @work(exclusive=True, group="settings")
    async def _take_back(self, step: Step) -> None:
        try:
            await aside(partial(self.desk.take_back, step))
        except (ConfigError, NotWritableError) as error:
            self._say(complaint(error, self.words), "alarm")
            return
        self.main.journal.changed.remove(step)
        await self._renewed(Note(self.desk.now(), "setting_back", {"key": step.key}, "ok"))

    def _kept(self, step: Step) -> None:
        """A change was written."""
        self.main.journal.changed.append(step)
        key = "setting" if step.after is not None else "setting_default"
        self.run_worker(self._renewed(Note(self.desk.now(), key, _values(step.key, step.after), "ok")))

    async def _renewed(self, note: Note) -> None:
        """Everything follows the new configuration."""
        self.main.journal.add(note)
        await self.app.run_action("app.renew")
        self.show_anew()
        self._say(note.text(self.words) + self.words("settings_undo"), "ok")


def _values(key: str, text: str | None) -> dict[str, object]:
    return {"key": key, "value": text or "-"}
