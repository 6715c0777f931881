"""Says the items of a checklist in the user's language: what is asked for, and what there is."""

from collections.abc import Mapping
from datetime import datetime

from config.texts.catalogue import Catalogue
from otosata.deals.checklist import Item, State
from otosata.deals.conditions import Actual, Check
from otosata.deals.duration import Span
from otosata.deals.platform import Stage
from otosata.deals.vocabulary import Level, Turn

FLAGS = ("finished", "drafted", "delivered", "own_date_passed")
"""Conditions that are so or not."""
_SAID_ALREADY = frozenset((*FLAGS, "turn", "not_stages"))
"""Conditions beside which what there is needs no words of its own."""
_COUNTS = ("unanswered_at_least", "unanswered_below")
"""Conditions on a number of messages; other numbers are days."""


def item_text(item: Item, stages: Mapping[str, Stage], words: Catalogue) -> str:
    """What the item asks for. `stages`: of the platform, for their names."""
    if item.says is not None:
        return item.says.of(words.lang)
    return words.t("conditions.or").join(_asked(check, stages, words) for check in item.checks)


def actual_text(item: Item, stages: Mapping[str, Stage], words: Catalogue) -> str:
    """What there is, or where to look; empty where the item says it all."""
    if not item.checks:
        return words.t("conditions.look")
    shown = [check for check in item.checks if check.name not in _SAID_ALREADY]
    if item.says is not None or not shown or _is_the_only_one(shown[0]):
        return ""
    return words.t("conditions.now", actual=_value(shown[0].name, shown[0].actual, stages, words))


def _is_the_only_one(check: Check) -> bool:
    """Whether there is exactly the one thing that is wanted: to say it twice would tell nothing."""
    return check.met and isinstance(check.want, frozenset) and len(check.want) == 1


def coming(item: Item, now: datetime) -> datetime | None:
    """When an item that is not met will be by itself, if nothing happens; None where that is open."""
    later = [check.at for check in item.checks if check.at is not None and check.at > now and not check.met]
    return max(later, default=None) if item.state is State.UNMET and item.says is None else None


def _asked(check: Check, stages: Mapping[str, Stage], words: Catalogue) -> str:
    if check.name in FLAGS:
        return words.t(f"conditions.{check.name}_{str(check.want).lower()}")
    if isinstance(check.want, Turn):
        return words.t(f"conditions.turn_{check.want.value}")
    if isinstance(check.want, frozenset):
        ordered = [value for value in (*stages, *Level) if value in check.want]
        wanted = words.t("conditions.or").join(_value(check.name, value, stages, words) for value in ordered)
    else:
        wanted = _value(check.name, check.want, stages, words)
    return words.t(f"conditions.{check.name}", wanted=wanted)


def _value(name: str, value: Actual, stages: Mapping[str, Stage], words: Catalogue) -> str:
    match value:
        case None:
            return words.t("conditions.nothing")
        case Span():
            return _counted(f"units.{value.unit.value}", value.amount, words)
        case Level():  # before numbers, for it is one
            return words.t(f"levels.{value.word}")
        case int():
            return _counted("conditions.messages" if name in _COUNTS else "conditions.days", value, words)
        case _:
            stage = stages.get(value)
            return stage.name.of(words.lang) if stage else value


def _counted(key: str, number: int, words: Catalogue) -> str:
    """`3 days`, `1 day`; Japanese knows no plural."""
    text = words.t(key, n=number)
    return text.removesuffix("s") if number == 1 and words.lang == "en" else text
