"""A run of the demo: from its server through the program's own sync to the deals, in a home that vanishes."""

import os
import re
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.assembly import Assembly, assemble
from config.desk import Desk
from config.places import Options
from demo.run import DemoHome, clean_environment, demo_home, enter_by_hand
from demo.world import mails, stories
from otosata.mail.imap import ImapSource
from otosata.mail.model import Verdict
from otosata.mail.source import Wanted
from otosata.overview import Status
from otosata.store.values import MailState

TODAY = datetime.now(UTC)
WORLD = tomllib.loads(Path("demo/mailbox.toml").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = set(threading.enumerate())
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield
    assert list(tmp_path.iterdir()) == []
    assert set(threading.enumerate()) <= before


def assembly_of(home: DemoHome) -> Assembly:
    return assemble(Options(config=home.config_file, data=home.data_dir, lang=None), clean_environment(os.environ))


def desk_of(home: DemoHome) -> Desk:
    return Desk(assembly_of(home), lambda: home.now)


def sender_of(data: bytes) -> str:
    found = re.search(rb"^From: .*?([\w.-]+@[\w.-]+)>?\r$", data, re.MULTILINE)
    assert found
    return found[1].decode("ascii")


def synced(home: DemoHome) -> Desk:
    desk = desk_of(home)
    (report,) = desk.poll()
    assert report.error is None
    with desk.store(read_only=False) as store:
        enter_by_hand(store, home.now)
    return desk


@pytest.mark.parametrize(
    "away",
    [timedelta(), timedelta(days=-400), timedelta(days=100), timedelta(days=400)],
    ids=lambda away: f"{away.days}d",
)
def test_the_deals_read_as_the_world_states_them_whenever_now_is(away: timedelta) -> None:
    now = TODAY + away
    with demo_home(now, "ja") as home:
        overview = synced(home).overview()
    shown = {
        (reading.deal.title, reading.deal.client, reading.stage, reading.level.word): {
            advice.id for advice in reading.advice
        }
        for reading in overview.readings
    }
    assert shown == {
        (story.deal.title, story.deal.client, story.stage, story.level): story.advice for story in stories(now)
    }
    assert overview.status is Status.CRITICAL


def test_what_is_no_deals_goes_where_the_world_says() -> None:
    with demo_home(TODAY, "ja") as home:
        desk = synced(home)
        waiting = {mail.subject for mail in desk.mails(MailState.TRIAGE)}
        noise = {mail.subject for mail in desk.mails(MailState.NOISE)}
        others = Counter(state for state in MailState for _ in desk.mails(state))
    assert waiting == {mail["subject"] for mail in WORLD["mails"] if mail["outcome"] == "triage"}
    assert noise <= {mail["subject"] for mail in WORLD["mails"] if mail["outcome"] == "noise"}
    assert set(others) == {MailState.TRIAGE, MailState.NOISE, MailState.EVENT}


def test_the_spoofed_mail_waits_and_the_silent_client_stays_silent() -> None:
    with demo_home(TODAY, "ja") as home:
        desk = synced(home)
        (refused,) = [mail for mail in desk.mails(MailState.TRIAGE) if mail.verdict is Verdict.FAILED]
        (silent,) = [reading for reading in desk.overview().readings if reading.deal.client == "木漏れ日工房"]
    assert (
        refused.subject == "[ランサーズ] 木漏れ日工房 さんから 手づくり石けんの商品紹介文10点 のコメントが届いています"
    )
    assert (silent.silence_days, silent.level.word) == (9, "critical")


def test_private_mail_is_not_even_fetched() -> None:
    private = {mail["from"] for mail in WORLD["mails"] if mail["outcome"] == "private"}
    with demo_home(TODAY, "ja") as home:
        assembly = assembly_of(home)
        source = assembly.source(assembly.settings.accounts[0], lambda: TODAY)
        assert isinstance(source, ImapSource)
        senders = tuple(sender for adapter in assembly.adapters for sender in adapter.senders)
        wanted = Wanted(senders, TODAY - timedelta(days=180), lambda *_: frozenset())
        fetched = {raw.data for batch in source.poll(wanted) for raw in batch.mails}
        source.close()
    left = {sender_of(mail.data) for mail in mails(TODAY) if mail.data not in fetched}
    assert private <= left
    assert left - private <= {mail.get("from") for mail in WORLD["mails"] if mail["outcome"] == "noise"}


def test_a_second_check_finds_nothing_new() -> None:
    with demo_home(TODAY, "ja") as home:
        desk = synced(home)
        (again,) = desk.poll()
    assert (again.mails, again.events, again.error) == (0, (), None)


def test_what_was_entered_by_hand_can_be_undone() -> None:
    with demo_home(TODAY, "ja") as home:
        desk = synced(home)
        with desk.store(read_only=False) as store:
            before = sum(len(ledger.events) for ledger in store.ledgers())
            store.undo(None, home.now)
            after = sum(len(ledger.events) for ledger in store.ledgers())
    assert after == before - 1


def test_two_demos_at_once_do_not_meet() -> None:
    with demo_home(TODAY, "ja") as one, demo_home(TODAY - timedelta(days=30), "en") as two:
        assert one.config_file != two.config_file
        counts = [len(synced(home).overview().readings) for home in (one, two)]
        assert counts == [len(stories(TODAY))] * 2


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_it_speaks_the_language_asked_for(lang: str) -> None:
    with demo_home(TODAY, lang) as home:
        assert assembly_of(home).catalogue.lang == lang


def test_an_interrupted_demo_leaves_nothing_either() -> None:
    with pytest.raises(KeyboardInterrupt), demo_home(TODAY, "ja"):
        raise KeyboardInterrupt


UNTIL_KILLED = """
import time
from datetime import UTC, datetime
from demo.run import demo_home
with demo_home(datetime.now(UTC), "ja") as home:
    print(home.config_file, flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has these signals")
@pytest.mark.parametrize("word", ["SIGTERM", "SIGHUP"])
def test_a_demo_that_is_killed_or_loses_its_terminal_leaves_nothing_either(word: str, tmp_path: Path) -> None:
    environ = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(Path.cwd())}
    with subprocess.Popen([sys.executable, "-c", UNTIL_KILLED], env=environ, stdout=subprocess.PIPE) as child:
        assert child.stdout
        assert Path(child.stdout.readline().decode().strip()).is_relative_to(tmp_path)
        child.send_signal(getattr(signal, word))
        assert child.wait(30) == 128 + getattr(signal, word)


def test_afterwards_the_signals_mean_what_they_did() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with demo_home(TODAY, "ja"):
        pass
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has these modes")
def test_its_password_is_for_its_owner_only() -> None:
    with demo_home(TODAY, "ja") as home:
        folder = home.config_file.parent
        modes = {stat.S_IMODE(path.stat().st_mode) for path in (home.config_file, folder / "password")}
        assert (stat.S_IMODE(folder.stat().st_mode), modes) == (0o700, {0o600})


def test_the_users_settings_do_not_reach_into_it() -> None:
    environ = {"PATH": "/bin", "OTOSATA_CONFIG": "mine.toml", "OTOSATA__INTERVAL": "1h", "NO_COLOR": "1"}
    assert clean_environment(environ) == {"PATH": "/bin", "NO_COLOR": "1"}


def test_any_command_can_be_sent_there() -> None:
    with demo_home(TODAY, "ja") as home:
        assert home.options == ("--config", str(home.config_file), "--data", str(home.data_dir))
