"""Puts what there is to say into words, in the user's language and with as much detail as a channel may have."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from config.model import Details
from config.texts.catalogue import Catalogue
from otosata.deals.clocks import Moment
from otosata.deals.limits import passed_at
from otosata.deals.reading import UNKNOWN, Reading
from otosata.deals.vocabulary import Level, Turn
from otosata.notify.facts import BlindFact, DealFact, Fact, ManyFacts, Sense, WholeFact
from otosata.notify.kinds import Kind
from otosata.notify.message import Message, message_id
from otosata.notify.neutral import unlinked
from otosata.overview import AccountState, Overview, urgency

MOST_LINES = 20
"""Deals in a digest; the app shows the rest."""
WORTH_A_WORD = timedelta(days=30)
"""A hard date farther away is not mentioned."""
_LINK = re.compile(r"https://[A-Za-z0-9./?=&_%~#+:-]{1,500}")
"""A link that no service can read as anything else."""


class Wording:
    """Words for one channel. `platforms`: the ones it hears of; empty: all."""

    def __init__(
        self, texts: Catalogue, zone: tzinfo, details: Details = Details.NONE, platforms: frozenset[str] = frozenset()
    ) -> None:
        self._texts, self._zone, self._details, self._platforms = texts, zone, details, platforms

    def message(self, fact: Fact, channel: str, now: datetime) -> Message:
        """The message of a fact for a channel."""
        at = now.isoformat()
        id_ = message_id(channel, fact.subject, at)
        match fact:
            case DealFact():
                return self._deal(fact, id_, at)
            case BlindFact():
                return self._blind(fact, id_, at)
            case WholeFact():
                return self._whole(fact, id_, at)
            case ManyFacts():
                level = max(one.reading.level for one in fact.facts).word
                title = self._t("notify.many", n=len(fact.facts))
                lines = tuple(self._title(one) for one in fact.facts[:MOST_LINES])
                return Message(id_, Kind.LEVEL, level, title, (*lines, *self._more(len(fact.facts))), at)

    def test(self, channel: str, now: datetime) -> Message:
        """A message that says nothing but that it has arrived."""
        at = now.isoformat()
        title, line = self._t("notify.test"), self._t("notify.test_line", channel=channel)
        return Message(message_id(channel, Kind.TEST, at), Kind.TEST, Level.OK.word, title, (line,), at)

    def late(self, at: str) -> str:
        """The line that says when a late message was true."""
        return self._t("notify.late", at=self.when(datetime.fromisoformat(at)))

    def when(self, at: Moment) -> str:
        """A time in the zone of the screen, or a date."""
        local = at.astimezone(self._zone) if isinstance(at, datetime) else at
        day = self._t("notify.day", year=local.year, month=local.month, day=local.day)
        return f"{day} {local:%H:%M}" if isinstance(local, datetime) else day

    def span(self, length: timedelta) -> str:
        """`5d`, `7h`: whole days from one on, else hours."""
        if length >= timedelta(days=1):
            return self._t("notify.days", n=length.days)
        return self._t("notify.hours", n=int(length.total_seconds()) // 3600)

    # One deal

    def _deal(self, fact: DealFact, id_: str, at: str) -> Message:
        reading = fact.reading
        kind = next(one for one in (Kind.LEVEL, Kind.REMINDER, Kind.TURN, Kind.LIMIT) if one in fact.kinds)
        url = reading.deal.url or ""
        return Message(
            id_,
            kind,
            reading.level_word,
            self._title(fact),
            tuple(self._lines(reading)),
            at,
            reading.deal.id,
            reading.deal.platform,
            url if self._details is not Details.NONE and _LINK.fullmatch(url) else "",
        )

    def _title(self, fact: DealFact) -> str:
        reading = fact.reading
        words = {"deal": reading.deal.id, "level": self._level(reading.level_word), "what": self._what(reading)}
        if Kind.LEVEL in fact.kinds:
            if reading.level > fact.before:
                return self._t("notify.up", **words)
            return self._t(
                "notify.over" if reading.is_over else "notify.down", **words, before=self._level(fact.before.word)
            )
        if Kind.REMINDER in fact.kinds:
            return self._t("notify.reminder", **words, nth=self._nth(fact.number))
        if Kind.TURN in fact.kinds:
            return self._t("notify.turn", **words)
        return self._t("notify.limit", **words, limits=self._limits(reading))

    def _what(self, reading: Reading) -> str:
        """The one thing that matters most: how long the client has been silent, or that he waits for me."""
        if reading.turn is Turn.ME:
            return self._t("notify.your_turn")
        if reading.silence_seconds is not None:
            return self._t("notify.silent", span=self.span(timedelta(seconds=reading.silence_seconds)))
        if reading.waiting_seconds is not None:
            return self._t("notify.waiting", span=self.span(timedelta(seconds=reading.waiting_seconds)))
        return ""

    def _nth(self, number: int) -> str:
        return self._t(f"notify.nth_{number}") if number <= 3 else self._t("notify.nth_n", n=number)

    def _lines(self, reading: Reading) -> Iterator[str]:
        named = self._named(reading)
        if named:
            yield named
        yield f"{reading.deal.platform} / {self._texts.t(f'turns.{reading.turn.value}')}"
        if contact := reading.last_contact:
            event = self._texts.t(f"events.{contact.kind}")
            yield self._t("notify.last_contact", event=event, at=self.when(contact.at))
        if limits := self._limits(reading):
            yield self._t("notify.limit_line", limits=limits)
        for advice in reading.advice:
            yield " ".join(advice.text(self._texts.lang, self.when(advice.due) if advice.due else "?").split())

    def _named(self, reading: Reading) -> str:
        client = reading.deal.client if self._details is not Details.NONE else ""
        title = reading.deal.title if self._details is Details.FULL else ""
        named = " ".join(part for part in (client, f"「{title}」" if title else "") if part)
        return unlinked(named)  # a stranger's words, and each service makes links of what looks like one

    def _limits(self, reading: Reading) -> str:
        limits = (limit for limit in (reading.limit, reading.deal_limit) if limit is not None)
        ahead = [limit for limit in limits if reading.now < passed_at(limit) <= reading.now + WORTH_A_WORD]
        return ", ".join(
            self._t("notify.limit_at", at=self.when(limit), left=self._left(limit, reading.now)) for limit in ahead
        )

    def _left(self, limit: Moment, now: datetime) -> str:
        return self.span(passed_at(limit) - now)

    # What makes us blind

    def _blind(self, fact: BlindFact, id_: str, at: str) -> Message:
        stale = fact.sense is Sense.ACCOUNT and not fact.error
        how = "over" if fact.over else "stale" if stale else "blind"
        title = self._t(f"notify.{fact.sense}_{how}", name=fact.name)
        if fact.number:
            title = self._t("notify.still", title=title, nth=self._nth(fact.number))
        lines = [
            self._t("notify.since", at=self.when(fact.since), span=self.span(datetime.fromisoformat(at) - fact.since))
        ]
        if fact.error and self._details is Details.FULL:
            lines.append(unlinked(fact.error))
        if not fact.over:
            lines.append(self._t("notify.blind_means"))
        return Message(id_, Kind.BLIND, Level.OK.word if fact.over else UNKNOWN, title, tuple(lines), at)

    # Everything

    def _whole(self, fact: WholeFact, id_: str, at: str) -> Message:
        overview = fact.overview
        mine = [one for one in overview.counted if not self._platforms or one.deal.platform in self._platforms]
        bad = sorted((one for one in mine if one.unknown or one.level > Level.OK or one.turn is Turn.ME), key=urgency)
        counts = self._counts(mine)
        title = self._t(f"notify.{fact.kind}", day=self.when(overview.now.astimezone(self._zone).date()), counts=counts)
        lines = [self._deal_line(one) for one in bad[:MOST_LINES]]
        lines += self._more(len(bad))
        lines += self._senses(overview)
        if overview.summary.triage:
            lines.append(self._t("notify.triage", n=overview.summary.triage))
        if not lines:
            lines.append(self._t("notify.all_well"))
        if fact.kind is Kind.START:
            lines.append(self._t("notify.from_now_on"))
        level = max((one.level for one in mine), default=Level.OK).word
        return Message(id_, fact.kind, level, title, tuple(lines), at)

    def _counts(self, readings: list[Reading]) -> str:
        words = [reading.level_word for reading in readings]
        shown = [word for word in ("critical", "warn", "notice", UNKNOWN) if word in words]
        counts = [f"{self._level(word)} {words.count(word)}" for word in shown]
        return ", ".join(counts) or self._t("notify.no_alarm", n=len(readings))

    def _deal_line(self, reading: Reading) -> str:
        parts = [self._level(reading.level_word), reading.deal.id, self._named(reading), self._what(reading)]
        return " ".join(part for part in (*parts, self._limits(reading)) if part)

    def _more(self, count: int) -> list[str]:
        return [self._t("notify.more", n=count - MOST_LINES)] if count > MOST_LINES else []

    def _senses(self, overview: Overview) -> list[str]:
        blind = [account for account in overview.accounts if account.state is not AccountState.OK]
        lines = [
            self._t(f"notify.account_{'blind' if account.state is AccountState.FAILED else 'stale'}", name=account.name)
            for account in blind
        ]
        return lines + [self._t("notify.adapter_blind", name=one.id) for one in overview.adapters if one.stale]

    def _level(self, word: str) -> str:
        return self._texts.t(f"levels.{word}")

    def _t(self, key: str, /, **values: object) -> str:
        return self._texts.t(key, **values)
