"""Reads a platform's rules (stages, levels, limits, transitions) from tables into values of the core."""

from collections.abc import Mapping

from adapters.advice import read_advice, read_templates
from adapters.notice_rules import REF_KINDS
from adapters.tables import Table, nearest
from otosata.deals.duration import Span
from otosata.deals.platform import (
    BEFORE,
    NO_STAGE,
    DealLimit,
    LimitRule,
    Platform,
    Row,
    Source,
    Stage,
    Template,
    Text,
    Transition,
)
from otosata.deals.vocabulary import ALARMING, KINDS, Actor, Level, Turn

TURNS = tuple(turn.value for turn in Turn)
ACTORS = frozenset(actor.value for actor in Actor)
ROWS = ("client", "me", "asked")
CONFIDENCES = ("official", "several", "one", "ours", "conflict", "unknown")


def read_platform(root: Table, identity: str) -> Platform:
    """Everything of the file that the core needs. Problems are collected in the document."""
    sources = read_sources(root)
    stages = root.entries("stages")
    templates = read_templates(root)
    asked = root.table("asked")
    return Platform(
        id=identity,
        name=root.both("name", required=True) or Text(identity, identity),
        stages={stage: _stage(stage, table, tuple(stages), templates, sources) for stage, table in stages.items()},
        transitions=_transitions(root, tuple(stages)),
        advice=read_advice(root, tuple(stages), sources),
        deal_limit=_deal_limit(root, sources),
        asked=read_row(asked) if asked else None,
        templates=templates,
        my_names=frozenset(root.strings("my_names")),
        ref_spaces=_ref_spaces(root),
    )


def read_sources(root: Table) -> Mapping[str, Source]:
    """`[sources.LA-01]`: the pages behind the rules, each with the day somebody last looked."""
    default = root.day("last_checked", required=True)
    found = {}
    for rule, table in root.entries("sources").items():
        found[rule] = Source(
            rule=rule,
            page=table.string("page"),
            confidence=table.choice("confidence", CONFIDENCES, "confidence") or "ours",
            checked=table.day("checked") or default,
            says=table.both("says"),
        )
        table.finish()
    return found


def read_row(table: Table, *, finish: bool = True) -> Row:
    """Levels (`notice`, `notice_before` …), `stale` and `limit`. `finish=False` where the table has other keys too."""
    elapsed = {level: table.spans(level.word) for level in ALARMING}
    before = {level: table.spans(f"{level.word}_before") for level in ALARMING}
    row = Row(_without_empty(elapsed), _without_empty(before), table.spans("stale"), _limit(table))
    if finish:
        table.finish()
    return row


def _without_empty(levels: Mapping[Level, tuple[Span, ...]]) -> dict[Level, tuple[Span, ...]]:
    """A list of which all must be met would be met at once if it is empty: an empty one takes the level away."""
    return {level: spans for level, spans in levels.items() if spans}


def _limit(table: Table) -> LimitRule | None:
    """`limit = "168h@filing"`, or a table with `after` and what is special about it."""
    if isinstance(table.raw("limit"), str):
        span = table.span("limit")
        return LimitRule(span) if span else None
    limit = table.table("limit", what='a duration such as "168h@filing", or a table with `after`')
    if limit is None:
        return None
    span = limit.span("after", required=True)
    rounded, extend = limit.flag("round_up_to_hour"), limit.span("extend")
    extended_by, outcome = limit.choices("extended_by", KINDS, "event"), limit.both("outcome")
    limit.finish()
    return LimitRule(span, bool(rounded), extend, extended_by, outcome) if span else None


def _stage(
    identity: str,
    table: Table,
    stages: tuple[str, ...],
    templates: Mapping[str, Template],
    sources: Mapping[str, Source],
) -> Stage:
    turn = Turn(table.choice("turn", TURNS, "turn", required=True) or Turn.NONE)
    row = read_row(table, finish=False)
    stage = Stage(
        id=identity,
        name=table.both("name", required=True) or Text(identity, identity),
        turn=turn,
        counts=Turn(table.choice("counts", TURNS, "turn") or turn),
        row=Row(row.elapsed, row.before, row.stale),
        rows=_rows(table),
        limit=row.limit,
        act_due=bool(table.flag("act_due")),
        detour=bool(table.flag("detour")),
        joins=table.choices("joins", stages, "stage"),
        ends_with_my_word=bool(table.flag("ends_with_my_word")),
        ends_with_client_word=bool(table.flag("ends_with_client_word")),
        over=bool(table.flag("over")),
        unfunded=bool(table.flag("unfunded")),
        early=bool(table.flag("early")),
        after_limit=table.choice("after_limit", stages, "stage"),
        source=read_source(table, sources),
        template=table.choice("template", templates, "template") or "",
        moves=table.both("moves"),
        risk=table.both("risk"),
    )
    table.finish()
    return stage


def _rows(table: Table) -> dict[str, Row]:
    outer = table.section("rows")
    inner = {who: outer.table(who) for who in ROWS}
    outer.finish()
    return {who: read_row(row) for who, row in inner.items() if row}


def read_source(table: Table, sources: Mapping[str, Source]) -> Source:
    """`source = "LA-01"`, explained under `[sources.LA-01]`."""
    rule = table.choice("source", sources, "source of this file")
    return sources[rule] if rule else Source()


def _deal_limit(root: Table, sources: Mapping[str, Source]) -> DealLimit | None:
    table = root.table("deal_limit")
    if table is None:
        return None
    identity = table.string("id", required=True)
    name = table.both("name", required=True) or Text(identity, identity)
    row = read_row(table, finish=False)
    source = read_source(table, sources)
    table.finish()
    if row.limit is None:
        if "limit" not in table:
            table.report(None, "[deal_limit] lacks 'limit'", 'write a duration such as "120d@purchase"')
        return None
    return DealLimit(identity, name, row.limit, Row(row.elapsed, row.before), source)


def _transitions(root: Table, stages: tuple[str, ...]) -> dict[tuple[str, str], tuple[Transition, ...]]:
    """`event = "stage"`, `event = { from_stage = "to_stage" }`, or one of both under `event.client`, `event.me` …."""
    outer = root.section("transitions")
    found: dict[tuple[str, str], tuple[Transition, ...]] = {}
    for event in outer.keys_among(KINDS, "{name} is no event"):
        value = outer.raw(event)
        actors = [actor.value for actor in KINDS[event].actors]
        if isinstance(value, dict) and value.keys() & ACTORS:
            by_actor = outer.section(event)
            for actor in by_actor.keys_among(actors, f"{{name}} never does {event!r}"):
                found[event, actor] = _targets(by_actor, actor, stages)
        else:
            targets = _targets(outer, event, stages)
            found.update({(event, actor): targets for actor in actors})
    return found


def _targets(table: Table, name: str, stages: tuple[str, ...]) -> tuple[Transition, ...]:
    targets = (*stages, BEFORE)
    if isinstance(table.raw(name), str):
        to = table.choice(name, targets, "stage")
        return (Transition(to),) if to else ()
    inner = table.table(name, what='a stage, or a table { from_stage = "to_stage" }')
    if inner is None:
        return ()
    if "to" in inner:
        to = inner.choice("to", targets, "stage")
        unless = bool(inner.flag("unless_before_deal_limit"))
        inner.finish()
        return (Transition(to, unless_before_deal_limit=unless),) if to else ()
    found = []
    for origin in inner:
        to = inner.choice(origin, targets, "stage")
        if origin not in (*stages, NO_STAGE):
            inner.report(origin, f"{origin!r} is no stage", nearest(origin, (*stages, NO_STAGE)))
        elif to:
            found.append(Transition(to, frozenset({origin})))
    return tuple(found)


def _ref_spaces(root: Table) -> dict[str, str]:
    table = root.section("ref_spaces")
    spaces = {kind: table.choice(kind, REF_KINDS, "kind of reference") for kind in REF_KINDS if kind in table}
    table.finish()
    return {kind: space for kind, space in spaces.items() if space}
