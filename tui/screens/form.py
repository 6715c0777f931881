"""A form of a few lines to fill in: a new deal, an event with its time and note."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Input

from otosata.hand import HandError
from otosata.store.errors import StoreError
from tui.actions import Place, bindings
from tui.deeds import Deed
from tui.desk import Desk
from tui.prose import Line, line
from tui.screens.doing import Doer, Failure
from tui.screens.toned import TonedModal
from tui.tones import Piece
from tui.widgets.field import Field
from tui.widgets.key_bar import KeyBar
from tui.widgets.paragraph import Paragraph
from tui.widgets.tick_box import TickBox
from tui.words import Words


@dataclass(frozen=True, slots=True)
class Blank:
    """One line to fill in."""

    name: str
    label: str
    value: str = ""
    example: str = ""
    """Shown in the empty field."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A yes or no."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Form:
    """What is to be filled in, and what comes of it."""

    title: str
    fields: Sequence[Blank | Tick]
    deed: Callable[[Mapping[str, str]], Deed]
    """Answers by name (a tick: `yes` or nothing) → what to write. HandError, StoreError: said, and the form stays."""
    more: tuple[Line, ...] = ()


class FormScreen(Doer, TonedModal):
    """Lies over the screen until it is saved or left."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.FORM, Place.OVER)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.FORM)]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (18, "-tall")]  # noqa: RUF012 - Textual declares it without ClassVar
    AUTO_FOCUS = "Field"

    def __init__(self, desk: Desk, words: Words, form: Form) -> None:
        super().__init__(desk, words)
        self.form = form

    def compose(self) -> ComposeResult:
        """Title, fields, keys."""
        with Vertical(classes="box"):
            yield Paragraph(id="form-title")
            with VerticalScroll(id="form-fields", can_focus=False):
                for place, field in enumerate(self.form.fields):
                    if isinstance(field, Tick):
                        yield TickBox(field.label, id=f"form-{field.name}")
                    else:
                        yield Paragraph(id=f"form-label-{place}")
                        yield Field(field.value, field.example, id=f"form-{field.name}", compact=True)
            yield Paragraph(id="form-trouble")
            yield KeyBar(self.words, id="form-keys")

    def show(self) -> None:
        """Fill in."""
        self.query_one("#form-title", Paragraph).show((line(Piece(self.form.title, "heading")), *self.form.more))
        for place, field in enumerate(self.form.fields):
            if isinstance(field, Blank):
                self.query_one(f"#form-label-{place}", Paragraph).show((line(Piece(field.label, "dim")),))

    @property
    def answers(self) -> Mapping[str, str]:
        """What stands in the fields."""
        ticks = {box.id or "": "yes" if box.value else "" for box in self.query(TickBox)}
        blanks = {blank.id or "": blank.value.strip() for blank in self.query(Field)}
        return {name.removeprefix("form-"): value for name, value in (ticks | blanks).items()}

    @on(Input.Submitted)
    def action_save(self) -> None:
        """Write what the form says."""
        try:
            deed = self.form.deed(self.answers)
        except (StoreError, HandError) as error:
            self.failed(error)
            return
        self.do(deed, self.dismiss)

    def failed(self, error: Failure) -> None:
        """Here, not in a corner: what was typed can be mended."""
        self.query_one("#form-trouble", Paragraph).show((line(Piece(self.cure(error), "alarm")),))
