"""Writes the table of keys in docs/configuration.md from the table that the program reads.

python -m tools.configuration_page
"""

from collections.abc import Iterator
from pathlib import Path

from config.inline import inline
from config.key import Key, Kind
from config.keys import KEYS
from config.sample import PARTS
from config.texts.catalogue import Catalogue
from config.threshold_keys import ROW_KEYS, SUB_ROWS

PAGE = Path(__file__).parent.parent / "docs" / "configuration.md"
BEGIN, END = "<!-- keys: made by python -m tools.configuration_page -->", "<!-- end of keys -->"
_KINDS = {
    Kind.TEXT: "text",
    Kind.TEXTS: "list of texts",
    Kind.CHOICE: "choice",
    Kind.WHOLE: "whole number",
    Kind.PERIOD: "time (`15m`)",
    Kind.SPAN: "duration",
    Kind.SPANS: "list of durations",
    Kind.DATE: "date",
    Kind.CLOSED: "dates and ranges",
    Kind.PATH: "path",
    Kind.ZONE: "time zone",
    Kind.COUNTRY: "country code",
    Kind.HOURS: "list of hours",
    Kind.PROSE: "text of several lines",
    Kind.FLAG: "true or false",
    Kind.QUERY: "filter",
    Kind.CHOICES: "list of choices",
    Kind.CLOCK: "time of day",
    Kind.NIGHT: "hours",
}


def page() -> str:
    """The page with its table as it should be."""
    text = PAGE.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n" + "\n".join(tables()) + f"\n{END}{after}"


def tables() -> Iterator[str]:
    """A table for each part of the file."""
    words = Catalogue.of("en")
    for part, start in PARTS:
        keys = [key for key in KEYS if (key.path[:1] == start if start else len(key.path) == 1)]
        yield f"### {words.t(f'config.part_{part}')}"
        yield ""
        rows = [_row(key) for key in keys if not _repeats(key)]
        if rows:
            yield from ("| key | value | default | what it is for |", "| --- | --- | --- | --- |", *rows)
        else:
            yield "The thresholds of a stage, as above."
        yield ""


def _repeats(key: Key) -> bool:
    """Thresholds are told once, at the stages of a platform; where else they may stand is said in words."""
    return key.name in ROW_KEYS and (key.path[:4] != ("platforms", "*", "stages", "*") or key.path[-2] in SUB_ROWS)


def _row(key: Key) -> str:
    kind = _KINDS[key.kind]
    if key.allowed:
        kind = "one of " if key.kind is Kind.CHOICE else "list of "
        kind += ", ".join(f"`{word}`" for word in key.allowed)
    elif key.high and key.kind is Kind.WHOLE:
        kind += f", {key.low} to {key.high}"
    default = "–" if key.default is None else f"`{inline(key.default)}`"
    if key.default is None and key.example:
        default += f" (e.g. `{key.example}`)"
    return f"| `{'.'.join(key.path)}` | {kind} | {default} | {key.en} |"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
