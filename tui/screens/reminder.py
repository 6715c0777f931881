"""The reminder message that fits: shown filled in, to edit, copy, send on the platform and note as sent."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input, TextArea

from config.texts.catalogue import LANGUAGES, Catalogue
from otosata.deals.message import fitting, values
from otosata.deals.reading import Reading, Rules
from otosata.hand import HandError
from tui import deeds
from tui.actions import Place, bindings
from tui.cells import steady
from tui.desk import Desk
from tui.letters import letter, open_places
from tui.prose import Line, line
from tui.screens.copying import Copier
from tui.screens.doing import Doer, Failure
from tui.screens.toned import TonedModal
from tui.times import read_day
from tui.tones import Piece
from tui.widgets.field import Field
from tui.widgets.key_bar import KeyBar
from tui.widgets.paragraph import Paragraph
from tui.words import Words


class ReminderScreen(Doer, Copier, TonedModal):
    """Lies over the screen; nothing is written before the user says that he has sent it."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.REMINDER, Place.OVER)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.REMINDER)]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (18, "-tall")]  # noqa: RUF012 - Textual declares it without ClassVar
    AUTO_FOCUS = "TextArea"

    def __init__(self, desk: Desk, words: Words, reading: Reading, rules: Rules) -> None:
        super().__init__(desk, words)
        self._reading = reading
        self._values = values(reading, rules)
        self._templates = fitting(reading, rules)
        self._place = 0
        self._letter_words = words

    def compose(self) -> ComposeResult:
        """Which template, the message, the date that it names, keys."""
        with Vertical(classes="box"):
            yield Paragraph(id="reminder-title")
            yield TextArea(id="reminder-text", compact=True, highlight_cursor_line=False)
            yield Paragraph(id="reminder-open")
            yield Paragraph(id="reminder-label")
            yield Field(id="reminder-date", compact=True)
            yield Paragraph(id="reminder-trouble")
            yield KeyBar(self.words, id="reminder-keys")

    def show(self) -> None:
        """Write the message out anew."""
        self.query_one("#reminder-title", Paragraph).show(tuple(self._heading()))
        text, named = "", False
        if self._templates:
            template = self._templates[self._place]
            text, named = letter(template, self._values, self._letter_words), template.names_date
        self.query_one(TextArea).load_text(text)
        date = self.query_one("#reminder-date", Field)
        date.display = self.query_one("#reminder-label").display = named
        limit = self._values.get("limit")
        date.value = str(limit) if named and limit else ""
        self.query_one("#reminder-label", Paragraph).show((line(Piece(self.words("reminder_date"), "dim")),))

    def _heading(self) -> list[Line]:
        title = self.words("reminder_title", deal=deeds.name(self._reading, self.words))
        found = [line(Piece(title, "heading"))]
        if not self._templates:
            return [*found, line(Piece(self.words("no_template"), "dim"))]
        names: list[Piece | str] = [Piece(self.words("reminder_template"), "dim")]
        for place, template in enumerate(self._templates):
            here = place == self._place
            names.append(
                Piece(f" [{steady(template.id)}]" if here else f"  {steady(template.id)} ", "key" if here else "")
            )
        return [*found, line(*names)]

    @on(TextArea.Changed)
    def _look(self) -> None:
        left = open_places(self.query_one(TextArea).text)
        said = line(Piece(self.words("reminder_open", names=" ".join(map(steady, left))), "warn")) if left else line()
        self.query_one("#reminder-open", Paragraph).show((said,))

    def action_next_template(self) -> None:
        """The next template, filled in; what was edited is gone."""
        if self._templates:
            self._place = (self._place + 1) % len(self._templates)
            self.show()

    def action_letter_language(self) -> None:
        """The same message in the other language."""
        lang = LANGUAGES[(LANGUAGES.index(self._letter_words.lang) + 1) % len(LANGUAGES)]
        self._letter_words = Words(Catalogue.of(lang), self.words.zone)
        self.show()

    def action_copy_letter(self) -> None:
        """The message as it stands, to the clipboard."""
        self.copy(self.query_one(TextArea).text)

    @on(Input.Submitted)
    def action_sent(self) -> None:
        """I have sent it on the platform: a message of mine, and the date that it names."""
        date = self.query_one("#reminder-date", Field)
        template = self._templates[self._place].id if self._templates else ""
        try:
            named = read_day(date.value, self.desk.now(), self.words) if date.display and date.value.strip() else None
        except HandError as error:
            self.failed(error)
            return
        said = self.words("reminder_note", template=template) if template else ""
        self.do(deeds.reminded(self._reading, said, named), self.dismiss)

    def failed(self, error: Failure) -> None:
        """Here, not in a corner."""
        self.query_one("#reminder-trouble", Paragraph).show((line(Piece(self.cure(error), "alarm")),))
