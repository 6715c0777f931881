"""The user's thresholds laid over a platform's: pure functions from one Platform value to the next."""

from collections.abc import Mapping
from dataclasses import replace

from config.model import ClientOverride, DealOverride, PlatformOverride, RowOverride, Settings, StageOverride
from otosata.deals.duration import Span
from otosata.deals.event import Deal
from otosata.deals.names import fold_name
from otosata.deals.platform import LimitRule, Platform, Row, Stage, Template, Text
from otosata.deals.vocabulary import Level


def apply(platform: Platform, override: PlatformOverride) -> Platform:
    """The platform as the user wants it; stages it does not have are left aside (`checks` reports them)."""
    deal_limit = platform.deal_limit
    if deal_limit is not None and override.deal_limit:
        rule = _limit(deal_limit.limit, override.deal_limit.limit) or deal_limit.limit
        deal_limit = replace(deal_limit, limit=rule, row=_row(deal_limit.row, override.deal_limit))
    return replace(
        platform,
        my_names=override.my_names or platform.my_names,
        stages=_stages(platform.stages, override.stages),
        asked=_row(platform.asked or Row(), override.asked) if override.asked else platform.asked,
        deal_limit=deal_limit,
        templates=_templates(platform.templates, override.templates),
    )


def _templates(templates: Mapping[str, Template], own: Mapping[str, str]) -> Mapping[str, Template]:
    """The user writes a message in the language he sends it in: it is the same in both."""
    return {**templates, **{id_: Template(id_, Text(text, text)) for id_, text in own.items()}}


def for_deal(platform: Platform, settings: Settings, deal: Deal) -> Platform:
    """The platform as the user wants it for one deal: what he says of its client, then what he says of it alone."""
    client = settings.clients.get(fold_name(deal.client)) if settings.clients else None
    for override in (client, settings.deals.get(deal.id)):
        if override is not None:
            platform = apply_deal(platform, override)
    return platform


def apply_deal(platform: Platform, override: ClientOverride | DealOverride) -> Platform:
    """The platform as the user wants it for one deal: its thresholds in every open stage, then those stage by stage."""
    stages = dict(platform.stages)
    for id_, stage in stages.items():
        if override.row and not stage.over:
            stages[id_] = _stage(stage, StageOverride(row=_fitting(stage, override.row)))
    return replace(platform, stages=_stages(stages, override.stages))


def _fitting(stage: Stage, row: RowOverride) -> RowOverride:
    """The part of a deal's thresholds that has a meaning in that stage.

    Where time raises no level (a pay-out that comes by itself), a threshold on time would be a false alarm.
    """
    return RowOverride(
        elapsed=row.elapsed if stage.row.elapsed else {},
        before=row.before if stage.row.before else {},
        stale=row.stale if stage.row.elapsed else None,
        limit=row.limit if stage.limit or stage.row.limit else None,
    )


def _stages(stages: Mapping[str, Stage], overrides: Mapping[str, StageOverride]) -> Mapping[str, Stage]:
    if not overrides:
        return stages
    return {id_: _stage(stage, overrides[id_]) if id_ in overrides else stage for id_, stage in stages.items()}


def _stage(stage: Stage, override: StageOverride) -> Stage:
    row = _row(stage.row, override.row)
    limit = stage.limit
    if stage.row.limit is None and override.row.limit is not None:
        # what the user calls the stage's limit is the stage's, unless the adapter keeps one in the row
        row, limit = replace(row, limit=None), _limit(stage.limit, override.row.limit)
    rows = dict(stage.rows)
    for name, laid in override.rows.items():
        rows[name] = _row(rows.get(name, Row()), laid)
    return replace(stage, row=row, limit=limit, rows=rows)


def _row(row: Row, override: RowOverride) -> Row:
    return Row(
        elapsed=_laid(row.elapsed, override.elapsed),
        before=_laid(row.before, override.before),
        stale=row.stale if override.stale is None else override.stale,
        limit=_limit(row.limit, override.limit),
    )


def _laid(
    levels: Mapping[Level, tuple[Span, ...]], override: Mapping[Level, tuple[Span, ...]]
) -> dict[Level, tuple[Span, ...]]:
    """An empty list takes the level away: a list of which all must be met would otherwise be met at once."""
    return {level: spans for level, spans in {**levels, **override}.items() if spans}


def _limit(rule: LimitRule | None, span: Span | None) -> LimitRule | None:
    """The platform's rule with another span; its rounding and its outcome stay."""
    if span is None:
        return rule
    return replace(rule, span=span) if rule else LimitRule(span)
