"""What can be told of a secret without fetching it: which keys go with its place, and whether its file can be used."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from config.model import SecretKind

SECRET_KEYS: Mapping[SecretKind, tuple[str, ...]] = {
    SecretKind.KEYRING: (),
    SecretKind.COMMAND: ("command",),
    SecretKind.ENV: ("env",),
    SecretKind.FILE: ("file",),
    SecretKind.OAUTH2: ("command", "token_url", "client_id", "scope"),
}
"""The keys that say more about each place."""
ALL_SECRET_KEYS = ("command", "env", "file", "token_url", "client_id", "scope")


def secret_file_problem(file: Path) -> tuple[str, dict[str, object]] | None:
    """Code and values of what is wrong with a file that holds a secret; None where it can be used."""
    try:
        mode = file.stat().st_mode
    except OSError as error:
        return "no_secret_file", {"path": file, "reason": error.strerror or str(error)}
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        return "secret_file_open", {"path": file}
    return None
