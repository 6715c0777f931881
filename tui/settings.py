"""The settings in the lines of a list, and what is said of the one under the cursor."""

from collections.abc import Iterator, Sequence

from config.adjust import Section, Setting, Shift, as_typed
from config.key import Kind
from config.layers import Value
from config.problems import Origin
from tui.actions import NAMED
from tui.cells import fit, steady
from tui.prose import Line, line
from tui.tones import GLYPHS, Piece
from tui.widgets.pick_list import Entry
from tui.words import Words

_GAP = "  "
_WIDE = 70
"""From here on there is room for where a value comes from."""
_MOST_SHIFTS = 8
OF_DEALS = ("stage", "asked", "deal_limit", "calendar")
"""Sections whose settings can move a deal's level."""
WHO = ("client", "me", "asked")
ROWS = (
    *("notice", "warn", "critical", "notice_before", "warn_before", "critical_before"),
    *("stale", "limit"),
)


def heading(section: Section, words: Words) -> str:
    """What a section is called."""
    if section.platform is None:
        return words(f"settings_{section.name}")
    platform = steady(section.platform.name.of(words.lang))
    if section.name != "stage":
        return f"{platform}  {words(f'settings_{section.name}')}"
    stage = section.platform.stages[section.stage]
    return f"{platform}  {steady(stage.name.of(words.lang))}"


def label(section: Section, setting: Setting, words: Words) -> str:
    """What a setting is called."""
    name = setting.path[-1]
    if section.name == "keys":
        return words(f"key_{name}")
    if section.platform is None:
        return words(f"setting_{name}")
    who = next((part for part in setting.path[2:-1] if part in WHO), "") if section.name == "stage" else ""
    row = words(f"row_{name}")
    return words("row_of", who=words(f"who_{who}"), row=row) if who else row


def entries(sections: Sequence[Section], wanted: str, words: Words) -> Iterator[Entry]:
    """A line a setting, below the heading of its section. `wanted`: only what holds all these words."""
    asked = wanted.casefold().split()
    for section in sections:
        title = heading(section, words)
        shown = [one for one in section.settings if _fits(asked, title, label(section, one, words), one)]
        if shown:
            yield _heading(title)
            yield from (_entry(label(section, one, words), one, words) for one in shown)


def _fits(asked: Sequence[str], title: str, name: str, setting: Setting) -> bool:
    text = f"{title} {name} {setting.dotted} {setting.key.ja} {setting.key.en}".casefold()
    return all(word in text for word in asked)


def _heading(text: str) -> Entry:
    return Entry("", lambda _: (Piece(text, "heading"),))


def _entry(name: str, setting: Setting, words: Words) -> Entry:
    def draw(cells: int) -> tuple[Piece, ...]:
        first = min(max(cells // 3, 12), 34)
        value = Piece(steady(setting.typed) or _otherwise(setting, words), "strong" if setting.own else "")
        if cells < _WIDE:
            return (Piece(fit(name, first) + _GAP), value)
        rest = cells - first - len(_GAP)
        middle = rest * 2 // 3
        origin = Piece(_GAP + _origin(setting.value, words), "warn" if setting.is_overruled else "dim")
        return (Piece(fit(name, first) + _GAP), Piece(fit(value.text, middle), value.tone), origin)

    return Entry(setting.dotted, draw)


def _otherwise(setting: Setting, words: Words) -> str:
    """What holds where nobody says anything."""
    action = NAMED.get(setting.path[-1]) if setting.path[0] == "keys" else None
    return action.keys if action else words("setting_unset")


def _origin(value: Value | None, words: Words) -> str:
    return words("origin_default") if value is None else origin_name(value.origin, words)


def origin_name(origin: Origin, words: Words) -> str:
    """Where a value comes from, for people."""
    if origin.layer in ("default", "adapter"):
        return words(f"origin_{origin.layer}")
    return steady(str(origin))


# ---------------------------------------------------------------------------------------------- about one of them


def about(section: Section, setting: Setting, words: Words) -> Iterator[Line]:
    """What it is for, what it says, who says so, and what lies beneath."""
    yield line(Piece(label(section, setting, words), "strong"), _GAP, Piece(heading(section, words), "dim"))
    yield line(setting.key.text(words.lang) if section.name != "keys" else _help_of(setting, words))
    value = setting.value
    while value is not None:
        yield line(Piece(_GAP), as_typed(value) or '""', _GAP, Piece(_origin(value, words), "dim"))
        value = value.overrides
    if setting.is_overruled and setting.value is not None:
        yield line(Piece(words("setting_overruled", name=steady(str(setting.value.origin))), "warn"))
    yield line(Piece(steady(setting.dotted), "faint"))


def _help_of(setting: Setting, words: Words) -> str:
    action = NAMED.get(setting.path[-1])
    return words("setting_keys", what=words(f"help_{action.name}"), keys=action.keys) if action else ""


def choices(setting: Setting, themes: Sequence[str]) -> tuple[str, ...]:
    """What can be picked, where there are only so many; empty: it is typed."""
    if setting.path == ("screen", "theme"):
        return ("auto", "light", "dark", *sorted(themes))
    if setting.key.kind is Kind.FLAG:
        return ("false", "true")
    return setting.key.allowed


def moved(shifts: Sequence[Shift], words: Words) -> Iterator[Line]:
    """The deals that another value would move today."""
    if not shifts:
        yield line(Piece(words("shifts_none"), "dim"))
        return
    yield line(words("shifts", n=len(shifts)))
    for shift in shifts[:_MOST_SHIFTS]:
        before, after = (_level(reading.level.word, words) for reading in (shift.before, shift.after))
        client = steady(shift.deal.client) or words("no_client")
        lost = (_GAP, Piece(words("lost"), "dim")) if shift.after.stale else ()
        title = steady(shift.deal.title)
        yield line(before, Piece(" → ", "dim"), after, _GAP, Piece(client, "strong"), _GAP, title, *lost, hang=2)
    if len(shifts) > _MOST_SHIFTS:
        yield line(Piece(words("shifts_more", n=len(shifts) - _MOST_SHIFTS), "dim"))


def _level(word: str, words: Words) -> Piece:
    return Piece(f"{GLYPHS[word]} {words(f'levels.{word}')}", word)
