"""Loads mutated configurations in any number: `python -m tests.config.soak 100000 [SEED]`.

Whatever stands in the file, loading ends with settings or with problems that have a place. The tests do the same with a
few hundred; this is for a long night, and prints what it came to.
"""

import random
import re
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from adapters.registry import load_adapters
from config.excerpt import excerpt
from config.load import load
from config.places import Options
from config.problems import ConfigError
from config.sample import sample
from otosata.deals.platform import Platform

PIECES = (
    *(b"", b"\n", b"=", b"[", b"]", b"[[", b"{", b"}", b'"', b'"""', b"'", b"#", b".", b",", b"-", b"0", b"_"),
    *(b"\x00", b"\xff", b"\\u0000", b"\r", b"\t", "青".encode(), b"\xef\xbb\xbf", b"d", b"h", b"@", b"true", b"1e9"),
)
VALUES = (
    *(b"1", b"-1", b"1.5", b"inf", b"nan", b"true", b'""', b'"x"', b"[]", b"[[]]", b"{}", b"[{}]", b"{a = 1}"),
    *(b"2026-01-01", b"2026-01-01T00:00:00Z", b"00:00:00", b'["3d", 3, []]', b'"99999d"', b"9" * 400, b'["0bd"]'),
    *(b'"\\u001b[2J"', b'"' + b"x" * 500 + b'"', b'["99999bh"]', b"['3d@silence', '12h waited']", b"0x10", b"['9-18']"),
)
SMALL = """\
language = "ja"
[[accounts]]
name = "main"
host = "imap.example.com"
user = "me@example.com"
[calendar]
closed = [2026-12-30, { from = 2026-12-31, to = 2027-01-04 }]
working_hours = ["9:00-12:00", "13:00-18:00"]
[platforms.lancers.stages.working]
notice = ["3d", "2bd"]
critical = ["7d@silence"]
[clients."青空商店"]
warn = ["16bh"]
[deals.lancers-1]
due = 2026-12-25
""".encode()


def mutated(base: bytes, dice: random.Random) -> bytes:
    """A few bytes cut, put in or exchanged, lines moved or doubled, values exchanged."""
    data = base
    for _ in range(dice.choice((0, 0, 0, 1, 1, 2, 3))):
        start = dice.randint(0, len(data))
        data = data[:start] + dice.choice(PIECES) + data[start + dice.choice((0, 0, 1, 2, 20)) :]
    lines = data.split(b"\n")
    for _ in range(dice.randint(0, 3)):
        place = dice.randrange(len(lines))
        key, equals, _rest = lines[place].partition(b"=")
        match dice.randrange(4):
            case 0:
                lines.insert(dice.randrange(len(lines)), lines[place])
            case 1:
                lines.pop(place)
            case _ if equals:
                lines[place] = key + b"= " + dice.choice(VALUES)
    return b"\n".join(lines) if len(lines) > 1 else data


def judge(file: Path, data: bytes, platforms: Mapping[str, Platform]) -> Counter[str]:
    """Load the file, and look at every problem as a face would; AssertionError where one has no place."""
    file.write_bytes(data)
    lines = data.count(b"\n") + data.count(b"\r") + 1
    try:
        load(Options(config=file, data=file.parent, lang="en"), {}, platforms)
    except ConfigError as error:
        for problem in error.problems:
            assert problem.file == file, problem
            assert 1 <= problem.line <= lines, problem
            assert problem.column >= 1, problem
            assert str(problem).isprintable(), problem
            assert all(line.isprintable() for line in excerpt(problem)), problem
        return Counter({"refused": 1, **{f"  {code}": 1 for code in {found.code for found in error.problems}}})
    return Counter({"accepted": 1})


def main() -> int:
    """Mutate, judge, count; the first crash of each kind is kept in a file and named."""
    count, seed = int(sys.argv[1]), int((*sys.argv[2:], "1")[0])
    dice = random.Random(seed)  # noqa: S311 - no secret
    platforms = {adapter.id: adapter.platform for adapter in load_adapters()}
    whole = re.sub(r"(?m)^#(?![ :])", "", sample("en")).encode()
    told: Counter[str] = Counter()
    crashes: dict[str, bytes] = {}
    began = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(count):
            data = mutated(dice.choice((whole, SMALL, SMALL, SMALL)), dice)
            try:
                told += judge(Path(folder) / "config.toml", data, platforms)
            except Exception:
                crashes.setdefault(traceback.format_exc(), data)
                told["crashed"] += 1
    seconds = time.process_time() - began
    sys.stdout.write(f"{count:,} files (seed {seed}) in {seconds:.0f} s of CPU: {told['crashed']} crashes\n")
    sys.stdout.writelines(f"{name}: {number:,}\n" for name, number in sorted(told.items()))
    for text, data in crashes.items():
        sys.stdout.write(f"\n{text}{data!r}\n")
    return 1 if crashes else 0


if __name__ == "__main__":
    sys.exit(main())
