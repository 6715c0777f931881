"""From a configuration to the running parts."""

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from config.assembly import Assembly, assemble
from config.model import Account, AccountType, Secret, SecretKind, Tls
from config.places import Options
from config.problems import ConfigError
from otosata.deals.duration import parse_span
from otosata.deals.event import Deal
from otosata.deals.vocabulary import Level
from otosata.mail.files import FileSource
from otosata.mail.imap import ImapSource
from otosata.mail.model import Trust
from otosata.mail.secrets import OAuth2
from otosata.mail.source import SourceError


def clock() -> dt.datetime:
    """The present."""
    return dt.datetime.now(dt.UTC)


CONFIG = """
[[accounts]]
name = "main"
host = "imap.example.com"
user = "me@example.com"
secret = "env"
env = "MAIL_PASSWORD"
authserv_ids = ["mx.example.com", "(none)"]

[[accounts]]
name = "old"
type = "mbox"
path = "/nowhere/mbox"

[calendar]
closed = [2026-11-24]

[platforms.lancers]
my_names = ["yamada"]
[platforms.lancers.stages.working]
critical = ["6d"]

[deals.lancers-3]
critical = ["2d"]
due = 2026-12-25
"""


@pytest.fixture
def assembly(options: Options, tmp_path: Path) -> Assembly:
    """The parts of CONFIG."""
    (tmp_path / "config.toml").write_text(CONFIG, "utf-8")
    return assemble(options, {"MAIL_PASSWORD": "hunter2"})


def account(assembly: Assembly, name: str) -> Account:
    """An account that is there."""
    found = assembly.settings.account(name)
    assert found is not None
    return found


def test_adapters_carry_the_users_names_and_thresholds(assembly: Assembly) -> None:
    adapters = {adapter.id: adapter for adapter in assembly.adapters}
    assert {"lancers", "coconala", "crowdworks"} <= set(adapters)
    assert adapters["lancers"].platform is assembly.platforms["lancers"]
    assert assembly.platforms["lancers"].my_names == {"yamada"}
    assert assembly.platforms["lancers"].stages["working"].row.elapsed[Level.CRITICAL] == (parse_span("6d"),)


def test_a_deals_thresholds_lie_over_the_platforms(assembly: Assembly) -> None:
    own, other = (
        assembly.platform_for(Deal("lancers-3", "lancers")),
        assembly.platform_for(Deal("lancers-4", "lancers")),
    )
    assert own is not None
    assert own.stages["working"].row.elapsed[Level.CRITICAL] == (parse_span("2d"),)
    assert own.my_names == {"yamada"}
    assert other is assembly.platforms["lancers"]
    assert assembly.platform_for(Deal("elsewhere-1", "elsewhere")) is None


def test_the_calendar_knows_holidays_and_closed_dates(assembly: Assembly) -> None:
    now = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    days = [day for day in range(21, 26) if assembly.calendar(now).is_business(dt.date(2026, 11, day))]
    assert days == [25]
    assert assembly.calendar(now) is assembly.calendar(now + dt.timedelta(days=1))


def test_sources_fit_their_accounts(assembly: Assembly) -> None:
    assert isinstance(assembly.source(account(assembly, "main"), clock), ImapSource)
    assert assembly.source(account(assembly, "old"), clock) == FileSource("mbox", Path("/nowhere/mbox"))


def test_trust_as_the_configuration_names_it(assembly: Assembly) -> None:
    assert assembly.trust(account(assembly, "main")) == Trust(frozenset({"mx.example.com"}), anonymous=True)
    assert assembly.trust(account(assembly, "old")) == Trust()


def test_a_fingerprint_changes_with_the_account_alone(assembly: Assembly) -> None:
    main = account(assembly, "main")
    assert assembly.fingerprint(main) == assembly.fingerprint(main)
    assert assembly.fingerprint(main) != assembly.fingerprint(account(assembly, "old"))


def test_the_store_lies_in_the_data_folder(assembly: Assembly, tmp_path: Path) -> None:
    with assembly.open_store() as store:
        assert store.ledgers() == ()
    assert (tmp_path / "data" / "otosata.db").exists()


def test_secrets_come_from_where_the_account_says(assembly: Assembly, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("from a file\n")
    file.chmod(0o600)
    command = (sys.executable, "-c", "print('from a command')")
    secrets = {
        "hunter2": Secret(SecretKind.ENV, env="MAIL_PASSWORD"),
        "from a file": Secret(SecretKind.FILE, file=file),
        "from a command": Secret(SecretKind.COMMAND, command=command),
    }
    for expected, secret in secrets.items():
        assert assembly.secret(Account("main", secret=secret))() == expected
    token = assembly.secret(Account("main", secret=Secret(SecretKind.OAUTH2, command=command)))
    assert token() == "from a command"


def test_oauth2_without_a_command_renews_its_own_tokens(assembly: Assembly) -> None:
    keys = Secret(SecretKind.OAUTH2, token_url="https://login.example.com/token", client_id="me", scope="mail")
    found = assembly.secret(Account("main", secret=keys))
    assert isinstance(found, OAuth2)
    assert (found.token_url, found.client_id, found.scope) == ("https://login.example.com/token", "me", "mail")


def test_a_secret_that_is_missing_is_an_error_of_the_source(assembly: Assembly) -> None:
    fetch = assembly.secret(Account("main", secret=Secret(SecretKind.ENV, env="NO_SUCH_VARIABLE")))
    with pytest.raises(SourceError, match="NO_SUCH_VARIABLE"):
        fetch()


def test_a_platform_without_an_adapter_is_refused(options: Options, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[platforms.lancer]\nmy_names = ["yamada"]\n', "utf-8")
    with pytest.raises(ConfigError) as caught:
        assemble(options, {})
    assert [problem.code for problem in caught.value.problems] == ["unknown_platform"]


def test_a_broken_platform_file_does_not_hide_a_broken_configuration(options: Options, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("interval = 15\n", "utf-8")
    (tmp_path / "adapters").mkdir()
    (tmp_path / "adapters" / "mine.toml").write_text("id = \n", "utf-8")
    with pytest.raises(ConfigError) as caught:
        assemble(options, {})
    told = [(problem.code, problem.place.removeprefix(f"{tmp_path}/")) for problem in caught.value.problems]
    assert told == [("period_no_unit", "config.toml:1:1"), ("adapter", "adapters/mine.toml:1:6")]


HEADLESS = """
import sys, pathlib, config.assembly as parts
parts.assemble(parts.Options(config=pathlib.Path(sys.argv[1]), data=pathlib.Path(sys.argv[2])), {})
heavy = {"textual", "imapclient", "httpx", "keyring", "holidays", "selectolax", "tomli_w", "pymap", "sqlite3"}
print(*sorted(heavy & set(sys.modules)))
"""


def test_a_headless_start_loads_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG, "utf-8")
    command = [sys.executable, "-c", HEADLESS, str(tmp_path / "config.toml"), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize("tls", Tls)
def test_every_way_of_encryption_reaches_the_source(tls: Tls, assembly: Assembly) -> None:
    port = 143 if tls is Tls.STARTTLS else 993
    found = Account("main", AccountType.IMAP, host="127.0.0.1", port=port, user="me", tls=tls)
    assert isinstance(assembly.source(found, clock), ImapSource)
