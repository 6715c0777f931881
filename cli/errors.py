"""Exit codes, and what an exception says to the user."""

from collections.abc import Sequence
from dataclasses import dataclass

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


class OutOfTimeError(BaseException):
    """The time-out of `-t`. No Exception: nothing on its way may take it for a server that is slow, and go on."""


STOPPED = (Complaint("interrupted", "interrupted"),)


def complaints(error: Exception) -> tuple[int, tuple[Complaint, ...]]:
    """The exit code, and what to say: one complaint, or one for each mistake in a file."""
    from adapters.located import LocatedError  # noqa: PLC0415 - only on the way out
    from cli.session import UsageError  # noqa: PLC0415
    from config.problems import ConfigError  # noqa: PLC0415
    from otosata.hand import HandError  # noqa: PLC0415
    from otosata.store.errors import ActError, StoreError  # noqa: PLC0415

    match error:
        case ConfigError():
            return USAGE, tuple(
                Complaint(problem.code, f"{problem.place}: {f'{problem.key}: ' * bool(problem.key)}{problem.message}",
                          problem.hint)
                for problem in error.problems
            )  # fmt: skip
        case LocatedError():
            return USAGE, tuple(
                Complaint(
                    "adapter_file", f"{problem.file}:{problem.line}:{problem.column}: {problem.message}", problem.hint
                )
                for problem in error.problems
            )
        case UsageError() | HandError() | ActError():
            return USAGE, (Complaint("usage", _one_line(error), error.hint),)
        case StoreError():
            return UNREACHABLE, (Complaint("ledger", _one_line(error), error.hint),)
        case OSError():
            text = f"{error.filename}: {error.strerror}" if error.filename else _one_line(error)
            return USAGE, (Complaint("system", text),)
        case _:
            text = f"a bug of ours: {type(error).__name__}: {_one_line(error)}"
            return BUG, (Complaint("bug", text, "Please report it; `-v` shows the whole traceback."),)


def lines(found: Sequence[Complaint]) -> list[str]:
    """For stderr: a single complaint with its hint below it, several with a line each."""
    if len(found) == 1:
        return [f"otosata: {found[0].message}", *([found[0].hint] if found[0].hint else [])]
    return [f"otosata: {one.message}{f' ({one.hint})' if one.hint else ''}" for one in found]


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
