"""The teacher's desk, for both faces: groups of unknown mails, a lesson from some of them, its rehearsal, its rule."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from adapters.recognise import TomlAdapter
from adapters.tables import Data
from adapters.teaching.arrange import Conflict, arranged, conflicts, with_rules, without_rule
from adapters.teaching.build import Draft, Meaning, build, next_id
from adapters.teaching.clusters import compared
from adapters.teaching.guess import Guess
from adapters.teaching.propose import NO_WISH, Reading, TeachError, Wish, as_seen, read_mails
from config.assembly import Assembly
from config.groups import Group, Grouping
from config.taught import Place, TaughtRule, TaughtRules
from otosata.deals.event import Ledger
from otosata.deals.reading import Reading as DealReading
from otosata.deals.vocabulary import KINDS, Actor
from otosata.rejudge import EVERYTHING, Change, Court, Retrial, Scope, mail_of, rejudge
from otosata.store.errors import ActError
from otosata.store.store import Store
from otosata.store.values import MailRow, MailState


class Bench(Protocol):
    """What the teacher needs of the desk."""

    now: Callable[[], datetime]

    @property
    def assembly(self) -> Assembly:
        """The configuration at work."""

    def store(self, *, read_only: bool = True) -> AbstractContextManager[Store]:
        """The ledger, for as long as the block lasts."""

    def court(self) -> Court:
        """What stored mail is judged by."""

    def reading(self, ledger: Ledger) -> DealReading | None:
        """A deal now."""

    def reload(self) -> None:
        """Read the configuration and the adapters anew."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """Some mails of one template, and which words of them are what."""

    adapter: TomlAdapter
    mails: tuple[MailRow, ...]
    readings: tuple[Reading, ...]
    guess: Guess | None
    shown: frozenset[int]
    """Those that the user has named; the others are of their group."""
    wish: Wish = NO_WISH


@dataclass(frozen=True, slots=True)
class Move:
    """What a rule does to a deal."""

    deal: str
    """The id it has, or would get."""
    before: DealReading | None
    """None: it would be opened."""
    after: DealReading | None
    """None: nothing would be left of it."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would happen, or has happened."""

    platform: str
    changes: tuple[Change, ...]
    """Stored mails that are judged otherwise."""
    moves: tuple[Move, ...]
    conflicts: tuple[Conflict, ...] = ()
    """Samples of other rules that the rule would take."""
    draft: Draft | None = None
    shown: frozenset[int] = field(default_factory=frozenset)
    """The mails that the user has shown."""

    @property
    def others(self) -> tuple[Change, ...]:
        """Mails that are caught besides those shown."""
        return tuple(change for change in self.changes if change.before.id not in self.shown)

    @property
    def taken(self) -> tuple[Change, ...]:
        """Mails that another rule knows as something else, and that this one would take."""
        if self.draft is None:
            return ()
        own = (None, f"{self.platform}/{self.draft.id}")
        return tuple(change for change in self.others if change.before.notice and change.before.notice.rule not in own)


class Teaching:
    """Reads and writes at the desk. TeachError: no rule can be made so. ActError: there is no such mail or rule."""

    def __init__(self, desk: Bench) -> None:
        self._desk = desk

    # ------------------------------------------------------------------------------------------------ looking

    def groups(self) -> tuple[Group, ...]:
        """What no rule knew and nobody has decided, by template; the largest group first."""
        with self._desk.store() as store, store.snapshot():
            waiting = store.mails(state=MailState.TRIAGE)
            ledgers = store.ledgers() if waiting else ()
        return Grouping(self._adapters, ledgers).groups(waiting) if waiting else ()

    def lesson(self, mails: Sequence[int], wish: Wish = NO_WISH, *, others: Sequence[int] = ()) -> Lesson:
        """Propose which words are what. `wish`: the user's word on the first mail; `others`: more of their group."""
        with self._desk.store() as store, store.snapshot():
            rows = tuple(_found(store.mail(mail), mail) for mail in (*mails, *others))
            ledgers = store.ledgers()
        platforms = {row.adapter for row in rows}
        adapter = self._adapters.get(rows[0].adapter or "")
        if len(platforms) > 1 or adapter is None:
            raise TeachError("the mails are not of one platform", "teach those of each platform for themselves")
        texts = [adapter.readable(row.text or "") for row in rows]
        grouping = Grouping(self._adapters, ledgers)
        mails_seen = [as_seen(adapter, mail_of(row)) for row in rows]
        readings = read_mails(mails_seen, texts, grouping.known[adapter.id], wish)
        return Lesson(adapter, rows, readings, grouping.guess(rows[0]), frozenset(mails), wish)

    def learned(self) -> tuple[TaughtRule, ...]:
        """Every rule that was taught, with where it stands."""
        return self._files.rules()

    def others_like(self, mail: int, most: int) -> tuple[int, ...]:
        """Some mails of its group with other subjects: where they differ stands a name."""
        group = next((group for group in self.groups() if mail in group.cluster.mails), None)
        if group is None:
            return ()
        mine = next(row.subject for row in group.mails if row.id == mail)
        found = {row.subject: row.id for row in reversed(group.mails) if row.subject != mine}
        return tuple(found.values())[-most:]

    def counts(self) -> Mapping[str, int]:
        """How many stored mails each rule knows, by `lancers/taught-1`."""
        with self._desk.store() as store:
            return store.count_by_rule()

    def mails_of(self, rule: TaughtRule) -> tuple[MailRow, ...]:
        """The stored mails that a rule knows, latest first."""
        with self._desk.store() as store:
            rows = [row for row in store.judged_mails() if row.notice and row.notice.rule == rule.name]
        return tuple(reversed(rows))

    # ------------------------------------------------------------------------------------------------ teaching

    def draft(self, lesson: Lesson, meaning: Meaning, *, replacing: str = "") -> tuple[Lesson, Draft]:
        """The narrowest rule for the lesson's mails, and the lesson that it was made from.

        Others of the group are left out where no rule covers them as well. `replacing`: a taught rule whose place it
        takes.
        """
        allowed = KINDS[meaning.event].actors
        if meaning.actor not in allowed:
            raise TeachError(f"{meaning.event!r} is never done by {meaning.actor!r}", f"allowed: {', '.join(allowed)}")
        if not replacing:
            _refuse_known(lesson, meaning)
        adapter = without_rule(lesson.adapter, replacing) if replacing else lesson.adapter
        phrase = lesson.wish.phrase
        try:
            return lesson, build(adapter, lesson.readings, meaning, phrase=phrase, identity=replacing)
        except TeachError:
            named = [row.id for row in lesson.mails if row.id in lesson.shown]
            if len(named) == len(lesson.mails):
                raise
            alone = self.lesson(named, lesson.wish)
            return alone, build(adapter, alone.readings, meaning, phrase=phrase, identity=replacing)

    def rehearse(self, lesson: Lesson, draft: Draft) -> Rehearsal:
        """What the rule would catch and move, over the whole stored history; nothing is changed."""
        adapter, before = self._with(lesson.adapter, draft)
        clashes = conflicts(before, adapter, draft.id)
        changes, moves = self._retry(adapter, draft.id, rehearse=True)
        return Rehearsal(adapter.id, changes, moves, clashes, draft, lesson.shown)

    def save(self, lesson: Lesson, draft: Draft, place: Place = Place.SETTINGS) -> Rehearsal:
        """Write the rule down and judge the stored mail by it; what has come of it."""

        known = {rule.id for rule in lesson.adapter.recogniser.rules}

        def arrange(taught: Mapping[str, Data]) -> dict[str, Data]:
            nonlocal draft
            if draft.id in taught and draft.id not in known:  # another process was faster with that name
                draft = replace(draft, id=next_id(with_rules(lesson.adapter, taught)))
            return arranged(_without(lesson.adapter, taught), taught, draft)

        self._files.change(lesson.adapter.id, draft, place, arrange)
        adapter = self._reloaded(lesson.adapter.id)
        if not any(rule.id == draft.id for rule in adapter.recogniser.rules):
            raise ActError(
                f"the rule {draft.id} was not found where it was written", "`otosata config path` names the files"
            )
        changes, moves = self._retry(adapter, draft.id, about={"taught": draft.id})
        return Rehearsal(adapter.id, changes, moves, (), draft, lesson.shown)

    def rehearse_removal(self, rule: TaughtRule) -> Rehearsal:
        """What would become of the mails that the rule knows."""
        adapter = without_rule(self._adapters[rule.platform], rule.id)
        changes, moves = self._retry(adapter, rule.id, rehearse=True)
        return Rehearsal(rule.platform, changes, moves)

    def remove(self, rule: TaughtRule) -> Rehearsal:
        """Forget a rule; the events that followed from it are taken back."""
        self._files.remove(rule)
        adapter = self._reloaded(rule.platform)
        changes, moves = self._retry(adapter, rule.id, about={"forgot": rule.name})
        return Rehearsal(rule.platform, changes, moves)

    def rejudge(self, *, rehearse: bool) -> Rehearsal:
        """Judge the whole history by what the files say now."""
        changes, moves = self._judge(self._desk.court(), EVERYTHING, {"asked": True}, rehearse=rehearse)
        return Rehearsal("", changes, moves)

    def find(self, name: str) -> TaughtRule:
        """A taught rule by `lancers/taught-1`, or `taught-1` where one platform has it. ActError."""
        fitting = [rule for rule in self.learned() if name in (rule.name, rule.id)]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            raise ActError(f"several platforms have a rule {name}", ", ".join(rule.name for rule in fitting))
        raise ActError(f"no rule {name} was taught", "`otosata triage rules` lists those that were")

    # ------------------------------------------------------------------------------------------------ inside

    @property
    def _adapters(self) -> dict[str, TomlAdapter]:
        return self._desk.assembly.toml_adapters

    @property
    def _files(self) -> TaughtRules:
        return TaughtRules(self._desk.assembly, tuple(self._adapters))

    def _reloaded(self, platform: str) -> TomlAdapter:
        self._desk.reload()
        return self._adapters[platform]

    def _with(self, adapter: TomlAdapter, draft: Draft) -> tuple[TomlAdapter, TomlAdapter]:
        """The adapter with the rule among those that were taught; and without it."""
        taught = self._files.in_settings(adapter.id)
        bare = _without(without_rule(adapter, draft.id), taught)
        others = {name: table for name, table in taught.items() if name != draft.id}
        return with_rules(bare, arranged(bare, taught, draft)), with_rules(bare, others)

    def _retry(
        self,
        adapter: TomlAdapter,
        rule: str,
        *,
        rehearse: bool = False,
        about: Mapping[str, object] | None = None,
    ) -> tuple[tuple[Change, ...], tuple[Move, ...]]:
        """Judge the mails that a rule of the adapter knows, or knew."""
        court, name = self._desk.court(), f"{adapter.id}/{rule}"
        judges = [adapter if one.id == adapter.id else one for one in court.adapters]
        patterns = [one.subject for one in adapter.recogniser.rules if one.id == rule and one.subject]

        def glance(row: MailRow) -> bool:
            if row.forwarded or (row.notice and row.notice.rule == name):
                return True
            return row.adapter == adapter.id and any(one.search(compared(row.subject)) for one in patterns)

        tried = Court(judges, court.rules, court.policies)
        return self._judge(tried, Scope(rules=frozenset([name]), glance=glance), about or {}, rehearse=rehearse)

    def _judge(
        self, court: Court, scope: Scope, about: Mapping[str, object], *, rehearse: bool
    ) -> tuple[tuple[Change, ...], tuple[Move, ...]]:
        with self._desk.store(read_only=rehearse) as store:
            done = rejudge(store, court, self._desk.now(), scope, about=about, rehearse=rehearse, compare=True)
        return done.changes, tuple(self._moves(done))

    def _moves(self, done: Retrial) -> Iterable[Move]:
        """The deals that read otherwise, or are opened, or gone."""
        before, after = ({one.deal.id: one for one in ledgers} for ledgers in (done.before, done.after))
        for deal in {**before, **after}:
            if before.get(deal) != after.get(deal):
                old, new = (self._read(ledgers.get(deal)) for ledgers in (before, after))
                if _shown(old) != _shown(new):
                    yield Move(deal, old, new)

    def _read(self, ledger: Ledger | None) -> DealReading | None:
        return self._desk.reading(ledger) if ledger is not None and ledger.events else None


def _shown(reading: DealReading | None) -> object:
    """What of a deal a rule may change: its clocks, level, stage and turn."""
    if reading is None:
        return None
    contact = reading.last_contact
    clocks = (contact.at if contact else None, reading.silence_seconds, reading.waiting_since, reading.unanswered)
    return (*clocks, reading.level, reading.stage, reading.turn)


def _refuse_known(lesson: Lesson, meaning: Meaning) -> None:
    """A rule that says what another one says already would be of no use."""
    first = lesson.mails[0]
    notice = first.notice
    if notice is None or notice.rule is None or lesson.wish != NO_WISH:
        return
    if (notice.kind, notice.actor) == (meaning.event, meaning.actor):
        raise TeachError(
            f"mail {first.id} is known as that already, by {notice.rule}",
            "`otosata triage assign` puts it into a deal; give --client or --title where they are read wrongly",
        )


def _without(adapter: TomlAdapter, rules: Iterable[str]) -> TomlAdapter:
    for rule in rules:
        adapter = without_rule(adapter, rule)
    return adapter


def _found(row: MailRow | None, mail: int) -> MailRow:
    if row is None:
        raise ActError(f"there is no mail {mail}", "`otosata triage` lists what waits for your word")
    if row.adapter is None or row.state in (MailState.FOREIGN, MailState.DUPLICATE, MailState.QUARANTINE):
        raise TeachError(f"mail {mail} is no platform's", "only mail of a platform's senders can be taught")
    return row


def meaning_of(event: str, by: str | None) -> Meaning:
    """What the user says a mail is. TeachError names the words that are allowed."""
    kind = KINDS.get(event)
    if kind is None:
        raise TeachError(f"there is no event {event!r}", f"events: {' '.join(KINDS)}")
    if by is None and len(kind.actors) > 1:
        raise TeachError(f"{event!r} can be the client's or mine", f"say who acted: {' or '.join(kind.actors)}")
    actor = kind.actors[0] if by is None else Actor(by) if by in tuple(Actor) else None
    if actor not in kind.actors:
        raise TeachError(f"{event!r} is never done by {by!r}", f"allowed: {', '.join(kind.actors)}")
    return Meaning(event, actor)
