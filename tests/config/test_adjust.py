"""What can be set in the app: what it says and who says so, what it would change today, and the way back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.adjust import Section, Setting, apply, as_toml, change, sections, shifts
from config.assembly import Assembly, assemble
from config.places import Options
from config.problems import ConfigError
from config.write import SettingsWriter
from otosata.deals.event import Deal, Event, Ledger, Mark, MarkKind
from otosata.deals.vocabulary import Actor

NOW = datetime(2026, 11, 20, 0, tzinfo=UTC)
WARN = "platforms.lancers.stages.working.warn"


class World:
    """A configuration on disk."""

    def __init__(self, folder: Path) -> None:
        self.options = Options(config=folder / "config.toml", data=folder / "data", lang="ja")
        self.environ: dict[str, str] = {}
        self.file = folder / "config.toml"
        self.file.write_text("", encoding="utf-8")

    @property
    def assembly(self) -> Assembly:
        return assemble(self.options, self.environ)

    @property
    def writer(self) -> SettingsWriter:
        return SettingsWriter(self.options, self.environ, self.assembly.platforms)

    @property
    def sections(self) -> list[Section]:
        return list(sections(self.assembly, ("poll", "help")))

    def setting(self, key: str) -> Setting:
        return next(one for section in self.sections for one in section.settings if one.dotted == key)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_general_calendar_thresholds_and_keys_can_be_set(world: World) -> None:
    found = [(section.name, section.stage) for section in world.sections]
    assert found[:2] == [("general", ""), ("calendar", "")]
    assert ("stage", "working") in found
    assert ("deal_limit", "") in found
    assert found[-1] == ("keys", "")
    assert ("stage", "done") not in found, "no threshold counts where a deal is over"
    assert [one.dotted for one in world.sections[-1].settings] == ["keys.poll", "keys.help"]


def test_a_setting_says_what_is_in_force_and_who_says_so(world: World) -> None:
    before = world.setting(WARN)
    assert before.text == '["5d", "3bd"]'
    assert before.value is not None
    assert before.value.origin.layer == "adapter"
    assert (before.own, before.beneath) == (None, '["5d", "3bd"]')
    world.file.write_text(f'{WARN} = ["6d"]\nlanguage = "en"\n', encoding="utf-8")
    change(world.setting(WARN), '["8d"]', world.writer)
    after = world.setting(WARN)
    assert (after.text, after.beneath) == ('["8d"]', '["6d"]')
    assert world.setting("language").text == "en"
    assert world.setting("stale_after").text == ""


TYPED = {
    "a list as it is thought of": (WARN, "8d, 5bd", '["8d", "5bd"]'),
    "or as TOML": (WARN, '["8d"]', '["8d"]'),
    "no threshold at all": (WARN, "[]", "[]"),
    "nothing": (WARN, "  ", None),
    "a word": ("language", " en ", "en"),
    "a period": ("interval", "5m", "5m"),
    "dates": ("calendar.closed", "[2026-12-30]", "[2026-12-30]"),
    "keys": ("keys.poll", "f5, r", '["f5", "r"]'),
}


@pytest.mark.parametrize(("key", "typed", "toml"), TYPED.values(), ids=TYPED)
def test_what_is_typed_becomes_toml(world: World, key: str, typed: str, toml: str | None) -> None:
    setting = world.setting(key)
    assert as_toml(setting.key, typed) == toml
    change(setting, toml, world.writer)
    if toml:
        again = as_toml(setting.key, world.setting(key).typed)
        change(world.setting(key), again, world.writer)
        assert world.setting(key).text == toml


def test_a_variable_of_the_environment_is_in_force_whatever_is_written(world: World) -> None:
    world.environ["OTOSATA__INTERVAL"] = "5m"
    assert world.setting("interval").is_overruled
    change(world.setting("interval"), '"9m"', world.writer)
    assert world.setting("interval").text == "5m"
    assert world.setting("interval").own is not None


def test_a_change_is_taken_back_to_what_settings_said_before(world: World) -> None:
    first = change(world.setting(WARN), '["8d"]', world.writer)
    second = change(world.setting(WARN), '["9d"]', world.writer)
    apply(second.key, second.before, world.writer)
    assert world.setting(WARN).text == '["8d"]'
    apply(first.key, first.before, world.writer)
    assert world.setting(WARN).text == '["5d", "3bd"]'
    assert world.setting(WARN).own is None


def test_a_value_may_be_taken_out_and_put_back(world: World) -> None:
    change(world.setting("language"), "en", world.writer)
    taken = change(world.setting("language"), None, world.writer)
    assert world.setting("language").text == "auto"
    apply(taken.key, taken.before, world.writer)
    assert world.setting("language").text == "en"


@pytest.mark.parametrize("text", ["", "[", "8", '["8 weeks"]', '["8d@moon"]', "{ a = 1 }", "\x00"])
def test_what_does_not_read_changes_nothing_and_says_what_would(world: World, text: str) -> None:
    with pytest.raises(ConfigError) as told:
        change(world.setting(WARN), text, world.writer)
    assert told.value.problems[0].hint
    assert not world.assembly.places.settings_file.exists()


def waiting(number: int, days: float, *marks: Mark, client: str = "佐藤") -> Ledger:
    at = NOW - timedelta(days=days)
    story = (("contract", Actor.CLIENT, -9), ("fund", Actor.CLIENT, -8), ("message", Actor.CLIENT, -1))
    events = [Event(at + timedelta(days=day), kind, who, key=f"mail:{number}") for kind, who, day in story]
    events.append(Event(at, "message", Actor.ME, key=f"hand:{number}"))
    return Ledger(Deal(f"lancers-{number}", "lancers", client), tuple(events), marks)


LEDGERS = (
    waiting(1, 5.5),
    waiting(2, 3.5),
    waiting(3, 5.5, Mark(NOW - timedelta(hours=1), MarkKind.CLOSE)),
    waiting(4, 0.2),
)


def test_the_deals_that_would_read_differently_today(world: World) -> None:
    found = shifts(world.assembly, [(WARN, '["9d"]'), (WARN.replace("warn", "critical"), '["20d"]')], LEDGERS, NOW)
    assert [(one.deal.id, one.before.level.word, one.after.level.word) for one in found] == [
        ("lancers-1", "warn", "notice")
    ]
    louder = shifts(world.assembly, [(WARN, '["3d"]')], LEDGERS, NOW)
    assert [(one.deal.id, one.before.level.word, one.after.level.word) for one in louder] == [
        ("lancers-2", "notice", "warn")
    ]


def test_days_off_move_levels_too(world: World) -> None:
    closed = "[{ from = 2026-11-13, to = 2026-11-20 }]"
    found = shifts(world.assembly, [("calendar.closed", closed)], LEDGERS, NOW)
    assert {one.deal.id for one in found} == {"lancers-1", "lancers-2"}


def test_what_concerns_no_deal_moves_none(world: World) -> None:
    assert shifts(world.assembly, [("interval", "9m")], LEDGERS, NOW) == ()
    assert shifts(world.assembly, [("platforms.coconala.stages.working.warn", '["1d"]')], LEDGERS, NOW) == ()


def test_a_trial_that_does_not_read_is_told(world: World) -> None:
    with pytest.raises(ConfigError):
        shifts(world.assembly, [(WARN, '["soon"]')], LEDGERS, NOW)


def test_clients_with_thresholds_of_their_own_are_told_apart(world: World) -> None:
    """Each has a platform made for him alone: one that is gone must not be taken for the next one's."""
    world.file.write_text("".join(f'[clients."客{place}"]\nwarn = ["9d"]\n' for place in range(9)), encoding="utf-8")
    ledgers = [waiting(place, 5.5, client=f"客{place}") for place in range(9)]
    for place in range(9):
        found = shifts(world.assembly, [(f'clients."客{place}".warn', '["3d"]')], ledgers, NOW)
        assert [shift.deal.id for shift in found] == [f"lancers-{place}"]
