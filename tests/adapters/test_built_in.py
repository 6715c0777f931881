"""The built-in files: each reads without a problem, and each of its samples comes out as written there."""

import pytest

from adapters.recognise import TomlAdapter
from adapters.registry import load_adapters
from adapters.samples import check_samples
from otosata.deals.notice import UNRECOGNISED
from otosata.deals.platform import NO_STAGE
from otosata.deals.vocabulary import Evidence

ADAPTERS = load_adapters()
IDS = [adapter.id for adapter in ADAPTERS]


@pytest.mark.parametrize("adapter", ADAPTERS, ids=IDS)
def test_every_rule_has_a_sample_and_every_sample_comes_out_as_written(adapter: TomlAdapter) -> None:
    assert "\n".join(map(str, check_samples(adapter))) == ""


@pytest.mark.parametrize("adapter", ADAPTERS, ids=IDS)
def test_every_platform_says_when_it_was_last_checked(adapter: TomlAdapter) -> None:
    assert adapter.last_checked is not None
    assert adapter.senders


@pytest.mark.parametrize("adapter", ADAPTERS, ids=IDS)
def test_every_stage_can_be_reached(adapter: TomlAdapter) -> None:
    platform = adapter.platform
    reached = {transition.to for targets in platform.transitions.values() for transition in targets}
    reached |= {stage.after_limit for stage in platform.stages.values() if stage.after_limit}
    assert platform.stages.keys() - reached == set()


@pytest.mark.parametrize("adapter", ADAPTERS, ids=IDS)
def test_every_template_an_advice_names_is_there(adapter: TomlAdapter) -> None:
    named = {advice.template for advice in adapter.platform.advice if advice.template}
    assert named <= adapter.platform.templates.keys()


@pytest.mark.parametrize("adapter", ADAPTERS, ids=IDS)
def test_every_source_that_is_not_ours_names_its_page(adapter: TomlAdapter) -> None:
    platform = adapter.platform
    sources = [stage.source for stage in platform.stages.values()] + [advice.source for advice in platform.advice]
    assert [source.rule for source in sources if source.confidence != "ours" and not source.page] == []


def test_a_rule_that_only_guesses_is_never_more_than_inferred() -> None:
    book = next(adapter for adapter in ADAPTERS if adapter.id == "crowdworks").recogniser
    guessed = {rule.id for rule in book.rules if rule.evidence is Evidence.INFERRED}
    assert {"message", "message_from", "fund", "contract", "accept", "send_back", "cancelled"} <= guessed


def test_only_known_events_open_a_deal_by_a_message() -> None:
    opening = {
        (adapter.id, event, actor, transition.to)
        for adapter in ADAPTERS
        for (event, actor), targets in adapter.platform.transitions.items()
        for transition in targets
        if transition.stages == {NO_STAGE}
    }
    assert opening == {
        ("crowdworks", "message", "client", "offer_received"),
        ("lancers", "message", "client", "offer_received"),
        ("coconala", "message", "client", "quote_received"),
    }
    assert UNRECOGNISED not in {event for _, event, _, _ in opening}
