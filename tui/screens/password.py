"""Asks for the password of a mailbox, masked, and keeps it in the keyring."""

from collections.abc import Callable

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from otosata.mail.source import SourceError
from tui.background import aside
from tui.cells import steady
from tui.desk import Desk
from tui.prose import line
from tui.screens.toned import TonedModal
from tui.tones import Piece
from tui.widgets.paragraph import Paragraph
from tui.words import Words


class PasswordScreen(TonedModal):
    """Lies over the mailboxes; Enter keeps the password, Esc leaves the old one."""

    def __init__(self, desk: Desk, words: Words, account: str, kept: Callable[[], None]) -> None:
        super().__init__(desk, words)
        self._account = account
        self._kept = kept

    def compose(self) -> ComposeResult:
        """A line to type into, and what was wrong."""
        with Vertical(id="password"):
            yield Paragraph(id="password-title")
            yield Input(password=True, id="password-input")
            yield Paragraph(id="password-note")

    def show(self) -> None:
        """Say whose password it is and where it goes."""
        self.query_one("#password-title", Paragraph).show(
            (line(self.words("password_of", name=steady(self._account))),)
        )
        self._say(self.words("password_hint"), "dim")

    def _say(self, text: str, tone: str) -> None:
        self.query_one("#password-note", Paragraph).show((line(Piece(text, tone)),))

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        if message.value:
            self._keep(message.value)

    @work(exclusive=True)
    async def _keep(self, password: str) -> None:
        try:
            await aside(lambda: self.desk.keep_password(self._account, password))
        except SourceError as error:
            hint = self.words.said(error.hint)
            self._say(self.words("cure", text=self.words.said(str(error)), hint=hint), "alarm")
        else:
            self.dismiss()
            self._kept()
