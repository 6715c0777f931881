"""What it costs to ask for the state of things: the whole process of `check --no-sync`."""

import os
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Result, Sizes, compare_programs
from benchmarks.world import NOW, ledgers, store_of

ROOT = Path(__file__).parent.parent
CONFIG = """
[[accounts]]
name = "main"
host = "imap.example.com"
user = "me@example.jp"
"""
_LIBRARIES = "import ssl, imaplib, email, sqlite3, json, tomllib"
_NEEDED = "import argparse, json, sqlite3, tomllib, dataclasses"
_FEW_DEALS = 20


def start(sizes: Sizes) -> Result:
    """With a handful of deals, against importing the parts of the standard library that any such program needs."""
    return _start(f"check --no-sync: {_FEW_DEALS} deals", sizes.runs, _FEW_DEALS, 5, _NEEDED)


def start_with_many(sizes: Sizes) -> Result:
    """With many deals, against importing what a mail program is made of."""
    title = f"check --no-sync: {sizes.deals:,} deals with {sizes.events_a_deal} events"
    return _start(title, sizes.runs, sizes.deals, sizes.events_a_deal, _LIBRARIES)


def _start(title: str, runs: int, deals: int, events: int, imports: str) -> Result:
    with tempfile.TemporaryDirectory(prefix="otosata-benchmark-") as name:
        folder = Path(name)
        (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
        (folder / "data").mkdir(mode=0o700)
        store_of(folder / "data" / "otosata.db", ledgers(deals, events))
        places = ("--config", str(folder / "config.toml"), "--data", str(folder / "data"), "--now", NOW.isoformat())
        ours, reference = compare_programs(
            runs,
            (sys.executable, "-P", "-m", "launch", *places, "check", "--no-sync", "--on-stale", "ok"),
            (sys.executable, "-P", "-c", imports),
            environment_of(folder),
            folder,
        )
    return Result(title, ours, f'`python -c "{imports}"`', reference, "cpu")


def environment_of(folder: Path) -> dict[str, str]:
    """The user's settings left out; bytecode kept as it is after an installation, but in a folder of this run."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("OTOSATA", "COV", "PYTHON"))}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
