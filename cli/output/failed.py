"""What `check` prints when it could not do its work, in the form that was asked for: never nothing, never OK."""

from collections.abc import Sequence
from datetime import UTC, datetime

from cli.errors import Complaint
from otosata.deals.reading import LEVEL_WORDS
from otosata.overview import Overview, Problem, Status, Summary


def failed_text(wanted: str, complaints: Sequence[Complaint], lang: str) -> str:
    """The whole output. `wanted`: a format of `check`; one that is none, or has no other form, gets the first line."""
    from cli.output.bars import BARS  # noqa: PLC0415 - one format a run

    line = f"OTOSATA UNKNOWN: {complaints[0].message.replace('|', '/')}"
    if wanted == "json":
        from cli.output.document import dumps, overview_document  # noqa: PLC0415 - as above

        return dumps(overview_document(_nothing(complaints), (), lang, UTC)) + "\n"
    if wanted == "jsonl":
        from cli.output.document import dumps  # noqa: PLC0415 - as above

        problems = [{"code": one.code, "message": one.message, "hint": one.hint} for one in complaints]
        return dumps({"status": Status.UNKNOWN.value, "problems": problems}, indent=None) + "\n"
    if wanted == "prometheus":
        from cli.output.metrics import metrics_text  # noqa: PLC0415 - as above

        return metrics_text(_nothing(complaints))
    if wanted in BARS:
        return BARS[wanted](_nothing(complaints), complaints[0].message, ()) + "\n"
    return line + "\n"


def wanted_format(argv: Sequence[str]) -> str:
    """What `--format` or `--json` asks for, found without parsing, which may be what went wrong."""
    found = ""
    for place, word in enumerate(argv):
        if word == "--json":
            found = "json"
        elif word == "--format" and place + 1 < len(argv):
            found = argv[place + 1]
        elif word.startswith("--format="):
            found = word.partition("=")[2]
    return found


def _nothing(complaints: Sequence[Complaint]) -> Overview:
    """No deals, and why."""
    summary = Summary(deals=0, levels=dict.fromkeys(LEVEL_WORDS, 0), snoozed=0, acknowledged=0, triage=0)
    problems = tuple(Problem(one.code, one.message, one.hint) for one in complaints)
    return Overview(datetime.now(UTC), Status.UNKNOWN, summary, (), (), (), problems)
