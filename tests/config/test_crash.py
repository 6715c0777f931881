"""Whoever pulls the plug while settings.toml is written finds the old file or the new one, and can write again."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.config import crash

BEFORE = '# mine\ninterval = "5m"\n\n[calendar]\ntimezone = "Europe/Berlin"\n'
ROOT = Path(__file__).parent.parent.parent


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL and fork")
def test_a_kill_at_any_step_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("look_back = '90d'\n")
    (tmp_path / "settings.toml").write_text(BEFORE, "utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "tests.config.crash", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    steps = [json.loads(line) for line in ran.stdout.splitlines()]
    new = steps[-1]["after"]
    assert tomllib.loads(new)["deals"] == {"lancers-1": {"due": tomllib.loads("x = 2026-12-25")["x"]}}
    assert tomllib.loads(new)["calendar"] == {"timezone": "Europe/Berlin", "country": "DE"}
    assert [step["killed"] for step in steps] == [True] * (len(steps) - 1) + [False]
    assert len(steps) > 40
    assert {step["after"] for step in steps} == {BEFORE, new}
    assert {step["again"] for step in steps} == {new}
    assert {tuple(step["left"]) for step in steps} == {("config.toml", "settings.toml")}
    assert (tmp_path / "config.toml").read_text("utf-8") == "look_back = '90d'\n"


def test_what_was_killed_leaves_no_litter_behind_for_ever(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("")
    (tmp_path / ".settings.toml.abcd").write_text("half")
    crash.write(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.toml", "settings.toml"]
