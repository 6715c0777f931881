"""The conditions of a rule, one by one, are the rule itself."""

from dataclasses import replace

import pytest

from adapters.kit.nearly import conditions, near_misses
from adapters.recognise import TomlAdapter
from adapters.registry import load_adapters
from adapters.samples import sample_mail
from tests.adapters.test_recognise import mail

ADAPTERS = load_adapters()
BY_ID = {adapter.id: adapter for adapter in ADAPTERS}


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.id)
def test_all_conditions_are_met_if_and_only_if_the_rule_fits(adapter: TomlAdapter) -> None:
    recogniser = adapter.recogniser
    for table in adapter.document.again().root.entries("rules").values():
        for sample in table.list_of_tables("samples"):
            one = sample_mail(sample, [*table.strings("from"), *adapter.senders])
            for bulk in (False, True):
                seen = recogniser.seen(one.sender or "", one.subject, one)
                advertising = recogniser.sounds_like_advertising(seen.subject.text)
                for rule in recogniser.rules:
                    met = all(condition.met for condition in conditions(recogniser, rule, seen, bulk=bulk))
                    asked = rule.takes_bulk(bulk) and not (rule.is_careful and advertising)
                    assert met == (asked and recogniser.fit(rule, seen) is not None)


@pytest.mark.parametrize(
    ("platform", "subject", "rule", "condition"),
    [
        ("lancers", "[ランサーズ] 田中 さんから 記事作成 のコメントが届きました", "lancers/comment", "subject"),
        ("crowdworks", "【クラウドワークス】保存した検索条件に合うお仕事", "crowdworks/saved_search", "contains"),
        ("upwork", "New job: Translate a manual", "upwork/job_alert", "from"),
    ],
)
def test_one_condition_short_of_a_rule(platform: str, subject: str, rule: str, condition: str) -> None:
    adapter = BY_ID[platform]
    sender = adapter.senders[0]
    misses = near_misses(adapter, mail(f"x{sender}" if sender.startswith("@") else sender, subject))
    assert (rule, condition) in {(miss.rule, miss.failed.name) for miss in misses}


def test_bulk_mail_that_only_a_guess_would_take() -> None:
    adapter = BY_ID["crowdworks"]
    one = replace(mail("no-reply@crowdworks.jp", "【クラウドワークス】新着メッセージが届いています"), bulk=True)
    assert ("crowdworks/message", "bulk") in {(miss.rule, miss.failed.name) for miss in near_misses(adapter, one)}


def test_a_subject_of_other_words_is_near_to_nothing() -> None:
    assert near_misses(BY_ID["lancers"], mail("noreply@lancers.co.jp", "全然ちがう")) == ()
