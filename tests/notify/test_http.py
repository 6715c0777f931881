"""A request goes where it may and nowhere else, and ends in time whatever the other side does."""

import logging
import socket
from collections.abc import Callable
from typing import Any

import pytest

from otosata.mail.source import SourceError
from otosata.notify import guard
from otosata.notify.guard import GuardError, addresses
from otosata.notify.heartbeat import ping
from otosata.notify.hiding import HIDDEN, hide
from otosata.notify.http import LARGEST_ANSWER, Line, NoAnswerError, Request, send
from tests.notify.post_office import CERTIFICATE
from tests.notify.server import drip, flood, hang_up, service, status

HOME = Line(private=True, seconds=5, deadline=10)
"""As far as this machine."""


def resolve(*found: str) -> Callable[..., Any]:
    """A resolver that knows these addresses for every name; an address is itself."""
    real = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *rest: Any, **named: Any) -> Any:
        if not host[-1].isalpha():
            return real(host, port, *rest, **named)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    return getaddrinfo


def test_a_request_arrives_whole() -> None:
    with service() as there:
        answer = send(Request(f"{there.url}/a?b=c", b"body", {"X-Key": "v"}), HOME)
        assert (answer.status, answer.text) == (200, "ok")
        (got,) = there.got
        assert (got.method, got.path, got.body, got.headers["X-Key"]) == ("POST", "/a?b=c", b"body", "v")
        assert got.headers["Host"] == f"127.0.0.1:{there.port}"


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with service() as there, service() as elsewhere:
        there.replies.append(status(302, Location=f"{elsewhere.url}/stolen"))
        assert send(Request(there.url), HOME).status == 302
        assert elsewhere.got == []


def test_no_more_of_an_answer_is_read_than_anybody_needs() -> None:
    with service() as there:
        there.replies.append(flood)
        assert len(send(Request(there.url), HOME).text) == LARGEST_ANSWER


@pytest.mark.parametrize(("reply", "words"), [(drip, "no answer in time"), (hang_up, "broke off")])
def test_a_request_that_went_out_without_an_answer_may_have_arrived(reply: object, words: str) -> None:
    with service() as there:
        there.replies.append(reply)  # type: ignore[arg-type]
        with pytest.raises(NoAnswerError, match=words) as caught:
            send(Request(there.url), Line(private=True, seconds=2, deadline=1))
        assert caught.value.unsure
        assert not caught.value.forbidden


def test_a_request_that_never_went_out_has_not_arrived() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(NoAnswerError, match="cannot be reached") as caught:
        send(Request(f"http://127.0.0.1:{port}/secret-path"), HOME)
    assert not caught.value.unsure
    assert "secret-path" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:9/x", "https://"),
        ("https://127.0.0.1:9/x", "private"),
        ("https://[::1]:9/x", "private"),
        ("https://[::ffff:127.0.0.1]:9/x", "private"),
        ("https://[64:ff9b::7f00:1]:9/x", "private"),
        ("https://[2002:7f00:1::]:9/x", "private"),
        ("https://10.1.2.3/x", "private"),
        ("https://169.254.169.254/latest/meta-data", "private"),
        ("https://192.168.1.1/x", "private"),
        ("https://100.64.0.1/x", "private"),
        ("https://0.0.0.0/x", "server's"),
        ("https://224.0.0.1/x", "server's"),
        ("ftp://example.com/x", "https://"),
        ("https://", "https://"),
        ("nonsense", "https://"),
        ("https://host:port/x", "web address"),
    ],
)
def test_what_is_not_public_and_encrypted_is_refused_before_anything_is_sent(url: str, words: str) -> None:
    with pytest.raises(NoAnswerError, match=words) as caught:
        send(Request(url), Line(seconds=1, deadline=2))
    assert caught.value.forbidden
    assert not caught.value.unsure


def test_plain_http_is_for_this_machine_only_even_where_private_addresses_are_allowed() -> None:
    with pytest.raises(NoAnswerError, match="https://"):
        send(Request("http://192.168.1.1/x"), HOME)


def test_a_name_that_nobody_knows_may_be_known_later() -> None:
    with pytest.raises(NoAnswerError, match="no server is known") as caught:
        send(Request("https://no-such-host.invalid/x"), Line(seconds=1, deadline=20))
    assert not caught.value.forbidden
    assert not caught.value.unsure


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard.socket, "getaddrinfo", resolve("93.184.216.34", "10.0.0.1"))
    with pytest.raises(GuardError, match="private"):
        addresses("rebinding.example", 443, private=False)


def test_the_address_that_was_checked_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that answers otherwise the second time (DNS rebinding) is never asked a second time."""
    with service() as there:
        asked: list[str] = []
        answer = resolve("127.0.0.1")

        def getaddrinfo(host: str, *rest: Any, **named: Any) -> Any:
            asked.append(host)
            return answer(host, *rest, **named)

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        monkeypatch.setattr("otosata.notify.http.is_loopback", lambda _: True)
        send(Request(f"http://hook.localhost.example:{there.port}/x"), HOME)
        assert [name for name in asked if name != "127.0.0.1"] == ["hook.localhost.example"]
        assert there.got[0].headers["Host"] == f"hook.localhost.example:{there.port}"


TRUSTING = Line(private=True, ca_file=str(CERTIFICATE), seconds=5, deadline=10)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_over_tls_the_certificate_must_be_trusted(host: str) -> None:
    with service(CERTIFICATE) as there:
        url = f"https://{host}:{there.port}/x"
        assert send(Request(url), TRUSTING).status == 200
        with pytest.raises(NoAnswerError, match="certificate is not trusted") as caught:
            send(Request(url), HOME)
        assert not caught.value.unsure
        assert len(there.got) == 1


def test_over_tls_the_certificate_must_be_that_of_the_name_although_an_address_is_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with service(CERTIFICATE) as there:
        monkeypatch.setattr(guard.socket, "getaddrinfo", resolve("127.0.0.1"))
        with pytest.raises(NoAnswerError, match=r"hook\.example: its certificate is not trusted"):
            send(Request(f"https://hook.example:{there.port}/x"), TRUSTING)
        assert there.got == []


def test_httpx_logs_no_address_whatever_the_log_is_set_to(caplog: pytest.LogCaptureFixture) -> None:
    with service() as there, caplog.at_level(logging.DEBUG):
        send(Request(f"{there.url}/services/T000/B000/secretsecret"), HOME)
    assert "secretsecret" not in caplog.text


def test_secrets_are_cut_out_of_what_others_say() -> None:
    url = "https://:tk_access@hooks.example.com/services/T0AAAAAA/B0BBBBBB/xyzsecret?token=q%20uery"
    said = "no service for /services/T0AAAAAA/B0BBBBBB/xyzsecret, nor for xyzsecret, tk_access, q uery or q%20uery"
    assert hide(said, (url,)) == f"no service for {HIDDEN}, nor for {HIDDEN}, {HIDDEN}, {HIDDEN} or {HIDDEN}"
    assert hide("a\x1b[31m\nb\u202ec", ("",)) == "a?[31m b?c"


def test_the_dead_mans_switch_hears_of_good_looks_and_of_blindness() -> None:
    with service() as there:
        url = f"{there.url}/ping/uuid-uuid-uuid"
        assert ping(lambda: url, HOME, good=True) == ""
        assert ping(lambda: url, HOME, good=False) == ""
        assert [(got.method, got.path) for got in there.got] == [
            ("GET", "/ping/uuid-uuid-uuid"),
            ("GET", "/ping/uuid-uuid-uuid/fail"),
        ]
        there.replies.append(status(404))
        assert ping(lambda: url, HOME, good=True) == "HTTP 404"

    def locked() -> str:
        raise SourceError("the keyring is locked")

    assert ping(locked, HOME, good=True) == "the keyring is locked"
    assert ping(lambda: "http://10.0.0.1/uuid-uuid", HOME, good=True) == "the address does not begin with https://"
