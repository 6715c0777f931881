"""Golden mails: whole mails, and beside each `NAME.eml` a `NAME.toml` that says what must come out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from adapters.kit.writing import inline, quoted
from adapters.located import load_located
from adapters.problems import LocatedError
from adapters.samples import said
from otosata.deals.notice import Notice
from otosata.mail.model import Mail, RawMail, Trust
from otosata.mail.parse import parse

KEYS = ("rule", "event", "actor", "client", "title", "url")
"""What an expected file may say, beside `refs`; a mail that is nobody's has an empty `event`."""
_NOW = datetime(2100, 1, 1, tzinfo=UTC)
"""Later than any mail."""


@dataclass(frozen=True, slots=True)
class Golden:
    """A mail of a file, and what is expected of it."""

    path: Path
    mail: Mail
    expected: Mapping[str, str] | None
    """In the words of `outcome`; None where nobody has written it yet."""


def golden_mails(paths: Iterable[Path]) -> tuple[Golden, ...]:
    """The mails of files and folders, by name. LocatedError: an expected file is wrong. OSError: one cannot be read."""
    files = [file for path in paths for file in (sorted(path.rglob("*.eml")) if path.is_dir() else [path])]
    return tuple(Golden(file, read_mail(file), _expected(expected_file(file))) for file in files)


def read_mail(file: Path) -> Mail:
    """Decoded as a poll would. OSError."""
    return read_bytes(file.read_bytes(), file.name)


def read_bytes(data: bytes, name: str = "") -> Mail:
    """The same of bytes; `name`: of their file."""
    return parse(RawMail(data, folder=name), now=_NOW, trust=Trust())


def expected_file(mail: Path) -> Path:
    """Where it is written what must come out."""
    return mail.with_suffix(".toml")


def _expected(file: Path) -> Mapping[str, str] | None:
    if not file.exists():
        return None
    located = load_located(file)
    refs = located.data.get("refs", {})
    expected = {key: located.data[key] for key in located.data if key != "refs"}
    expected |= {f"refs.{kind}": number for kind, number in refs.items()} if isinstance(refs, dict) else {"refs": refs}
    wrong = [
        located.problem((key,), f"{key!r} is no text, or nothing that a mail says", f"allowed: {', '.join(KEYS)}, refs")
        for key, value in expected.items()
        if not isinstance(value, str) or (key not in KEYS and not key.startswith("refs."))
    ]
    if wrong:
        raise LocatedError(wrong)
    return expected


def outcome(notice: Notice | None) -> dict[str, str]:
    """What a mail announces, in the words of an expected file."""
    return {key: value for key, value in said(notice).items() if value} or {"event": ""}


def differences(expected: Mapping[str, str], found: Mapping[str, str]) -> tuple[str, ...]:
    """What came out otherwise, a sentence each."""
    keys = [key for key in (*expected, *found) if expected.get(key, "") != found.get(key, "")]
    return tuple(
        f"{key} should be {expected.get(key, '')!r}, but is {found.get(key, '')!r}" for key in dict.fromkeys(keys)
    )


def write_expected(file: Path, found: Mapping[str, str]) -> None:
    """Write what came out as what must. OSError."""
    refs = {key.removeprefix("refs."): value for key, value in found.items() if key.startswith("refs.")}
    lines = [f"{key} = {quoted(found[key])}" for key in KEYS if key in found]
    lines += [f"refs = {inline(refs)}"] if refs else []
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
