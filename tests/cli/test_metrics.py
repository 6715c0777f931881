"""Metrics are read by the parsers of Prometheus and of OpenMetrics, and agree with the JSON."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_prometheus

from tests.cli.mailbox import Mailbox, comment
from tests.cli.program import Program
from tests.cli.test_exit_codes import LATER, story

Read = Callable[[str], Iterable[Any]]
Metrics = dict[str, dict[tuple[str, ...], float]]


def metrics(text: str, read: Read) -> Metrics:
    """By name and the values of the labels."""
    return {
        family.name: {tuple(sample.labels.values()): sample.value for sample in family.samples} for family in read(text)
    }


@pytest.mark.parametrize("read", [read_prometheus, read_openmetrics])
@pytest.mark.parametrize("level", LATER)
def test_both_parsers_find_what_the_document_says(otosata: Program, read: Read, level: str) -> None:
    story(otosata)
    now = LATER[level]
    found = metrics(otosata("check", "--no-sync", "--format", "prometheus", now=now).out, read)
    document = otosata.report(now=now)
    (deal,) = document["deals"]
    labels = (deal["id"], deal["platform"], deal["stage"], "false")
    levels = ("ok", "notice", "warn", "critical")
    assert {word: found["otosata_deals"][word,] for word in levels} == {
        word: document["summary"][word] for word in levels
    }
    assert found["otosata_deal_level"][labels] == levels.index(level)
    assert found["otosata_deal_silence_seconds"].get(labels) == deal["silence_seconds"]
    assert found["otosata_deal_unanswered_messages"][labels] == deal["unanswered"]
    assert found["otosata_status"][()] == ("ok", "warning", "critical").index(document["status"])


def test_a_mailbox_that_was_never_read_is_down(reader: Program) -> None:
    found = metrics(reader("check", "--no-sync", "--format", "prometheus").out, read_openmetrics)
    assert found["otosata_account_up"] == {("main",): 0}
    assert found["otosata_status"] == {(): 3}
    assert "otosata_account_last_complete_poll_timestamp_seconds" not in found


def test_a_mailbox_that_was_read_says_when(reader: Program, mailbox: Mailbox) -> None:
    mailbox.put(comment())
    reader("sync", now="2026-06-01T12:00:00Z")
    found = metrics(
        reader("check", "--no-sync", "--format", "prometheus", now="2026-06-01T12:10:00Z").out, read_openmetrics
    )
    assert found["otosata_account_up"] == {("main",): 1}
    assert found["otosata_account_last_complete_poll_timestamp_seconds"] == {("main",): 1780315200}


def test_no_name_of_a_client_stands_in_metrics(otosata: Program) -> None:
    otosata.done("deals", "add", "--platform", "lancers", "--client", "秘密商店", "--title", "極秘の件")
    text = otosata("check", "--no-sync", "--format", "prometheus").out
    assert "lancers-1" in text
    assert "秘密" not in text
    assert "極秘" not in text


def test_what_could_not_be_read_at_all_is_unknown_and_no_gap(otosata: Program) -> None:
    otosata.configure("interval = ")
    result = otosata("check", "--format", "prometheus")
    assert result.code == 3
    assert metrics(result.out, read_openmetrics)["otosata_status"] == {(): 3}
