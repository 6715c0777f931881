"""A password comes from where the user keeps it, never from a place others can read, and never vanishes silently."""

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import keyring
import keyring.backend
import pytest
from keyring.backends import fail, null

from otosata.mail import secrets
from otosata.mail.source import SourceError

PASSWORD = "合言葉 with space"


class MemoryKeyring(keyring.backend.KeyringBackend):
    """A keyring that keeps what it is given."""

    name = "Memory Keyring"
    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError


@pytest.fixture
def use_keyring() -> Iterator[object]:
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


def test_a_password_saved_in_the_keyring_comes_back_and_the_backend_is_named(use_keyring):
    use_keyring(MemoryKeyring())
    assert secrets.save_to_keyring("main", PASSWORD) == "Memory Keyring"
    assert secrets.from_keyring("main") == PASSWORD
    assert secrets.delete_from_keyring("main")
    assert not secrets.delete_from_keyring("main")
    with pytest.raises(SourceError, match=r"Memory Keyring.*holds no password for main"):
        secrets.from_keyring("main")


def test_a_keyring_that_drops_passwords_without_a_word_is_found_out(use_keyring):
    use_keyring(null.Keyring())
    with pytest.raises(SourceError, match=r"null.*did not keep the password") as caught:
        secrets.save_to_keyring("main", PASSWORD)
    assert PASSWORD not in str(caught.value) + caught.value.hint


def test_without_any_keyring_the_hint_names_the_other_ways(use_keyring):
    use_keyring(fail.Keyring())
    with pytest.raises(SourceError) as caught:
        secrets.save_to_keyring("main", PASSWORD)
    assert '"command"' in caught.value.hint
    with pytest.raises(SourceError, match="no keyring that keeps a password") as caught:
        secrets.from_keyring("main")
    assert '"command"' in caught.value.hint


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_command_gives_the_first_line_it_prints():
    code = f"import sys; sys.stdout.buffer.write({PASSWORD!r}.encode() + b'\\nuser: me\\n')"
    assert secrets.from_command(python(code)) == PASSWORD


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ([], "is empty"),
        (["/nowhere/pass"], "pass cannot be run: No such file"),
        (python("import sys; sys.exit('no\\033key')"), r"ended with 1: no\?key"),
        (python("pass"), "printed is empty"),
        (python("import sys; sys.stdout.buffer.write(b'\\xff\\xfe')"), "is not UTF-8"),
    ],
)
def test_a_command_that_gives_no_password_says_why(command, sentence):
    with pytest.raises(SourceError, match=sentence):
        secrets.from_command(command)


def test_a_command_that_waits_for_somebody_is_given_up():
    with pytest.raises(SourceError, match=r"no password within 0.2 seconds"):
        secrets.from_command(python("import time; time.sleep(60)"), seconds=0.2)


def test_an_environment_variable_is_read_or_missed_by_name():
    assert secrets.from_env("MAIL_PASSWORD", {"MAIL_PASSWORD": PASSWORD}) == PASSWORD
    with pytest.raises(SourceError, match="MAIL_PASSWORD is not set"):
        secrets.from_env("MAIL_PASSWORD", {})


def test_a_file_of_the_owners_alone_is_read_without_its_line_end(tmp_path: Path):
    file = tmp_path / "password"
    file.write_bytes(PASSWORD.encode() + b"\r\nsecond line\n")
    file.chmod(0o600)
    assert secrets.from_file(file) == PASSWORD


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no mode bits")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620])
def test_a_file_that_others_can_touch_is_refused_with_the_command_that_helps(tmp_path: Path, mode: int):
    file = tmp_path / "password"
    file.write_text(PASSWORD)
    file.chmod(mode)
    with pytest.raises(SourceError, match="can be read by others") as caught:
        secrets.from_file(file)
    assert "chmod 600" in caught.value.hint


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(SourceError, match="password cannot be read: No such file"):
        secrets.from_file(tmp_path / "password")


class TokenServer(HTTPServer):
    """Answers with what the test put into `answers` and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), TokenHandler)
        self.answers: list[tuple[int, bytes]] = []
        self.asked: list[dict[str, list[str]]] = []


class TokenHandler(BaseHTTPRequestHandler):
    server: TokenServer

    def do_POST(self) -> None:
        self.server.asked.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        status, body = self.server.answers.pop(0)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the test's output to the test."""


@pytest.fixture
def token_server() -> Iterator[TokenServer]:
    server = TokenServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def oauth(server: TokenServer, **more: object) -> secrets.OAuth2:
    url = f"http://127.0.0.1:{server.server_port}/token"
    return secrets.OAuth2(url, "client", lambda: "refresh-1", **more)


def token(name: str, **more: object) -> tuple[int, bytes]:
    return 200, json.dumps({"access_token": name, "expires_in": 3600, **more}).encode()


def test_a_refresh_token_is_turned_into_an_access_token_once_an_hour(token_server):
    now = [0.0]
    source = oauth(token_server, clock=lambda: now[0], client_secret=lambda: "shh", scope="mail")
    token_server.answers = [token("first"), token("second")]
    assert [source(), source()] == ["first", "first"]
    now[0] = 3545.0
    assert source() == "second"
    assert token_server.asked[0] == {
        "grant_type": ["refresh_token"],
        "client_id": ["client"],
        "refresh_token": ["refresh-1"],
        "client_secret": ["shh"],
        "scope": ["mail"],
    }


def test_a_new_refresh_token_is_handed_on_to_be_kept(token_server):
    kept: list[str] = []
    token_server.answers = [token("first", refresh_token="refresh-2")]
    oauth(token_server, save_refresh_token=kept.append)()
    assert kept == ["refresh-2"]


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [
        ((400, b'{"error": "invalid_grant"}'), True),
        ((503, b'{"error": "temporarily_unavailable"}'), False),
        ((502, b"<html>bad gateway</html>"), False),
        ((200, b'["no object"]'), False),
        ((200, b'{"access_token": 5}'), False),
        ((302, b"{}"), False),
    ],
)
def test_a_refused_token_is_final_only_where_the_grant_is_gone(token_server, answer, permanent):
    token_server.answers = [answer]
    with pytest.raises(SourceError) as caught:
        oauth(token_server)()
    assert caught.value.permanent is permanent
    assert "refresh-1" not in str(caught.value)


def test_a_token_is_never_sent_in_the_clear():
    with pytest.raises(ValueError, match="https"):
        secrets.OAuth2("http://login.example.com/token", "client", lambda: "refresh")
