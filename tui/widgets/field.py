"""A line to type in; what is pasted into it steers no terminal."""

from textual.widgets import Input

from otosata.mail.sanitise import block


class Field(Input):
    """An Input without control and bidi characters, however they get there."""

    def validate_value(self, value: str) -> str:
        """Called by Textual for every new value."""
        return value if value.isascii() and value.isprintable() else block(value).replace("\n", " ")
