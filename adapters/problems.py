"""What can be wrong in a TOML file: a problem with its place, and the error that carries them all."""

from collections.abc import Iterable
from dataclasses import dataclass

Key = tuple[str | int, ...]
"""Path of a value: `("rules", 0, "subject")`."""

Position = tuple[int, int]
"""Line and column, both from 1."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file: where, what, and what to write instead."""

    file: str
    line: int
    column: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """`lancers.toml:12:1: unknown key 'subjekt' (did you mean 'subject'?)`."""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.file}:{self.line}:{self.column}: {self.message}{hint}"


class LocatedError(ValueError):
    """A file that is no TOML, or says what it may not; `problems` holds each reason with its place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """All that was found in one run, in the order of the file."""
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.file, problem.line, problem.column)))
        super().__init__("\n".join(map(str, self.problems)))
