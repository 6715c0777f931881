"""The program as a user has it: a configuration, a ledger, commands with an exit code and two streams."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cli.main import run
from cli.session import Streams

ROOT = Path(__file__).parent.parent.parent
NOON = "2026-06-01T12:00:00+09:00"
"""A Monday; when a test does not say otherwise, it plays then."""


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """stdout as JSON."""
        return json.loads(self.out)


@dataclass
class Program:
    """Runs commands against one folder. In this process, since a thousand interpreters would take minutes."""

    folder: Path
    now: str | None = NOON
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def config(self) -> Path:
        """config.toml"""
        return self.folder / "config.toml"

    @property
    def data(self) -> Path:
        """The folder of the ledger."""
        return self.folder / "data"

    def configure(self, text: str) -> "Program":
        """Write config.toml."""
        self.config.write_text(text, encoding="utf-8")
        return self

    def own_environ(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """Everything that says where the files are, and the language."""
        own = {"OTOSATA_CONFIG": str(self.config), "OTOSATA_DATA": str(self.data), "OTOSATA_LANG": "en"}
        return own | self.environ | dict(more or {})

    def __call__(self, *words: str, now: str | None = None, env: Mapping[str, str] | None = None) -> Result:
        """Run a command; `now` moves the clock of this one."""
        moment = now or self.now
        out, err = io.StringIO(), io.StringIO()
        clock = ("--now", moment) if moment else ()
        code = run([*words, *clock], Streams(out, err), self.own_environ(env))
        return Result(code, out.getvalue(), err.getvalue())

    def done(self, *words: str, now: str | None = None) -> str:
        """Run a command that must succeed; what it printed, without the last line break."""
        result = self(*words, now=now)
        assert result.code == 0, (words, result)
        return result.out.rstrip("\n")

    def process(
        self,
        *words: str,
        env: Mapping[str, str] | None = None,
        feed: bytes = b"",
        python: tuple[str, ...] = (),
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command in an interpreter of its own, as cron would: no terminal."""
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("OTOSATA", "COV", "PYTEST"))}
        command = [sys.executable, "-P", *python, "-m", "launch", *words]
        return subprocess.run(
            command,
            env=clean | {"PYTHONPATH": str(ROOT)} | self.own_environ(env),
            cwd=self.folder,
            input=feed,
            capture_output=True,
            check=False,
            timeout=60,
        )

    def deal(self, client: str = "田中", *, platform: str = "lancers", event: str = "contract", at: str = NOON) -> str:
        """A deal entered by hand; its id."""
        return self.done("deals", "add", "--platform", platform, "--client", client, "--event", event, "--at", at)

    def report(self, *words: str, now: str | None = None) -> Any:
        """`check --no-sync --json`"""
        return self("check", "--no-sync", "--json", *words, now=now).document

    def reading(self, deal: str, now: str | None = None) -> Any:
        """One deal of the report."""
        (found,) = [shown for shown in self.report("--all", now=now)["deals"] if shown["id"] == deal]
        return found

    def levels(self, now: str | None = None) -> dict[str, str]:
        """Level by deal."""
        return {deal["id"]: deal["level"] for deal in self.report("--all", now=now)["deals"]}
