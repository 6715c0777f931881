"""Taught rules: what each looks for and which mails it knows; one can be forgotten, with what it has done."""

from collections.abc import Mapping
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, VerticalScroll

from config.problems import ConfigError
from config.taught import TaughtRule
from config.write import NotWritableError
from otosata.store.errors import StoreError
from tui.actions import Place, bindings
from tui.background import aside
from tui.cells import steady
from tui.lessons import removal_lines, rule_entries, rule_lines
from tui.prose import line
from tui.screens.doing import Changed
from tui.screens.page import Page
from tui.tones import Piece
from tui.widgets.paragraph import Paragraph
from tui.widgets.pick_list import PickList
from tui.widgets.toasts import tell
from tui.words import Words


class RulesScreen(Page):
    """The rules above, the one under the cursor below; nothing is forgotten before it shows what would become of it."""

    NAME = "rules"
    AUTO_FOCUS = "#rules"
    PLACES: ClassVar[tuple[Place, ...]] = (Place.RULES, Place.PAGE, Place.OVER)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.RULES)]

    _rules: tuple[TaughtRule, ...] = ()
    _mails: Mapping[str, int] = {}
    """How many stored mails each rule knows."""
    _doomed = ""
    """The rule whose end the user looks at."""

    def compose_page(self) -> ComposeResult:
        """The list, and what stands behind a line of it."""
        with Container(id="rules-page"):
            yield PickList(id="rules")
            with VerticalScroll(id="rules-about"):
                yield Paragraph(id="rules-text")

    def show(self) -> None:
        """Ask the desk anew."""
        self._read()

    @work(exclusive=True, group="read")
    async def _read(self) -> None:
        teaching = self.desk.teaching
        try:
            self._rules, self._mails = await aside(lambda: (teaching.learned(), teaching.counts()))
        except StoreError as error:
            self._say(error)
            return
        self.query_one("#rules", PickList).show(rule_entries(self._rules, self._mails, self.words))
        if not self._rules:
            self.query_one("#rules-text", Paragraph).show((line(Piece(self.words("teach.none"), "dim")),))

    def speak(self, words: Words) -> None:
        """Show everything in another language; the question for what shall be forgotten is not one."""
        self._doomed = ""
        super().speak(words)

    @property
    def _rule(self) -> TaughtRule | None:
        """The rule under the cursor."""
        key = self.query_one("#rules", PickList).key
        return next((rule for rule in self._rules if rule.name == key), None)

    @on(PickList.Moved, "#rules")
    def _about(self) -> None:
        rule = self._rule
        if rule is not None and rule.name != self._doomed:
            self._doomed = ""
            self.query_one("#rules-text", Paragraph).show(rule_lines(rule, self.words))

    def action_forget(self) -> None:
        """At first what would become of its mails and deals; the second time it is done."""
        rule = self._rule
        if rule is None:
            return
        if rule.name == self._doomed:
            self._forget(rule)
        else:
            self._rehearse(rule)

    @work(exclusive=True, group="rules")
    async def _rehearse(self, rule: TaughtRule) -> None:
        try:
            found = await aside(partial(self.desk.teaching.rehearse_removal, rule))
        except StoreError as error:
            self._say(error)
            return
        if self._rule == rule:
            self._doomed = rule.name
            self.query_one("#rules-text", Paragraph).show(removal_lines(rule, found, self.words))

    @work(exclusive=True, group="rules")
    async def _forget(self, rule: TaughtRule) -> None:
        self._doomed = ""
        try:
            await aside(partial(self.desk.teaching.remove, rule))
        except (StoreError, ConfigError, NotWritableError) as error:
            self._say(error)
            return
        tell(self.app, self.words("teach.removed", rule=rule.name))
        self.post_message(Changed(None))

    def _say(self, error: StoreError | ConfigError | NotWritableError) -> None:
        text, hint = self.words.said(str(error)), self.words.said(getattr(error, "hint", ""))
        said = self.words("cure", text=text, hint=hint) if hint else text
        self.query_one("#rules-text", Paragraph).show((line(Piece(steady(said), "alarm")),))
