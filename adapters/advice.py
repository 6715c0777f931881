"""Reads advice with its conditions, and reminder templates, from tables into values of the core."""

import re
from collections.abc import Mapping

from adapters.tables import Table, nearest
from otosata.deals.duration import DurationError, parse_span
from otosata.deals.platform import AdviceRule, Condition, Source, Template, Text
from otosata.deals.vocabulary import Level, Turn

COUNTED = ("waiting", "since_application", "days_to_contract")
DUE = ("limit", "deal_limit")
ADVICE_WORDS = ("n", "k", "due")
TEMPLATE_WORDS = ("client", "me", "title", "sent", "ask", "due", "limit", "n")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_LEVELS = tuple(level.word for level in Level)
_TURNS = tuple(turn.value for turn in Turn)


def read_advice(root: Table, stages: tuple[str, ...], sources: Mapping[str, Source]) -> tuple[AdviceRule, ...]:
    """`[advice.LAN_FILE]`, in the order of the file: of a group the first that fits is given.

    `id` only where two entries are the same advice with different templates.
    """
    return tuple(_advice(rule, table, stages, sources) for rule, table in root.entries("advice").items())


def _advice(rule: str, table: Table, stages: tuple[str, ...], sources: Mapping[str, Source]) -> AdviceRule:
    source = table.choice("source", sources, "source of this file")
    advice = AdviceRule(
        id=table.string("id") or rule,
        when=tuple(_condition(condition, stages) for condition in table.list_of_tables("when")),
        text=_text(table, ADVICE_WORDS),
        group=table.string("group"),
        added=bool(table.flag("added")),
        fallback=bool(table.flag("fallback")),
        n=table.choice("n", COUNTED, "count") or COUNTED[0],
        due=_due(table),
        goal=table.number("goal") or 0,
        template=table.string("template"),
        source=sources[source] if source else Source(),
        step=table.both("step"),
        unseen=table.texts("unseen"),
        asks=table.both("asks"),
    )
    if not advice.when:
        table.report(
            None, f"[{table.path}] lacks 'when'", 'write for example when = { turn = "me", levels = ["warn"] }'
        )
    table.finish()
    return advice


def _due(table: Table) -> str:
    value = table.string("due") or DUE[0]
    if value not in DUE:
        try:
            parse_span(value)
        except DurationError as error:
            table.report("due", f"due: {error}", f'allowed: {", ".join(DUE)}, or a time from now such as "2bd"')
    return value


def _condition(table: Table, stages: tuple[str, ...]) -> Condition:
    turn = table.choice("turn", _TURNS, "turn")
    condition = Condition(
        stages=table.choices("stages", stages, "stage"),
        not_stages=table.choices("not_stages", stages, "stage"),
        came_from=table.choices("came_from", stages, "stage"),
        turn=Turn(turn) if turn else None,
        levels=frozenset(Level.of(word) for word in table.choices("levels", _LEVELS, "level")),
        unanswered_at_least=table.number("unanswered_at_least"),
        unanswered_below=table.number("unanswered_below"),
        waiting_at_least=table.span("waiting_at_least"),
        waiting_below=table.span("waiting_below"),
        silence_at_least=table.span("silence_at_least"),
        since_delivery_at_least=table.span("since_delivery_at_least"),
        finished=table.flag("finished"),
        drafted=table.flag("drafted"),
        delivered=table.flag("delivered"),
        own_date_passed=table.flag("own_date_passed"),
        days_to_contract_at_least=table.number("days_to_contract_at_least"),
        deal_limit_within=table.span("deal_limit_within"),
    )
    table.finish()
    return condition


def _text(table: Table, words: tuple[str, ...]) -> Text:
    text = table.both("text", required=True) or Text("", "")
    for word in sorted({*_PLACEHOLDER.findall(text.ja), *_PLACEHOLDER.findall(text.en)} - set(words)):
        table.report("text", f"unknown placeholder {{{word}}}", nearest(word, words))
    return text


def read_templates(root: Table) -> dict[str, Template]:
    """`[templates.A]`: reminder messages in both languages."""
    found = {}
    for identity, table in root.entries("templates").items():
        found[identity] = Template(identity, _text(table, TEMPLATE_WORDS), bool(table.flag("names_date")))
        table.finish()
    return found
