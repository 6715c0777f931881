"""Exit codes, and what an exception says to the user."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config.problems import Problem

OK, FOUND, USAGE, UNREACHABLE, BUG, INTERRUPTED = 0, 1, 2, 3, 70, 130
UNKNOWN = 3
"""What a monitor understands; `check` ends with it whenever it cannot do its work."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why a command could not do its work."""

    code: str
    """Stable word for programs."""
    message: str
    """What happened and where; one line."""
    hint: str = ""
    """What to do."""
    shown: tuple[str, ...] = ()
    """The line of a file, and below it a caret where it is wrong."""


class UsageError(Exception):
    """The command's words are off; `hint` says what is allowed."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class OutOfTimeError(BaseException):
    """The time-out of `-t`. No Exception: nothing on its way may take it for a server that is slow, and go on."""


STOPPED = (Complaint("interrupted", "interrupted"),)


def complaints(error: Exception) -> tuple[int, tuple[Complaint, ...]]:
    """The exit code, and what to say: one complaint, or one for each mistake in a file."""
    from adapters.teaching.propose import TeachError  # noqa: PLC0415 - only on the way out
    from config.problems import ConfigError  # noqa: PLC0415 - as above
    from config.write import AlreadyThereError, NotWritableError  # noqa: PLC0415 - as above
    from otosata.hand import HandError  # noqa: PLC0415 - as above
    from otosata.mail.source import SourceError  # noqa: PLC0415 - as above
    from otosata.store.errors import ActError, StoreError  # noqa: PLC0415 - as above

    text, hint = _one_line(error), getattr(error, "hint", "")
    match error:
        case ConfigError():
            return USAGE, tuple(of_problem(problem) for problem in error.problems)
        case AlreadyThereError():
            what = f"{error.file} exists already and is not overwritten"
            code, found = USAGE, [("exists", what, "edit it, or move it away first")]
        case NotWritableError():
            what = f"{error.file} cannot be written: {error.reason}"
            code, found = USAGE, [("system", what, "check its folder, or name another place with --config")]
        case UsageError() | HandError() | ActError() | TeachError():
            code, found = USAGE, [("usage", text, hint)]
        case SourceError():
            code, found = UNREACHABLE, [("source", text, hint)]
        case StoreError():
            code, found = UNREACHABLE, [("ledger", text, hint)]
        case OSError():
            code, found = (
                USAGE,
                [("system", ": ".join(part for part in (error.filename, error.strerror) if part) or text, "")],
            )
        case _:
            what = f"a bug of ours: {type(error).__name__}: {text}"
            code, found = BUG, [("bug", what, "Please report it; `-v` shows the whole traceback.")]
    return code, tuple(Complaint(*one) for one in found)


def of_problem(problem: "Problem") -> Complaint:
    """A mistake in the configuration, with its line."""
    from config.excerpt import excerpt  # noqa: PLC0415 - only on the way out

    return Complaint(problem.code, _located(problem), problem.hint, tuple(excerpt(problem)))


def _located(problem: "Problem") -> str:
    if problem.key.startswith(problem.place):  # what is being set has no other place
        return f"{problem.key}: {problem.message}"
    key = "" if problem.place.startswith(problem.key) else f"{problem.key}: "
    return f"{problem.place}: {key}{problem.message}"


def in_language(found: Sequence[Complaint], lang: str) -> tuple[Complaint, ...]:
    """The complaints as the user reads them."""
    from config.texts.complaints import translated  # noqa: PLC0415 - only on the way out

    return tuple(replace(one, message=translated(one.message, lang), hint=translated(one.hint, lang)) for one in found)


def lines(found: Sequence[Complaint]) -> list[str]:
    """For stderr: a single complaint with its hint below it, several with a line each."""
    if len(found) == 1:
        return [f"otosata: {found[0].message}", *found[0].shown, *([found[0].hint] if found[0].hint else [])]
    return [line for one in found for line in (f"otosata: {with_hint(one.message, one.hint)}", *one.shown)]


def with_hint(message: str, hint: str) -> str:
    """What happened, and what to do where that is known, in one line."""
    return f"{message} ({hint})" if hint else message


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
