"""Decides what is to be said: from what was said before and how things stand now. Pure."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta

from otosata.deals.clocks import Moment
from otosata.deals.limits import passed_at
from otosata.deals.reading import Reading
from otosata.deals.vocabulary import Level, Turn
from otosata.notify.facts import BlindFact, DealFact, Fact, Sense, WholeFact
from otosata.notify.hours import Digest
from otosata.notify.kinds import Kind
from otosata.overview import NO_ADAPTER, AccountState, Overview

_LEVELS = {level.word: level for level in Level}


@dataclass(frozen=True, slots=True)
class When:
    """When the user wants to hear."""

    limit_before: timedelta = timedelta(days=1)
    """A hard date is near from here on."""
    remind_every: timedelta = timedelta(days=1)
    """Time between two reminders of the same bad state."""
    reminders: int = 3
    """How many reminders at most; 0: none."""
    blind_after: timedelta = timedelta(minutes=30)
    """A mailbox that fails for less is not worth a word."""
    digest: Digest | None = None


@dataclass(frozen=True, slots=True)
class SaidDeal:
    """What was last said of a deal."""

    level: str = Level.OK.word
    turn: str = Turn.NONE.value
    limit: str = ""
    """The hard date that was spoken of."""
    at: str = ""
    """When its level was last spoken of."""
    reminders: int = 0


@dataclass(frozen=True, slots=True)
class SaidBlind:
    """What is known of a blindness."""

    since: str
    at: str = ""
    """When it was last spoken of; empty: not yet."""
    reminders: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What to say, and what counts as said then."""

    facts: tuple[Fact, ...]
    said: Mapping[str, str] = field(default_factory=dict)


def plan(before: Mapping[str, str] | None, overview: Overview, when: When) -> Plan:
    """What is to be said. `before` None: nothing was ever said, so the deals as they are make one message."""
    facts: list[Fact] = []
    said: dict[str, str] = {}
    deals = [found for reading in overview.readings if (found := _of_deal(reading, before or {}, overview.now, when))]
    for subject, fact, value in deals:
        said[subject] = _text(value)
        if fact is not None and before is not None:
            facts.append(fact)
    for subject, blind_fact, blind in _blindness(before or {}, overview, when):
        if blind is not None:
            said[subject] = _text(blind)
        if blind_fact is not None:
            facts.append(blind_fact)
    if when.digest is not None:
        due = when.digest.day(overview.now).isoformat()
        last = (before or {}).get(Kind.DIGEST)
        said[Kind.DIGEST] = max(due, last or due)  # a clock that was put back sends no second digest
        if before is not None and last is not None and last < due:
            facts.append(WholeFact(Kind.DIGEST, overview))
    if before is None:
        facts.insert(0, WholeFact(Kind.START, overview))
    return Plan(tuple(facts), said)


def _of_deal(
    reading: Reading, before: Mapping[str, str], now: datetime, when: When
) -> tuple[str, DealFact | None, SaidDeal] | None:
    """What is to be said of a deal, and remembered; None for one that is to be forgotten."""
    subject = f"deal:{reading.deal.id}"
    known = SaidDeal(**json.loads(before[subject])) if subject in before else SaidDeal()
    if reading.closed_by_hand or (reading.is_over and subject not in before):
        return None
    if reading.is_quiet:  # and whatever is still bad when that ends is news again
        return subject, None, SaidDeal(turn=reading.turn.value, limit=known.limit)
    was = _LEVELS.get(known.level, Level.OK)
    kinds = set(_kinds(reading, known, was, now, when))
    if reading.unknown:  # its clocks run on, but perhaps the client has written: only a hard date is certain
        kinds &= {Kind.LIMIT}
        value = known
    else:
        value = _remembered(reading, known, kinds, now)
    if Kind.LIMIT in kinds:
        value = replace(value, limit=_limit_text(near_limits(reading, now, when.limit_before)))
    fact = DealFact(reading, frozenset(kinds), was, value.reminders if Kind.REMINDER in kinds else 0) if kinds else None
    if reading.is_over:
        return (subject, fact, value) if fact else None
    return subject, fact, value


def _kinds(reading: Reading, known: SaidDeal, was: Level, now: datetime, when: When) -> Iterator[Kind]:
    if reading.is_over:
        if was > Level.OK:
            yield Kind.LEVEL
        return
    if reading.level != was:
        yield Kind.LEVEL
    elif reading.level >= Level.WARN and known.reminders < when.reminders and _passed(known.at, now, when.remind_every):
        yield Kind.REMINDER
    if reading.turn is Turn.ME and known.turn != Turn.ME:
        yield Kind.TURN
    near = near_limits(reading, now, when.limit_before)
    if set(_limit_text(near).split()) - set(known.limit.split()):
        yield Kind.LIMIT


def _remembered(reading: Reading, known: SaidDeal, kinds: set[Kind], now: datetime) -> SaidDeal:
    spoken = kinds & {Kind.LEVEL, Kind.REMINDER} or not known.at
    reminders = 0 if Kind.LEVEL in kinds else known.reminders + (Kind.REMINDER in kinds)
    return SaidDeal(
        level=reading.level.word,
        turn=reading.turn.value,
        limit=known.limit,
        at=now.isoformat() if spoken else known.at,
        reminders=reminders,
    )


def near_limits(reading: Reading, now: datetime, before: timedelta) -> tuple[Moment, ...]:
    """The deal's hard dates that are ahead, and no farther than `before`; a mere date is as near as its day."""
    return tuple(limit for limit in (reading.limit, reading.deal_limit) if limit and _is_near(limit, now, before))


def _is_near(limit: Moment, now: datetime, before: timedelta) -> bool:
    ends = passed_at(limit)
    begins = ends if isinstance(limit, datetime) else ends - timedelta(days=1)
    return now < ends and begins <= now + before


def _limit_text(limits: tuple[Moment, ...]) -> str:
    return " ".join(limit.isoformat() for limit in limits)


def _passed(since: str, now: datetime, span: timedelta) -> bool:
    return bool(since) and now - datetime.fromisoformat(since) >= span


def _blindness(
    before: Mapping[str, str], overview: Overview, when: When
) -> Iterator[tuple[str, BlindFact | None, SaidBlind | None]]:
    """For each sense that does not work, or did not: its subject, what to say, what to remember (None: forget)."""
    now = overview.now
    blind = {fact.subject: fact for fact in _blind_now(overview)}
    for subject, found in blind.items():
        known = SaidBlind(**json.loads(before[subject])) if subject in before else SaidBlind(now.isoformat())
        fact = replace(found, since=datetime.fromisoformat(known.since))
        if not known.at:
            waits = bool(fact.error) and not _passed(known.since, now, when.blind_after)
            told = None if waits else fact
            yield subject, told, known if waits else replace(known, at=now.isoformat())
        elif known.reminders < when.reminders and _passed(known.at, now, when.remind_every):
            number = known.reminders + 1
            yield subject, replace(fact, number=number), replace(known, at=now.isoformat(), reminders=number)
        else:
            yield subject, None, known
    there = {f"{Sense.ACCOUNT}:{account.name}" for account in overview.accounts}
    there |= {f"{Sense.ADAPTER}:{adapter.id}" for adapter in overview.adapters}
    for subject in sorted((before.keys() & there) - blind.keys()):
        known = SaidBlind(**json.loads(before[subject]))
        sense, _, name = subject.partition(":")
        if known.at:
            yield subject, BlindFact(Sense(sense), name, datetime.fromisoformat(known.since), over=True), None


def _blind_now(overview: Overview) -> Iterator[BlindFact]:
    for account in overview.accounts:
        if account.state is not AccountState.OK:
            yield BlindFact(Sense.ACCOUNT, account.name, overview.now, account.error or "")
    for adapter in overview.adapters:
        if adapter.stale:
            yield BlindFact(Sense.ADAPTER, adapter.id, overview.now)
    for problem in overview.problems:
        if problem.code == NO_ADAPTER:
            yield BlindFact(Sense.PLATFORM, problem.message.partition(":")[0], overview.now)


def _text(value: SaidDeal | SaidBlind) -> str:
    return json.dumps(asdict(value), separators=(",", ":"))
