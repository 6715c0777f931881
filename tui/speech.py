"""The texts of the screen in one language, without times and dates: all that the very first frame needs."""

from collections.abc import Mapping

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


class Glossary(Speech):
    """Knows a few texts by heart; looks the others up where they all are, which takes ten times as long."""

    def __init__(self, lang: str, texts: Mapping[str, str]) -> None:
        super().__init__(Catalogue(lang, texts))

    def __call__(self, key: str, /, **values: object) -> str:
        """As `Speech`."""
        try:
            return super().__call__(key, **values)
        except (LookupError, ValueError, AttributeError):  # not known, or known wrongly: it was kept in a file
            self.catalogue = Catalogue.of(self.lang)
            return super().__call__(key, **values)


class Noting(Speech):
    """Notes which texts it is asked for, so that they can be known by heart."""

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue)
        self.asked: dict[str, str] = {}

    def __call__(self, key: str, /, **values: object) -> str:
        """As `Speech`."""
        full = key if "." in key else f"tui.{key}"
        self.asked[full] = self.catalogue.texts[full]
        return super().__call__(key, **values)
