"""What each service is sent, and what its answers come to; text from outside has no power in any of them."""

import json
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otosata.notify import neutral
from otosata.notify.http import Answer
from otosata.notify.kinds import DESKTOP, EMAIL, TYPES
from otosata.notify.message import Message, cut, cut_bytes
from otosata.notify.outcome import Outcome, Result, next_attempt, retry_after
from otosata.notify.services import SERVICES, Endpoint, filled, webhook_values

TABLE: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_name("services.toml").read_text("utf-8"))
NOW = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
HOSTILE = (
    "<!channel> @everyone [toall] [To:1] *bold* <https://evil.example|x> [click](https://evil.example) & <at>me</at>"
)
MESSAGE = Message(
    "7b9d0e1c-0000-5000-8000-000000000001",
    "level",
    "critical",
    HOSTILE,
    (HOSTILE, "line\ttwo"),
    "2026-06-01T03:00:00+00:00",
    "lancers-1",
    "lancers",
)


def endpoint(row: dict[str, Any]) -> Endpoint:
    return Endpoint(row["secret"], row.get("to", ""), row.get("server", ""), row.get("template", ""))


def decoded(content: bytes) -> str:
    """A body as the service reads it."""
    text = content.decode()
    return text if text.startswith("{") else unquote_plus(text)


def test_every_kind_of_channel_has_its_row_and_its_case() -> None:
    assert set(TYPES) == {*SERVICES, EMAIL, DESKTOP}
    assert TABLE.keys() == SERVICES.keys()
    assert all(service.page and service.checked for service in SERVICES.values())


@pytest.mark.parametrize("name", TABLE)
def test_a_message_reaches_the_service_in_its_own_form_and_without_power(name: str) -> None:
    row = TABLE[name]
    request = SERVICES[name].build(MESSAGE, endpoint(row))
    assert request.url == row["url"]
    assert not {pair for pair in row.get("headers", {}).items() if request.headers.get(pair[0]) != pair[1]}
    body = decoded(request.content)
    assert [piece for piece in row["holds"] if piece not in body] == []
    assert [piece for piece in row["lacks"] if piece in body] == []
    assert row["secret"] not in repr(request)


@pytest.mark.parametrize("name", TABLE)
def test_a_link_of_ours_can_be_followed(name: str) -> None:
    link = "https://www.lancers.jp/work/detail/4567890"
    request = SERVICES[name].build(replace(MESSAGE, url=link), endpoint(TABLE[name]))
    assert link in decoded(request.content)
    assert link not in decoded(SERVICES[name].build(MESSAGE, endpoint(TABLE[name])).content)


@pytest.mark.parametrize("name", TABLE)
def test_the_answers_of_a_service_mean_what_its_page_says(name: str) -> None:
    for status, headers, result, unsure, wait in TABLE[name]["answers"]:
        lower = {key.lower(): value for key, value in headers.items()}
        outcome = SERVICES[name].outcome(Answer(status, lower, "what it says"), NOW)
        expected = None if wait < 0 else timedelta(seconds=wait)
        assert (outcome.result, outcome.unsure, outcome.wait) == (result, unsure, expected), (name, status)


@pytest.mark.parametrize("name", TABLE)
@given(text=st.text(max_size=6000))
def test_no_text_breaks_a_request(name: str, text: str) -> None:
    line = " ".join(text.encode(errors="ignore").decode().split())
    message = Message("id", "level", "warn", line, (line,) * 30, "2026-06-01T03:00:00+00:00")
    request = SERVICES[name].build(message, endpoint(TABLE[name]))
    assert len(request.content) < 28_000 * 8
    if request.headers["Content-Type"] == "application/json":
        json.loads(request.content)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://evil.example/x", "https|://evil.|example/x"),
        ("see www.evil.example.", "see www.|evil.|example."),
        ("mailto:a@b.example tel:110", "mailto|:a@b.|example tel|:110"),
        ("報酬は 3.5 万円。v1.2 の改修", "報酬は 3.5 万円。v1.2 の改修"),
        ("e.g. this", "e.g. this"),
    ],
)
def test_what_looks_like_a_link_comes_apart_and_nothing_else(text: str, shown: str) -> None:
    joined = shown.replace("|", neutral.WORD_JOINER)
    assert neutral.unlinked(text) == joined
    assert neutral.unlinked(joined) == joined


def test_a_template_is_filled_in_as_json_whatever_stands_in_a_title() -> None:
    template = '{"text": "$title", "all": "$body", "again": $repeat, "n": 1}'
    document = json.loads(filled(template, webhook_values(MESSAGE)))
    assert document == {"text": HOSTILE, "all": f"{HOSTILE}\nline\ttwo", "again": False, "n": 1}
    with pytest.raises(KeyError):
        filled('{"text": "$secret"}', webhook_values(MESSAGE))
    with pytest.raises(ValueError, match="Expecting"):
        filled('{"text": $title}', webhook_values(MESSAGE))


def test_a_long_text_is_cut_where_it_is_to_be_seen() -> None:
    assert cut("音沙汰なし", 3) == "音沙…"
    assert cut("😀😀😀", 4) == "😀…"
    assert cut_bytes("音沙汰", 8) == "音…"
    assert cut("short", 5) == cut_bytes("short", 5) == "short"


def test_the_time_between_attempts_grows_and_a_service_may_ask_for_more() -> None:
    later = Outcome(Result.LATER)
    waits = [(next_attempt(attempts, later, NOW) - NOW) // timedelta(minutes=1) for attempts in range(1, 10)]
    assert waits == [1, 2, 5, 10, 20, 30, 60, 60, 60]
    patient = Outcome(Result.LATER, wait=timedelta(hours=3))
    assert next_attempt(1, patient, NOW) == NOW + timedelta(hours=3)
    forever = Outcome(Result.LATER, wait=timedelta(days=4000))
    assert next_attempt(1, forever, NOW) == NOW + timedelta(hours=24)


@given(st.text(max_size=40))
def test_whatever_a_service_writes_into_retry_after_is_read_or_left(text: str) -> None:
    wait = retry_after(text, NOW)
    assert wait is None or wait >= timedelta(0)
