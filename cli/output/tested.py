"""What `adapters test` found, as a document and as lines."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from cli.output.document import SCHEMA_VERSION, Json
from config.texts.catalogue import Catalogue
from config.texts.complaints import translated

if TYPE_CHECKING:
    from adapters.kit.nearly import NearMiss
    from adapters.kit.runner import Report, Tried
    from adapters.problems import Problem


def test_document(reports: Iterable["Report"]) -> Json:
    """`adapters test --json`"""
    return {
        "schema_version": SCHEMA_VERSION,
        "adapters": [
            {
                "id": report.adapter,
                "right": report.is_right,
                "samples": [_tried(tried) for tried in report.samples],
                "golden": [_tried(tried) for tried in report.golden],
                "problems": [_problem(problem) for problem in report.problems],
                "warnings": [_problem(problem) for problem in report.warnings],
                "overlaps": [
                    {"first": pair.first, "second": pair.second, "subject": pair.subject, "same": pair.same}
                    for pair in report.overlaps
                ],
            }
            for report in reports
        ],
    }


def _tried(tried: "Tried") -> Json:
    return {
        "where": tried.where,
        "subject": tried.subject,
        "rule": tried.fires,
        "event": tried.event or None,
        "wrong": list(tried.wrong),
        "nearly": [
            {
                "rule": miss.rule,
                "condition": miss.failed.name,
                "wanted": miss.failed.wanted or None,
                "fits": miss.failed.fits or None,
            }
            for miss in tried.nearly
        ],
    }


def _problem(problem: "Problem") -> Json:
    return {"file": problem.file, "line": problem.line, "message": problem.message, "hint": problem.hint}


def test_lines(report: "Report", words: Catalogue, *, every: bool) -> Iterator[str]:
    """`adapters test`; `every`: each mail with what fires, else only what is wrong."""
    verdict = words.t("adapters.right" if report.is_right else "adapters.wrong")
    counts = words.t("adapters.counted", samples=len(report.samples), golden=len(report.golden))
    yield f"{report.adapter}: {verdict} ({counts})"
    for tried in (*report.samples, *report.golden):
        if every or tried.wrong or tried.generated:
            yield from _mail_lines(tried, words)
    yield from (f"  {words.t('adapters.wrong')}: {_said(problem, words)}" for problem in report.problems)
    if not every:
        return
    yield from (f"  {words.t('adapters.warning')}: {_said(problem, words)}" for problem in report.warnings)
    for pair in report.overlaps:
        key = "adapters.overlap_same" if pair.same else "adapters.overlap"
        yield "  " + words.t(key, first=pair.first, second=pair.second, subject=pair.subject)


def _mail_lines(tried: "Tried", words: Catalogue) -> Iterator[str]:
    fires = tried.fires or words.t("adapters.nothing_fires" if tried.event else "adapters.nobodys")
    yield f"  {tried.where}: {tried.subject}"
    yield f"      → {fires}" + (f" ({words.t('adapters.generated')})" if tried.generated else "")
    yield from (f"      {words.t('adapters.wrong')}: {translated(sentence, words.lang)}" for sentence in tried.wrong)
    yield from (f"      {_near(miss, words)}" for miss in tried.nearly)


def _near(miss: "NearMiss", words: Catalogue) -> str:
    failed = miss.failed
    if not failed.wanted:
        return words.t(f"adapters.nearly_{failed.name.partition('.')[0]}", rule=miss.rule)
    said = words.t("adapters.nearly", rule=miss.rule, condition=failed.name, wanted=failed.wanted)
    return said + (f" {words.t('adapters.fits_until', part=failed.fits)}" if failed.fits else "")


def _said(problem: "Problem", words: Catalogue) -> str:
    message, hint = translated(problem.message, words.lang), translated(problem.hint, words.lang)
    return str(replace(problem, message=message, hint=hint))
