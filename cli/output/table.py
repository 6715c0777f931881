"""Columns that line up with wide characters too."""

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

_GAP = "  "
_NARROW = 10
"""Cells below which no column is cut."""


def columns(head: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Lines of a table that fit into `width`: the last column gives way first, then the widest ones."""
    widths = [max(cell_len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    over = sum(widths) + len(_GAP) * (len(widths) - 1) - width
    last = max(min(widths[-1], _NARROW), widths[-1] - max(over, 0))
    over -= widths[-1] - last
    widths[-1] = last
    while over > 0 and max(widths) > _NARROW:
        widths[widths.index(max(widths))] -= 1
        over -= 1
    return [
        _GAP.join(fitted(cell, size) for cell, size in zip(row, widths, strict=True)).rstrip() for row in (head, *rows)
    ]


def needed(head: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Cells of the widest line when nothing is cut."""
    widths = (max(cell_len(row[place]) for row in (head, *rows)) for place in range(len(head)))
    return sum(widths) + len(_GAP) * (len(head) - 1)


def fitted(text: str, size: int) -> str:
    """The text in exactly `size` cells, cut with an ellipsis where it is longer."""
    if cell_len(text) <= size:
        return set_cell_size(text, size)
    return set_cell_size(text, max(size - 1, 0)).rstrip() + "…" if size else ""
