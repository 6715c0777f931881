"""Columns that line up with wide characters too."""

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

_GAP = "  "


def columns(head: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Lines of a table; the last column takes what is left of `width` and is cut there."""
    widths = [max(cell_len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    used = sum(widths[:-1]) + len(_GAP) * (len(widths) - 1)
    widths[-1] = max(min(widths[-1], width - used), cell_len(head[-1]))
    return [
        _GAP.join(fitted(cell, size) for cell, size in zip(row, widths, strict=True)).rstrip() for row in (head, *rows)
    ]


def fitted(text: str, size: int) -> str:
    """The text in exactly `size` cells, cut with an ellipsis where it is longer."""
    if cell_len(text) <= size:
        return set_cell_size(text, size)
    return set_cell_size(text, max(size - 1, 0)).rstrip() + "…" if size else ""
