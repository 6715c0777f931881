"""`config edit`: a copy of config.toml in the user's editor, tried out before it takes the file's place."""

import os
import shlex
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from config.load import load
from config.places import Options, Places
from config.problems import ConfigError, Problem
from config.write import NotWritableError, replace_file
from otosata.deals.platform import Platform

EDITORS = ("nano", "vi")
"""Tried in this order where neither VISUAL nor EDITOR says anything."""


class EditorError(Exception):
    """The editor could not be run, or said that it failed; nothing was changed."""

    def __init__(self, command: str, reason: str) -> None:
        super().__init__(f"the editor {command} cannot be used: {reason}")
        self.hint = "name an editor with EDITOR"


@dataclass(frozen=True, slots=True)
class Draft:
    """What the user has written so far, in a file beside the one it is for."""

    file: Path
    """The draft."""
    target: Path
    """config.toml"""
    before: bytes
    """What stood in it when the editor was opened."""

    @property
    def content(self) -> bytes:
        """What stands in it now, to the byte."""
        return self.file.read_bytes()

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to take."""
        return self.content != self.before

    def drop(self) -> None:
        """Take the draft away."""
        self.file.unlink(missing_ok=True)


def draft_of(places: Places, otherwise: Callable[[], str]) -> Draft:
    """A draft of config.toml; where there is none yet, of what `otherwise` gives. NotWritableError."""
    target = places.config_file
    try:
        content = target.read_bytes() if target.exists() else otherwise().encode()
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".config-", suffix=".toml")  # 0600
        with os.fdopen(handle, "wb") as out:
            out.write(content)
    except OSError as error:
        raise NotWritableError(target, error.strerror or str(error)) from error
    return Draft(Path(name), target, content)


def edit(draft: Draft, environ: Mapping[str, str]) -> None:
    """Open the draft in the user's editor and wait until it is closed. EditorError."""
    commands = [environ[name] for name in ("VISUAL", "EDITOR") if environ.get(name)] or list(EDITORS)
    for place, command in enumerate(commands):
        try:
            words = shlex.split(command)
            code = subprocess.run([*words, str(draft.file)], check=False).returncode  # noqa: S603 - the user's editor
        except FileNotFoundError as error:
            if place + 1 == len(commands):
                raise EditorError(command, error.strerror or str(error)) from error
        except (OSError, ValueError, IndexError) as error:
            raise EditorError(command, str(error)) from error
        else:
            if code:
                raise EditorError(command, f"ended with {code}")
            return


def problems_of(
    draft: Draft, options: Options, environ: Mapping[str, str], platforms: Mapping[str, Platform] | None
) -> tuple[Problem, ...]:
    """What is wrong with the draft, in the place of config.toml."""
    try:
        load(options, environ, platforms, config_text=draft.content.decode("utf-8-sig", errors="replace"))
    except ConfigError as error:
        return error.problems
    return ()


def take(draft: Draft) -> None:
    """Put the draft in the place of config.toml, whole or not at all; its permissions stay. NotWritableError."""
    mode = draft.target.stat().st_mode if draft.target.exists() else None
    replace_file(draft.target, draft.content)
    if mode is not None:
        draft.target.chmod(mode)
    draft.drop()
