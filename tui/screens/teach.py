"""Teaching: what a mail is becomes a rule; its fields can be corrected; what it would do shows before it is saved."""

from collections.abc import Mapping
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Input

from adapters.teaching.build import Meaning
from adapters.teaching.propose import TeachError
from config.problems import ConfigError
from config.write import NotWritableError
from otosata.store.errors import StoreError
from otosata.store.values import MailRow
from tui.actions import Place, bindings
from tui.background import aside
from tui.cells import steady
from tui.desk import Desk
from tui.lessons import FIELDS, Trial, proposal, trial_lines, tried
from tui.prose import line
from tui.screens.doing import Changed
from tui.screens.toned import TonedModal
from tui.tones import Piece
from tui.widgets.field import Field
from tui.widgets.key_bar import KeyBar
from tui.widgets.paragraph import Paragraph
from tui.widgets.toasts import tell
from tui.words import Words

Trouble = TeachError | StoreError | ConfigError | NotWritableError
_BLANKS = (*FIELDS, "phrase")


class TeachScreen(TonedModal):
    """Lies over the screen until the rule is saved or left. Nothing is written before it is saved."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.TEACH, Place.OVER)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.TEACH)]
    AUTO_FOCUS = "#teach-client"

    def __init__(self, desk: Desk, words: Words, mail: MailRow, meaning: Meaning) -> None:
        super().__init__(desk, words)
        self.mail = mail
        self.meaning = meaning
        self.trial: Trial | None = None
        self._tried: Mapping[str, str] = {}
        self._warned = False

    def compose(self) -> ComposeResult:
        """The mail, the fields, what the rule would do, the keys."""
        with Vertical(classes="box", id="teach"):
            yield Paragraph(id="teach-head")
            for name in _BLANKS:
                yield Paragraph(id=f"teach-label-{name}")
                yield Field(id=f"teach-{name}", compact=True, disabled=True)
            with VerticalScroll(id="teach-review"):
                yield Paragraph(id="teach-found")
            yield Paragraph(id="teach-trouble")
            yield KeyBar(self.words, id="teach-keys")

    def show(self) -> None:
        """Fill in, and try the rule out as it is proposed."""
        words = self.words
        said = f"{words(f'actors.{self.meaning.actor.value}')}  {words(f'events.{self.meaning.event}')}"
        subject = steady(self.mail.subject) or words("no_subject")
        head = line(Piece(words("teach_title", what=said), "heading"))
        self.query_one("#teach-head", Paragraph).show((head, line(subject, hang=2)))
        for name in _BLANKS:
            label = words(f"teach_{'name' if name == 'title' else name}")
            self.query_one(f"#teach-label-{name}", Paragraph).show((line(Piece(label, "dim")),))
        self._try(self.typed if self.trial else None)

    @property
    def typed(self) -> Mapping[str, str]:
        """What stands in the fields."""
        return {name: self.query_one(f"#teach-{name}", Field).value.strip() for name in _BLANKS}

    @on(Input.Submitted)
    def action_again(self) -> None:
        """Try the rule with what stands in the fields now."""
        self._try(self.typed)

    @work(exclusive=True, group="teach")
    async def _try(self, typed: Mapping[str, str] | None) -> None:
        self._say(Piece(self.words("teach_trying"), "dim"))
        try:
            trial = await aside(partial(tried, self.desk.teaching, self.mail.id, self.meaning, typed))
        except (TeachError, StoreError) as error:
            self._failed(error)
            return
        self.trial, self._warned = trial, False
        for name in FIELDS:
            if typed is None:
                self.query_one(f"#teach-{name}", Field).value = proposal(trial.lesson, name)
        self._tried = self.typed if typed is None else typed
        self._say()
        self.query_one("#teach-found", Paragraph).show(trial_lines(trial, self.words))

    def action_save(self) -> None:
        """Write the rule down and judge the stored mail by it; asked for twice where it takes mail from other rules."""
        trial = self.trial
        if trial is None or self.typed != self._tried:  # nothing is saved that nobody has seen
            self._try(self.typed)
            return
        if (trial.found.conflicts or trial.found.taken) and not self._warned:
            self._warned = True
            self._say(Piece(self.words("teach_warn"), "alarm"))
            return
        self._save(trial)

    @work(exclusive=True, group="teach")
    async def _save(self, trial: Trial) -> None:
        draft = trial.found.draft
        if draft is None:
            return
        try:
            done = await aside(partial(self.desk.teaching.save, trial.lesson, draft))
        except (TeachError, StoreError, ConfigError, NotWritableError) as error:
            self._failed(error)
            return
        rule = f"{done.platform}/{(done.draft or draft).id}"
        tell(self.app, self.words("taught", rule=rule, n=len(done.changes)), self.words("taught_hint", rule=rule))
        self.post_message(Changed(None))
        self.dismiss()

    def _failed(self, error: Trouble) -> None:
        """Here, not in a corner: what was typed can be mended."""
        self.trial = None
        self.query_one("#teach-found", Paragraph).show(())
        text, hint = self.words.said(str(error)), self.words.said(getattr(error, "hint", ""))
        self._say(Piece(self.words("cure", text=text, hint=hint) if hint else text, "alarm"))

    def _say(self, *pieces: Piece) -> None:
        for field in self.query(Field):
            field.disabled = False
        self.query_one("#teach-trouble", Paragraph).show((line(*pieces),) if pieces else ())
