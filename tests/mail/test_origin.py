"""Who a mail is from and whether that is believed: the cases of tests/mails/origin.toml, read by the whole parser."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from otosata.mail.authentication import aligned, organisation
from otosata.mail.model import Mail, RawMail, Trust, Verdict
from otosata.mail.parse import parse
from otosata.mail.results import Result
from otosata.mail.results import parse as parse_results

CASES: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "mails" / "origin.toml").read_text(encoding="utf-8")
)
NOW = datetime(2025, 10, 20, tzinfo=UTC)


def read(case: dict[str, Any]) -> Mail:
    header = case["header"].strip("\n") + "\nSubject: a letter\nDate: Tue, 14 Oct 2025 09:30:00 +0900"
    trust = Trust(anonymous=True) if case.get("anonymous") else Trust(frozenset({"mx.post.example"}))
    return parse(RawMail(header.replace("\n", "\r\n").encode() + b"\r\n\r\nbody\r\n"), now=NOW, trust=trust)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "refused" in case])
def test_a_doubtful_author_is_nobody_and_sets_no_clock(name: str) -> None:
    mail = read(CASES[name])
    assert mail.sender is None
    assert (mail.authentication.verdict, mail.authentication.refused) == (Verdict.FAILED, True)
    assert CASES[name]["refused"] in mail.authentication.reason


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "verdict" in case])
def test_a_clear_author_is_judged_by_the_own_servers_word(name: str) -> None:
    case = CASES[name]
    mail = read(case)
    assert mail.sender == case.get("sender", mail.sender) is not None
    assert mail.sender_name == case.get("name", mail.sender_name)
    assert mail.authentication.verdict == case["verdict"], mail.authentication.reason
    assert mail.authentication.refused == (case["verdict"] == "failed" or case.get("spoken_against", False))
    assert case.get("reason", "") in mail.authentication.reason


def test_every_case_says_what_it_expects() -> None:
    assert all(("refused" in case) != ("verdict" in case) and case["by"] for case in CASES.values())


def test_who_wrote_the_topmost_results_is_told_trusted_or_not() -> None:
    assert read(CASES["another-server"]).authentication.authserv_id == "mx.other.example"
    assert read(CASES["outlook"]).authentication.authserv_id is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("engawa.jp", "engawa.jp", True),
        ("engawa.jp", "mail.engawa.jp", True),
        ("mail.engawa.co.jp", "engawa.co.jp", True),
        ("co.jp", "engawa.co.jp", False),
        ("jp", "engawa.jp", False),
        ("com.au", "engawa.com.au", False),
        ("a.engawa.jp", "b.engawa.jp", False),  # DMARC would look up the organisation; we are stricter
        ("gawa.jp", "engawa.jp", False),
        ("", "engawa.jp", False),
    ],
)
def test_alignment_is_equality_or_an_owned_parent(one: str, other: str, expected: bool) -> None:
    assert aligned(one, other) is expected
    assert aligned(other, one) is expected


@pytest.mark.parametrize(
    ("host", "owner"),
    [
        ("mx.google.com", "google.com"),
        ("a.b.engawa.co.jp", "engawa.co.jp"),
        ("engawa.jp", "engawa.jp"),
        ("post", "post"),
    ],
)
def test_the_organisation_of_a_host_is_what_somebody_owns(host: str, owner: str) -> None:
    assert organisation(host) == owner


def test_results_are_read_with_their_properties() -> None:
    parsed = parse_results(rb'mx.post.example 1; dkim=pass (ok) header.d="engawa.example" header.b=a/b=; spf=none')
    assert parsed is not None
    assert parsed.authserv_id == "mx.post.example"
    assert parsed.results == (
        Result("dkim", "pass", (("header.d", "engawa.example"), ("header.b", "a/b="))),
        Result("spf", "none"),
    )


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"a; dkim",
        b"a; =pass",
        b"a; dkim=pass x",
        b'a; dkim="pass"',
        b"a b c; none",
        b"a; (",
        b"a; )",
        b"a; d=\xff",
    ],
)
def test_results_that_break_the_grammar_are_no_results(value: bytes) -> None:
    assert parse_results(value) is None
