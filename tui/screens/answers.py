"""How clients answer: a line for each platform and client, and what stands behind the one under the cursor."""

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll

from otosata.deals.habits import Habit
from otosata.store.errors import StoreError
from tui.answers import about, counts, entries, head, key_of
from tui.background import aside
from tui.prose import line
from tui.screens.page import Page
from tui.tones import Piece
from tui.widgets.paragraph import Paragraph
from tui.widgets.pick_list import PickList


class AnswersScreen(Page):
    """Reply times, reminders, and who keeps me waiting; Enter leads to the deal that waits longest."""

    NAME = "answers"
    AUTO_FOCUS = "#answers"

    _habits: tuple[Habit, ...] | None = None
    _trouble = ""

    def compose_page(self) -> ComposeResult:
        """The list, and what stands behind a line of it."""
        yield Paragraph(id="answers-note")
        with Container(id="answers-page"):
            yield PickList(id="answers")
            with VerticalScroll(id="answers-about"), Container(id="answers-halves"):
                yield Paragraph(id="answers-text")
                yield Paragraph(id="answers-counts")

    def show_anew(self) -> None:
        """Read the ledgers again, beside the screen."""
        super().show_anew()
        self._read()

    @work(exclusive=True)
    async def _read(self) -> None:
        try:
            self._habits = await aside(self.desk.habits)
        except StoreError as error:
            self._trouble = self.words.said(str(error))
        else:
            self._trouble = ""
        self.show()

    def show(self) -> None:
        """Fill in the list; while the ledgers are read, say so."""
        known = self._habits or ()
        note = self._trouble or (self.words("answers_reading") if self._habits is None else "")
        note = note or ("" if known else self.words("answers_none"))
        self.query_one("#answers-note", Paragraph).show((line(Piece(note, "alarm" if self._trouble else "dim")),))
        self.set_class(bool(note), "-noted")
        words = self.words
        self.query_one("#answers", PickList).show(
            list(entries(known, words)), head=lambda cells: tuple(head(known, cells, words))
        )
        self._about()

    @on(PickList.Moved, "#answers")
    def _about(self) -> None:
        habit = self._picked(self.query_one("#answers", PickList).key)
        self.query_one("#answers-text", Paragraph).show(tuple(about(habit, self.words)) if habit else ())
        self.query_one("#answers-counts", Paragraph).show(tuple(counts(habit, self.words)) if habit else ())

    def _picked(self, key: str) -> Habit | None:
        return next((habit for habit in self._habits or () if key_of(habit) == key), None)

    def picked(self, key: str) -> None:
        """Go to the deal that waits longest, or waited longest."""
        habit = self._picked(key)
        wait = (habit.longest_running or habit.longest) if habit else None
        if wait is not None:
            self.main.go(wait.deal)
            self.dismiss()
