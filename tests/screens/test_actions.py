"""The table of actions holds: every row has its key, its method and its place, and every door opens and closes."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pytest
from textual.app import App
from textual.dom import DOMNode
from textual.screen import Screen

import tui
from tests.screens.driving import Seen, drive
from tui.actions import ACTIONS, Action, Place, bindings
from tui.doors import DOORS
from tui.keymap import TOGETHER
from tui.screens.main import MainScreen


def nodes(kind: type[DOMNode] = DOMNode) -> Iterator[type[DOMNode]]:
    """Every screen and widget of ours."""
    for module in pkgutil.walk_packages(tui.__path__, "tui."):
        import_module(module.name)
    for below in kind.__subclasses__():
        if below.__module__.startswith("tui."):
            yield below
        yield from nodes(below)


@pytest.mark.parametrize("place", Place)
def test_every_place_is_somewhere_and_has_its_keys(place: Place) -> None:
    owners = [
        node for node in nodes() if place in vars(node).get("PLACES", ()) or (place == "app" and issubclass(node, App))
    ]
    assert owners
    for owner in owners:
        assert {binding.id for binding in bindings(place)} <= _bound(owner)


def _bound(node: type[DOMNode]) -> set[str | None]:
    found = [getattr(base, "BINDINGS", ()) for base in node.__mro__ if "BINDINGS" in vars(base)]
    return {getattr(binding, "id", None) for bound in found for binding in bound}


@pytest.mark.parametrize("action", [action for action in ACTIONS if action.call], ids=lambda action: action.name)
def test_every_action_calls_a_method_that_is_there(action: Action) -> None:
    target, _, call = action.call.rpartition(".")
    name = f"action_{call.partition('(')[0]}"
    where = {"app": App, "screen": Screen}.get(target, DOMNode)
    assert any(hasattr(node, name) for node in nodes() if issubclass(node, where))


@pytest.mark.parametrize("places", TOGETHER, ids=lambda places: "-".join(sorted(places)))
def test_no_key_means_two_things_at_one_place(places: frozenset[Place]) -> None:
    taken: dict[str, str] = {}
    for action in ACTIONS:
        for key in action.keys.split(",") if action.place in places else ():
            assert key not in taken, f"{key}: {taken[key]} and {action.name}"
            taken[key] = action.name


@pytest.mark.parametrize("door", DOORS)
def test_every_door_opens_and_escape_closes_it(door: str) -> None:
    async def steps(seen: Seen) -> None:
        seen.app.action_show(door)
        await seen.settle()
        assert not isinstance(seen.app.screen, MainScreen)
        await seen.press("escape")
        assert isinstance(seen.app.screen, MainScreen)

    drive(steps)


def _is_app(node: type[DOMNode], place: Place) -> bool:
    return place is Place.APP and issubclass(node, App)
