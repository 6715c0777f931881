"""The texts of the screen in one language, without times and dates: all that the very first frame needs."""

from config.texts.catalogue import Catalogue


class Speech:
    """Says the texts of the section `[tui]`."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def __call__(self, key: str, /, **values: object) -> str:
        """A text of the section `[tui]`, or of the section that the key names: `events.message`."""
        return self.catalogue.t(key if "." in key else f"tui.{key}", **values)

    @property
    def lang(self) -> str:
        """`ja` or `en`."""
        return self.catalogue.lang
