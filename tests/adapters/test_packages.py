"""Platforms that packages bring: found without running them, under the user's files, and never a reason to crash."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.packages import Offer, offers
from adapters.problems import LocatedError
from adapters.registry import Found, Origin, find_adapters
from adapters.samples import check_samples
from otosata.deals.notice import UNRECOGNISED
from tests.adapters.test_reader import GOOD
from tests.adapters.test_recognise import mail

EXAMPLE = Path(__file__).parents[2] / "examples" / "otosata-adapter-example"
ENTRY = "[console_scripts]\nx = y:z\n\n[otosata.adapters]\n{name} = {target}\n"


def install(
    folder: Path, name: str, file: str, *, target: str = "", code: str = "raise SystemExit", module: str = ""
) -> tuple[Offer, ...]:
    """A package as pip leaves it behind, in a folder of the search path; what is on offer there."""
    module = module or f"brought_{name}"
    (folder / module).mkdir(parents=True)
    (folder / module / "__init__.py").write_text(code, encoding="utf-8")
    if file:
        (folder / module / f"{name}.toml").write_text(file, encoding="utf-8")
    (folder / f"{module}-1.0.dist-info").mkdir()
    entry = ENTRY.format(name=name, target=target or module)
    (folder / f"{module}-1.0.dist-info" / "entry_points.txt").write_text(entry, encoding="utf-8")
    return offers([str(folder)])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the search path."""
    place = tmp_path / "site"
    place.mkdir()
    monkeypatch.syspath_prepend(str(place))
    return place


def found(folder: Path, user_dir: Path | None = None) -> Found:
    return find_adapters(user_dir, packages=offers([str(folder)]))


def test_a_package_that_is_a_file_is_read_and_not_run(folder: Path) -> None:
    (offer,) = install(folder, "bizseek", GOOD)
    assert offer == Offer("bizseek", "brought_bizseek 1.0", "brought_bizseek")
    adapter = found(folder).adapters[-1]
    assert (adapter.id, check_samples(adapter)) == ("bizseek", ())
    assert "brought_bizseek" not in sys.modules


def test_the_users_file_lies_over_the_packages_and_that_over_the_built_in_one(folder: Path, tmp_path: Path) -> None:
    install(folder, "lancers", 'id = "lancers"\n[stages.working]\nnotice = ["9d"]\nwarn = ["11d"]\n')
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "lancers.toml").write_text('[stages.working]\nwarn = ["12d"]\n')
    everything = found(folder, tmp_path / "mine")
    (lancers,) = (adapter for adapter in everything.adapters if adapter.id == "lancers")
    elapsed = {level.word: spans[0].amount for level, spans in lancers.platform.stages["working"].row.elapsed.items()}
    assert (elapsed["notice"], elapsed["warn"]) == (9, 12)
    assert everything.origins["lancers"] == (Origin.BUILT_IN, Origin.PACKAGE, Origin.USER)
    assert everything.packages["lancers"].package == "brought_lancers 1.0"


CLASS = """
from adapters.recognise import TomlAdapter

class Mine(TomlAdapter):
    def recognise(self, mail):
        {body}
"""


def test_a_class_reads_what_a_file_cannot_say(folder: Path) -> None:
    code = CLASS.format(body="return super().recognise(mail)") + "    touched = True\n"
    install(folder, "bizseek", GOOD, target="brought_class:Mine", code=code, module="brought_class")
    adapter = found(folder).adapters[-1]
    assert adapter.touched  # type: ignore[attr-defined]
    notice = adapter.recognise(mail("info@bizseek.example", "山田さんからメッセージが届きました"))
    assert notice is not None
    assert notice.client == "山田"


def test_a_class_that_fails_on_a_mail_leaves_it_to_triage(folder: Path) -> None:
    code = CLASS.format(body="raise KeyError(mail.subject)")
    install(folder, "bizseek", GOOD, target="brought_failing:Mine", code=code, module="brought_failing")
    adapter = found(folder).adapters[-1]
    notice = adapter.recognise(mail("info@bizseek.example", "山田さんからメッセージが届きました"))
    assert notice is not None
    assert notice.kind == UNRECOGNISED
    assert adapter.recognise(mail("somebody@example.org", "x")) is None


@pytest.mark.parametrize(
    ("module", "file", "target", "code", "why"),
    [
        ("b1", "", "", "", "b1/bizseek.toml cannot be read"),
        ("b2", "id = ", "", "", "bizseek.toml:1:"),
        ("b3", GOOD.replace('turn = "me"', 'turn = "mine"'), "", "", "'mine' is no turn"),
        ("b4", GOOD.replace("(?P<client>.+)", "(?P<client>(?:.+)+)"), "", "", "a repetition inside a repetition"),
        ("b5", GOOD.replace('id = "bizseek"', 'id = "other"'), "", "", "its file says id = 'other'"),
        ("b6", GOOD, "nowhere_to_be_found", "", "no module named 'nowhere_to_be_found'"),
        ("b7", GOOD, "b7:Mine", "import nothing_of_that_name", "ModuleNotFoundError"),
        ("b8", GOOD, "b8:Mine", "", "AttributeError"),
        ("b9", GOOD, "b9:Mine", "Mine = dict", "no subclass of adapters.recognise.TomlAdapter"),
        ("b10", GOOD, "b10:Mine", "1/0", "ZeroDivisionError"),
        ("b11", GOOD, "b11:Mine", "raise SystemExit(3)", "SystemExit"),
    ],
)
def test_a_package_that_is_wrong_is_left_out_and_named(
    folder: Path, module: str, file: str, target: str, code: str, why: str
) -> None:
    install(folder, "bizseek", file, target=target, code=code, module=module)
    everything = found(folder)
    (broken,) = everything.broken
    assert broken.offer.package == f"{module} 1.0"
    assert why in broken.why
    assert [adapter.id for adapter in everything.adapters] == [adapter.id for adapter in find_adapters().adapters]


def test_the_users_mistake_over_a_package_is_the_users(folder: Path, tmp_path: Path) -> None:
    install(folder, "bizseek", GOOD)
    (tmp_path / "bizseek.toml").write_text('[stages.working]\nturn = "mine"\n')
    with pytest.raises(LocatedError, match=r"bizseek\.toml:2:1: turn: 'mine' is no turn"):
        found(folder, tmp_path)


def test_of_two_packages_with_one_platform_the_first_on_the_path_counts(tmp_path: Path) -> None:
    for place in ("one", "two"):
        install(tmp_path / place, "bizseek", GOOD, module=f"from_{place}")
    (offer,) = offers([str(tmp_path / "one"), str(tmp_path / "nothing"), str(tmp_path / "two")])
    assert offer.package == "from_one 1.0"


def test_a_list_of_entry_points_that_is_none_offers_nothing(tmp_path: Path) -> None:
    (tmp_path / "x-1.0.dist-info").mkdir()
    (tmp_path / "x-1.0.dist-info" / "entry_points.txt").write_bytes(b"otosata.adapters\xff\n= [\n")
    (tmp_path / "y-1.0.dist-info").mkdir()
    assert offers([str(tmp_path)]) == ()


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example package, built and installed without network into a folder of its own."""
    folder = tmp_path_factory.mktemp("example")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "dist")]
    subprocess.run(build, cwd=EXAMPLE, check=True, capture_output=True)
    (wheel,) = (folder / "dist").glob("*.whl")
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        "--target",
        str(folder / "site"),
    ]
    subprocess.run([*install, str(wheel)], check=True, cwd=folder)
    return folder / "site"


def test_the_example_is_installed_and_found(example: Path, tmp_path: Path) -> None:
    run = [sys.executable, "-P", "-m", "launch", "--config", str(tmp_path / "config.toml"), "--data", str(tmp_path)]
    (tmp_path / "config.toml").touch()
    done = subprocess.run(
        [*run, "--lang", "en", "adapters", "test", "kotonoha", "kazaguruma"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(example), str(EXAMPLE.parents[1])))},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "kotonoha" in done.stdout
    assert "kazaguruma" in done.stdout
