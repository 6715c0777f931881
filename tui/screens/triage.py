"""Triage: mails that no rule knew or that fit several deals, beside the deals they may belong to."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, VerticalScroll
from textual.widgets import Static

from adapters.teaching.build import Meaning
from config.groups import Group
from otosata.deals.event import Deal
from otosata.deals.notice import UNRECOGNISED
from otosata.deals.platform import Platform
from otosata.deals.vocabulary import Actor
from otosata.hand import Entry, HandError
from otosata.mail.sanitise import one_line
from otosata.ranking import platform_of, rank
from otosata.store.errors import StoreError
from otosata.store.values import MailRow, MailState
from tui import asks, deeds
from tui.actions import Place, bindings
from tui.background import aside
from tui.cells import steady
from tui.desk import Desk
from tui.lessons import group_lines
from tui.prose import Line, line
from tui.screens.ask import AskScreen, Choice, Outcome, Question
from tui.screens.form import Blank, Form, FormScreen
from tui.screens.page import Page
from tui.screens.teach import TeachScreen
from tui.screens.undoing import Undoer
from tui.sorting import deal_entries, is_folded, mail_entries, mail_text
from tui.tones import Piece
from tui.widgets.paragraph import Paragraph
from tui.widgets.pick_list import PickList
from tui.widgets.toasts import tell
from tui.words import Words


class TriageScreen(Page, Undoer):
    """Mails left, deals right, the mail's text below. Nothing is settled before the user says so."""

    NAME = "triage"
    AUTO_FOCUS = "#triage-mails"
    PLACES: ClassVar[tuple[Place, ...]] = (Place.TRIAGE, Place.PAGE, Place.OVER)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.TRIAGE)]

    _mails: tuple[MailRow, ...] = ()
    _groups: Mapping[int, Group] = MappingProxyType({})
    """Unknown mail by template, by the mail's number."""

    def __init__(self, desk: Desk, words: Words) -> None:
        super().__init__(desk, words)
        self._unfolded: set[str] = set()
        """Templates whose mails have a line each."""

    def compose_page(self) -> ComposeResult:
        """Two lists and a text."""
        yield Static(id="triage-empty")
        with Container(id="triage"):
            yield PickList(id="triage-mails")
            yield PickList(id="triage-deals")
        with VerticalScroll(id="triage-about"):
            yield Paragraph(id="triage-text")

    # ------------------------------------------------------------------ showing

    @property
    def mail(self) -> MailRow | None:
        """The mail under the cursor."""
        key = self.query_one("#triage-mails", PickList).key
        return next((mail for mail in self._mails if str(mail.id) == key), None)

    def show(self) -> None:
        """Ask the desk anew."""
        self._read_mails()

    @work(exclusive=True, group="read")
    async def _read_mails(self) -> None:
        try:
            self._mails, self._groups = await aside(self._waiting)
        except StoreError as error:
            self.failed(error)
            return
        self._list_mails()
        self.query_one("#triage-empty", Static).update(self.words("triage_empty"))
        self.set_class(not self._mails, "-empty")
        self._show_mail()

    def _list_mails(self, cursor: int | None = None) -> None:
        entries = mail_entries(self._mails, self._groups, self._unfolded, self.words)
        self.query_one("#triage-mails", PickList).show(entries, key=None if cursor is None else str(cursor))

    def _waiting(self) -> tuple[tuple[MailRow, ...], dict[int, Group]]:
        mails = self.desk.mails(MailState.TRIAGE)
        groups = self.desk.teaching.groups() if mails else ()
        return mails, {mail: group for group in groups for mail in group.cluster.mails}

    @on(PickList.Moved, "#triage-mails")
    def _show_mail(self) -> None:
        mail, overview = self.mail, self.overview
        platform = self._platform(mail) if mail else None
        fits = rank(mail, overview.readings, platform.ref_spaces if platform else None) if mail and overview else ()
        deals = self.query_one("#triage-deals", PickList)
        deals.show(deal_entries(fits, self.words), key=fits[0].reading.deal.id if fits else "")
        self.query_one("#triage-text", Paragraph).show(self._about(mail) if mail else ())
        self.query_one("#triage-about").scroll_home(animate=False)

    def _about(self, mail: MailRow) -> tuple[Line, ...]:
        subject, why, *others = mail_text(mail, self.desk.now(), self.words)
        group = self._groups.get(mail.id)
        return (subject, why, *(group_lines(group, self.words) if group else ()), *others)

    def _platform(self, mail: MailRow) -> Platform | None:
        return self.desk.platforms.get(platform_of(mail) or "")

    def ledger_changed(self) -> None:
        """A mail was settled, or the settling taken back: on to the next."""
        super().ledger_changed()
        self.query_one("#triage-mails").focus()

    @property
    def own_acts(self) -> frozenset[int]:
        """What this app has done, wherever."""
        return self.main.own_acts

    # ------------------------------------------------------------------ doing

    def picked(self, key: str) -> None:
        """A mail: go to its deals. A deal: the mail belongs to it."""
        deals = self.query_one("#triage-deals", PickList)
        if self._was_folded():
            return
        if not deals.has_focus:
            deals.focus()
        elif deal := deals.key:
            self._settle(lambda entry, mail: deeds.assigned(mail, deal, entry), into=deal)

    def action_open_deal(self) -> None:
        """The mail begins a deal of its own."""
        if not self._was_folded():
            self._settle(self._opened)

    def action_ignore(self) -> None:
        """The mail concerns no deal."""
        if self.mail is not None and not self._was_folded():
            self.do(deeds.ignored(self.mail))

    def action_unfold(self) -> None:
        """The mails of the template under the cursor in a line each, or in one line again."""
        group = self._groups.get(self.mail.id) if self.mail else None
        if group is not None:
            self._unfolded ^= {group.cluster.template}
            self._list_mails(group.mails[0].id)

    def _was_folded(self) -> bool:
        """Whether the line stood for several mails: what concerns one of them waits until the user sees which."""
        group = self._groups.get(self.mail.id) if self.mail else None
        folded = is_folded(group, self._unfolded)
        if folded and group is not None:
            self.action_unfold()
            tell(self.app, self.words("unfolded", n=len(group.mails)), self.words("unfolded_hint"))
        return folded

    def action_teach(self) -> None:
        """All mail like this one announces the same: ask what, then show what the rule would do."""
        mail = self.mail
        if mail is None or mail.adapter is None:
            return

        def said(kind: str, by: str) -> Outcome:
            return TeachScreen(self.desk, self.words, mail, Meaning(kind, Actor(by)))

        group = self._groups.get(mail.id)
        choices = asks.taught_choices(self._platform(mail), said, self.words, group.guess if group else None)
        title = self.words("ask_taught", subject=steady(mail.subject) or self.words("no_subject"))
        self.app.push_screen(AskScreen(self.desk, self.words, Question(title, choices)))

    def _settle(self, outcome: Callable[[Entry | None, MailRow], Outcome], into: str = "") -> None:
        """Ask what the mail means, where it does not say so itself; then what `outcome` makes of it. `into`: a deal."""
        mail = self.mail
        if mail is None:
            return
        notice = mail.notice
        if notice is not None and notice.kind != UNRECOGNISED and not notice.is_noise and mail.received:
            self._follow(outcome(None, mail))
            return

        def said(kind: str, by: str) -> Outcome:
            return outcome(Entry(kind, by), mail)

        choices = asks.event_choices(self._platform(mail), said, self.words, first="client")
        title = self.words("ask_meaning", subject=steady(mail.subject) or self.words("no_subject"))
        self.app.push_screen(AskScreen(self.desk, self.words, Question(title, choices, self._goal(into))))

    def _goal(self, deal: str) -> tuple[Line, ...]:
        """Which deal the mail is about to go into."""
        readings = self.overview.readings if self.overview else ()
        found = next((reading for reading in readings if reading.deal.id == deal), None)
        return (line(Piece("→ ", "key"), *asks.deal_line(found, self.words), hang=2),) if found else ()

    def _follow(self, outcome: Outcome) -> None:
        if isinstance(outcome, deeds.Deed):
            self.do(outcome)
        elif outcome is not None:
            self.app.push_screen(outcome)

    def _opened(self, entry: Entry | None, mail: MailRow) -> Outcome:
        platform = self._platform(mail)
        if platform is not None:
            return self._names(platform.id, entry, mail)
        choices = [
            Choice((Piece(steady(found.name.of(self.words.lang))),), partial(self._names, found.id, entry, mail))
            for found in self.desk.platforms.values()
        ]
        return AskScreen(self.desk, self.words, Question(self.words("ask_platform"), choices))

    def _names(self, platform: str, entry: Entry | None, mail: MailRow) -> FormScreen:
        notice, words = mail.notice, self.words
        fields = (
            Blank("client", words("field_client"), notice.client if notice else ""),
            Blank("title", words("field_title"), notice.title if notice else ""),
        )

        def deed(answers: dict[str, str]) -> deeds.Deed:
            client = one_line(answers["client"])
            if not client:
                raise HandError("the client's name is missing", "write something")
            url = notice.url if notice else None
            return deeds.opened(mail, Deal("", platform, client, one_line(answers["title"]), url), entry)

        title = words("form_open", n=mail.id)
        return FormScreen(self.desk, self.words, Form(title, fields, lambda answers: deed(dict(answers))))
