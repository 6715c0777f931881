"""Chooses a view: everything, or one of the filters that have a name."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from config.model import View
from tui.actions import Place, bindings
from tui.cells import steady
from tui.choosing import views_of
from tui.screens.toned import TonedModal
from tui.tones import Piece, content
from tui.widgets.key_bar import KeyBar
from tui.widgets.pick_list import Entry, PickList


class ViewsScreen(TonedModal):
    """Lies over the main screen until a view is chosen."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.PAGE, Place.OVER)
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Place.PAGE),
        *(Binding(str(number), f"choose({number})", show=False) for number in range(10)),
    ]

    def compose(self) -> ComposeResult:
        """Title, views, and how to have more."""
        with Vertical(id="views"):
            yield Static(id="views-title")
            yield PickList(id="views-list")
            yield Static(id="views-more")
            yield KeyBar(self.words)

    def show(self) -> None:
        """Fill in the views."""
        self.query_one("#views-title", Static).update(content(Piece(self.words("views_title"), "heading")))
        self.query_one("#views-more", Static).update(content(Piece(self.words("views_more"), "dim")))
        views = views_of(self.desk.settings.screen.views, self.words)
        entries = [Entry(str(number), partial(_drawn, number, view)) for number, view in enumerate(views)]
        self.query_one(PickList).show(entries)

    @on(PickList.Picked)
    def action_pick(self) -> None:
        """Show the view under the cursor."""
        self.action_choose(int(self.query_one(PickList).key))

    def action_choose(self, number: int) -> None:
        """Show the view of that number."""
        self.dismiss()
        self.app.call_later(self.app.run_action, f"screen.view({number})")


def _drawn(number: int, view: View, _: int) -> Sequence[Piece]:
    key = Piece(f"{number}  " if number < 10 else "   ", "key")
    return (key, Piece(steady(view.name), "strong"), Piece(f"  {steady(view.query)}", "dim"))
