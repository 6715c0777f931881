"""The file that `config init` writes: every key with what it is for, its default and what it may be."""

from collections.abc import Iterator
from textwrap import wrap

from config.key import ANY, Key
from config.keys import KEYS
from config.layers import dotted
from config.texts.catalogue import Catalogue
from config.threshold_keys import ROW_KEYS, SUB_ROWS

_NAMES = {
    "platforms": "lancers",
    "stages": "working",
    "deals": "lancers-1",
    "clients": "青空商店",
    "templates": "A",
    "keys": "poll",
    "views": "Lancers",
    "channels": "chat",
}
"""What stands for the names in the examples."""
PARTS = (
    ("general", ()),
    ("accounts", ("accounts",)),
    ("calendar", ("calendar",)),
    ("screen", ("screen",)),
    ("keys", ("keys",)),
    ("views", ("views",)),
    ("platforms", ("platforms",)),
    ("clients", ("clients",)),
    ("deals", ("deals",)),
    ("notify", ("notify",)),
    ("channels", ("channels",)),
    ("heartbeat", ("heartbeat",)),
)
"""The parts of the file, each with the table that its keys stand in."""
_WIDTH = 110


def sample(lang: str, schema: str = "") -> str:
    """The commented file. Lines `#key = value` are switched on by taking the `#` away; prose begins with `# `.

    `schema`: where the schema lies, seen from the file; editors with Taplo read the line that names it.
    """
    texts = Catalogue.of(lang)
    lines = [f"#:schema ./{schema}", ""] if schema else []
    lines += [_comment(texts.t(f"config.{name}")) for name in ("file_head", "file_defaults", "file_durations")]
    for part, start in PARTS:
        title = texts.t(f"config.part_{part}")
        lines += ["", "", f"# ---- {title}"]
        keys = [key for key in KEYS if (key.path[:1] == start if start else len(key.path) == 1)]
        lines += _part(keys, lang, texts)
    return "\n".join(lines) + "\n"


def _part(keys: list[Key], lang: str, texts: Catalogue) -> Iterator[str]:
    """The keys of a part below their table headers; rows that repeat the same keys are named, not repeated."""
    table: tuple[str, ...] = ()
    explained: set[str] = set()
    for key in keys:
        if _repeats(key, explained):
            continue
        if key.path[:-1] != table:
            table = key.path[:-1]
            yield from ("", _header(table))
        elif table != ("accounts", "*"):
            yield ""
        if key.name in ROW_KEYS:
            explained.add(key.name)
        yield _comment(key.text(lang) + _allowed(key, texts))
        yield f"#{_NAMES.get(key.path[-2], key.name) if key.name == ANY else key.name} = {_value(key)}"
    if keys[0].path[0] == "platforms":
        yield from _also(
            texts,
            "platforms",
            "config.also_platforms",
            ("asked",),
            ("deal_limit",),
            *(("stages", "*", sub) for sub in SUB_ROWS),
        )
    if keys[0].path[0] in ("clients", "deals"):
        yield from _also(texts, keys[0].path[0], "config.also_deals", ("stages", "*"))


def _repeats(key: Key, explained: set[str]) -> bool:
    """Whether the row's keys have been explained already, in the part's first row."""
    return key.name in ROW_KEYS and key.name in explained


def _also(texts: Catalogue, part: str, key: str, *below: tuple[str, ...]) -> Iterator[str]:
    base = (part, "*")
    yield ""
    yield _comment(texts.t(key))
    yield from (_header((*base, *path)) for path in below)


def _header(table: tuple[str, ...]) -> str:
    if table == ("accounts", "*"):
        return "#[[accounts]]"
    shown = [_NAMES.get(table[place - 1], part) if part == "*" else part for place, part in enumerate(table)]
    return f"#[{dotted(shown)}]"


def _allowed(key: Key, texts: Catalogue) -> str:
    if not key.allowed:
        return ""
    words = ", ".join(key.allowed)
    return " — " + texts.t("config.allowed", allowed=words)


def _value(key: Key) -> str:
    if key.example:
        return key.example
    if isinstance(key.default, bool):
        return "true" if key.default else "false"
    if isinstance(key.default, str):
        return f'"{key.default}"'
    if isinstance(key.default, list):
        return "[" + ", ".join(f'"{item}"' for item in key.default) + "]"
    return str(key.default)


def _comment(text: str) -> str:
    return "\n".join(f"# {line}" for line in wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False))
