"""A question with answers to pick from, and room to type another: when, which deal, what has happened."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from otosata.hand import HandError
from otosata.store.errors import StoreError
from tui.actions import Place, bindings
from tui.deeds import Deed
from tui.desk import Desk
from tui.prose import Line, line
from tui.screens.doing import Doer, Failure
from tui.screens.toned import TonedModal, TonedScreen
from tui.tones import Piece
from tui.widgets.field import Field
from tui.widgets.key_bar import KeyBar
from tui.widgets.paragraph import Paragraph
from tui.widgets.pick_list import Entry, PickList
from tui.words import Words

Outcome = Deed | TonedScreen | None
"""What an answer leads to: something to write, the next question, or nothing."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer."""

    text: tuple[Piece, ...]
    outcome: Callable[[], Outcome]
    """Called when it is picked. StoreError, HandError: said, and the question stays."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked."""

    title: str
    choices: Sequence[Choice] = ()
    more: tuple[Line, ...] = ()
    """Said below the title."""
    typed: Callable[[str], Outcome] | None = field(default=None)
    """What a typed answer leads to; None: only the choices."""
    label: str = ""
    """Above the field to type in."""
    value: str = ""
    """What stands there already."""


class AskScreen(Doer, TonedModal):
    """Lies over the screen until it is answered or left."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.ASK, Place.OVER)
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Place.ASK),
        *(Binding(str(number), f"nth({number})", show=False) for number in range(1, 10)),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (18, "-tall")]  # noqa: RUF012 - Textual declares it without ClassVar
    AUTO_FOCUS = "PickList, Field"

    def __init__(self, desk: Desk, words: Words, question: Question) -> None:
        super().__init__(desk, words)
        self.question = question

    def compose(self) -> ComposeResult:
        """Title, answers, field, keys."""
        asked = self.question
        with Vertical(classes="box"):
            yield Paragraph(id="ask-title")
            if asked.choices:
                yield PickList(id="ask-choices")
            if asked.typed is not None:
                yield Paragraph(id="ask-label")
                yield Field(asked.value, id="ask-typed", compact=True)
            yield Paragraph(id="ask-trouble")
            yield KeyBar(self.words, id="ask-keys")

    def show(self) -> None:
        """Fill in."""
        asked = self.question
        self.query_one("#ask-title", Paragraph).show((line(Piece(asked.title, "heading")), *asked.more))
        for pick_list in self.query(PickList):
            pick_list.show([_entry(place, choice) for place, choice in enumerate(asked.choices, start=1)])
        for label in self.query("#ask-label").results(Paragraph):
            label.show((line(Piece(asked.label, "dim")),))

    def action_choose(self) -> None:
        """Take the answer under the cursor."""
        key = self.query_one(PickList).key if self.question.choices else ""
        if key:
            self.action_nth(int(key))

    def action_nth(self, number: int) -> None:
        """Take the answer with that number."""
        if number <= len(self.question.choices):
            self._take(self.question.choices[number - 1].outcome)

    @on(PickList.Picked)
    def _clicked(self) -> None:
        self.action_choose()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        typed = self.question.typed
        if typed is not None:
            self._take(lambda: typed(event.value))

    def _take(self, outcome: Callable[[], Outcome]) -> None:
        try:
            found = outcome()
        except (StoreError, HandError) as error:
            self.failed(error)
            return
        if isinstance(found, Deed):
            self.do(found, self.dismiss)
        elif found is None:
            self.dismiss()
        else:
            self.app.switch_screen(found)

    def failed(self, error: Failure) -> None:
        """Here, not in a corner: what was typed can be mended."""
        self.query_one("#ask-trouble", Paragraph).show((line(Piece(self.cure(error), "alarm")),))


def _entry(place: int, choice: Choice) -> Entry:
    number = Piece(f"{place} " if place < 10 else "  ", "key")
    return Entry(str(place), lambda _: (number, *choice.text))
