"""What the user can do: one table that feeds keys, key bar, help, mouse and command palette.

To add an action, add a row here, the texts `tui.key_NAME` (a word or two) and `tui.help_NAME` (a sentence) in both
languages, and a method `action_…` where the row's `call` points. To add a place, add it to `Place` with the text
`tui.place_NAME`, and say `PLACE = Place.NAME` in the screen or widget that is that place.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from textual.app import App
from textual.binding import Binding
from textual.screen import Screen


class Place(StrEnum):
    """Where actions work: a screen, or a widget while it has the focus. The innermost comes first in the help."""

    FILTER = "filter"
    LIST = "list"
    DETAIL = "detail"
    MAIN = "main"
    MAILBOXES = "mailboxes"
    ASK = "ask"
    """A question over the screen."""
    FORM = "form"
    """A form over the screen."""
    TRIAGE = "triage"
    """Mails that wait for the user's word."""
    TEACH = "teach"
    """What all mail of a kind is."""
    RULES = "rules"
    """A rule that was taught."""
    REMINDER = "reminder"
    """The reminder message."""
    SETTINGS = "settings"
    EDIT = "edit"
    """One setting, over the others."""
    SETUP = "setup"
    FIRST_READ = "first_read"
    TUNE = "tune"
    PAGE = "page"
    """A full screen over the main one, with a list to pick from."""
    OVER = "over"
    """Any screen that lies over the main one."""
    APP = "app"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do."""

    name: str
    """Its name in texts, and the key in the configuration's `[keys]`."""
    place: Place
    """Where its key works."""
    call: str
    """Textual's action: `screen.poll`, `app.show('help')`, `focused.page(1)`; empty: several bindings of the widget."""
    keys: str
    """As Textual writes them, divided by commas."""
    bar: int = 0
    """Place in the order in which a narrow key bar gives up its entries, 1 last; 0: it never stands there."""
    palette: bool = True
    """Whether the command palette offers it."""
    shown: str = ""
    """The keys as people write them, where `said` would not do."""

    @property
    def is_on_deal(self) -> bool:
        """Whether it is done with the deal under the cursor."""
        return self.call.startswith(_ON_DEAL)


_ON_DEAL = ("screen.act(", "screen.remind", "screen.room(", "screen.new_deal", "screen.undo")
"""Calls of what is done with the deal under the cursor, and of what belongs beside that."""

ACTIONS = (
    Action("move", Place.LIST, "", "up,down,j,k", palette=False, shown="↑↓ j k"),
    Action("open", Place.LIST, "screen.open", "enter", bar=3),
    Action("unfilter", Place.LIST, "screen.unfilter", "escape"),
    Action("keep", Place.FILTER, "screen.keep", "enter", bar=1, palette=False),
    Action("clear", Place.FILTER, "screen.unfilter", "escape", bar=2, palette=False),
    Action("step", Place.FILTER, "", "up,down", palette=False, shown="↑ ↓"),
    Action("scroll", Place.DETAIL, "", "up,down,j,k", palette=False, shown="↑↓ j k"),
    Action("back", Place.DETAIL, "screen.back", "escape", bar=1, palette=False),
    Action("poll", Place.MAIN, "screen.poll", "r", bar=4),
    Action("filter", Place.MAIN, "screen.filter", "slash", bar=5),
    Action("sort", Place.MAIN, "screen.sort", "s", bar=7),
    Action("views", Place.MAIN, "app.show('views')", "v", bar=9),
    Action("view", Place.MAIN, "", "0,1,2,3,4,5,6,7,8,9", palette=False, shown="0-9"),
    Action("all", Place.MAIN, "screen.all", "a", bar=6),
    Action("remind", Place.MAIN, "screen.remind", "m", bar=6),
    Action("answered", Place.MAIN, "screen.act('answered')", "i", bar=7),
    Action("elsewhere", Place.MAIN, "screen.act('elsewhere')", "e"),
    Action("delivered", Place.MAIN, "screen.act('delivered')", "d"),
    Action("filed", Place.MAIN, "screen.act('filed')", "f"),
    Action("date", Place.MAIN, "screen.act('date')", "t"),
    Action("snooze", Place.MAIN, "screen.act('snooze')", "z", bar=10),
    Action("ack", Place.MAIN, "screen.act('ack')", "c", bar=11),
    Action("note", Place.MAIN, "screen.act('note')", "w"),
    Action("event", Place.MAIN, "screen.act('event')", "plus"),
    Action("close", Place.MAIN, "screen.act('close')", "x"),
    Action("merge", Place.MAIN, "screen.act('merge')", "J"),
    Action("new_deal", Place.MAIN, "screen.new_deal", "n"),
    Action("room", Place.MAIN, "screen.room('open')", "o"),
    Action("link", Place.MAIN, "screen.room('copy')", "y"),
    Action("undo", Place.MAIN, "screen.undo", "u", bar=9),
    Action("choose", Place.ASK, "screen.choose", "enter", bar=1, palette=False),
    Action("save", Place.FORM, "screen.save", "ctrl+s", bar=1, palette=False),
    Action("copy_letter", Place.REMINDER, "screen.copy_letter", "ctrl+g", bar=1, palette=False),
    Action("sent", Place.REMINDER, "screen.sent", "ctrl+s", bar=2, palette=False),
    Action("next_template", Place.REMINDER, "screen.next_template", "ctrl+t", bar=3, palette=False),
    Action("letter_language", Place.REMINDER, "screen.letter_language", "ctrl+l", bar=5, palette=False),
    Action("triage", Place.MAIN, "app.show('triage')", "T", bar=12),
    Action("teach", Place.TRIAGE, "screen.teach", "t", bar=3),
    Action("unfold", Place.TRIAGE, "screen.unfold", "space", bar=6),
    Action("rules", Place.TRIAGE, "app.show('rules')", "r", bar=7),
    Action("forget", Place.RULES, "screen.forget", "x", bar=3),
    Action("teach_save", Place.TEACH, "screen.save", "ctrl+s", bar=1, palette=False),
    Action("teach_again", Place.TEACH, "screen.again", "enter", bar=2, palette=False),
    Action("open_deal", Place.TRIAGE, "screen.open_deal", "n", bar=3),
    Action("ignore", Place.TRIAGE, "screen.ignore", "x", bar=4),
    Action("undo_here", Place.TRIAGE, "screen.undo", "u", bar=5),
    Action("calendar", Place.MAIN, "app.show('calendar')", "C", bar=20),
    Action("answers", Place.MAIN, "app.show('answers')", "O", bar=21),
    Action("mailboxes", Place.MAIN, "app.show('mailboxes')", "M", bar=22),
    Action("tune", Place.MAIN, "app.show('tune')", "W", bar=24),
    Action("log", Place.MAIN, "app.show('log')", "L", bar=23),
    Action("poll_one", Place.MAILBOXES, "screen.poll_one", "r", bar=3),
    Action("try_login", Place.MAILBOXES, "screen.try_login", "t", bar=3),
    Action("password", Place.MAILBOXES, "screen.password", "p", bar=4),
    Action("setup", Place.MAILBOXES, "app.show('setup')", "n", bar=5),
    Action("next", Place.SETUP, "screen.next", "enter", bar=1, palette=False),
    Action("begin", Place.FIRST_READ, "screen.begin", "enter", bar=1, palette=False),
    Action("turn", Place.FIRST_READ, "screen.turn", "space", bar=3, palette=False),
    Action("again", Place.FIRST_READ, "screen.again", "r", bar=4),
    Action("start", Place.MAIN, "app.show('start')", "S"),
    Action("tune_later", Place.TUNE, "screen.move(1)", "right,plus", bar=3, palette=False),
    Action("tune_earlier", Place.TUNE, "screen.move(-1)", "left,minus", bar=3, palette=False),
    Action("tune_take", Place.TUNE, "screen.pick", "enter", bar=4, palette=False),
    Action("tune_off", Place.TUNE, "screen.off", "x", bar=6, palette=False),
    Action("tune_reset", Place.TUNE, "screen.reset", "backspace", bar=7, palette=False),
    Action("tune_save", Place.TUNE, "screen.save", "w", bar=5, palette=False),
    Action("settings", Place.MAIN, "app.show('settings')", "comma", bar=24),
    Action("find", Place.SETTINGS, "screen.find", "slash", bar=3),
    Action("to_default", Place.SETTINGS, "screen.to_default", "d", bar=4),
    Action("take_back", Place.SETTINGS, "screen.take_back", "u", bar=5),
    Action("keep_setting", Place.EDIT, "screen.keep_setting", "enter", bar=1, palette=False),
    Action("pick", Place.PAGE, "screen.pick", "enter", bar=2),
    Action("leave", Place.OVER, "screen.dismiss", "escape,q", bar=1, palette=False),
    Action("language", Place.APP, "app.language", "l", bar=8),
    Action("help", Place.APP, "app.show('help')", "question_mark", bar=1),
    Action("palette", Place.APP, "app.command_palette", "ctrl+p", palette=False),
    Action("suspend", Place.APP, "app.suspend_process", "ctrl+z", palette=False),
    Action("quit", Place.APP, "app.quit", "q", bar=2),
)

NAMED = {action.name: action for action in ACTIONS}

_SAID = {
    "escape": "Esc",
    "backspace": "Bksp",
    "enter": "Enter",
    "tab": "Tab",
    "space": "Space",
    "question_mark": "?",
    "slash": "/",
    "colon": ":",
    "comma": ",",
    "full_stop": ".",
    "plus": "+",
    "minus": "-",
    "equals_sign": "=",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "number_sign": "#",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}


def said(keys: str) -> str:
    """Keys as people write them: `ctrl+p` → `^p`, `question_mark` → `?`."""
    return " ".join(_SAID.get(key, key.replace("ctrl+", "^")) for key in keys.split(","))


def keys_of(action: Action, own: Mapping[str, str]) -> str:
    """The keys of an action, the user's own before ours; divided by commas."""
    return own.get(action.name, action.keys)


def shown_keys(action: Action, own: Mapping[str, str], *, all_of_them: bool = True) -> str:
    """The keys as people write them; all of them, or the first."""
    keys = keys_of(action, own)
    if action.shown and action.name not in own:
        return action.shown
    return said(keys if all_of_them else keys.partition(",")[0])


def own_keys(app: App[Any]) -> Mapping[str, str]:
    """Action → keys, where the user has given it other ones."""
    found: Mapping[str, str] = getattr(app, "own_keys", {})
    return found


def bindings(*places: Place) -> list[Binding]:
    """Textual's bindings of what can be done there. The key bar is our own, so Textual's footer shows none.

    The name of an action is the binding's id, so that a keymap can give it other keys.
    """
    return [
        Binding(action.keys, action.call, show=False, id=action.name)
        for action in ACTIONS
        if action.place in places and action.call
    ]


def places_of(screen: Screen[Any]) -> tuple[Place, ...]:
    """Where the user is: the focused widget, what it stands in, the screen, the app; the innermost first.

    What lies over a screen and lets it show through keeps the app's keys away (Textual's modal screens do).
    """
    inner = [screen.focused, *screen.focused.ancestors] if screen.focused else []
    found: list[Place] = []
    for node in (*inner, screen):
        found += getattr(node, "PLACES", ())
        if getattr(node, "TAKES_LETTERS", False):  # what would be a key elsewhere is text here
            return tuple(dict.fromkeys(found))
    return tuple(dict.fromkeys(found if screen.is_modal else (*found, Place.APP)))


def by_key(places: Iterable[Place], own: Mapping[str, str]) -> tuple[Action, ...]:
    """What the keys do there, in the order of the table: where two places have a key, it is the inner one's.

    `places`: the innermost first.
    """
    taken: set[str] = set()
    found: set[str] = set()
    for place in places:
        keys = {action.name: set(keys_of(action, own).split(",")) for action in possible((place,))}
        found.update(name for name, its in keys.items() if not its <= taken)
        taken.update(*keys.values())
    return tuple(action for action in ACTIONS if action.name in found)


def possible(places: Iterable[Place]) -> tuple[Action, ...]:
    """What can be done there, in the order of the table."""
    here = frozenset(places)
    return tuple(action for action in ACTIONS if action.place in here)
