"""Manual pages in man(7), made of the grammar that --help shows."""

from collections.abc import Iterator, Sequence
from datetime import date

from cli.grammar import CommandGrammar, Word
from otosata import __version__

_EXIT = (
    ("0", "done; for check: OK"),
    ("1", "found something, where finding is the command's job; for check: WARNING"),
    ("2", "usage or configuration; for check: CRITICAL"),
    ("3", "a mailbox or the ledger could not be reached; for check: UNKNOWN, whatever went wrong"),
    ("70", "a bug of ours"),
    ("130", "interrupted"),
)
_ENVIRONMENT = (
    ("OTOSATA_CONFIG", "configuration file, as --config"),
    ("OTOSATA_DATA", "folder of the ledger, as --data"),
    ("OTOSATA_LANG", "ja or en, as --lang"),
    ("OTOSATA__SECTION__KEY", "any key of the configuration: OTOSATA__CALENDAR__COUNTRY=JP"),
    ("NO_COLOR", "no colours, unless it is empty (no-color.org)"),
)
_FILES = (
    ("config.toml", "yours; written once by `otosata config init`"),
    ("settings.toml", "the program's, beside it; lies over config.toml"),
    ("adapters/*.toml", "your own platforms, beside it"),
    ("otosata.db", "the ledger, in the data folder; `otosata config path` names all four"),
)


def page(program: CommandGrammar, command: CommandGrammar, made: date) -> str:
    """The page of a command, or of the program itself where the two are the same. `made`: today."""
    name = "-".join(("otosata", *command.path))
    lines = [
        f'.TH {name.upper()} 1 "{made.isoformat()}" "otosata {__version__}" "User Commands"',
        ".SH NAME",
        f"{_text(name)} \\- {_text(command.help)}",
        ".SH SYNOPSIS",
        *(line for one in command.walk() if not command.below or one.path for line in _synopsis(one)),
        *_section("ARGUMENTS", _terms(command.places)),
        *_section("OPTIONS", _terms([word for word in command.options if not word.is_global])),
    ]
    for below in command.below:
        title = f"otosata {' '.join(below.path)}"
        lines += [f".SS {_text(title)}", _text(below.help)]
        lines += _terms([word for word in below.words if not word.is_global]) if command.path else []
    lines += _section("GLOBAL OPTIONS", _terms([word for word in command.options if word.is_global]))
    for title, rows in (("EXIT STATUS", _EXIT), ("ENVIRONMENT", _ENVIRONMENT), ("FILES", _FILES)):
        lines += _section(title, [line for term, text in rows for line in _term(_text(term), text)])
    others = [one for one in (program, *program.below) if one.path[:1] != command.path[:1]]
    lines += _section(
        "SEE ALSO", [", ".join(f"\\fB{_text('-'.join(('otosata', *one.path)))}\\fR(1)" for one in others)]
    )
    return "\n".join(lines) + "\n"


def _synopsis(command: CommandGrammar) -> Iterator[str]:
    words = [f"\\fB{_text(' '.join(('otosata', *command.path)))}\\fR"]
    words += [_shown(word) for word in command.options if not word.is_global and word.flags[0] != "-h"]
    words += [_place(word) for word in command.places]
    yield from (".HP", " ".join(words))


def _shown(word: Word) -> str:
    value = f" \\fI{_text(word.metavar)}\\fR" if word.metavar else ""
    text = f"\\fB{_text(word.flags[-1])}\\fR{value}"
    return text if word.required else f"[{text}]"


def _place(word: Word) -> str:
    text = f"\\fI{_text(word.metavar)}\\fR{' ...' if word.many else ''}"
    return text if word.required else f"[{text}]"


def _terms(words: Sequence[Word]) -> list[str]:
    lines = []
    for word in words:
        value = f" \\fI{_text(word.metavar)}\\fR" if word.metavar and word.flags else ""
        names = ", ".join(f"\\fB{_text(flag)}\\fR" for flag in word.flags) or f"\\fI{_text(word.metavar)}\\fR"
        lines += _term(names + value, word.help)
    return lines


def _term(term: str, text: str) -> list[str]:
    return [".TP", term, _text(text) or "\\&"]


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return [f".SH {title}", *lines] if lines else []


def _text(text: str) -> str:
    """As roff prints it: backslashes, hyphens that can be copied, no line that begins with a request."""
    shown = text.replace("\\", "\\e").replace("-", "\\-").replace("…", "...")
    return f"\\&{shown}" if shown.startswith((".", "'")) else shown
