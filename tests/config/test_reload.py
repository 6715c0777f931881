"""A configuration that is saved is taken at once; a broken one is told of, and the last good one stays."""

import os
from pathlib import Path

import pytest

from config.assembly import assemble
from config.desk import Desk
from config.places import Options
from config.reload import Live, live, renewed


@pytest.fixture
def start(tmp_path: Path) -> Live:
    """The program running on a configuration."""
    (tmp_path / "config.toml").write_text("interval = '5m'\n")
    return live(assemble(Options(config=tmp_path / "config.toml", data=tmp_path / "data", lang="en"), {}))


def minutes(now: Live) -> float:
    """The interval in use."""
    return now.assembly.settings.interval.total_seconds() / 60


def test_while_nothing_changes_everything_stays_the_same_value(start: Live) -> None:
    assert renewed(start) is start


def test_a_saved_file_is_taken(start: Live, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("interval = '20m'\n")
    now = renewed(start)
    assert (minutes(now), now.trouble) == (20, ())
    assert renewed(now) is now


def test_a_broken_file_is_refused_and_told_of_when_it_stays_so(start: Live, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("intervall = '20m'\n")
    first = renewed(start)
    assert (minutes(first), first.trouble) == (5, ())  # an editor may be in the middle of writing
    second = renewed(first)
    assert minutes(second) == 5
    assert [problem.key for problem in second.trouble] == ["intervall"]
    assert second.trouble[0].place == f"{tmp_path}/config.toml:1:1"
    assert renewed(second) is second
    (tmp_path / "config.toml").write_text("interval = '30m'\n")
    mended = renewed(second)
    assert (minutes(mended), mended.trouble) == (30, ())


def test_half_a_file_is_told_to_nobody(start: Live, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("interval = '20m")
    half = renewed(start)
    (tmp_path / "config.toml").write_text("interval = '20m'\n")
    whole = renewed(half)
    assert (half.trouble, whole.trouble, whole.doubt, minutes(whole)) == ((), (), (), 20)


def test_settings_adapters_and_included_files_are_looked_after_too(start: Live, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("interval = '7m'\n")
    now = renewed(start)
    assert minutes(now) == 7
    (tmp_path / "adapters").mkdir()
    (tmp_path / "adapters" / "lancers.toml").write_text("[stages.working]\nwarn = ['1d']\n")
    now = renewed(now)
    warn = next(iter(now.assembly.platforms["lancers"].stages["working"].row.elapsed.values()))
    assert now.trouble == ()
    assert warn
    (tmp_path / "settings.toml").unlink()
    (tmp_path / "config.toml").write_text("include = ['more-*.toml']\n")
    now = renewed(now)
    assert minutes(now) == 15
    (tmp_path / "more-1.toml").write_text("interval = '9m'\n")
    os.utime(tmp_path, ns=(1, 1))  # a folder's time may be as coarse as this test is quick
    now = renewed(now)
    assert minutes(now) == 9
    (tmp_path / "more-1.toml").write_text("interval = '10m'\n")
    assert minutes(renewed(now)) == 10


def test_the_file_may_vanish_and_come_back(start: Live, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.unlink()
    gone = renewed(renewed(start))
    assert [problem.code for problem in gone.trouble] == ["no_such_file"]
    file.write_text("interval = '8m'\n")
    assert (minutes(renewed(gone)), renewed(gone).trouble) == (8, ())


def test_the_overview_tells_what_is_wrong_and_what_is_written_in_an_old_way(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("look_back_days = 90\n")
    desk = Desk(assemble(Options(config=file, data=tmp_path / "data", lang="en"), {}))
    assert [problem.code for problem in desk.overview().problems] == ["old_key"]
    file.write_text("langage = 'ja'\ninterval = 15\n")
    assert [desk.renew(), desk.renew(), desk.renew()] == [False, True, False]
    trouble = desk.overview().problems[0]
    assert trouble.code == "configuration"
    assert "config.toml:1: langage: unknown key" in trouble.message
    assert "language" in trouble.hint
    assert "1 more" in trouble.message
    file.write_text("interval = '15m'\n")
    assert desk.renew()
    assert desk.overview().problems == ()
