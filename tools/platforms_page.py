"""Writes docs/platforms.md from the platforms' own files, so that the page says what the program knows and no more.

python tools/platforms_page.py
"""

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "platforms.md"
ORDER = ("coconala", "crowdworks", "lancers", "upwork", "fiverr", "freelancer", "streetacademy")

HEAD = """\
# What otosata knows of each platform

Made from `adapters/*.toml` by `python tools/platforms_page.py`; change those, not this page. `otosata adapters show ID`
shows the same and the patterns.

No platform publishes the subjects of its mails. So each rule says how it is known: **verbatim** (the exact words
stand on an official page, or in working code that reads real mail), **fragment** (a piece of the subject),
**inferred** (a careful guess, marked on the screen). Mail that no rule knows waits in `otosata triage` and moves no
clock. The example subjects carry invented names; those of inferred rules are inventions altogether.

Rules of the platforms are **official** (its own page), **several** or **one** (other pages agree, or a single one),
**ours** (otosata's own number), **conflict** or **unknown**. Every number can be changed in `config.toml`.
"""

SEND = """\
## Nothing known

Of Bizseek, SKIMA, クラウディア (Craudia), ママワークス, シュフティ, タイムチケット and MENTA nobody has shown a sender,
a subject or a rule. Their mail is nobody's to otosata until you say what it is:
[a platform from three mails](new-platform.md). (`info@craudia.com` is a placeholder in forms, and `info@menta.work`
occurs in imitations of that site: trust neither.)

## Send in a mail

Nobody of us has seen every mail; one real mail is worth more than any guess on this page. If one of yours was not
understood:

```sh
otosata explain mail.eml                    # what otosata makes of it, and why
otosata adapters anonymise mail.eml         # writes mail.public.eml without names, addresses, numbers and links
```

Read `mail.public.eml`: subject and text keep the platform's own words and the dates, everything else is invented, and
headers keep their form. What you would rather not tell, name with `--private`; a word of the platform's that was
replaced, keep with `--keep`. If the check finds a private word that is left, nothing is written. Then attach the file
to an issue and say what the mail announces. It becomes a golden mail: the tests read it from then on.
"""


def page() -> str:
    """The whole page."""
    platforms = [tomllib.loads((ROOT / "adapters" / f"{name}.toml").read_text("utf-8")) for name in ORDER]
    return "\n".join((HEAD, *("\n".join(section(platform)) for platform in platforms), SEND))


def section(platform: dict[str, Any]) -> Iterator[str]:
    """One platform."""
    name = platform["name"]
    yield f"## {name['en']}" + (f" ({name['ja']})" if name["ja"] != name["en"] else "")
    yield ""
    senders = ", ".join(f"`{one}`" for one in platform["senders"]["trusted"])
    known = Counter(rule["evidence"] for rule in platform.get("rules", {}).values())
    counts = ", ".join(f"{known[word]} {word}" for word in ("verbatim", "fragment", "inferred") if known[word])
    yield f"Last checked {platform['last_checked']}. Senders: {senders}. Rules about mail: {counts}."
    yield ""
    yield from table(("says", "who", "evidence", "example"), mails(platform))
    if platform.get("unknown"):
        yield f"**Not known**: {'; '.join(gap['en'] for gap in platform['unknown'])}."
        yield ""
    if platform.get("stages"):
        yield from table(("stage", "turn", "notice", "warn", "critical", "hard date", "rule"), stages(platform))
    if platform.get("sources"):
        yield from table(("rule", "says", "confidence", "page"), rules(platform))


def mails(platform: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """What its mail is known to announce."""
    for rule in platform.get("rules", {}).values():
        samples = rule.get("samples", [])
        yield rule["event"], rule.get("actor", ""), rule["evidence"], samples[0]["subject"] if samples else ""


def stages(platform: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Where a deal can stand, and from when that is loud."""
    over = platform.get("deal_limit")
    for id_, stage in (*platform["stages"].items(), *(((over["id"], over),) if over else ())):
        levels = (level(stage, word) for word in ("notice", "warn", "critical"))
        limit = stage.get("limit", "")
        shown = limit.get("after", "") if isinstance(limit, dict) else limit
        yield (
            f"{stage['name']['en']} `{id_}`",
            stage.get("counts", stage.get("turn", "")),
            *levels,
            shown,
            stage.get("source", ""),
        )


def level(stage: dict[str, Any], word: str) -> str:
    """The thresholds of a level: after so much time, or so long before the hard date."""
    parts = [" + ".join(stage[word])] if stage.get(word) else []
    before = stage.get(f"{word}_before")
    return ", or ".join((*parts, *([f"{' + '.join(before)} before"] if before else [])))


def rules(platform: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """What its pages say."""
    for id_, source in platform["sources"].items():
        yield id_, source.get("says", {}).get("en", ""), source["confidence"], source.get("page", "")


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    """A Markdown table; nothing for no rows."""
    lines = [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
    if lines:
        yield from (f"| {' | '.join(head)} |", f"| {' | '.join('---' for _ in head)} |", *lines, "")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
