"""What becomes of a mail by its origin and what its adapter says."""

from dataclasses import replace

import pytest

from adapters.registry import load_adapters
from otosata.judge import Judgement, Outcome, Policy, judge
from otosata.mail.model import Authentication, Forwarded, Mail, Verdict

ADAPTERS = load_adapters()
VERIFIED = Authentication(Verdict.VERIFIED, "dmarc=pass")
UNVERIFIED = Authentication(Verdict.UNVERIFIED, "nobody says so")
FAILED = Authentication(Verdict.FAILED, "dmarc=fail", refused=True)
REFUSED = Authentication(Verdict.UNVERIFIED, "dmarc=fail, but ARC says pass", refused=True)

MESSAGE = "[ランサーズ] 青空商店 さんから チラシ制作 のコメントが届いています"


def mail(
    subject: str = MESSAGE, sender: str | None = "noreply@lancers.co.jp", origin: Authentication = VERIFIED
) -> Mail:
    """A notification."""
    return Mail("<1@x>", "d", subject, sender, "", None, "", (), origin)


def judged(found: Mail, policy: Policy = Policy.PREFER) -> Judgement:
    return judge(found, ADAPTERS, policy)


@pytest.mark.parametrize(
    ("origin", "policy", "outcome", "why"),
    [
        (VERIFIED, Policy.REQUIRE, Outcome.EVENT, ""),
        (UNVERIFIED, Policy.REQUIRE, Outcome.TRIAGE, "unverified"),
        (FAILED, Policy.REQUIRE, Outcome.TRIAGE, "failed"),
        (UNVERIFIED, Policy.PREFER, Outcome.EVENT, ""),
        (FAILED, Policy.PREFER, Outcome.TRIAGE, "failed"),
        (REFUSED, Policy.PREFER, Outcome.TRIAGE, "failed"),
        (FAILED, Policy.OFF, Outcome.EVENT, ""),
    ],
)
def test_origin_and_policy_decide_whether_a_message_counts(
    origin: Authentication, policy: Policy, outcome: Outcome, why: str
) -> None:
    found = judged(mail(origin=origin), policy)
    assert (found.outcome, found.why, found.contact) == (outcome, why, outcome is Outcome.EVENT)


def test_unknown_mail_of_a_platform_waits_for_the_user() -> None:
    found = judged(mail("[ランサーズ] だれも知らない件名"))
    assert (found.outcome, found.why, found.contact) == (Outcome.TRIAGE, "unrecognised", False)


def test_noise_is_noise_even_where_its_origin_fails() -> None:
    found = judged(mail("[ランサーズ] 振込報酬額確定のお知らせ", origin=FAILED))
    assert (found.outcome, found.contact) == (Outcome.NOISE, False)


def test_a_notification_forwarded_by_hand_is_understood_but_no_contact() -> None:
    forwarded = Forwarded("noreply@lancers.co.jp", MESSAGE, "quoted block")
    found = judged(replace(mail(f"Fwd: {MESSAGE}", "me@example.com"), forwarded=forwarded))
    assert (found.adapter, found.outcome, found.why, found.contact) == ("lancers", Outcome.TRIAGE, "forwarded", False)
    assert found.notice is not None
    assert found.notice.client == "青空商店"


def test_mail_of_somebody_else_is_foreign_whatever_its_subject() -> None:
    assert judged(mail(sender="friend@example.com")).outcome is Outcome.FOREIGN


def test_a_mail_whose_from_cannot_be_read_is_put_aside_with_the_reason_and_not_lost() -> None:
    odd = Authentication(Verdict.FAILED, "the name in From holds characters that need quotes", refused=True)
    assert judged(mail(sender=None, origin=odd)) == Judgement(Outcome.QUARANTINE, odd.reason)
    broken = replace(mail(sender=None), problem="the headers end in the middle of a line")
    assert judged(broken) == Judgement(Outcome.QUARANTINE, "the headers end in the middle of a line")
