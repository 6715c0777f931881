"""Says in the corner what has happened; nothing in it is read as markup."""

from textual.app import App

TROUBLE_SECONDS = 12.0
"""Longer than Textual's 5: a cure takes time to read."""


def tell(app: App[object], text: str, more: str = "") -> None:
    """What has happened, and what can be done about it. `text`: steady."""
    app.notify(f"{text}\n{more}" if more else text, markup=False)


def tell_trouble(app: App[object], text: str) -> None:
    """What did not work, and its cure. `text`: steady."""
    app.notify(text, severity="error", timeout=TROUBLE_SECONDS, markup=False)
