"""Which screens lie behind which name: `app.show('help')` opens one. Each is imported when it is opened first."""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.desk import Desk
    from tui.screens.toned import TonedScreen
    from tui.words import Words

DOORS: Mapping[str, str] = {
    "answers": "tui.screens.answers:AnswersScreen",
    "calendar": "tui.screens.calendar:CalendarScreen",
    "log": "tui.screens.log:LogScreen",
    "mailboxes": "tui.screens.mailboxes:MailboxesScreen",
    "rules": "tui.screens.rules:RulesScreen",
    "settings": "tui.screens.settings:SettingsScreen",
    "setup": "tui.screens.setup:SetupScreen",
    "start": "tui.screens.start:StartScreen",
    "tune": "tui.screens.tune:TuneScreen",
    "help": "tui.screens.help:HelpScreen",
    "triage": "tui.screens.triage:TriageScreen",
    "views": "tui.screens.views:ViewsScreen",
}
"""Name → module and class. A class takes the desk and the words; tests open every one of them."""


def behind(name: str, desk: "Desk", words: "Words") -> "TonedScreen":
    """The screen behind a door, made new."""
    module, _, kind = DOORS[name].partition(":")
    screen: TonedScreen = getattr(import_module(module), kind)(desk, words)
    return screen
