"""Tuning: a threshold moved here shows at once what would change, today and over the last half year."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, VerticalScroll

from config.layers import KeyPath, split_key
from config.problems import ConfigError
from config.tuning import Offer, Tuning
from config.write import NotWritableError
from otosata.deals.comparison import Comparison
from otosata.store.errors import StoreError
from tui.actions import Place, bindings
from tui.background import aside
from tui.prose import line
from tui.screens.page import Page
from tui.tones import Piece
from tui.tuning import HALF_A_YEAR, Spans, Trial, effect, entries, offer_at
from tui.widgets.paragraph import Paragraph
from tui.widgets.pick_list import PickList


class TuneScreen(Page):
    """Thresholds and proposals on one side, their effect on the other. Nothing is in force before it is saved."""

    NAME = "tune"
    PLACES: ClassVar[tuple[Place, ...]] = (Place.TUNE, Place.OVER)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.TUNE)]
    AUTO_FOCUS = "#tune"

    _tuning: Tuning | None = None
    _comparison: Comparison | None = None
    _offers: tuple[Offer, ...] = ()
    _trial = Trial()
    _trouble = ""
    _said = ""

    def compose_page(self) -> ComposeResult:
        """The thresholds, and what they would have come to."""
        yield Paragraph(id="tune-note")
        with Container(id="tune-page"):
            yield PickList(id="tune")
            with VerticalScroll(id="tune-about", can_focus=False):
                yield Paragraph(id="tune-effect")

    def on_mount(self) -> None:
        """Tell the stories once; they are replayed with whatever is tried."""
        super().on_mount()
        self._read()

    @work(exclusive=True)
    async def _read(self) -> None:
        def tell() -> None:
            tuning = self.desk.tuning(self.desk.now() - HALF_A_YEAR)
            self._tuning, self._comparison = tuning, tuning.compare(self._trial.written)

        def offer() -> None:
            self._offers = self._tuning.proposals() if self._tuning else ()

        try:
            await aside(tell)
            self.show()
            await aside(offer)
        except StoreError as error:
            self._trouble = self.words.said(str(error))
        else:
            self._trouble = ""
        self.show()

    @work(exclusive=True)
    async def _compare(self) -> None:
        tuning, trial = self._tuning, self._trial
        if tuning is None:
            return

        def compare() -> None:
            self._comparison = tuning.compare(trial.written)

        try:
            await aside(compare)
        except ConfigError as error:
            self._trouble = f"{error.problems[0].message} → {error.problems[0].hint}"
        else:
            self._trouble = ""
        self.show()

    # ------------------------------------------------------------------ showing

    def show(self) -> None:
        """Fill in the list, and the effect of what is tried."""
        tuning, words = self._tuning, self.words
        note = self._trouble or self._said or ("" if tuning else words("tune_reading"))
        if tuning is not None and not note and not self._known():
            note = words("tune_none")
        self.query_one("#tune-note", Paragraph).show((line(Piece(note, "alarm" if self._trouble else "dim")),))
        self.set_class(bool(note), "-noted")
        if tuning is None:
            return
        listed = entries(self._known(), self._trial, self._offers, tuning.assembly.platforms, words)
        self.query_one("#tune", PickList).show(list(listed))
        if self._comparison is not None:
            lines = tuple(effect(self._comparison, self._trial, tuning, words))
            self.query_one("#tune-effect", Paragraph).show(lines)

    def _known(self) -> dict[KeyPath, Spans]:
        return dict(self._tuning.known) if self._tuning else {}

    # ------------------------------------------------------------------ doing

    @property
    def _path(self) -> KeyPath | None:
        """The threshold under the cursor; None on a proposal, or where there is nothing."""
        key = self.query_one("#tune", PickList).key
        path = split_key(key) if key else ()
        return path if path in self._known() or path in self._trial.changes else None

    def action_move(self, by: int) -> None:
        """A step later or earlier."""
        if (path := self._path) is not None:
            self._try(self._trial.moved(path, self._known().get(path, ()), by))

    def action_off(self) -> None:
        """Take the level away, or give it back."""
        if (path := self._path) is not None:
            self._try(self._trial.off(path, self._known().get(path, ())))

    def action_reset(self) -> None:
        """The threshold under the cursor as it is in force."""
        path = self._path
        self._try(self._trial.without(path) if path is not None else Trial())

    def picked(self, key: str) -> None:
        """Try what a client's reply times suggest; once more: leave it."""
        offer = offer_at(key, self._offers)
        if offer is None:
            return
        taken = self._trial.taking(offer)
        if taken == self._trial:
            for level in ("notice", "warn"):
                taken = taken.without(("clients", offer.proposal.client, level))
        self._try(taken)

    def _try(self, trial: Trial) -> None:
        self._trial, self._said = trial, ""
        self.show()  # the list at once, the effect as soon as it is computed
        self._compare()

    def action_save(self) -> None:
        """Put what is tried in force: into settings.toml, which lies over config.toml."""
        if not self._trial.changes:
            return
        try:
            self.desk.writer().set_all(self._trial.written)
        except ConfigError as error:
            self._trouble = f"{error.problems[0].message} → {error.problems[0].hint}"
        except NotWritableError as error:
            self._trouble = str(error)
        else:
            said = self.words("tune_saved", n=len(self._trial.changes))
            self._trial, self._trouble, self._said = Trial(), "", said
            self.app.call_later(self.app.run_action, "app.renew")
            self._read()
        self.show()

    @on(PickList.Moved, "#tune")
    def _forget(self) -> None:
        """What was said belongs to the line it was said about."""
        if self._said and self._trial.changes:
            self._said = ""
