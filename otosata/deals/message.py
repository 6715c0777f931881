"""The reminder message that fits a deal now, with what the ledger knows to fill it in."""

import re
from collections.abc import Mapping

from otosata.deals.calendar import tokyo_date
from otosata.deals.clocks import Moment
from otosata.deals.duration import Span, Unit
from otosata.deals.limits import after
from otosata.deals.platform import Template
from otosata.deals.reading import Reading, Rules
from otosata.deals.vocabulary import MY_ACTIONS, Actor, Level

REPLY_WITHIN = Span(3, Unit.BUSINESS_DAYS)
"""The date that a message names by itself: business people ask again after two or three such days."""
_PLACEHOLDER = re.compile(r"\{(\w+)\}")

Value = str | int | Moment


def fitting(reading: Reading, rules: Rules) -> tuple[Template, ...]:
    """The platform's templates, the one that fits best first.

    That is the stage's own until it is critical, else the advice's.
    """
    stage = reading.view.stage
    of_stage = [stage.template] if stage and reading.own_level < Level.CRITICAL else []
    wanted = (*of_stage, *(advice.rule.template for advice in reading.advice), *rules.platform.templates)
    known = rules.platform.templates
    return tuple(known[name] for name in dict.fromkeys(wanted) if name in known)


def values(reading: Reading, rules: Rules) -> dict[str, Value]:
    """What the placeholders stand for, as far as that is known; nothing is guessed.

    `limit`, the date by which an answer is asked for, is a proposal: the third business date from now.
    """
    deal, clocks = reading.deal, reading.view.clocks
    delivery = clocks.anchors.get("delivery") if clocks.delivered else None
    cause = clocks.waiting_cause
    mine = cause.at if cause and cause.actor is Actor.ME and cause.kind in MY_ACTIONS else None
    names = rules.platform.my_names
    found: dict[str, Value | None] = {
        "client": deal.client or None,
        "title": deal.title or None,
        "me": next(iter(names)) if len(names) == 1 else None,
        "sent": delivery or mine,
        "n": reading.waiting_days if mine else None,
        "due": clocks.anchors.get("due"),
        "limit": after(tokyo_date(reading.now), REPLY_WITHIN, rules.calendar),
    }
    return {name: value for name, value in found.items() if value is not None}


def filled(template: Template, lang: str, written: Mapping[str, str]) -> str:
    """The message with the values as they are written for the reader; a placeholder without one stays visible."""
    return _PLACEHOLDER.sub(lambda found: written.get(found[1], found[0]), template.text.of(lang)).strip() + "\n"
