"""The user's own keys: what the configuration says of them, as Textual takes it, and what is wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from textual.keys import _character_to_key

from tui.actions import ACTIONS, NAMED, Place, keys_of

Complaint = tuple[str, dict[str, str]]
"""A text of the catalogue and what it names."""
TOGETHER = (
    frozenset({Place.LIST, Place.MAIN}),
    frozenset({Place.DETAIL, Place.MAIN}),
    frozenset({Place.MAIN, Place.APP}),
    frozenset({Place.PAGE, Place.OVER}),
)
"""Places whose keys work at the same time."""


def keymap_of(wanted: Mapping[str, Sequence[str]]) -> tuple[dict[str, str], tuple[Complaint, ...]]:
    """Action → keys, divided by commas as Textual wants them; what cannot be done is left out and told."""
    keymap: dict[str, str] = {}
    wrong: list[Complaint] = []
    for name, keys in wanted.items():
        action = NAMED.get(name)
        if action is None or not action.call:
            near = get_close_matches(name, [known.name for known in ACTIONS if known.call], 1)
            wrong.append(("unknown_action", {"name": name, "near": near[0] if near else "poll"}))
        elif keys:
            keymap[name] = ",".join(_textual(key) for key in keys)
    return keymap, (*wrong, *_clashes(keymap))


def _textual(key: str) -> str:
    """`?` as Textual calls it: `question_mark`."""
    return _character_to_key(key) if len(key) == 1 else key


def _clashes(keymap: Mapping[str, str]) -> Iterator[Complaint]:
    for name, keys in keymap.items():
        for other in ACTIONS:
            if other.name == name or not _meet(NAMED[name].place, other.place):
                continue
            both = set(keys.split(",")) & set(keys_of(other, keymap).split(","))
            if both and not (other.name in keymap and other.name < name):  # two of the user's own: told once
                yield "key_taken", {"key": sorted(both)[0], "name": name, "other": other.name}


def _meet(one: Place, other: Place) -> bool:
    return one is other or any({one, other} <= places for places in TOGETHER)
