"""What the list showed last, kept beside the ledger: it stands there while everything is read anew.

It is a picture, not a source: nothing is computed from it, and the screen says of when it is.
"""

import contextlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.texts.catalogue import LANGUAGES
from tui.cells import fit, width
from tui.columns import GAP, Slot
from tui.tones import Piece

FILE = "screen.json"
ROWS = 60
"""More than this is in view in no terminal."""
Cells = dict[str, tuple[Piece, ...]]


@dataclass(frozen=True, slots=True)
class Row:
    """A line as it was shown: a deal's cells by column, or a heading's pieces under no column."""

    key: str
    cells: Cells

    def pieces(self, slots: Sequence[Slot]) -> tuple[Piece, ...]:
        """The line, all in the tone of what may have changed since."""
        if not self.key:
            return self.cells.get("", ())
        gap = " " * GAP
        parts = (_text(self.cells.get(slot.column.name, ()), slot) for slot in slots)
        return (Piece(gap.join(parts), "dim"),)


def _text(pieces: Iterable[Piece], slot: Slot) -> str:
    text = "".join(piece.text for piece in pieces)
    if slot.column.name == "bar" and text:
        return "".join(text[place * len(text) // slot.cells] for place in range(slot.cells))
    return fit(text, slot.cells, right=slot.column.right)


@dataclass(frozen=True, slots=True)
class Remembered:
    """The last picture of the list."""

    lang: str = ""
    theme: str = "auto"
    plain: bool = False
    at: str = ""
    """When it was read, as the screen says it; empty: never."""
    rows: tuple[Row, ...] = ()
    columns: tuple[str, ...] = ()
    """Which columns were wanted; empty: all."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """The texts around the list, in that language."""


NOTHING = Remembered()


def recall(folder: Path) -> Remembered:
    """The last picture; nothing where there is none that can be used."""
    try:
        found = json.loads((folder / FILE).read_text("utf-8"))
        return Remembered(
            lang=_language(found["lang"]),
            theme=_drawable(found["theme"]),
            plain=found["plain"] is True,
            at=_drawable(found["at"]),
            rows=tuple(_row(row) for row in found["rows"][:ROWS]),
            columns=tuple(_drawable(name) for name in found["columns"]),
            texts={_drawable(key): _drawable(text) for key, text in found["texts"].items()},
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError):  # a picture is never worth an error
        return NOTHING


def _language(found: Any) -> str:
    if found not in LANGUAGES:
        raise ValueError(found)
    return str(found)


def _row(found: Any) -> Row:
    key, cells = found
    return Row(
        _drawable(key),
        {
            column: tuple(Piece(_drawable(text), _drawable(tone)) for text, tone in pieces)
            for column, pieces in cells.items()
        },
    )


def _drawable(text: Any) -> str:
    """A text that a terminal may be given; the file lies where others may have written it."""
    if not isinstance(text, str):
        raise TypeError(text)
    return text if text.isprintable() and width(text) >= 0 else ""


def written(picture: Remembered) -> str:
    """The picture as it is kept."""
    document = {
        "lang": picture.lang,
        "theme": picture.theme,
        "plain": picture.plain,
        "at": picture.at,
        "rows": [[row.key, row.cells] for row in picture.rows],
        "columns": picture.columns,
        "texts": dict(picture.texts),
    }
    return json.dumps(document, ensure_ascii=False)


def keep(folder: Path, text: str) -> None:
    """Write it for the next start; where that does not work, the next start has no picture."""
    target, beside = folder / FILE, folder / f"{FILE}.{os.getpid()}"
    with contextlib.suppress(OSError):
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        beside.replace(target)
