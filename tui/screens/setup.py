"""Sets up a mailbox: a form that knows the providers, a try before anything is kept, then the first read."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input

from config.enrol import AnswerError, Answers, Candidate, Part
from config.problems import ConfigError
from config.write import NotWritableError
from otosata.mail.source import SourceError
from tui.actions import Place, bindings
from tui.background import aside
from tui.cells import steady
from tui.desk import Desk
from tui.journal import Note
from tui.prose import Line, line
from tui.screens.first_read import FirstReadScreen
from tui.screens.page import Page
from tui.tones import Piece
from tui.widgets.field import Field
from tui.widgets.paragraph import Paragraph
from tui.words import Words

_SERVER = (Part.ADDRESS, Part.PASSWORD, Part.HOST, Part.LOGIN, Part.COMMAND, Part.CA_FILE)
"""The fields for a mailbox on a server; most people need the first two."""
_FILES = (Part.PATH,)
REFUSED = "refused the password"
"""Stands in what the log-in is told of: here the hint of a mailbox that is kept already would lead astray."""
EXAMPLES = {
    Part.ADDRESS: "me@example.com",
    Part.HOST: "imap.example.com:993",
    Part.COMMAND: "pass show mail",
    Part.CA_FILE: "~/ca.pem",
    Part.PATH: "~/Maildir",
}
"""Shown in the empty fields."""


class SetupScreen(Page):
    """Enter tries what is filled in; once that has worked, Enter keeps it and reads the mailbox."""

    NAME = "setup"
    PLACES: ClassVar[tuple[Place, ...]] = (Place.SETUP, Place.OVER)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.SETUP)]
    AUTO_FOCUS = "Field"

    def __init__(self, desk: Desk, words: Words, *, files: bool = False) -> None:
        super().__init__(desk, words)
        self._files = files
        self._candidate: Candidate | None = None
        """Tried with what stands in the fields, and found to work."""

    @property
    def _parts(self) -> Sequence[Part]:
        return _FILES if self._files else _SERVER

    def compose_page(self) -> ComposeResult:
        """The fields one below the other, each with room for what is wrong with it."""
        with VerticalScroll(id="setup", can_focus=False):
            yield Paragraph(id="setup-intro")
            for part in self._parts:
                yield Paragraph(id=f"label-{part.value}", classes="label")
                example = EXAMPLES.get(part, "")
                yield Field("", example, id=f"field-{part.value}", password=part is Part.PASSWORD, compact=True)
                yield Paragraph(id=f"wrong-{part.value}", classes="wrong")
                if part is Part.ADDRESS:
                    yield Paragraph(id="provider")
        yield Paragraph(id="setup-note")

    def show(self) -> None:
        """Name the fields."""
        intro = "setup_files" if self._files else "setup_server"
        self.query_one("#setup-intro", Paragraph).show((line(self.words(intro)),))
        for part in self._parts:
            label = (
                line(self.words(f"part_{part.value}"), Piece(f"  {self.words(f'part_{part.value}_more')}", "dim")),
            )
            self.query_one(f"#label-{part.value}", Paragraph).show(label)
            self._wrong(part)
        self._tell_provider()
        if self._candidate is None:
            self._say((line(Piece(self.words("setup_next"), "dim")),))

    def _answers(self) -> Answers:
        values = {part.value: self.query_one(f"#field-{part.value}", Field).value for part in self._parts}
        stripped = {name: value if name == Part.PASSWORD else value.strip() for name, value in values.items()}
        return Answers(files=self._files, **stripped)

    @on(Input.Changed)
    def _edited(self) -> None:
        """What was tried is not what stands there any more."""
        self._candidate = None
        for part in self._parts:
            self._wrong(part)
        self._tell_provider()
        self._say((line(Piece(self.words("setup_next"), "dim")),))

    def _tell_provider(self) -> None:
        """What is known of the provider of the address, and of its passwords."""
        if self._files:
            return
        provider = self._answers().provider
        lines: tuple[Line, ...] = ()
        if provider is not None:
            name = (Piece(provider.name, "strong"), Piece(f"  {provider.host}", "dim"))
            lines = (line(*name), line(provider.note.of(self.words.lang)), line(Piece(provider.page, "dim")))
        self.query_one("#provider", Paragraph).show(lines)
        self.query_one("#provider").display = bool(lines)

    def _wrong(self, part: Part, text: str = "") -> None:
        wrong = self.query_one(f"#wrong-{part.value}", Paragraph)
        wrong.show((line(Piece(text, "alarm")),) if text else ())
        wrong.display = bool(text)

    def _say(self, lines: tuple[Line, ...]) -> None:
        self.query_one("#setup-note", Paragraph).show(lines)

    # ------------------------------------------------------------------ trying and keeping

    @on(Input.Submitted)
    def action_next(self) -> None:
        """Try what is filled in; what has been tried is kept."""
        if self._candidate is None:
            self._say((line(Piece(self.words("setup_trying"), "notice")),))
            self._try(self._answers())
        else:
            self._say((line(Piece(self.words("setup_keeping"), "notice")),))
            self._keep(self._candidate)

    @work(exclusive=True, group="setup")
    async def _try(self, answers: Answers) -> None:
        try:
            candidate = await aside(partial(self.desk.try_answers, answers))
        except (AnswerError, ConfigError, SourceError) as error:
            self._failed(error)
            return
        if answers != self._answers():
            return  # edited meanwhile
        self._candidate = candidate
        found = [self.words("setup_found", folder=steady(folder), n=count) for folder, count in candidate.found]
        self._say((line(Piece(self.words("setup_worked"), "ok")), *map(line, found), line(self.words("setup_keep"))))

    @work(exclusive=True, group="setup")
    async def _keep(self, candidate: Candidate) -> None:
        name = candidate.account.name
        try:
            backend = await aside(partial(self.desk.keep_mailbox, candidate))
        except (ConfigError, NotWritableError, SourceError) as error:
            self._failed(error)
            return
        key = "kept_in_keyring" if backend else "kept"
        self.main.journal.add(Note(self.desk.now(), key, {"name": name, "backend": backend}, "ok"))
        self.main.poll(name)
        self.app.switch_screen(FirstReadScreen(self.desk, self.words, name))

    def _failed(self, error: AnswerError | ConfigError | SourceError | NotWritableError) -> None:
        """Say it where it belongs: at the field that is wrong, else below the form."""
        self._candidate = None
        if isinstance(error, AnswerError):
            self._at(error.part, self._cure(str(error), error.hint))
            self._say(())
            return
        if isinstance(error, ConfigError):
            problem = error.problems[0]
            part = next((part for part in self._parts if problem.key.endswith(f".{part.value}")), None)
            if part is not None:
                self._at(part, self._cure(problem.message, problem.hint))
                self._say(())
            else:
                self._say((line(Piece(self._cure(str(problem), ""), "alarm")),))
            return
        if isinstance(error, SourceError) and REFUSED in str(error) and not self._files:
            told = self.words("cure", text=self.words.said(str(error)), hint=self.words("setup_refused"))
            self._at(Part.COMMAND if self._answers().command else Part.PASSWORD, told)
            self._say(())
            return
        hint = error.hint if isinstance(error, SourceError) else ""
        self._say((line(Piece(self._cure(str(error), hint), "alarm")),))

    def _at(self, part: Part, text: str) -> None:
        self._wrong(part, text)
        self.query_one(f"#field-{part.value}", Field).focus()

    def _cure(self, message: str, hint: str) -> str:
        text, cure = self.words.said(message), self.words.said(hint)
        return self.words("cure", text=text, hint=cure) if cure else text
