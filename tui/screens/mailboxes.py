"""Mailboxes and health: whether what feeds the deals can be believed, and what to do where it cannot."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, VerticalScroll

from config.mailboxes import Mailbox
from otosata.mail.source import SourceError
from otosata.store.errors import StoreError
from tui.actions import Place, bindings
from tui.background import aside
from tui.cells import steady
from tui.journal import Note
from tui.mailboxes import Health, about, entries
from tui.prose import line
from tui.screens.page import Page
from tui.screens.password import PasswordScreen
from tui.tones import Piece
from tui.widgets.health import TopLine
from tui.widgets.paragraph import Paragraph
from tui.widgets.pick_list import PickList


class MailboxesScreen(Page):
    """The mailboxes, the adapters and the problems; a mailbox can be read, tried and given another password."""

    NAME = "mailboxes"
    AUTO_FOCUS = "#mailboxes"
    PLACES: ClassVar[tuple[Place, ...]] = (Place.MAILBOXES, Place.PAGE, Place.OVER)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.MAILBOXES)]

    _health: Health | None = None
    _note: tuple[str, str] = ("", "")
    """What was tried last came to: text and tone."""

    def compose_page(self) -> ComposeResult:
        """What was tried, the list, and what stands behind a line of it."""
        yield Paragraph(id="mailboxes-note")
        with Container(id="mailboxes-page"):
            yield PickList(id="mailboxes")
            with VerticalScroll(id="mailboxes-about"):
                yield Paragraph(id="mailboxes-text")

    def show(self) -> None:
        """Ask the desk anew; it is quick."""
        overview = self.overview
        try:
            mailboxes = self.desk.mailboxes()
        except StoreError as error:
            self._say(self.words.said(str(error)), "alarm")
            return
        self._health = Health(
            self.desk.now(),
            mailboxes,
            overview.adapters if overview else (),
            overview.problems if overview else (),
            self.main.reports,
            self.query_one(TopLine).mailing.next_poll,
        )
        self.query_one("#mailboxes", PickList).show(list(entries(self._health, self.words)))
        self._about()

    @on(PickList.Moved, "#mailboxes")
    def _about(self) -> None:
        if self._health is not None:
            key = self.query_one("#mailboxes", PickList).key
            self.query_one("#mailboxes-text", Paragraph).show(about(key, self._health, self.words))

    def _say(self, text: str, tone: str = "") -> None:
        self.query_one("#mailboxes-note", Paragraph).show((line(Piece(steady(text), tone)),))
        self.set_class(bool(text), "-noted")

    @property
    def _mailbox(self) -> Mailbox | None:
        """The mailbox under the cursor."""
        key = self.query_one("#mailboxes", PickList).key
        found = self._health.mailbox(key) if self._health else None
        if found is None:
            self._say(self.words("choose_mailbox"), "dim")
        return found

    def picked(self, key: str) -> None:
        """Try a mailbox; the other lines are read, not opened."""
        if key.startswith("mailbox "):
            self.action_try_login()

    def action_poll_one(self) -> None:
        """Read the mailbox under the cursor now."""
        if found := self._mailbox:
            self._say("")
            self.main.poll(found.account.name)

    def action_try_login(self) -> None:
        """Connect and log in, without reading mail."""
        if found := self._mailbox:
            self._say(self.words("trying", name=found.account.name), "dim")
            self._try(found)

    @work(exclusive=True, group="try")
    async def _try(self, found: Mailbox) -> None:
        name, now = found.account.name, self.desk.now()
        try:
            told = await aside(lambda: self.desk.try_account(found.account))
        except (SourceError, StoreError) as error:
            note = Note(now, "try_failed", {"name": name, "error": str(error), "hint": error.hint}, "alarm")
        else:
            note = Note(now, "try_worked", {"name": name, "found": told}, "ok")
        self.main.journal.add(note)
        self._say(note.text(self.words), note.tone)
        self.show()

    def action_password(self) -> None:
        """Enter another password, keep it in the keyring, and try it."""
        found = self._mailbox
        if found is None:
            return
        if not found.keeps_password_in_keyring:
            self._say(self.words("password_elsewhere", name=found.account.name), "warn")
            return
        self.app.push_screen(PasswordScreen(self.desk, self.words, found.account.name, self.action_try_login))
