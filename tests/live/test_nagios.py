"""A real Nagios reads what `check` prints: the state, the line, the lines below it and the performance data."""

import sys
from pathlib import Path

from tests.cli.program import ROOT, Program
from tests.cli.test_exit_codes import LATER, story
from tests.cli.test_status_line import parse
from tests.live import nagios

STATES = {"ok": 0, "notice": 0, "warn": 1, "critical": 2}


def test_nagios_reads_state_text_and_performance_data(tmp_path: Path) -> None:
    otosata = Program(tmp_path).configure("")
    deal = story(otosata)
    command = [sys.executable, "-P", "-m", "launch", "check", "--format", "nagios"]
    checks = {level: [*command, "--no-sync", "-vv", "--now", LATER[level]] for level in STATES}
    checks["no-mailbox"] = command
    checks["bad-usage"] = [*command, "--no-such-option"]
    home = tmp_path / "nagios"
    home.mkdir()
    seen = nagios.run(home, checks, {"PYTHONPATH": str(ROOT), **otosata.own_environ()})
    assert {name: one.state for name, one in seen.items()} == {**STATES, "no-mailbox": 3, "bad-usage": 3}
    for level in STATES:
        first, *below = otosata("check", "--no-sync", "-vv", "--format", "nagios", now=LATER[level]).out.splitlines()
        _, _, performance = parse(first)
        assert seen[level].output == first.partition(" | ")[0]
        assert seen[level].performance == first.partition(" | ")[2]
        assert seen[level].long_output == "\\n".join(below)
        assert performance["deals"].value == 1
    assert deal in seen["critical"].long_output
    assert seen["bad-usage"].output.startswith("OTOSATA UNKNOWN: ")
