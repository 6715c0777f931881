"""Exit codes, and what an exception says to the user."""

OK, FOUND, USAGE, UNREACHABLE, BUG, INTERRUPTED = 0, 1, 2, 3, 70, 130
UNKNOWN = 3
"""What a monitor understands; `check` ends with it whenever it cannot do its work."""


def sentences(error: Exception) -> tuple[int, list[str]]:
    """The exit code and the lines for stderr: what happened and where, then what to do."""
    from adapters.located import LocatedError  # noqa: PLC0415 - only on the way out
    from cli.session import UsageError  # noqa: PLC0415
    from config.problems import ConfigError  # noqa: PLC0415
    from otosata.hand import HandError  # noqa: PLC0415
    from otosata.store.errors import ActError, StoreError  # noqa: PLC0415

    match error:
        case ConfigError() | LocatedError():
            return USAGE, [str(problem) for problem in error.problems] or [str(error)]
        case UsageError() | HandError() | ActError():
            return USAGE, _with_hint(error, error.hint)
        case StoreError():
            return UNREACHABLE, _with_hint(error, error.hint)
        case OSError():
            return USAGE, [f"{error.filename}: {error.strerror}" if error.filename else str(error)]
        case _:
            name = type(error).__name__
            return BUG, [f"a bug of ours: {name}: {error}", "Please report it; `-v` shows the whole traceback."]


def _with_hint(error: Exception, hint: str) -> list[str]:
    return [str(error), *([hint] if hint else [])]
