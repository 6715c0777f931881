"""Tuning: the stored history replayed with thresholds that are only tried, never applied."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from config.adapter_layer import adapter_values
from config.assembly import Assembly
from config.key import Key, Kind
from config.keys import find
from config.kinds import nearest
from config.layers import KeyPath, dotted, parse_text, split_key
from config.model import ClientOverride
from otosata.deals.comparison import Comparison, DealPair
from otosata.deals.duration import Span
from otosata.deals.event import Deal, Ledger
from otosata.deals.names import fold_name
from otosata.deals.proposal import Proposal, propose
from otosata.deals.reading import Rules
from otosata.deals.replay import History, Story, replay, tell
from otosata.deals.vocabulary import Level

_TABLES = ("platforms", "clients", "deals")


@dataclass(frozen=True, slots=True)
class Threshold:
    """A threshold that is tried: what the key says now, and what it would say."""

    path: KeyPath
    current: tuple[Span, ...] | None
    """None: nobody says anything."""
    proposed: tuple[Span, ...]

    @property
    def key(self) -> str:
        """`platforms.lancers.stages.working.warn`"""
        return dotted(self.path)


class NotAThresholdError(ValueError):
    """The key names no threshold."""

    def __init__(self, key: str, near: str = "") -> None:
        super().__init__(key)
        self.near = near
        """What its first word was probably meant to be."""


class Tuning:
    """Deals whose story is told once, and replayed with whatever thresholds are asked for."""

    def __init__(self, assembly: Assembly, ledgers: Iterable[Ledger], since: datetime, now: datetime) -> None:
        """Deals of platforms without an adapter are left out; nothing is known of their rules."""
        self.assembly, self.since, self.now = assembly, since, now
        self._stories: dict[str, Story] = {}
        self._rules: dict[str, Rules] = {}
        self._current: dict[str, History] = {}
        for ledger in ledgers:
            rules = assembly.rules(ledger.deal, now)
            if rules is not None:
                deal = ledger.deal.id
                self._rules[deal], self._stories[deal] = rules, tell(ledger, rules, now)
                self._current[deal] = replay(self._stories[deal], rules, since)

    @property
    def known(self) -> Mapping[KeyPath, tuple[Span, ...]]:
        """Every threshold in force that concerns a deal: of its platform, and those set for clients and deals."""
        platforms = {story.ledger.deal.platform for story in self._stories.values()}
        values = {**adapter_values(self.assembly.found.adapters), **self.assembly.loaded.values}
        return {
            path: _spans(value.value)
            for path, value in values.items()
            if _raises(value.key) and (path[0] != "platforms" or path[1] in platforms)
        }

    def compare(self, changes: Iterable[tuple[str, str]] = ()) -> Comparison:
        """With (dotted key, value in TOML) pairs tried. ConfigError: what does not fit."""
        return self._against(self.assembly.trying(changes), self._stories.values())

    def _against(self, tried: Assembly, stories: Iterable[Story]) -> Comparison:
        same = {name for name, platform in tried.platforms.items() if platform == self.assembly.platforms[name]}
        return Comparison(tuple(self._pair(tried, story, same) for story in stories))

    def _pair(self, tried: Assembly, story: Story, same: set[str]) -> DealPair:
        """Replayed only where something changes: most thresholds are those of one platform."""
        deal = story.ledger.deal
        current, rules = self._current[deal.id], self._rules[deal.id]
        if deal.platform in same and not _is_named(deal, tried, self.assembly):
            return DealPair(deal, current, current)
        other = tried.rules(deal, self.now)
        if other is None or other == rules:
            return DealPair(deal, current, current)
        if not story.fits(other):
            return DealPair(deal, current, replay(tell(story.ledger, other, self.now), other, self.since))
        return DealPair(deal, current, replay(story, other, self.since, (rules, current)))

    def thresholds(self, changes: Iterable[tuple[str, str]]) -> tuple[Threshold, ...]:
        """Each of the changes with what the key says now, adapters included. NotAThresholdError."""
        now = {**adapter_values(self.assembly.found.adapters), **self.assembly.loaded.values}
        found = []
        for key, text in changes:
            path = split_key(key)
            row = find(path)
            if row is None or not _raises(row):
                raise NotAThresholdError(key, self._near(path))
            known = now.get(path)
            tried = self.assembly.trying([(key, text)]).loaded.values[path]
            found.append(Threshold(path, _spans(known.value) if known else None, _spans(tried.value)))
        return tuple(found)

    def unknown(self, thresholds: Iterable[Threshold]) -> tuple[str, ...]:
        """The keys that are set for a client or a deal that the ledger does not have: they change nothing."""
        there = [story.ledger.deal for story in self._stories.values()]
        names = {"deals": {deal.id for deal in there}, "clients": {fold_name(deal.client) for deal in there}}
        return tuple(
            one.key
            for one in thresholds
            if (one.path[0] == "deals" and one.path[1] not in names["deals"])
            or (one.path[0] == "clients" and fold_name(one.path[1]) not in names["clients"])
        )

    def _near(self, path: KeyPath) -> str:
        known = (*_TABLES, *self.assembly.platforms)
        return "" if path[0] in known else nearest(path[0], known)

    def proposals(self) -> tuple["Offer", ...]:
        """What the clients' own reply times suggest, where it would change anything. Never applied by itself."""
        stories: dict[str, list[Story]] = {}
        for story in self._stories.values():
            stories.setdefault(fold_name(story.ledger.deal.client), []).append(story)
        offers = []
        for proposal in propose((story.ledger for story in self._stories.values()), self.now):
            client = fold_name(proposal.client)
            comparison = self._against(self._taking(proposal), stories[client])
            if comparison.changed:
                levels = (("notice", proposal.notice), ("warn", proposal.warn))
                changes = ((dotted(("clients", proposal.client, level)), _toml(spans)) for level, spans in levels)
                offers.append(Offer(proposal, tuple(changes), comparison))
        return tuple(offers)

    def _taking(self, proposal: Proposal) -> Assembly:
        """As if the proposal stood in the configuration, which is not read again for each client."""
        loaded, client = self.assembly.loaded, fold_name(proposal.client)
        known = loaded.settings.clients.get(client, ClientOverride())
        elapsed = {**known.row.elapsed, Level.NOTICE: proposal.notice, Level.WARN: proposal.warn}
        override = replace(known, row=replace(known.row, elapsed=elapsed))
        settings = replace(loaded.settings, clients={**loaded.settings.clients, client: override})
        return replace(self.assembly, loaded=replace(loaded, settings=settings))


@dataclass(frozen=True, slots=True)
class Offer:
    """A proposal, the keys that would carry it, and what they would have changed."""

    proposal: Proposal
    changes: tuple[tuple[str, str], ...]
    """(dotted key, value in TOML), as `config set` takes them."""
    comparison: Comparison
    """Of his deals alone."""


def _toml(spans: Iterable[object]) -> str:
    return "[" + ", ".join(f'"{span}"' for span in spans) + "]"


def _spans(value: object) -> tuple[Span, ...]:
    return tuple(span for span in value if isinstance(span, Span)) if isinstance(value, tuple) else ()


def _raises(key: Key) -> bool:
    """Whether the key says when a level begins; `stale` only takes a deal from the list."""
    return key.kind is Kind.SPANS and key.name != "stale"


def _is_named(deal: Deal, tried: Assembly, current: Assembly) -> bool:
    """Whether anything is said of the deal or its client that was not said before."""
    ours, theirs, client = tried.settings, current.settings, fold_name(deal.client)
    return ours.clients.get(client) != theirs.clients.get(client) or ours.deals.get(deal.id) != theirs.deals.get(
        deal.id
    )


def written_change(text: str, platforms: Mapping[str, object]) -> tuple[str, str]:
    """`KEY=VALUE` as it is typed → dotted key and TOML. ValueError where it has no `=`.

    Short forms: `lancers.working.warn=5d,3bd` stands for `platforms.lancers.stages.working.warn=["5d", "3bd"]`.
    """
    key, equals, value = text.partition("=")
    if not equals:
        raise ValueError(text)
    return _whole_key(key.strip(), platforms), _whole_value(value.strip())


def _whole_key(key: str, platforms: Mapping[str, object]) -> str:
    path = split_key(key)
    if path[0] in _TABLES or path[0] not in platforms:
        return key
    own = {"asked", "deal_limit", "stages"}
    return dotted(("platforms", path[0], *(path[1:] if path[1:2] and path[1] in own else ("stages", *path[1:]))))


def _whole_value(value: str) -> str:
    """A list of durations may be written without its brackets and quotes; `[]` and an empty value take a level away."""
    if isinstance(parse_text(value, None), list):
        return value
    parts = [part.strip().strip("\"'") for part in value.split(",")]
    return _toml(part for part in parts if part)
